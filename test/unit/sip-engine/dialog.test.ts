import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/base/clock.ts';
import { SipMessage } from '../../../src/codec/sip-message.ts';
import { AcceptedInvite } from '../../../src/sip-engine/accepted-invite.ts';
import { Dialog } from '../../../src/sip-engine/dialog.ts';
import { DialogStore } from '../../../src/sip-engine/dialog-store.ts';
import { ReliableProvisionals } from '../../../src/sip-engine/reliable-provisionals.ts';
import { standardTiming } from '../../../src/sip-engine/timing.ts';
import { RecordingFlow } from './recording-flow.ts';

const clock = new VirtualClock();
const flow = new RecordingFlow(clock);

function dialog(options: Partial<ConstructorParameters<typeof Dialog>[0]> = {}): Dialog {
  return new Dialog({
    id: 'c1;from-tag=a',
    role: 'uac',
    kind: 'INVITE',
    callId: 'c1',
    localTag: 'a',
    remoteTag: 'b',
    local: '<sip:a@192.0.2.1>;tag=a',
    remote: '<sip:b@192.0.2.9>;tag=b',
    remoteTarget: 'sip:b@192.0.2.9:5070',
    routeSet: [],
    contact: '<sip:192.0.2.1:5060>',
    flow,
    owner: undefined,
    ...options,
  });
}

describe('a dialog', () => {
  it('builds requests with its tags, Call-ID and target (§12.2.1.1)', () => {
    const bye = dialog().request('BYE', 5);
    expect(bye.uri).toBe('sip:b@192.0.2.9:5070');
    expect([bye.fromTag, bye.toTag, bye.callId]).toEqual(['a', 'b', 'c1']);
    expect(bye.cseq).toEqual({ number: 5, method: 'BYE' });
  });

  it('routes loosely: the target in the Request-URI, the set in Route', () => {
    const loose = dialog({ routeSet: ['<sip:p1;lr>', '<sip:p2>'] });
    const bye = loose.request('BYE', 5);
    expect(bye.uri).toBe('sip:b@192.0.2.9:5070');
    expect(bye.list('route')).toEqual(['<sip:p1;lr>', '<sip:p2>']);
    expect(loose.firstHop).toBe('sip:p1;lr');
  });

  it('routes strictly where the first hop wants it: that hop in the Request-URI, the target last', () => {
    const bye = dialog({ routeSet: ['<sip:p1;method=INVITE?x=y>', '<sip:p2;lr>'] }).request('BYE', 5);
    expect(bye.uri).toBe('sip:p1');
    expect(bye.list('route')).toEqual(['<sip:p2;lr>', '<sip:b@192.0.2.9:5070>']);
  });

  it('forgets the next hop it was given when the peer moves away from there, and keeps one it still sends by', () => {
    const moveTo = (address: string, contact: string): Dialog => {
      const moving = dialog();
      moving.nextHop = 'sip:192.0.2.9:5070;transport=udp';
      const from = Object.assign(new RecordingFlow(clock), { remoteAddress: address, remotePort: 5070 });
      const reinvite = SipMessage.request('INVITE', 'sip:a@192.0.2.1').add('Contact', contact);
      moving.refreshTarget(reinvite.add('Via', 'SIP/2.0/UDP 192.0.2.77:5070;branch=z9hG4bK1'), from);
      return moving;
    };
    const moved = moveTo('192.0.2.77', '<sip:b@192.0.2.77:5070>');
    expect([moved.nextHop, moved.behindNat, moved.firstHop]).toEqual([
      undefined,
      true,
      'sip:b@192.0.2.77:5070',
    ]);
    for (const [address, contact] of [
      ['192.0.2.9', '<sip:b@192.0.2.77:5070>'], // a router that gives it a new Contact
      ['192.0.2.77', '<sip:b@192.0.2.9:5070>'], // another proxy on the same way
    ] as const)
      expect(moveTo(address, contact).nextHop).toBe('sip:192.0.2.9:5070;transport=udp');
  });

  it('counts CSeq up, and follows the application when that is ahead', () => {
    const counted = dialog();
    counted.localCSeq = 10;
    expect([counted.takeCSeq(), counted.takeCSeq(20), counted.takeCSeq(3)]).toEqual([11, 20, 21]);
  });

  it('moves its target with a new Contact, and keeps it without one', () => {
    const moving = dialog();
    moving.refreshTarget(
      SipMessage.request('INVITE', 'sip:x').add('Contact', '"B" <sip:b@192.0.2.77>;q=1'),
      flow,
    );
    moving.refreshTarget(SipMessage.request('UPDATE', 'sip:x'), flow);
    expect(moving.remoteTarget).toBe('sip:b@192.0.2.77');
  });

  it('holds its BYE until the ACK of its 2xx has come or will not come', () => {
    const answered = dialog();
    const told: string[] = [];
    answered.whenAcknowledged(() => told.push('at once'));
    const accepted = new AcceptedInvite({
      clock,
      timing: standardTiming,
      flow,
      callId: 'c1',
      text: '200',
      transactionId: 't',
      timedOut: () => {},
    });
    answered.accepted.set(1, accepted);
    answered.whenAcknowledged(() => told.push('later'));
    expect(told).toEqual(['at once']);
    answered.acknowledged(1);
    expect(told).toEqual(['at once', 'later']);
  });
});

describe('the dialog store', () => {
  it('finds dialogs by tags and by id, the confirmed fork before the others', () => {
    const store = new DialogStore();
    const first = dialog();
    const second = dialog({ remoteTag: 'b2' });
    store.add(first);
    store.add(second);
    expect(store.byId('c1;from-tag=a')).toBe(second);
    first.state = 'confirmed';
    expect(store.byId('c1;from-tag=a')).toBe(first);
    expect(store.find('c1', 'a', 'b2')).toBe(second);
    const request = SipMessage.request('BYE', 'sip:a')
      .add('From', '<sip:b>;tag=b')
      .add('To', '<sip:a>;tag=a')
      .add('Call-ID', 'c1');
    expect(store.forRequest(request)).toBe(first);
    store.remove(first);
    store.remove(first);
    expect(store.forRequest(request)).toBeUndefined();
    expect(store.allById('c1;from-tag=a')).toEqual([second]);
    store.remove(second);
    expect([store.count, store.byId('c1;from-tag=a')]).toEqual([0, undefined]);
  });

  it('gives a call that loops back to us another id', () => {
    const store = new DialogStore();
    store.add(dialog());
    const request = SipMessage.request('INVITE', 'sip:a').add('From', '<sip:a>;tag=a').add('Call-ID', 'c1');
    expect(store.idFor(request, 'uac')).toBe('c1;from-tag=a');
    expect(store.idFor(request, 'uas')).toBe('c1;from-tag=a;uas');
  });
});

describe('an accepted INVITE', () => {
  it.each(['udp', 'tcp'] as const)(
    'repeats its 2xx over %s at T1 doubling to T2 for 64*T1 (§13.3.1.4)',
    (protocol) => {
      const time = new VirtualClock();
      const path = new RecordingFlow(time, protocol);
      let timeouts = 0;
      const accepted = new AcceptedInvite({
        clock: time,
        timing: standardTiming,
        flow: path,
        callId: 'c1',
        text: '200',
        transactionId: 't',
        timedOut: () => timeouts++,
      });
      accepted.start();
      time.advance(31_999);
      expect(path.times).toEqual([500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]);
      expect(timeouts).toBe(0);
      time.advance(1);
      expect([timeouts, time.armed]).toEqual([1, 0]);
    },
  );
});

describe('reliable provisionals', () => {
  const make = (): { time: VirtualClock; reliable: ReliableProvisionals; log: string[] } => {
    const time = new VirtualClock();
    const log: string[] = [];
    const reliable = new ReliableProvisionals({
      clock: time,
      timing: standardTiming,
      gaveUp: () => log.push(`gave up ${time.monotonic()}`),
    });
    return { time, reliable, log };
  };

  it('are repeated at T1 doubling until their PRACK (RFC 3262 §3)', () => {
    const { time, reliable, log } = make();
    const rseq = reliable.takeRSeq();
    reliable.send(rseq, () => log.push(String(time.monotonic())));
    time.advance(4000);
    expect(log).toEqual(['0', '500', '1500', '3500']);
    expect(reliable.acknowledge(rseq + 1)).toBe(false);
    expect(reliable.acknowledge(rseq)).toBe(true);
    expect(reliable.acknowledge(rseq)).toBe(false);
    time.advance(60_000);
    expect(log).toHaveLength(4);
    expect(time.armed).toBe(0);
  });

  it('go out one at a time, and what comes behind waits its turn', () => {
    const { time, reliable, log } = make();
    const [a, b] = [reliable.takeRSeq(), reliable.takeRSeq()];
    reliable.send(a, () => log.push('a'));
    reliable.send(b, () => log.push('b'));
    reliable.whenIdle(() => log.push('final'));
    expect(log).toEqual(['a']);
    reliable.acknowledge(a);
    expect(log).toEqual(['a', 'b']);
    reliable.acknowledge(b);
    expect(log).toEqual(['a', 'b', 'final']);
    expect(time.armed).toBe(0);
  });

  it('are given up after 64*T1 without a PRACK', () => {
    const { time, reliable, log } = make();
    reliable.send(reliable.takeRSeq(), () => {});
    time.advance(40_000);
    expect(log).toEqual(['gave up 32000']);
    expect(time.armed).toBe(0);
  });
});
