import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../../src/base/clock.ts';
import { LampBoard, type Look } from '../../../../src/domain/lamps/board.ts';
import type { LampWorld } from '../../../../src/domain/lamps/facts.ts';
import { lampWords } from '../../../../src/domain/lamps/words.ts';
import { type LampAssignment, lampSchema } from '../../../../src/domain/settings/lamps.ts';
import { call, world } from './world.ts';

const light = { brightness: [], timeZone: 'UTC' };
const lampOf = (input: Omit<Parameters<typeof lampSchema.parse>[0] & object, 'lamp'>): LampAssignment =>
  lampSchema.parse({ lamp: 0, minMs: 0, ...input });
const faults = [{ code: 'x', message: '', since: 0 }];
const emergency = (...callIds: string[]): LampWorld =>
  world({ calls: callIds.map((callId) => call({ callId, direction: 'outbound', to: '112' })) });

/** Looks at one lamp at moments that the test says. */
function watch(assignment: LampAssignment) {
  const board = new LampBoard();
  const assignments = [assignment];
  const look = (now: number, seen: LampWorld): Look => board.look(assignments, seen, now, light);
  return { board, look, shown: (now: number, seen: LampWorld) => look(now, seen).lamps.get(0) };
}

describe('several facts on one lamp', () => {
  const lamp = lampOf({ shows: { fact: 'waiting' }, also: [{ fact: 'faults' }, { fact: 'emergency' }] });
  const queues = [{ queueId: 'q', name: 'Q', waiting: 1, agentsAvailable: 0, waitingThreshold: 3 }];

  it('show the most urgent, whatever their order', () => {
    const { shown } = watch(lamp);
    expect(shown(0, world())).toEqual(lampWords.nothing);
    expect(shown(1, world({ queues }))).toEqual(lampWords.waiting);
    expect(shown(2, world({ queues, faults }))).toEqual(lampWords.fault);
    expect(shown(3, world({ queues, faults, calls: emergency('a').live.calls }))).toEqual(lampWords.alarm);
    expect(shown(4, world({ queues }))).toEqual(lampWords.waiting);
  });
});

describe('a threshold', () => {
  it('once passed is kept until the value has come back, on each lamp for itself', () => {
    const { shown } = watch(lampOf({ shows: { fact: 'disk', under: 0.1, back: 0.2 } }));
    const free = (share: number) => world({}, { diskFree: share });
    const seen = [0.3, 0.15, 0.09, 0.15, 0.19, 0.2, 0.15].map((share, now) => shown(now, free(share)));
    const { inOrder, waitingTooMany } = lampWords;
    expect(seen).toEqual([
      inOrder,
      inOrder,
      waitingTooMany,
      waitingTooMany,
      waitingTooMany,
      inOrder,
      inOrder,
    ]);
  });

  it('that time passes by itself says when to look again', () => {
    const { look } = watch(lampOf({ shows: { fact: 'longest-wait', overMs: 60_000, backMs: 0 } }));
    const queue = { queueId: 'q', name: 'Q', waiting: 1, agentsAvailable: 0, waitingThreshold: 3 };
    const waits = (at: number) => world({ at, queues: [{ ...queue, oldestEnteredAt: 1_000 }] });
    expect(look(0, waits(21_000)).againInMs).toBe(40_000);
    const over = look(40_000, waits(61_000));
    expect(over.lamps.get(0)).toEqual(lampWords.waitingTooMany);
    expect(over.againInMs).toBeUndefined();
  });
});

describe('an acknowledged alarm', () => {
  const lamp = lampOf({ shows: { fact: 'emergency' } });

  it('is steady until its cause is gone, and a new cause flashes again', () => {
    const { board, shown } = watch(lamp);
    expect(shown(0, emergency('a'))).toEqual(lampWords.alarm);
    expect(board.acknowledge()).toBe(1);
    expect(shown(1, emergency('a'))).toEqual(lampWords.fault);
    expect(shown(2, emergency('a', 'b'))).toEqual(lampWords.alarm);
    expect(board.acknowledge()).toBe(1);
    expect(shown(3, emergency('b'))).toEqual(lampWords.fault);
    expect(shown(4, world())).toEqual(lampWords.nothing);
    expect(shown(5, emergency('b'))).toEqual(lampWords.alarm);
  });

  it('acknowledging nothing does nothing', () => {
    const { board, shown } = watch(lamp);
    shown(0, world());
    expect(board.acknowledge()).toBe(0);
    expect(shown(1, emergency('a'))).toEqual(lampWords.alarm);
  });
});

describe('the brightness of the hour', () => {
  const brightness = [
    { fromHour: 7, percent: 100 },
    { fromHour: 20, percent: 25 },
  ];
  // 19:30 in Budapest, in winter.
  const evening = Date.UTC(2026, 0, 5, 18, 30);
  const lamp = lampOf({ shows: { fact: 'faults' }, also: [{ fact: 'night' }] });
  const open = { scheduleId: 's', name: '', open: true, reason: { code: 'hours.open', params: {} } } as const;
  const hours = { night: null, schedules: [open] };

  it('follows the clocks of the office, and says when it may change', () => {
    const at = (moment: number) =>
      new LampBoard().look([lamp], world({ at: moment, hours }), 0, {
        brightness,
        timeZone: 'Europe/Budapest',
      });
    expect(at(evening).lamps.get(0)?.brightness).toBe(255);
    expect(at(evening).againInMs).toBe(30 * 60_000);
    expect(at(evening + 30 * 60_000).lamps.get(0)?.brightness).toBe(64);
    expect(at(evening + 10 * 3_600_000).lamps.get(0)?.brightness).toBe(64);
    expect(at(evening + 12 * 3_600_000).lamps.get(0)?.brightness).toBe(255);
  });

  it('never dims red', () => {
    const night = world({ at: evening + 3_600_000, faults });
    const { lamps } = new LampBoard().look([lamp], night, 0, { brightness, timeZone: 'Europe/Budapest' });
    expect(lamps.get(0)).toEqual(lampWords.fault);
  });
});

describe('a lamp', () => {
  /** Numbers that look random, the same on each run. */
  const random = (seed: number) => () => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    return seed / 0x7fffffff;
  };

  it.each([1, 2, 3, 4, 5])(
    'never changes sooner than its minimum time, and is right in the end (run %i)',
    (seed) => {
      const clock = new VirtualClock();
      const next = random(seed);
      const minMs = 500;
      const { look } = watch(
        lampOf({ shows: { fact: 'emergency' }, also: [{ fact: 'disk' }, { fact: 'faults' }], minMs }),
      );
      const changes: { at: number; look: string }[] = [];
      let seen = world({}, { diskFree: 1 });
      let again: { cancel(): void } | undefined;
      const show = (): void => {
        again?.cancel();
        const { lamps, againInMs } = look(clock.monotonic(), seen);
        if (againInMs !== undefined) again = clock.after(againInMs, show);
        const now = JSON.stringify(lamps.get(0));
        if (changes.at(-1)?.look !== now) changes.push({ at: clock.monotonic(), look: now });
      };
      for (let step = 0; step < 2_000; step++) {
        seen = world(
          { faults: next() < 0.3 ? faults : [], calls: next() < 0.2 ? emergency('a').live.calls : [] },
          { diskFree: next() * 0.3 },
        );
        show();
        clock.advance(next() * 300);
      }
      seen = world({ faults }, { diskFree: 1 });
      show();
      clock.advance(minMs);
      const gaps = changes.slice(1).map(({ at }, i) => at - (changes[i]?.at ?? 0));
      expect(changes.length).toBeGreaterThan(200);
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(minMs);
      expect(changes.at(-1)?.look).toBe(JSON.stringify(lampWords.fault));
      clock.advance(60_000);
      expect(clock.armed).toBe(0);
    },
  );

  it('that has been as it is for long changes at once', () => {
    const { shown } = watch(lampOf({ shows: { fact: 'faults' }, minMs: 500 }));
    shown(0, world());
    expect(shown(500, world({ faults }))).toEqual(lampWords.fault);
    expect(shown(501, world())).toEqual(lampWords.fault);
    expect(shown(1_000, world())).toEqual(lampWords.nothing);
  });
});
