import { describe, expect, it } from 'vitest';
import { courseOf } from '../../../src/domain/call-course.ts';
import type { LogEvent } from '../../../src/domain/call-event.ts';

const callId = 'c1';
const termination = { class: 'success', reason: 'caller-hung-up' } as const;
const offer = { queueId: 'sales', agentId: 'anna', offerId: 'o1' };
const through: LogEvent[] = [
  { at: 0, callId, name: 'CALLSTART', direction: 'inbound', from: '1', to: '2' },
  { at: 400, callId, name: 'ANSWER' },
  { at: 410, callId, name: 'IVRENTER', ivrMenuId: 'welcome' },
  { at: 8000, callId, name: 'IVREXIT', ivrMenuId: 'welcome', cause: 'digit' },
  { at: 8003, callId, name: 'ENTERQUEUE', queueId: 'sales', position: 1 },
  { at: 20_000, callId, name: 'CONNECT', ...offer, waitMs: 12_000, ringMs: 4000 },
  { at: 50_000, callId, name: 'HOLD', legId: 'l2' },
  { at: 60_000, callId, name: 'RESUME', legId: 'l2' },
];

describe('the course of a call', () => {
  it('is one line without gaps: ringing, menu, waiting, talk, hold, talk, and the work after it', () => {
    const course = courseOf([
      ...through,
      { at: 90_000, callId, name: 'COMPLETECALLER', queueId: 'sales', agentId: 'anna', waitMs: 1, talkMs: 1 },
      { at: 90_001, callId, agentId: 'anna', name: 'WRAPUPSTART' },
      { at: 90_010, callId, name: 'CALLEND', termination },
      { at: 99_000, callId, agentId: 'anna', name: 'WRAPUPEND' },
    ]);
    expect(course).toEqual([
      { kind: 'ringing', from: 0, to: 410 },
      { kind: 'ivr', from: 410, to: 8000, id: 'welcome' },
      { kind: 'waiting', from: 8000, to: 20_000, id: 'sales' },
      { kind: 'talking', from: 20_000, to: 50_000, id: 'anna' },
      { kind: 'hold', from: 50_000, to: 60_000, id: 'anna' },
      { kind: 'talking', from: 60_000, to: 90_010, id: 'anna' },
      { kind: 'wrap-up', from: 90_010, to: 99_000, id: 'anna' },
    ]);
  });

  it('leaves what still lasts open, and work that has not ended too', () => {
    expect(courseOf(through).at(-1)).toEqual({ kind: 'talking', from: 60_000, id: 'anna' });
    const open = courseOf([
      ...through,
      { at: 90_000, callId, name: 'CALLEND', termination },
      { at: 90_000, callId, agentId: 'anna', name: 'WRAPUPSTART' },
    ]);
    expect(open.at(-1)).toEqual({ kind: 'wrap-up', from: 90_000, id: 'anna' });
  });

  it('goes on ringing after a menu that leads to a phone, and when both held one resuming is not enough', () => {
    const course = courseOf([
      ...through.slice(0, 3),
      { at: 5000, callId, name: 'IVREXIT', ivrMenuId: 'welcome', cause: 'digit' },
      { at: 9000, callId, name: 'BRIDGE', legIds: ['l1', 'l2'] },
      { at: 10_000, callId, name: 'HOLD', legId: 'l1' },
      { at: 11_000, callId, name: 'HOLD', legId: 'l2' },
      { at: 12_000, callId, name: 'RESUME', legId: 'l1' },
      { at: 13_000, callId, name: 'CALLEND', termination },
      { at: 14_000, callId, name: 'RESUME', legId: 'l2' },
    ]);
    expect(course.map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ['ringing', 0, 410],
      ['ivr', 410, 5000],
      ['ringing', 5000, 9000],
      ['talking', 9000, 10_000],
      ['hold', 10_000, 13_000],
    ]);
  });

  it('is nothing for no events', () => {
    expect(courseOf([])).toEqual([]);
  });
});
