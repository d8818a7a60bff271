import { describe, expect, test } from 'vitest';
import { type Clock, type Timer, VirtualClock } from '../../../src/base/clock.ts';
import { maxCatchUpTicks, Ticker, tickMs } from '../../../src/media-engine/edge/ticker.ts';

/** A clock whose timers come late by what is asked, as those of a busy machine do. */
class LateClock implements Clock {
  readonly #clock = new VirtualClock();
  lateByMs = 0;

  now(): number {
    return this.#clock.now();
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  after(delayMs: number, action: () => void): Timer {
    return this.#clock.after(delayMs + this.lateByMs, action);
  }

  advance(durationMs: number): void {
    this.#clock.advance(durationMs);
  }

  get armed(): number {
    return this.#clock.armed;
  }
}

function run(clock: LateClock): { ticks: { tick: number; atMs: number }[]; ticker: Ticker } {
  const ticks: { tick: number; atMs: number }[] = [];
  const ticker = new Ticker({ clock, onTick: (tick, atMs) => ticks.push({ tick, atMs }) });
  ticker.start();
  return { ticks, ticker };
}

describe('the beat', () => {
  test('comes every 20 ms on the grid of the monotonic clock', () => {
    const clock = new LateClock();
    clock.advance(7);
    const { ticks } = run(clock);
    clock.advance(100);
    expect(ticks.map(({ atMs }) => atMs)).toEqual([20, 40, 60, 80, 100]);
    expect(ticks.map(({ tick }) => tick)).toEqual([1, 2, 3, 4, 5]);
  });

  test('does not drift in an hour of timers that are all late', () => {
    const clock = new LateClock();
    clock.lateByMs = 3.3;
    const { ticks } = run(clock);
    clock.advance(3_600_000 + 3.3);
    expect(ticks).toHaveLength(180_000);
    expect(Math.max(...ticks.slice(-1000).map(({ tick, atMs }) => atMs - tick * tickMs))).toBeCloseTo(3.3, 3);
  });

  test('makes up a short stall at once and loses no beat', () => {
    const clock = new LateClock();
    const { ticks } = run(clock);
    clock.advance(20);
    clock.lateByMs = 45;
    clock.advance(20);
    clock.lateByMs = 0;
    clock.advance(200);
    expect(ticks.map(({ tick }) => tick)).toEqual([...Array(12).keys()].map((n) => n + 1));
  });

  test(`makes up at most ${maxCatchUpTicks} beats of a long stall, then keeps to the grid`, () => {
    const clock = new LateClock();
    const { ticks } = run(clock);
    clock.advance(20);
    clock.lateByMs = 1000; // holds for the timer armed at the second beat
    clock.advance(20);
    clock.lateByMs = 0;
    clock.advance(1_100);
    const late = ticks.find(({ atMs }) => atMs >= 1000)?.atMs;
    const burst = ticks.filter(({ atMs }) => atMs === late);
    expect(burst).toHaveLength(maxCatchUpTicks);
    const after = ticks.filter(({ atMs }) => atMs > (late as number));
    expect(after.every(({ tick, atMs }) => tick * tickMs === atMs)).toBe(true);
    expect(new Set(ticks.map(({ tick }) => tick)).size).toBe(ticks.length);
  });

  test('stops, and leaves no timer', () => {
    const clock = new LateClock();
    const { ticks, ticker } = run(clock);
    clock.advance(40);
    ticker.stop();
    clock.advance(1000);
    expect(ticks).toHaveLength(2);
    expect(clock.armed).toBe(0);
  });
});
