/** Days at random for the office of `random-office.ts`. */
import fc from 'fast-check';
import { RandomOffice, type Step } from './random-office.ts';

const index = fc.nat({ max: 11 });
const agent = fc.nat({ max: 4 });
const weighted = (weight: number, arbitrary: fc.Arbitrary<Step>) => ({ weight, arbitrary });
const step: fc.Arbitrary<Step> = fc.oneof(
  weighted(6, fc.record({ do: fc.constant('enter' as const), queue: fc.nat({ max: 2 }) })),
  weighted(6, fc.record({ do: fc.constantFrom('answer' as const, 'ring' as const), pick: index })),
  weighted(
    10,
    fc.record({
      do: fc.constantFrom(
        'leave' as const,
        'connect' as const,
        'connect' as const,
        'connect-fail' as const,
        'end-talk' as const,
        'late-answer' as const,
      ),
      pick: index,
    }),
  ),
  weighted(
    3,
    fc.record({
      do: fc.constant('fail' as const),
      pick: index,
      cause: fc.constantFrom(
        'no-answer' as const,
        'rejected' as const,
        'busy' as const,
        'unreachable' as const,
      ),
    }),
  ),
  weighted(
    4,
    fc.record({
      do: fc.constant('status' as const),
      agent,
      status: fc.constantFrom(
        'available' as const,
        'available' as const,
        'on-break' as const,
        'logged-out' as const,
      ),
    }),
  ),
  weighted(
    3,
    fc.record({ do: fc.constantFrom('reachable' as const, 'busy' as const), agent, on: fc.boolean() }),
  ),
  weighted(
    2,
    fc.record({ do: fc.constantFrom('ready' as const, 'more' as const, 'dispose' as const), agent }),
  ),
  weighted(
    1,
    fc.record({
      do: fc.constant('settings' as const),
      queues: fc.subarray([0, 1, 2], { minLength: 1 }),
      agents: fc.subarray([0, 1, 2, 3, 4]),
      maxWaitMs: fc.constantFrom(0, 20_000, 60_000),
      ringAll: fc.boolean(),
    }),
  ),
  weighted(
    4,
    fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 500, 3000, 12_000, 25_000) }),
  ),
);

/** What may happen in a day, in any order. */
export function randomSteps(maxLength: number): fc.Arbitrary<Step[]> {
  return fc.array(step, { maxLength, size: 'max' });
}

/** An office of three queues and five agents at work, through these steps. */
export function runDay(steps: readonly Step[]): RandomOffice {
  const office = new RandomOffice();
  office.configure([0, 1, 2], [0, 1, 2, 3, 4], 60_000, false);
  for (const n of [0, 1, 2, 3, 4]) {
    office.apply({ do: 'reachable', agent: n, on: true });
    office.apply({ do: 'status', agent: n, status: 'available' });
  }
  for (const one of steps) office.apply(one);
  return office;
}
