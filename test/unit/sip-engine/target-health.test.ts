import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/base/clock.ts';
import type { Target } from '../../../src/sip-engine/server-location.ts';
import { TargetHealth } from '../../../src/sip-engine/target-health.ts';
import { RecordingFlow } from './recording-flow.ts';

let clock: VirtualClock;
let health: TargetHealth;
let bad: RecordingFlow;
let probed: { port: number; over: () => void }[];

const good: Target = { protocol: 'udp', address: '192.0.2.8', port: 5060, name: 'x.test' };
const failing: Target = { protocol: 'udp', address: '192.0.2.9', port: 5070, name: 'x.test' };
const order = (): number[] => health.inOrder([failing, good]).map(({ port }) => port);

beforeEach(() => {
  clock = new VirtualClock();
  bad = new RecordingFlow(clock);
  probed = [];
  health = new TargetHealth({ clock, probe: ({ port }, over) => probed.push({ port, over }) });
});

describe('a target that failed', () => {
  it('is tried last, for 30 s unasked, then until an OPTIONS was answered', () => {
    expect(order()).toEqual([5070, 5060]);
    health.failed(bad);
    clock.advance(29_999);
    expect(order()).toEqual([5060, 5070]);
    expect(probed).toEqual([]);
    clock.advance(1);
    expect(order()).toEqual([5060, 5070]);
    expect(order()).toEqual([5060, 5070]);
    expect(probed.map(({ port }) => port)).toEqual([5070]); // once, while the answer is awaited
    health.heard(bad);
    probed[0]?.over();
    expect(order()).toEqual([5070, 5060]);
  });

  it('is left alone twice as long after each failure, at most 5 minutes', () => {
    health.failed(bad);
    health.failed(bad); // a request that was under way with the first
    for (const restMs of [30_000, 60_000, 120_000, 240_000, 300_000, 300_000]) {
      clock.advance(restMs - 1);
      order();
      expect(probed).toHaveLength(0);
      clock.advance(1);
      order();
      expect(probed).toHaveLength(1);
      health.failed(bad);
      probed.pop()?.over();
    }
  });

  it('is left alone for as long as it asked, at most 5 minutes', () => {
    health.failed(bad, 90_000);
    clock.advance(89_999);
    order();
    expect(probed).toHaveLength(0);
    clock.advance(1);
    order();
    expect(probed).toHaveLength(1);
  });

  it('is good again with anything that comes from it, and stays among the targets when all are bad', () => {
    health.failed(bad);
    expect(health.inOrder([failing])).toEqual([failing]);
    expect(health.inOrder([failing, failing])).toHaveLength(2);
    health.heard(bad);
    expect(order()).toEqual([5070, 5060]);
  });
});
