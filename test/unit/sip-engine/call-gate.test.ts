import { describe, expect, it } from 'vitest';
import { SipMessage } from '../../../src/codec/sip-message.ts';
import { CallGate } from '../../../src/sip-engine/call-gate.ts';

const inviteTo = (user: string): SipMessage => SipMessage.request('INVITE', `sip:${user}@192.0.2.1`);
const room = { calls: 2, retryAfterS: 5, alwaysFor: ['112'] };

describe('the gate for new calls', () => {
  it('lets everything through until an application says how much it takes, and after none is left', () => {
    const gate = new CallGate();
    for (let i = 0; i < 1000; i++) gate.handedIn();
    expect(gate.refusalOf(inviteTo('100'))).toBeUndefined();
    gate.configure(room);
    gate.configure(null);
    expect(gate.refusalOf(inviteTo('100'))).toBeUndefined();
  });

  it('refuses with Retry-After what exceeds the room, until more room is told', () => {
    const gate = new CallGate();
    gate.configure(room);
    for (let i = 0; i < 2; i++) {
      expect(gate.refusalOf(inviteTo('100'))).toBeUndefined();
      gate.handedIn();
    }
    expect(gate.refusalOf(inviteTo('100'))).toEqual({ status: 503, headers: [['Retry-After', '5']] });
    expect(gate.refused).toBe(1);
    gate.configure(room);
    expect(gate.refusalOf(inviteTo('100'))).toBeUndefined();
  });

  it('lets a call for help through, however full it is', () => {
    const gate = new CallGate();
    gate.configure({ ...room, calls: 0 });
    expect(gate.refusalOf(inviteTo('112'))).toBeUndefined();
    expect(gate.refusalOf(inviteTo('1123'))).toBeDefined();
  });

  it('refuses while the application has not looked at those before, whatever room it told', () => {
    const gate = new CallGate();
    gate.configure({ ...room, calls: 1000 });
    let handedIn = 0;
    for (; handedIn < 1000 && !gate.refusalOf(inviteTo('100')); handedIn++) gate.handedIn();
    expect(handedIn).toBe(64);
    gate.decided();
    expect(gate.refusalOf(inviteTo('100'))).toBeUndefined();
  });
});
