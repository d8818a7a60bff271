import { describe, expect, it } from 'vitest';
import {
  cancelReasonHeader,
  reasonHeader,
  statusOf,
  terminationOf,
  terminationOfEngineBye,
  terminationOfStatus,
} from '../../../src/telephony/termination-map.ts';

describe('terminations', () => {
  it('say their cause in the Reason header, and words of others unharmed', () => {
    expect(reasonHeader(terminationOf('busy'))).toBe('Q.850;cause=17;text="User busy"');
    expect(reasonHeader({ class: 'server', reason: 'odd"\r\nX: y' })).toBe('Q.850;cause=41;text="oddX: y"');
    expect(reasonHeader({ class: 'success', reason: 'constructor' })).toBe(
      'Q.850;cause=16;text="constructor"',
    );
  });

  it('tell phones that another one took the call, so that they show none as missed', () => {
    expect(cancelReasonHeader({ class: 'success', reason: 'answered-elsewhere' })).toBe(
      'SIP;cause=200;text="Call completed elsewhere"',
    );
    expect(cancelReasonHeader(terminationOf('no-answer'))).toContain('Q.850;cause=19');
  });

  it('of every final response are known, and none is a success', () => {
    for (let status = 300; status < 700; status++) {
      const termination = terminationOfStatus(status);
      expect(termination.sipStatus).toBe(status);
      expect(termination.class).not.toBe('success');
    }
  });

  it('of every class reject an unanswered call with a final status', () => {
    for (const cls of ['success', 'client', 'server', 'upstream', 'indeterminate'] as const)
      expect(statusOf({ class: cls, reason: 'word-of-call-control' })).toBeGreaterThanOrEqual(400);
  });

  it('of the engine are told apart by its Reason', () => {
    expect(terminationOfEngineBye('SIP ;cause=200 ;text="ACK timeout"').reason).toBe('ack-timeout');
    expect(terminationOfEngineBye('SIP ;cause=200 ;text="Session timer expired"').reason).toBe(
      'session-expired',
    );
    expect(terminationOfEngineBye(undefined).reason).toBe('hung-up');
  });
});
