import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/base/clock.ts';

describe('the virtual clock', () => {
  it('runs timers in order of their due time, and those of one moment in the order they were armed', () => {
    const clock = new VirtualClock(0);
    const ran: string[] = [];
    clock.after(20, () => ran.push(`b@${clock.now()}`));
    clock.after(10, () => ran.push(`a@${clock.now()}`));
    clock.after(20, () => ran.push(`c@${clock.now()}`));
    clock.advance(30);
    expect(ran).toEqual(['a@10', 'b@20', 'c@20']);
    expect(clock.now()).toBe(30);
  });

  it('runs a timer that a timer armed, when it falls due in the same step', () => {
    const clock = new VirtualClock(0);
    const ran: number[] = [];
    const again = (): void => {
      ran.push(clock.now());
      if (ran.length < 3) clock.after(10, again);
    };
    clock.after(10, again);
    clock.advance(100);
    expect(ran).toEqual([10, 20, 30]);
  });

  it('does not run what was cancelled, and counts what is armed', () => {
    const clock = new VirtualClock(0);
    let ran = false;
    const timer = clock.after(10, () => {
      ran = true;
    });
    expect(clock.armed).toBe(1);
    timer.cancel();
    timer.cancel();
    expect(clock.armed).toBe(0);
    clock.advance(20);
    expect(ran).toBe(false);
  });
});
