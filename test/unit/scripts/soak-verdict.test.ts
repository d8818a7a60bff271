import { describe, expect, it } from 'vitest';
import type { ProcessSample, Sample } from '../../../scripts/soaking/sampler.ts';
import { leftoverChecks, memoryChecks, slopeOf } from '../../../scripts/soaking/verdict.ts';

const sip = {
  transactions: 0,
  settledTransactions: 0,
  dialogs: 0,
  timers: 1,
  connections: 0,
  wireClients: 1,
  malformed: 0,
  pid: 1,
};
const media = {
  legs: 0,
  bridges: 0,
  mixes: 0,
  players: 0,
  recordings: 0,
  socketsBound: 0,
  reservations: 0,
  webTransports: 0,
  pid: 2,
  workerPids: [],
};

function sample(atS: number, process: Partial<ProcessSample> = {}): Sample {
  const whole = { pid: 7, rssBytes: 100e6, descriptors: 20, cpuMs: 0, threads: 8, ...process };
  return { atS, processes: { appliance: whole }, sip: { ...sip } as Sample['sip'], media };
}

const heap = (heapUsed: number, resources: Record<string, number> = {}) => ({
  heap: { heapUsed, external: 0, arrayBuffers: 0, resources },
});

/** An hour of samples; `bytes` of resident memory and heap after garbage collection at each moment. */
const hour = (bytes: (atS: number) => number): Sample[] =>
  Array.from({ length: 60 }, (_, i) => {
    const atS = (i + 1) * 60;
    return sample(atS, { rssBytes: bytes(atS), ...heap(bytes(atS)) });
  });

describe('the verdict of a soak', () => {
  it('finds the slope of a line among noise that cancels out', () => {
    const points = Array.from({ length: 100 }, (_, x) => ({ x, y: 3 * x + (x % 2 === 0 ? 1 : -1) }));
    expect(slopeOf(points)).toBeCloseTo(3, 2);
    expect(slopeOf([{ x: 1, y: 5 }])).toBe(0);
  });

  it('takes memory that rises in the first quarter only as flat', () => {
    const checks = memoryChecks(hour((atS) => 50e6 + Math.min(atS, 900) * 50_000));
    expect(checks.map(({ ok }) => ok)).toEqual([true, true]);
  });

  it('sees a leak of 20 MB an hour in the heap, and one of 30 MB in resident memory', () => {
    expect(memoryChecks(hour((atS) => 50e6 + (atS * 20e6) / 3600)).map(({ ok }) => ok)).toEqual([
      false,
      true,
    ]);
    expect(memoryChecks(hour((atS) => 50e6 + (atS * 30e6) / 3600)).map(({ ok }) => ok)).toEqual([
      false,
      false,
    ]);
  });

  it('finds nothing wrong when all is as it was', () => {
    expect(leftoverChecks(sample(0), sample(10)).filter(({ ok }) => !ok)).toEqual([]);
  });

  it.each([
    ['a dialog', { ...sample(10), sip: { ...sip, dialogs: 1 } as Sample['sip'] }, 'dialogs left'],
    [
      'an RTP socket',
      { ...sample(10), media: { ...media, socketsBound: 1 } },
      'legs, bridges, players, recordings, RTP sockets left',
    ],
    ['descriptors', sample(10, { descriptors: 23 }), 'appliance: descriptors'],
    ['timers', sample(10, heap(1, { Timeout: 9 })), 'appliance: open timers and handles'],
    ['another process', sample(10, { pid: 8 }), 'appliance: the same process'],
  ])('tells of %s left behind', (_, after, what) => {
    const before = sample(0, heap(1, { Timeout: 2 }));
    expect(
      leftoverChecks(before, after)
        .filter(({ ok }) => !ok)
        .map((check) => check.what),
    ).toEqual([what]);
  });
});
