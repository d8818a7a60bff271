import { describe, expect, it } from 'vitest';
import { type Clock, VirtualClock } from '../../../src/base/clock.ts';
import { Pulse, pulseLimitMs, startingPulseLimitMs } from '../../../src/supervisor/pulse.ts';

/** A clock whose timers can all be late together, as after a suspend or while this process is stopped. */
class StallingClock implements Clock {
  readonly inner = new VirtualClock();
  #stalledMs = 0;

  now(): number {
    return this.inner.now() + this.#stalledMs;
  }

  monotonic(): number {
    return this.inner.monotonic() + this.#stalledMs;
  }

  after(delayMs: number, action: () => void): ReturnType<Clock['after']> {
    return this.inner.after(delayMs, action);
  }

  /** Time passes and nobody runs. */
  stall(durationMs: number): void {
    this.#stalledMs += durationMs;
  }
}

function make() {
  const clock = new StallingClock();
  const lost: number[] = [];
  const pulse = new Pulse({ clock, lost: (silentMs) => lost.push(silentMs) });
  pulse.start();
  const beats = (seconds: number): void => {
    for (let i = 0; i < seconds; i++) {
      clock.inner.advance(1000);
      pulse.beat();
    }
  };
  return { clock, lost, pulse, beats };
}

describe('the pulse of a process', () => {
  it('that beats once a second is never lost', () => {
    const { lost, pulse, beats } = make();
    pulse.ready();
    beats(3600);
    expect(lost).toEqual([]);
  });

  it('is lost after five seconds without a beat, and told once', () => {
    const { clock, lost, pulse, beats } = make();
    pulse.ready();
    beats(10);
    clock.inner.advance(pulseLimitMs);
    expect(lost).toEqual([]);
    clock.inner.advance(1000);
    expect(lost).toEqual([6000]);
    clock.inner.advance(60_000);
    expect(lost).toHaveLength(1);
    expect(clock.inner.armed).toBe(0);
  });

  it('may be still for a minute while the process starts, and not for ever', () => {
    const { clock, lost } = make();
    clock.inner.advance(startingPulseLimitMs);
    expect(lost).toEqual([]);
    clock.inner.advance(1000);
    expect(lost).toHaveLength(1);
  });

  it('is not lost by a machine that was suspended, nor by a supervisor that was stopped', () => {
    const { clock, lost, pulse, beats } = make();
    pulse.ready();
    beats(2);
    clock.inner.advance(4000);
    clock.stall(3_600_000);
    clock.inner.advance(5000);
    expect(lost).toEqual([]);
    beats(10);
    expect(lost).toEqual([]);
  });

  it('is watched no more once the process was stopped on purpose', () => {
    const { clock, lost, pulse } = make();
    pulse.ready();
    pulse.stop();
    clock.inner.advance(60_000);
    expect([lost, clock.inner.armed]).toEqual([[], 0]);
  });
});
