import { describe, expect, it } from 'vitest';
import {
  type CapacityStep,
  capacitySteps,
  faultOf,
  isMeasured,
  limitOf,
  loopNumber,
  parseLoopNumber,
} from '../../../src/domain/capacity.ts';

const well: CapacityStep = { calls: 60, lossShare: 0, latencyP99Ms: 2, processorShare: 0.5, failed: 0 };

describe('the capacity test', () => {
  it.each([
    [{}, undefined],
    [{ failed: 1 }, 'set-up'],
    [{ lossShare: 0.001 }, undefined],
    [{ lossShare: 0.002 }, 'loss'],
    [{ latencyP99Ms: 21 }, 'latency'],
    [{ processorShare: 0.9 }, 'processor'],
    [{ failed: 1, lossShare: 0.5, latencyP99Ms: 500, processorShare: 1 }, 'set-up'],
  ] as const)('a step with %o ends it by %s', (change, stop) => {
    expect(faultOf({ ...well, ...change })).toBe(stop);
  });

  it('rises until the ports end, two pairs a call, and says so', () => {
    expect(capacitySteps(1000)).toMatchObject({ end: 'ceiling' });
    const { steps, end } = capacitySteps(100);
    expect(end).toBe('ports');
    expect(Math.max(...steps)).toBe(45);
  });

  it('does not count a bad outcome on a machine that was busy before, and any good one', () => {
    expect(isMeasured(0.9, 0)).toBe(false);
    expect(isMeasured(0.9, 5)).toBe(true);
    expect(isMeasured(0.1, 0)).toBe(true);
  });

  it('admits seven tenths of what was carried, and two calls at least', () => {
    expect([100, 60, 5, 1, 0].map(limitOf)).toEqual([70, 42, 3, 2, 2]);
  });

  it('knows its own calls by a token that nobody else has', () => {
    expect(parseLoopNumber(loopNumber('t0ken', 17, 'b'), 't0ken')).toEqual({ call: '17', side: 'b' });
    expect(parseLoopNumber(loopNumber('t0ken', 17, 'b'), 'other')).toBeUndefined();
    expect(parseLoopNumber('selftest--1-a', '')).toBeUndefined();
    expect(parseLoopNumber('selftest-t0ken-1-c', 't0ken')).toBeUndefined();
  });
});
