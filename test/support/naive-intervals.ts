import type { MetricsOptions } from '../../src/domain/metrics/state.ts';

const minuteMs = 60_000;

/** Intervals found by reading the clock minute by minute, as one would who knows nothing of offsets. */
export class NaiveIntervals {
  readonly #options: Pick<MetricsOptions, 'timeZone' | 'unit'>;
  readonly #format: Intl.DateTimeFormat;
  readonly #starts = new Map<number, number>();

  constructor(options: Pick<MetricsOptions, 'timeZone' | 'unit'>) {
    this.#options = options;
    this.#format = new Intl.DateTimeFormat('en-GB', {
      timeZone: options.timeZone,
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      ...(options.unit === 'hour' ? { hour: '2-digit', hourCycle: 'h23', timeZoneName: 'longOffset' } : {}),
    });
  }

  startOf(at: number): number {
    let minute = Math.floor(at / minuteMs) * minuteMs;
    const passed: number[] = [];
    while (!this.#starts.has(minute)) {
      passed.push(minute);
      if (this.#begins(minute)) this.#starts.set(minute, minute);
      else minute -= minuteMs;
    }
    const start = this.#starts.get(minute) as number;
    for (const one of passed) this.#starts.set(one, start);
    return start;
  }

  split(fromAt: number, toAt: number): [number, number][] {
    const parts: [number, number][] = [];
    let from = fromAt;
    for (let at = Math.floor(fromAt / minuteMs) * minuteMs + minuteMs; at < toAt; at += minuteMs) {
      if (this.startOf(at) !== at) continue;
      parts.push([from, at]);
      from = at;
    }
    return from < toAt ? [...parts, [from, toAt]] : parts;
  }

  key(at: number, queueId: string, agentId: string): string {
    return `${new Date(this.startOf(at)).toISOString()} ${queueId || '-'} ${agentId || '-'}`;
  }

  #begins(minute: number): boolean {
    const label = this.#format.format(minute);
    if (label === this.#format.format(minute - minuteMs)) return false;
    return this.#options.unit !== 'week' || label.startsWith('Mon');
  }
}
