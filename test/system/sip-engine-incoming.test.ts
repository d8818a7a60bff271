import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SipMessage } from '../../src/codec/sip-message.ts';
import { eventually } from '../support/eventually.ts';
import {
  type App,
  type AppDialog,
  type AppRequest,
  type AppResponse,
  offer,
  SipPeer,
  sdp,
  startEngine,
  type TestEngine,
} from './sip-engine-support.ts';

describe.each(['udp', 'tcp'] as const)('calls that come in over %s', (protocol) => {
  let test: TestEngine;
  let peer: SipPeer;
  let app: App;
  let calls: { request: AppRequest; response: AppResponse }[];
  let acknowledged: number;
  let ends: string[];

  beforeEach(async () => {
    test = await startEngine();
    calls = [];
    acknowledged = 0;
    ends = [];
    app = await test.connect((each) => {
      each.invite((request, response) => calls.push({ request, response }));
      each.options((_, response) => response.send(200));
    });
    peer = await SipPeer.open(test.sipPort, protocol);
  });
  afterEach(async () => {
    await test.finish();
    peer.close();
  });

  const incoming = () => eventually('the application hears the call', () => calls.shift());
  async function answer(): Promise<AppDialog> {
    const { request, response } = await incoming();
    const dialog = await app.createUAS(request, response, { localSdp: offer });
    dialog.on('ack', () => acknowledged++);
    dialog.on('destroy', (_: unknown, reason: string) => ends.push(reason));
    return dialog;
  }
  async function call(): Promise<{ dialog: AppDialog; ok: SipMessage }> {
    peer.send(peer.request('INVITE', { body: offer }));
    const dialog = await answer();
    const ok = await peer.hearsStatus(200, 'INVITE');
    peer.acknowledge(ok);
    await eventually('ACK is told', () => acknowledged > 0);
    return { dialog, ok };
  }
  async function peerHangsUp(ok: SipMessage, cseq = 9): Promise<void> {
    peer.send(peer.inDialog('BYE', ok, cseq));
    await peer.hearsStatus(200, 'BYE');
  }

  it('are tried at once, ring, are answered with Contact and SDP, and end by the caller', async () => {
    const invite = peer.send(peer.request('INVITE', { body: offer }));
    await peer.hearsStatus(100, 'INVITE');
    const { request, response } = await incoming();
    expect([request.source_address, request.source_port]).toEqual(['127.0.0.1', peer.port]);
    expect(request.protocol).toBe(protocol);
    response.send(180);
    const ringing = await peer.hearsStatus(180, 'INVITE');
    const dialog = await app.createUAS(request, response, { localSdp: offer });
    dialog.on('destroy', (_: unknown, reason: string) => ends.push(reason));
    const ok = await peer.hearsStatus(200, 'INVITE');
    expect(ok.toTag).toBe(ringing.toTag);
    expect(dialog.id).toBe(`${invite.callId};from-tag=bob`);
    expect(ok.get('contact')).toBe(
      `<sip:127.0.0.1:${test.sipPort}${protocol === 'tcp' ? ';transport=tcp' : ''}>`,
    );
    expect(ok.get('content-type')).toBe('application/sdp');
    expect(ok.body).toBe(offer);
    expect(ok.get('via')).toContain(`received=127.0.0.1;rport=${peer.port}`);
    peer.acknowledge(ok);
    await peerHangsUp(ok);
    await eventually('the end is told', () => ends.length > 0);
    expect(ends).toEqual(['normal release']);
  });

  it('end by the called side, after the ACK', async () => {
    peer.send(peer.request('INVITE', { body: offer }));
    const dialog = await answer();
    const ok = await peer.hearsStatus(200, 'INVITE');
    const gone = dialog.destroy({ headers: { Reason: 'Q.850;cause=16' } });
    expect(peer.countOf((each) => each.method === 'BYE')).toBe(0);
    peer.acknowledge(ok);
    const bye = await peer.hearsRequest('BYE');
    expect(bye.uri).toBe(peer.contact.slice(1, -1));
    expect(bye.get('reason')).toBe('Q.850;cause=16');
    expect([bye.fromTag, bye.toTag]).toEqual([ok.toTag, 'bob']);
    peer.answer(bye, 200);
    await gone;
  });

  it('are refused with what the application says', async () => {
    const invite = peer.send(peer.request('INVITE', { body: offer }));
    (await incoming()).response.send(486, {
      headers: { 'Retry-After': '5', 'X-Why': 'lunch', Via: 'forged' },
    });
    const busy = await peer.hearsStatus(486, 'INVITE');
    expect([busy.reason, busy.get('retry-after'), busy.list('via').length]).toEqual(['Busy Here', '5', 1]);
    expect(busy.serialise()).toContain('X-Why: lunch');
    const ack = peer.request('ACK', { callId: invite.callId }).set('Via', invite.get('via') ?? '');
    peer.send(ack.set('To', busy.get('to') ?? ''));
  });

  it('are cancelled: 200 to the CANCEL, 487 to the INVITE, and the application is told', async () => {
    const invite = peer.send(peer.request('INVITE', { body: offer }));
    const { request, response } = await incoming();
    let cancelled = 0;
    request.on('cancel', () => cancelled++);
    response.send(180);
    await peer.hearsStatus(180, 'INVITE');
    const cancel = peer.request('CANCEL', { callId: invite.callId }).set('Via', invite.get('via') ?? '');
    peer.send(cancel);
    await peer.hearsStatus(200, 'CANCEL');
    const terminated = await peer.hearsStatus(487, 'INVITE');
    const ack = peer.request('ACK', { callId: invite.callId }).set('Via', invite.get('via') ?? '');
    peer.send(ack.set('To', terminated.get('to') ?? ''));
    await eventually('cancel is told', () => cancelled === 1);
    const late = await new Promise((resolve) => response.send(200, {}, resolve));
    expect(late).toMatch(/unknown transaction/);
  });

  it('that are cancelled too late stay answered (§9.2)', async () => {
    const invite = peer.send(peer.request('INVITE', { body: offer }));
    await answer();
    const ok = await peer.hearsStatus(200, 'INVITE');
    peer.send(peer.request('CANCEL', { callId: invite.callId }).set('Via', invite.get('via') ?? ''));
    expect((await peer.hearsStatus(200, 'CANCEL')).toTag).toBe(ok.toTag);
    peer.acknowledge(ok);
    await eventually('ACK is told', () => acknowledged === 1);
    expect(peer.countOf((each) => each.status === 487)).toBe(0);
    await peerHangsUp(ok);
  });

  it('are answered again and again until the ACK, which is told once', async () => {
    peer.send(peer.request('INVITE', { body: offer }));
    await answer();
    const isOk = (each: SipMessage): boolean => each.status === 200 && each.cseq?.method === 'INVITE';
    await eventually('the 200 is repeated', () => peer.countOf(isOk) >= 3);
    const ok = await peer.hearsStatus(200, 'INVITE');
    peer.acknowledge(ok);
    peer.acknowledge(ok);
    await eventually('ACK is told', () => acknowledged > 0);
    await peerHangsUp(ok);
    expect(acknowledged).toBe(1);
  });

  it('whose ACK never comes are ended with BYE and a Reason', async () => {
    peer.send(peer.request('INVITE', { body: offer }));
    await answer();
    const bye = await peer.hearsRequest('BYE');
    expect(bye.get('reason')).toBe('SIP ;cause=200 ;text="ACK timeout"');
    peer.answer(bye, 200);
    await eventually('the end is told', () => ends.length > 0);
    expect(ends).toEqual(['ACK timeout']);
  });

  it('are held and taken back by the caller', async () => {
    const { dialog, ok } = await call();
    const offers: string[] = [];
    dialog.on('modify', (request: AppRequest, response: AppResponse) => {
      offers.push(request.body);
      response.send(200, { body: sdp('recvonly', 4000) });
    });
    const hold = peer.send(peer.inDialog('INVITE', ok, 2));
    expect(hold.body).toBe('');
    const held = await peer.hearsStatus(200, 'INVITE');
    expect(held.cseq?.number).toBe(2);
    expect(held.body).toContain('a=recvonly');
    peer.acknowledge(held);
    await eventually('its ACK is told', () => acknowledged === 2);
    expect(offers).toHaveLength(1);
    await peerHangsUp(ok);
  });

  it('are held by the called side', async () => {
    const { dialog, ok } = await call();
    const held = dialog.modify(sdp('sendonly', 4000));
    const invite = await peer.hearsRequest('INVITE');
    expect(invite.body).toContain('a=sendonly');
    expect(invite.get('contact')).toContain(`127.0.0.1:${test.sipPort}`);
    peer.answer(invite, 200, sdp('recvonly', 5000));
    expect(await held).toContain('a=recvonly');
    const ack = await peer.hearsRequest('ACK');
    expect(ack.cseq?.number).toBe(invite.cseq?.number);
    await peerHangsUp(ok);
  });

  it('carry INFO both ways, and a lower CSeq is refused', async () => {
    const { dialog, ok } = await call();
    dialog.on('info', (request: AppRequest, response: AppResponse) =>
      response.send(request.body === 'Signal=5' ? 200 : 415),
    );
    const info = peer.inDialog('INFO', ok, 5).add('Content-Type', 'application/dtmf-relay');
    info.body = 'Signal=5';
    peer.send(info);
    await peer.hearsStatus(200, 'INFO');
    peer.send(peer.inDialog('INFO', ok, 4));
    await peer.hearsStatus(500, 'INFO');
    const reply = dialog.request({
      method: 'INFO',
      headers: { 'Content-Type': 'text/plain' },
      body: 'hello',
    });
    const ours = await peer.hearsRequest('INFO');
    expect(ours.body).toBe('hello');
    peer.answer(ours, 200);
    expect((await reply).status).toBe(200);
    await peerHangsUp(ok);
  });

  it('end once when both sides hang up together', async () => {
    const { dialog, ok } = await call();
    const gone = dialog.destroy();
    const bye = await peer.hearsRequest('BYE');
    peer.send(peer.inDialog('BYE', ok, 9));
    const answered = await peer.hears(
      'an answer to BYE',
      (each) => each.cseq?.method === 'BYE' && each.status > 0,
    );
    expect([200, 481]).toContain(answered.status);
    peer.answer(bye, 200);
    await gone;
  });

  it('that nobody knows any more get 481', async () => {
    for (const method of ['BYE', 'INFO', 'INVITE', 'OPTIONS']) {
      peer.send(peer.request(method).set('To', '<sip:100@127.0.0.1>;tag=gone'));
      const refused = await peer.hearsStatus(481, method);
      if (method === 'INVITE')
        peer.send(
          peer
            .request('ACK', { callId: refused.callId })
            .set('Via', refused.get('via') ?? '')
            .set('To', refused.get('to') ?? ''),
        );
    }
  });

  it('ring reliably when both want it: PRACK is passed on, and the 200 waits for it (RFC 3262)', async () => {
    const invite = peer.request('INVITE', { body: offer }).add('Supported', '100rel');
    peer.send(invite);
    const { request, response } = await incoming();
    response.send(183, { headers: { Require: '100rel' }, body: offer });
    const early = await peer.hearsStatus(183, 'INVITE');
    expect(Number(early.get('rseq'))).toBeGreaterThan(0);
    expect(early.get('contact')).toContain('127.0.0.1');
    await eventually('the 183 is repeated', () => peer.countOf((each) => each.status === 183) >= 2);
    const dialog = app.createUAS(request, response, { localSdp: offer });
    peer.send(peer.inDialog('PRACK', early, 2).add('RAck', `${Number(early.get('rseq')) + 7} 1 INVITE`));
    await peer.hearsStatus(481, 'PRACK');
    expect(peer.countOf((each) => each.status === 200)).toBe(0);
    peer.send(peer.inDialog('PRACK', early, 3).add('RAck', `${early.get('rseq')} 1 INVITE`));
    await peer.hearsStatus(200, 'PRACK');
    const ok = await peer.hearsStatus(200, 'INVITE');
    peer.acknowledge(ok);
    await dialog;
    await peerHangsUp(ok);
  });

  it('cannot ring reliably when the caller does not know how', async () => {
    const invite = peer.send(peer.request('INVITE', { body: offer }));
    const { response } = await incoming();
    const refused = await new Promise((resolve) =>
      response.send(183, { headers: { Require: '100rel' }, body: offer }, resolve),
    );
    expect(refused).toBe('Remote endpoint does not support 100rel');
    response.send(480);
    const gone = await peer.hearsStatus(480, 'INVITE');
    peer.send(
      peer
        .request('ACK', { callId: invite.callId })
        .set('Via', invite.get('via') ?? '')
        .set('To', gone.get('to') ?? ''),
    );
  });

  it('whose caller hangs up with BYE before the answer are told as cancelled (§15.1.2)', async () => {
    const invite = peer.send(peer.request('INVITE', { body: offer }));
    const { request, response } = await incoming();
    let cancelled = 0;
    request.on('cancel', () => cancelled++);
    response.send(180);
    const ringing = await peer.hearsStatus(180, 'INVITE');
    peer.send(peer.inDialog('BYE', ringing, 2));
    await peer.hearsStatus(200, 'BYE');
    const terminated = await peer.hearsStatus(487, 'INVITE');
    peer.send(
      peer
        .request('ACK', { callId: invite.callId })
        .set('Via', invite.get('via') ?? '')
        .set('To', terminated.get('to') ?? ''),
    );
    await eventually('cancel is told', () => cancelled === 1);
  });
});
