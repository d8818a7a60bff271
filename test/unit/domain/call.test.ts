import { describe, expect, it } from 'vitest';
import { type Call, foldCall } from '../../../src/domain/call.ts';
import type { CallEvent, CallFact } from '../../../src/domain/call-event.ts';

const end = { name: 'CALLEND', termination: { class: 'success', reason: 'caller-hung-up' } } as const;
const start = { name: 'CALLSTART', direction: 'inbound', from: '555', to: '100' } as const;

/** Folds these facts, one second apart, after a CALLSTART at 0. */
function fold(...facts: CallFact[]): Call {
  let call = foldCall(undefined, { at: 0, callId: 'c1', ...start });
  facts.forEach((fact, i) => {
    call = foldCall(call, { at: (i + 1) * 1000, callId: 'c1', ...fact } as CallEvent);
  });
  return call;
}

const queue = { queueId: 'sales' } as const;
const enterQueue = { name: 'ENTERQUEUE', ...queue, position: 1 } as const;
const offer = (n: number): CallFact => ({ name: 'OFFER', ...queue, agentId: `a${n}`, offerId: `o${n}` });
const missed = (n: number): CallFact => ({
  name: 'RINGNOANSWER',
  ...queue,
  agentId: `a${n}`,
  offerId: `o${n}`,
  ringMs: 1,
  cause: 'no-answer',
});
const canceled = (n: number): CallFact => ({
  name: 'RINGCANCELED',
  ...queue,
  agentId: `a${n}`,
  offerId: `o${n}`,
  ringMs: 1,
});
const connect = (n: number): CallFact => ({
  name: 'CONNECT',
  ...queue,
  agentId: `a${n}`,
  offerId: `o${n}`,
  waitMs: 1500,
  ringMs: 1,
});
const complete: CallFact = { name: 'COMPLETEAGENT', ...queue, agentId: 'a1', waitMs: 1500, talkMs: 4000 };
const leg = (legId: string): CallFact => ({ name: 'LEGSTART', legId, role: 'caller', party: '555' });
const hold = (legId: string): CallFact => ({ name: 'HOLD', legId });
const resume = (legId: string): CallFact => ({ name: 'RESUME', legId });

describe('the phase of a call', () => {
  it.each<[string, CallFact[], Partial<Call>]>([
    ['is ringing at the start', [], { phase: 'ringing', phaseSince: 0, offers: [], talkMs: 0, waitMs: 0 }],
    ['is ivr in a menu', [{ name: 'IVRENTER', ivrMenuId: 'main' }], { phase: 'ivr', phaseSince: 1000 }],
    ['is queued while waiting', [enterQueue], { phase: 'queued', enteredQueueAt: 1000, queueId: 'sales' }],
    ['is offering while a phone rings', [enterQueue, offer(1)], { phase: 'offering', agentId: 'a1' }],
    [
      'is queued since the entry when the agent did not answer',
      [enterQueue, offer(1), missed(1)],
      { phase: 'queued', phaseSince: 1000, offers: [] },
    ],
    [
      'stays offering while another phone rings still',
      [enterQueue, offer(1), offer(2), missed(2)],
      { phase: 'offering', agentId: 'a1', offers: [{ offerId: 'o1', agentId: 'a1' }] },
    ],
    [
      'is talking with the one who answered, whoever rang last',
      [enterQueue, offer(1), offer(2), canceled(2), connect(1)],
      { phase: 'talking', agentId: 'a1', offers: [], connectedAt: 5000, waitMs: 1500 },
    ],
    [
      'stays talking when another offer is taken back afterwards',
      [enterQueue, offer(1), offer(2), connect(1), canceled(2)],
      { phase: 'talking', agentId: 'a1', offers: [] },
    ],
    [
      'is talking when two parties are bridged',
      [{ name: 'BRIDGE', legIds: ['l1', 'l2'] }],
      { phase: 'talking', connectedAt: 1000 },
    ],
    [
      'is held while one side holds',
      [leg('l1'), { name: 'BRIDGE', legIds: ['l1', 'l2'] }, hold('l1')],
      { phase: 'held', phaseSince: 3000 },
    ],
    [
      'is talking again when nobody holds any more',
      [
        leg('l1'),
        leg('l2'),
        { name: 'BRIDGE', legIds: ['l1', 'l2'] },
        hold('l1'),
        hold('l2'),
        resume('l1'),
        resume('l2'),
      ],
      { phase: 'talking', phaseSince: 7000 },
    ],
    [
      'stays held while the other side holds still',
      [leg('l1'), leg('l2'), { name: 'BRIDGE', legIds: ['l1', 'l2'] }, hold('l1'), hold('l2'), resume('l1')],
      { phase: 'held' },
    ],
    [
      'stays queued when a waiting caller holds and resumes',
      [leg('l1'), enterQueue, hold('l1'), resume('l1')],
      { phase: 'queued' },
    ],
    [
      'is ringing on the way from a queue to its overflow',
      [enterQueue, { name: 'EXITWITHTIMEOUT', ...queue, waitMs: 1000 }],
      { phase: 'ringing', waitMs: 1000 },
    ],
    ['is ended at the end', [end], { phase: 'ended', endedAt: 1000, termination: end.termination }],
    [
      'stays ended whatever comes late',
      [end, enterQueue, offer(1), connect(1), end],
      { phase: 'ended', endedAt: 1000 },
    ],
  ])('%s', (_, facts, expected) => {
    expect(fold(...facts)).toMatchObject(expected);
  });

  it('has no agent any more when the offer came to nothing', () => {
    expect(fold(enterQueue, offer(1), missed(1)).agentId).toBeUndefined();
  });
});

describe('the times of a call', () => {
  it.each<[string, CallFact[], Partial<Call>]>([
    ['talk as the log says, once it is complete', [enterQueue, connect(1), complete, end], { talkMs: 4000 }],
    [
      'talk up to the end when no end of the talk was logged',
      [enterQueue, connect(1), end],
      { talkMs: 1000 },
    ],
    [
      'talk of no length stays so',
      [enterQueue, connect(1), { ...complete, talkMs: 0 } as CallFact, enterQueue, end],
      { talkMs: 0 },
    ],
    [
      'several talks together',
      [enterQueue, connect(1), complete, enterQueue, connect(2), complete, end],
      { talkMs: 8000 },
    ],
    ['bridged talk outside a queue', [{ name: 'BRIDGE', legIds: ['a', 'b'] }, end], { talkMs: 1000 }],
    [
      'the wait of a caller who abandoned',
      [enterQueue, { name: 'ABANDON', ...queue, position: 1, waitMs: 700 }, end],
      { abandoned: true, waitMs: 700, talkMs: 0 },
    ],
    [
      'the wait up to the end when no end of it was logged',
      [enterQueue, offer(1), end],
      { waitMs: 2000, abandoned: false, offers: [] },
    ],
    ['the first answer', [{ name: 'ANSWER' }, { name: 'ANSWER' }], { answeredAt: 1000 }],
  ])('%s', (_, facts, expected) => {
    expect(fold(...facts)).toMatchObject(expected);
  });
});

describe('a call keeps', () => {
  it('its legs with their ends, also those that end after the call', () => {
    const call = fold(
      { name: 'LEGSTART', legId: 'l1', role: 'caller', party: '555', sipCallId: 'x@y', signalling: 'tls' },
      { name: 'LEGSTART', legId: 'l2', role: 'agent', party: '101' },
      { name: 'LEGANSWER', legId: 'l2', sipCallId: 'late@y', signalling: 'udp' },
      hold('l2'),
      end,
      { name: 'LEGEND', legId: 'l2', termination: { class: 'success', reason: 'bye' } },
    );
    expect(call.legs).toEqual([
      {
        legId: 'l1',
        role: 'caller',
        party: '555',
        sipCallId: 'x@y',
        signalling: 'tls',
        startedAt: 1000,
        held: false,
      },
      {
        legId: 'l2',
        role: 'agent',
        party: '101',
        sipCallId: 'late@y',
        signalling: 'udp',
        startedAt: 2000,
        answeredAt: 3000,
        endedAt: 6000,
        termination: { class: 'success', reason: 'bye' },
        held: false,
      },
    ]);
  });

  it('its recordings, finished or failed, also after its end', () => {
    const call = fold(
      { name: 'RECORDSTART', recordingId: 'r1', file: 'a.wav' },
      { name: 'RECORDSTART', recordingId: 'r2', file: 'b.wav' },
      end,
      { name: 'RECORDEND', recordingId: 'r1', durationMs: 9, bytes: 10, sha256: 'ab' },
      { name: 'RECORDFAIL', recordingId: 'r2', reason: 'disk.full' },
    );
    expect(call.recordings).toEqual([
      {
        recordingId: 'r1',
        file: 'a.wav',
        startedAt: 1000,
        state: 'done',
        durationMs: 9,
        bytes: 10,
        sha256: 'ab',
      },
      { recordingId: 'r2', file: 'b.wav', startedAt: 2000, state: 'failed', failure: 'disk.full' },
    ]);
  });

  it('its trace in order', () => {
    const call = fold(
      { name: 'TRACE', code: 'a', params: {} },
      { name: 'TRACE', code: 'b', params: { n: 1 } },
    );
    expect(call.trace).toEqual([
      { at: 1000, code: 'a', params: {} },
      { at: 2000, code: 'b', params: { n: 1 } },
    ]);
  });

  it('the last note of each agent, an empty one removing it, and the last disposition, also after its end', () => {
    const note = (agentId: string, text: string): CallFact => ({ name: 'NOTE', agentId, text });
    const dispose = (code: string): CallFact => {
      return { name: 'DISPOSITION', agentId: 'a1', code, label: code.toUpperCase(), kind: 'success' };
    };
    const call = fold(
      note('a1', 'x'),
      note('a2', 'y'),
      dispose('sold'),
      end,
      note('a1', 'z'),
      dispose('lost'),
    );
    expect(call).toMatchObject({
      phase: 'ended',
      endedAt: 4000,
      notes: [
        { agentId: 'a2', at: 2000, text: 'y' },
        { agentId: 'a1', at: 5000, text: 'z' },
      ],
      disposition: { at: 6000, code: 'lost', label: 'LOST' },
    });
    expect(fold(note('a1', 'x'), note('a1', ''))).not.toHaveProperty('notes');
  });

  it('its first beginning', () => {
    expect(fold(enterQueue, { ...start, from: '777' })).toMatchObject({ from: '555', phase: 'queued' });
  });
});

describe('a call that the box failed in', () => {
  const termination = { class: 'server', reason: 'appliance-failed' } as const;
  const found = { name: 'CALLEND', termination, aliveAt: 5_000 } as const;

  it.each<[string, CallEvent]>([
    ['talked', { at: 2_000, callId: 'c1', name: 'BRIDGE', legIds: ['l1', 'l2'] }],
    ['waited', { at: 2_000, callId: 'c1', name: 'ENTERQUEUE', queueId: 'q', position: 1 }],
  ])('%s no longer than the box surely ran, however long it was down', (what, fact) => {
    const begun = foldCall(undefined, { at: 0, callId: 'c1', ...start } as CallEvent);
    const call = foldCall(foldCall(begun, fact), { at: 3_600_000, callId: 'c1', ...found });
    expect(what === 'talked' ? call.talkMs : call.waitMs).toBe(3_000);
    expect(call.endedAt).toBe(3_600_000);
  });
});

describe('folding', () => {
  it('leaves the call of before as it was', () => {
    const before = fold(enterQueue);
    const copy = structuredClone(before);
    foldCall(before, { at: 9, callId: 'c1', ...offer(1) } as CallEvent);
    expect(before).toEqual(copy);
  });

  it('refuses a call that begins with anything but CALLSTART', () => {
    expect(() => foldCall(undefined, { at: 0, callId: 'c9', name: 'ANSWER' })).toThrow(
      /c9 begins with ANSWER/,
    );
  });
});
