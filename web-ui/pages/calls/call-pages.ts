/** The list of calls page by page. A rare filter is followed back through the log by itself, and says how far it is. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Call } from '../../../src/domain/call.ts';
import { api } from '../../api/client.ts';
import { live } from '../../state/live.ts';
import type { Filters } from './call-query.ts';

const pageSize = 50;
/** Questions asked for one page before a person is asked whether to go on. */
const roundsAtOnce = 40;

export interface CallPages {
  /** Undefined until the first answer. */
  calls: Call[] | undefined;
  error: unknown;
  /** Something is being asked. */
  busy: boolean;
  /** There are older calls. */
  hasMore: boolean;
  /** How far back was looked while the page is not full. */
  lookedBackTo: number | undefined;
  more: () => void;
  retry: () => void;
}

interface State {
  items: Call[];
  next: string | null;
  lookedBackTo?: number | undefined;
}

/** @param filters of a view; mount anew for others */
export function useCallPages(filters: Filters): CallPages {
  const [state, setState] = useState<State>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(true);
  const opened = useRef(false);
  const abort = useRef(new AbortController());

  const fill = async (from: State | undefined): Promise<void> => {
    abort.current.abort();
    abort.current = new AbortController();
    const { signal } = abort.current;
    setBusy(true);
    setError(undefined);
    try {
      let now: State = from ?? { items: [], next: null };
      const wanted = now.items.length + pageSize;
      for (let round = 0; round < roundsAtOnce; round++) {
        const query = { ...filters, limit: pageSize, ...(now.next === null ? {} : { cursor: now.next }) };
        const page = await api('listCalls', { query, signal });
        const known = new Set(now.items.map(({ callId }) => callId));
        now = {
          items: [...now.items, ...page.items.filter(({ callId }) => !known.has(callId))],
          next: page.next,
          lookedBackTo: page.lookedBackTo,
        };
        const isFull = now.next === null || now.items.length >= wanted || page.lookedBackTo === undefined;
        // What was there stays until the new first page is whole, so that nothing jumps.
        if (isFull || from !== undefined || state === undefined) setState(now);
        if (isFull) break;
      }
      setState(now);
    } catch (cause) {
      if (!signal.aborted) setError(cause);
    } finally {
      if (!signal.aborted) setBusy(false);
    }
  };

  // A call that began or ended changes the first page; while older pages are open they stay put.
  const callIds = live.value?.calls.map((call) => call.callId).join(' ');
  useEffect(() => {
    if (!opened.current) void fill(undefined);
  }, [callIds]);
  useEffect(() => () => abort.current.abort(), []);

  return {
    calls: state?.items.map(
      (call) => live.value?.calls.find((running) => running.callId === call.callId) ?? call,
    ),
    error,
    busy,
    hasMore: state?.next != null,
    lookedBackTo: state?.next == null ? undefined : state.lookedBackTo,
    more: () => {
      opened.current = true;
      void fill(state);
    },
    retry: () => void fill(opened.current ? state : undefined),
  };
}
