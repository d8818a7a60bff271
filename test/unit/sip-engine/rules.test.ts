import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/base/clock.ts';
import { parseSipMessage, SipMessage } from '../../../src/codec/sip-message.ts';
import {
  applicationContact,
  copyApplicationBody,
  copyApplicationHeaders,
  withHost,
} from '../../../src/sip-engine/application-message.ts';
import { normaliseNextHop } from '../../../src/sip-engine/next-hop.ts';
import { RegisteredFlows } from '../../../src/sip-engine/registered-flows.ts';
import { isAnswerable, semanticRefusal, syntaxRefusal } from '../../../src/sip-engine/request-check.ts';
import { parseSessionExpires } from '../../../src/sip-engine/session-timer.ts';
import { RecordingFlow } from './recording-flow.ts';

const base = {
  via: 'SIP/2.0/UDP h;branch=z9hG4bK1',
  from: '<sip:a@h>;tag=1',
  to: '<sip:b@h>',
  'call-id': 'c',
  cseq: '1 INVITE',
};

function request(changes: Record<string, string | null> = {}, start = 'INVITE sip:b@h SIP/2.0'): SipMessage {
  const headers = Object.entries({ ...base, ...changes }).filter(([, value]) => value !== null);
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return parseSipMessage(Buffer.from(`${[start, ...lines].join('\r\n')}\r\n\r\n`))!;
}

describe('a request', () => {
  it('that is complete passes', () => {
    expect(syntaxRefusal(request())).toBeNull();
    expect(semanticRefusal(request())).toBeNull();
    expect(isAnswerable(request())).toBe(true);
  });

  it.each<[string, SipMessage, number]>([
    ['without To', request({ to: null }), 400],
    ['without Call-ID', request({ 'call-id': null }), 400],
    ['with two Froms', request({ f: '<sip:x@h>;tag=2' }), 400],
    ['with a CSeq of another method', request({ cseq: '1 BYE' }), 400],
    ['with a From that does not close', request({ from: '<sip:a@h;tag=1' }), 400],
    ['with Max-Forwards that is no number', request({ 'max-forwards': 'seventy' }), 400],
    ['with a broken sip URI', request({}, 'INVITE sip:b@ SIP/2.0'), 400],
    ['of another version', request({}, 'INVITE sip:b@h SIP/7.0'), 505],
  ])('%s is refused as malformed', (_, message, status) => {
    expect(syntaxRefusal(message)?.status).toBe(status);
  });

  it.each<[string, SipMessage, number]>([
    ['of an unknown scheme', request({}, 'INVITE nobodyKnowsThisScheme:x SIP/2.0'), 416],
    ['that makes a dialog without a From tag', request({ from: '<sip:a@h>' }), 400],
    ['that requires what nobody has', request({ require: '100rel, telepathy' }), 420],
    [
      'that unregisters all without Expires: 0',
      request({ cseq: '1 REGISTER', contact: '*', expires: '60' }, 'REGISTER sip:h SIP/2.0'),
      400,
    ],
  ])('%s is refused', (_, message, status) => {
    expect(syntaxRefusal(message)).toBeNull();
    expect(semanticRefusal(message)?.status).toBe(status);
  });

  it('that requires the unknown is told what', () => {
    expect(semanticRefusal(request({ require: '100rel, telepathy' }))?.headers).toEqual([
      ['Unsupported', 'telepathy'],
    ]);
  });

  it('without Via, or an ACK, cannot be answered', () => {
    expect(isAnswerable(request({ via: null }))).toBe(false);
    expect(isAnswerable(request({ cseq: '1 ACK' }, 'ACK sip:b@h SIP/2.0'))).toBe(false);
  });
});

describe('what an application gives', () => {
  it('has @localhost replaced, the port included, and nothing like it', () => {
    expect(withHost('<sip:100@localhost>;x', '192.0.2.1:5060')).toBe('<sip:100@192.0.2.1:5060>;x');
    expect(withHost('sip:100@localhost:9', 'h:1')).toBe('sip:100@h:1');
    expect(withHost('<sip:100@localhost.example>', 'h:1')).toBe('<sip:100@localhost.example>');
  });

  it('names the transport in a Contact it did not spell out, on a connection', () => {
    const clock = new VirtualClock();
    const tcp = new RecordingFlow(clock, 'tcp');
    expect(applicationContact('sip:100@localhost', 'h:5060', tcp)).toBe('<sip:100@h:5060;transport=tcp>');
    expect(applicationContact('<sip:100@localhost;transport=udp>', 'h:5060', tcp)).toBe(
      '<sip:100@h:5060;transport=udp>',
    );
    expect(applicationContact('<sip:100@phone>', 'h:5060', tcp)).toBe('<sip:100@phone>');
    expect(applicationContact('sip:100@localhost', 'h:5060', new RecordingFlow(clock))).toBe(
      'sip:100@h:5060',
    );
  });

  it('never sets what is the engine’s', () => {
    const given = SipMessage.response(200, 'OK');
    for (const name of [
      'Via',
      'Route',
      'Record-Route',
      'RSeq',
      'Content-Length',
      'CSeq',
      'From',
      'To',
      'Call-ID',
    ])
      given.add(name, 'x');
    given.add('X-Mine', '1').add('p-asserted-identity', '<sip:1@localhost>');
    const response = SipMessage.response(200, 'OK');
    copyApplicationHeaders(given, response, 'response', 'h:1');
    expect([...response.entries()]).toEqual([
      ['x-mine', 'X-Mine', '1'],
      ['p-asserted-identity', 'P-Asserted-Identity', '<sip:1@h:1>'],
    ]);
  });

  it('may carry a Route in a request outside a dialog, so that an orphan can be ended', () => {
    const given = SipMessage.request('BYE', 'sip:b@h').add('route', '<sip:p;lr>');
    const request = SipMessage.request('BYE', 'sip:b@h');
    copyApplicationHeaders(given, request, 'request', 'h:1');
    expect(request.get('route')).toBe('<sip:p;lr>');
  });

  it('is SDP when it looks like SDP, and a body of no type otherwise', () => {
    const given = SipMessage.request('INVITE', 'sip:b@h');
    const sent = SipMessage.request('INVITE', 'sip:b@h');
    given.body = 'v=0\r\n';
    expect(copyApplicationBody(given, sent)).toBe(true);
    expect(sent.get('content-type')).toBe('application/sdp');
    given.body = 'hello';
    expect(copyApplicationBody(given, SipMessage.request('MESSAGE', 'sip:b@h'))).toBe(false);
  });

  it('writes its next hop as URI, in brackets or bare', () => {
    expect(normaliseNextHop('<sip:h:5070;lr>')).toBe('sip:h:5070;lr');
    expect(normaliseNextHop('sip:1@h')).toBe('sip:1@h');
    expect(normaliseNextHop('192.0.2.9:5070')).toBe('sip:192.0.2.9:5070');
    expect(normaliseNextHop('host:5070;transport=tcp')).toBe('sip:host:5070;transport=tcp');
  });
});

describe('Session-Expires', () => {
  it.each([
    ['1800;refresher=UAS', { seconds: 1800, refresher: 'uas' }],
    ['90', { seconds: 90, refresher: undefined }],
    ['soon', null],
    [undefined, null],
  ])('%s is read', (value, expected) => {
    expect(parseSessionExpires(value)).toEqual(expected);
  });
});

describe('connections that phones registered over', () => {
  const register = (contact: string, expires = ''): SipMessage => {
    const message = SipMessage.request('REGISTER', 'sip:h').add('Contact', contact);
    return expires === '' ? message : message.add('Expires', expires);
  };
  const ok = (contact: string): SipMessage => SipMessage.response(200, 'OK').add('Contact', contact);

  it('are found by user and host for the time the response grants, whatever port and parameters', () => {
    const clock = new VirtualClock();
    const flows = new RegisteredFlows({ clock });
    const tcp = new RecordingFlow(clock, 'tcp');
    flows.learn(
      register('<sip:100@10.0.0.5:5099;transport=tcp>;expires=3600'),
      ok('<sip:100@10.0.0.5:5099>;expires=60'),
      tcp,
    );
    expect(flows.find('sip:100@10.0.0.5:1234;transport=udp')).toBe(tcp);
    expect(flows.find('sip:101@10.0.0.5')).toBeUndefined();
    clock.advance(60_001);
    expect(flows.find('sip:100@10.0.0.5')).toBeUndefined();
    expect([flows.count, tcp.listenerCount]).toEqual([0, 0]);
  });

  it('are forgotten when they close, when a phone leaves, and when it comes over another', () => {
    const clock = new VirtualClock();
    const flows = new RegisteredFlows({ clock });
    const first = new RecordingFlow(clock, 'tcp');
    const second = new RecordingFlow(clock, 'tcp');
    const contact = '<sip:100@10.0.0.5>';
    flows.learn(register(contact), ok(`${contact};expires=60`), first);
    flows.learn(register(contact), ok(`${contact};expires=60`), second);
    first.close();
    expect(flows.find('sip:100@10.0.0.5')).toBe(second);
    flows.learn(register(`${contact};expires=0`), SipMessage.response(200, 'OK').add('Expires', '0'), second);
    expect(flows.find('sip:100@10.0.0.5')).toBeUndefined();
    flows.learn(register(contact), ok(`${contact};expires=60`), second);
    second.close();
    expect([flows.find('sip:100@10.0.0.5'), flows.count]).toEqual([undefined, 0]);
  });

  it('are not kept for UDP, where the address says it all', () => {
    const clock = new VirtualClock();
    const flows = new RegisteredFlows({ clock });
    flows.learn(register('<sip:1@h>'), ok('<sip:1@h>;expires=60'), new RecordingFlow(clock));
    expect(flows.count).toBe(0);
  });
});
