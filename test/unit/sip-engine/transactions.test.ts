import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/base/clock.ts';
import { SipMessage } from '../../../src/codec/sip-message.ts';
import type { InviteClientTransaction } from '../../../src/sip-engine/invite-client-transaction.ts';
import type { InviteServerTransaction } from '../../../src/sip-engine/invite-server-transaction.ts';
import { responseTo } from '../../../src/sip-engine/message-builder.ts';
import type { ServerTransaction } from '../../../src/sip-engine/server-transaction.ts';
import { standardTiming } from '../../../src/sip-engine/timing.ts';
import { TransactionLayer } from '../../../src/sip-engine/transaction-layer.ts';
import { RecordingFlow } from './recording-flow.ts';

let clock: VirtualClock;
let layer: TransactionLayer;
let udp: RecordingFlow;
let tcp: RecordingFlow;

beforeEach(() => {
  clock = new VirtualClock();
  layer = new TransactionLayer({ clock, timing: standardTiming });
  udp = new RecordingFlow(clock);
  tcp = new RecordingFlow(clock, 'tcp');
});

function request(method: string, branch = 'z9hG4bKone'): SipMessage {
  return SipMessage.request(method, 'sip:b@192.0.2.9')
    .add('Via', `SIP/2.0/UDP 192.0.2.1:5060;branch=${branch}`)
    .add('Max-Forwards', '70')
    .add('Route', '<sip:proxy;lr>')
    .add('From', '<sip:a@192.0.2.1>;tag=a')
    .add('To', '<sip:b@192.0.2.9>')
    .add('Call-ID', 'c1')
    .add('CSeq', `1 ${method}`);
}

function client(method: string, flow: RecordingFlow): { heard: string[]; sent: SipMessage } {
  const heard: string[] = [];
  const sent = request(method);
  layer.startClient({
    request: sent,
    flow,
    response: (response) => heard.push(String(response.status)),
    failed: (failure) => heard.push(failure),
  });
  return { heard, sent };
}

const answer = (to: SipMessage, status: number, flow: RecordingFlow, tag = 'b'): boolean =>
  layer.receiveResponse(responseTo(to, status, tag), flow);

describe('an INVITE client transaction', () => {
  it('over UDP repeats at T1 doubling without a ceiling and gives up after 64*T1 (timers A, B)', () => {
    const { heard } = client('INVITE', udp);
    clock.advance(31_999);
    expect(udp.times).toEqual([0, 500, 1500, 3500, 7500, 15_500, 31_500]);
    expect(heard).toEqual([]);
    clock.advance(1);
    expect(heard).toEqual(['timeout']);
    expect([layer.count, clock.armed]).toEqual([0, 0]);
  });

  it('over TCP sends once', () => {
    const { heard } = client('INVITE', tcp);
    clock.advance(32_000);
    expect(tcp.times).toEqual([0]);
    expect(heard).toEqual(['timeout']);
    expect(tcp.listenerCount).toBe(0);
  });

  it('stops repeating at the first provisional and waits as long as it takes', () => {
    const { heard, sent } = client('INVITE', udp);
    answer(sent, 180, udp);
    clock.advance(600_000);
    expect(udp.times).toEqual([0]);
    answer(sent, 180, udp);
    expect(heard).toEqual(['180', '180']);
    expect(clock.armed).toBe(0);
  });

  it('acknowledges a refusal by itself, again for each repetition, for 32 s over UDP (timer D)', () => {
    const { heard, sent } = client('INVITE', udp);
    answer(sent, 486, udp);
    expect(udp.last).toMatch(/^ACK sip:b@192\.0\.2\.9 SIP/);
    expect(udp.last).toContain('branch=z9hG4bKone');
    expect(udp.last).toContain('Route: <sip:proxy;lr>');
    expect(udp.last).toContain('To: <sip:b@192.0.2.9>;tag=b');
    expect(udp.last).toContain('CSeq: 1 ACK');
    clock.advance(31_999);
    answer(sent, 486, udp);
    expect(udp.sent).toHaveLength(3);
    expect(heard).toEqual(['486']);
    clock.advance(1);
    expect(layer.count).toBe(0);
    expect(answer(sent, 486, udp)).toBe(false);
  });

  it('over TCP is done with a refusal at once (timer D is 0)', async () => {
    const { sent } = client('INVITE', tcp);
    answer(sent, 486, tcp);
    await Promise.resolve();
    expect([tcp.sent.length, layer.count, clock.armed]).toEqual([2, 0, 0]);
  });

  it('hands up every 2xx for 64*T1 and sends no ACK of its own (RFC 6026, timer M)', () => {
    const { heard, sent } = client('INVITE', udp);
    answer(sent, 200, udp);
    answer(sent, 200, udp, 'other');
    clock.advance(31_999);
    answer(sent, 200, udp);
    expect(heard).toEqual(['200', '200', '200']);
    expect(udp.sent).toHaveLength(1);
    answer(sent, 486, udp);
    clock.advance(1);
    expect(heard).toHaveLength(3);
    expect([layer.count, clock.armed]).toEqual([0, 0]);
  });

  it('fails when the network refuses it or the connection ends, once', () => {
    const first = client('INVITE', udp);
    udp.fail();
    udp.fail();
    expect(first.heard).toEqual(['transport']);
    const second = client('INVITE', tcp);
    tcp.close();
    expect(second.heard).toEqual(['transport']);
    expect([layer.count, clock.armed]).toEqual([0, 0]);
  });
});

describe('an INVITE client transaction that came to its end otherwise', () => {
  it('ends at once when the ACK of a refusal cannot be sent, and tells nothing twice (§17.1.1.2)', () => {
    const { heard, sent } = client('INVITE', udp);
    answer(sent, 486, udp);
    udp.fail();
    expect(heard).toEqual(['486']);
    expect([layer.count, clock.armed]).toEqual([0, 0]);
  });

  it('given up on says no more, and hands up what comes late until 64*T1', () => {
    const heard: number[] = [];
    const sent = request('INVITE');
    const transaction = layer.startClient({
      request: sent,
      flow: udp,
      response: ({ status }) => heard.push(status),
      failed: () => heard.push(0),
    }) as InviteClientTransaction;
    clock.advance(2000);
    transaction.abandon();
    clock.advance(18_000);
    expect(udp.times).toEqual([0, 500, 1500]);
    answer(sent, 180, udp);
    answer(sent, 487, udp);
    expect(heard).toEqual([180, 487]);
    expect(udp.last).toMatch(/^ACK /);
    clock.advance(32_000);
    expect([layer.count, clock.armed]).toEqual([0, 0]);
  });

  it('takes provisionals after the final, and finals of another class, for stragglers', () => {
    const { heard, sent } = client('INVITE', udp);
    answer(sent, 200, udp);
    answer(sent, 180, udp);
    answer(sent, 603, udp);
    const refused = client('INVITE', tcp);
    answer(refused.sent, 486, udp);
    answer(refused.sent, 200, udp);
    answer(refused.sent, 180, udp);
    expect([heard, refused.heard]).toEqual([['200'], ['486']]);
  });
});

describe('a non-INVITE client transaction', () => {
  it('over UDP repeats at T1 doubling to T2 and gives up after 64*T1 (timers E, F)', () => {
    const { heard } = client('OPTIONS', udp);
    clock.advance(32_000);
    expect(udp.times).toEqual([0, 500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]);
    expect(heard).toEqual(['timeout']);
    expect([layer.count, clock.armed]).toEqual([0, 0]);
  });

  it('repeats each T2 once a provisional has come, still for 64*T1 in all', () => {
    const { heard, sent } = client('OPTIONS', udp);
    answer(sent, 183, udp);
    clock.advance(32_000);
    expect(udp.times).toEqual([0, 500, 4500, 8500, 12_500, 16_500, 20_500, 24_500, 28_500]);
    expect(heard).toEqual(['183', 'timeout']);
  });

  it('absorbs repeated finals for T4 over UDP (timer K), not at all over TCP', () => {
    const { heard, sent } = client('OPTIONS', udp);
    expect(layer.settledCount).toBe(0);
    answer(sent, 200, udp);
    expect([layer.count, layer.settledCount]).toEqual([1, 1]);
    clock.advance(4999);
    expect(answer(sent, 200, udp)).toBe(true);
    clock.advance(1);
    expect(answer(sent, 200, udp)).toBe(false);
    expect(heard).toEqual(['200']);
    const overTcp = client('OPTIONS', tcp);
    answer(overTcp.sent, 200, tcp);
    expect([layer.count, clock.armed]).toEqual([0, 0]);
  });

  it('over TCP gives up after 64*T1, sent once (timer F)', () => {
    const { heard } = client('OPTIONS', tcp);
    clock.advance(32_000);
    expect(tcp.times).toEqual([0]);
    expect(heard).toEqual(['timeout']);
    expect([layer.count, clock.armed, tcp.listenerCount]).toEqual([0, 0, 0]);
  });

  it('hears a final that comes before the provisional, and not that any more', () => {
    const { heard, sent } = client('OPTIONS', udp);
    answer(sent, 200, udp);
    answer(sent, 183, udp);
    answer(sent, 500, udp);
    expect(heard).toEqual(['200']);
  });

  it('takes no response of another method or branch', () => {
    const { heard } = client('OPTIONS', udp);
    expect(answer(request('OPTIONS', 'z9hG4bKother'), 200, udp)).toBe(false);
    expect(answer(request('INFO'), 200, udp)).toBe(false);
    expect(heard).toEqual([]);
  });
});

describe('an INVITE server transaction', () => {
  const begin = (flow: RecordingFlow): InviteServerTransaction =>
    layer.createServer(request('INVITE'), flow) as InviteServerTransaction;

  it('answers a repeated INVITE with its last provisional', () => {
    const transaction = begin(udp);
    transaction.receiveInvite();
    expect(udp.sent).toEqual([]);
    transaction.respond(100, '100');
    transaction.respond(180, '180');
    transaction.receiveInvite();
    expect(udp.sent.map((each) => each.text)).toEqual(['100', '180', '180']);
  });

  it('repeats a refusal at T1 doubling to T2 until the ACK, then waits T4 (timers G, I)', () => {
    const transaction = begin(udp);
    transaction.respond(486, '486');
    clock.advance(12_000);
    expect(udp.times).toEqual([0, 500, 1500, 3500, 7500, 11_500]);
    transaction.receiveAck();
    clock.advance(4999);
    transaction.receiveInvite();
    expect(udp.sent).toHaveLength(6);
    expect(layer.count).toBe(1);
    clock.advance(1);
    expect([layer.count, clock.armed]).toEqual([0, 0]);
  });

  it('gives up on the ACK after 64*T1 (timer H)', () => {
    begin(udp).respond(486, '486');
    clock.advance(31_999);
    expect(layer.count).toBe(1);
    clock.advance(1);
    expect([layer.count, clock.armed]).toEqual([0, 0]);
  });

  it('over TCP gives up on the ACK after 64*T1 too (timer H)', () => {
    begin(tcp).respond(486, '486');
    clock.advance(31_999);
    expect(layer.count).toBe(1);
    clock.advance(1);
    expect(tcp.times).toEqual([0]);
    expect([layer.count, clock.armed]).toEqual([0, 0]);
  });

  it('takes ACKs that come again, or before any refusal, for stragglers', () => {
    const transaction = begin(udp);
    transaction.receiveAck();
    expect(transaction.state).toBe('proceeding');
    transaction.respond(486, '486');
    transaction.receiveAck();
    clock.advance(4000);
    transaction.receiveAck(); // does not begin timer I anew
    clock.advance(1000);
    expect([layer.count, clock.armed]).toEqual([0, 0]);
  });

  it('over TCP sends a refusal once and ends with the ACK', () => {
    const transaction = begin(tcp);
    transaction.respond(486, '486');
    clock.advance(5000);
    expect(tcp.times).toEqual([0]);
    transaction.receiveAck();
    expect([layer.count, clock.armed]).toEqual([0, 0]);
  });

  it('after a 2xx absorbs repeated INVITEs for 64*T1 and sends nothing (RFC 6026, timer L)', () => {
    const transaction = begin(udp);
    transaction.respond(200, '200');
    transaction.receiveInvite();
    expect(transaction.respond(486, '486')).toBe(false);
    clock.advance(31_999);
    expect(layer.count).toBe(1);
    expect(udp.sent).toHaveLength(1);
    clock.advance(1);
    expect([layer.count, clock.armed]).toEqual([0, 0]);
  });
});

describe('a non-INVITE server transaction', () => {
  it('absorbs repetitions until it is answered, then repeats the answer for 64*T1 (timer J)', () => {
    const transaction = layer.createServer(request('OPTIONS'), udp) as ServerTransaction;
    transaction.receiveRequest();
    expect(udp.sent).toEqual([]);
    transaction.respond(200, '200');
    transaction.receiveRequest();
    expect(udp.sent).toHaveLength(2);
    expect(transaction.respond(500, '500')).toBe(false);
    clock.advance(32_000);
    expect([layer.count, clock.armed]).toEqual([0, 0]);
  });

  it('over TCP is over with its answer', () => {
    const transaction = layer.createServer(request('OPTIONS'), tcp);
    transaction.respond(200, '200');
    expect([layer.count, clock.armed]).toEqual([0, 0]);
  });
});

describe('matching', () => {
  it('finds a server transaction by branch, sent-by and method; ACK and CANCEL find the INVITE (§17.2.3)', () => {
    const invite = layer.createServer(request('INVITE'), udp);
    expect(layer.findServer(request('INVITE'), 'INVITE')).toBe(invite);
    expect(layer.findServer(request('ACK'), 'INVITE')).toBe(invite);
    expect(layer.findServer(request('CANCEL'), 'INVITE')).toBe(invite);
    expect(layer.findServer(request('CANCEL'), 'CANCEL')).toBeUndefined();
    const elsewhere = request('INVITE');
    elsewhere.set('Via', 'SIP/2.0/UDP 192.0.2.77:5060;branch=z9hG4bKone');
    expect(layer.findServer(elsewhere, 'INVITE')).toBeUndefined();
  });

  it('finds a request without the magic cookie by what identifies it', () => {
    const invite = layer.createServer(request('INVITE', '1'), udp);
    expect(layer.findServer(request('INVITE', '1'), 'INVITE')).toBe(invite);
    const other = request('INVITE', '1').set('Call-ID', 'c2');
    expect(layer.findServer(other, 'INVITE')).toBeUndefined();
  });

  it('knows a request that came by two ways, as long as the first is remembered (§8.2.2.2)', () => {
    const first = layer.createServer(request('OPTIONS'), udp);
    expect(layer.isMerged(request('OPTIONS'))).toBe(false);
    expect(layer.isMerged(request('OPTIONS', 'z9hG4bKtwo'))).toBe(true);
    first.respond(200, '200');
    clock.advance(32_000);
    expect(layer.isMerged(request('OPTIONS', 'z9hG4bKtwo'))).toBe(false);
  });
});
