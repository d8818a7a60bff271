import type { CallEvent } from '../../../src/domain/call-event.ts';

/** A queue call: answered by an agent, recorded, ended by the caller. */
export function answeredCall(
  callId: string,
  at: number,
  more: { from?: string; queueId?: string; agentId?: string } = {},
): CallEvent[] {
  const { from = '+36301234567', queueId = 'sales', agentId = 'ann' } = more;
  const offer = { queueId, agentId, offerId: `${callId}-o1` };
  return [
    { at, callId, name: 'CALLSTART', direction: 'inbound', from, to: '100', trunkId: 't1' },
    {
      at,
      callId,
      name: 'LEGSTART',
      legId: `${callId}-l1`,
      role: 'caller',
      party: from,
      sipCallId: `${callId}@sip`,
    },
    { at: at + 10, callId, name: 'ANSWER' },
    { at: at + 20, callId, name: 'ENTERQUEUE', queueId, position: 1 },
    {
      at: at + 30,
      callId,
      name: 'TRACE',
      code: 'offer.longest-idle',
      params: { agent: agentId, idleMs: 5000 },
    },
    { at: at + 30, callId, name: 'OFFER', ...offer },
    { at: at + 30, callId, name: 'LEGSTART', legId: `${callId}-l2`, role: 'agent', party: agentId },
    { at: at + 4030, callId, name: 'CONNECT', ...offer, waitMs: 4010, ringMs: 4000 },
    {
      at: at + 4040,
      callId,
      name: 'RECORDSTART',
      recordingId: `${callId}-r1`,
      file: `2026/01/05/${callId}.wav`,
    },
    { at: at + 64_030, callId, name: 'COMPLETECALLER', queueId, agentId, waitMs: 4010, talkMs: 60_000 },
    {
      at: at + 64_030,
      callId,
      name: 'LEGEND',
      legId: `${callId}-l1`,
      termination: { class: 'success', reason: 'caller-hung-up' },
    },
    {
      at: at + 64_031,
      callId,
      name: 'LEGEND',
      legId: `${callId}-l2`,
      termination: { class: 'success', reason: 'caller-hung-up' },
    },
    { at: at + 64_040, callId, name: 'CALLEND', termination: { class: 'success', reason: 'caller-hung-up' } },
    {
      at: at + 64_090,
      callId,
      name: 'RECORDEND',
      recordingId: `${callId}-r1`,
      durationMs: 59_990,
      bytes: 960_058,
      sha256: 'ab'.repeat(32),
    },
  ];
}

/** A queue call that the caller gave up. */
export function abandonedCall(callId: string, at: number, queueId = 'sales'): CallEvent[] {
  const termination = { class: 'client', reason: 'caller-hung-up' } as const;
  return [
    { at, callId, name: 'CALLSTART', direction: 'inbound', from: 'anonymous', to: '100' },
    { at, callId, name: 'LEGSTART', legId: `${callId}-l1`, role: 'caller', party: 'anonymous' },
    { at: at + 20, callId, name: 'ENTERQUEUE', queueId, position: 3 },
    { at: at + 9020, callId, name: 'ABANDON', queueId, position: 2, waitMs: 9000 },
    { at: at + 9020, callId, name: 'LEGEND', legId: `${callId}-l1`, termination },
    { at: at + 9021, callId, name: 'CALLEND', termination },
  ];
}
