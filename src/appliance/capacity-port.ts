/** The capacity test as the API sees it. */
import type { CapacityPort } from '../api/ports.ts';
import type { CapacityTest } from './capacity-test.ts';
import type { LoadWatch } from './load-watch.ts';

export function capacityPort(deps: {
  test: CapacityTest;
  watch: LoadWatch;
  calls: () => number;
  limit: () => number;
  source: () => 'measured' | 'assumed' | 'fixed';
}): CapacityPort {
  const { test, watch } = deps;
  return {
    view: () => ({
      limit: deps.limit(),
      source: deps.source(),
      calls: deps.calls(),
      short: [...watch.short],
      refused: watch.refused,
      running: test.running,
      aborted: test.aborted,
      results: [...test.results],
    }),
    begin: () => test.begin(),
    abort: () => test.abort('person'),
    onChange: (listener) => test.events.on('changed', listener),
  };
}
