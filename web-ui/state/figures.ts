/** Figures of now, asked again every few seconds while the page is seen. */
import { useEffect, useState } from 'preact/hooks';
import type { EndpointQuery, EndpointResponse } from '../../src/api/contract.ts';
import { api } from '../api/client.ts';

const everyMs = 5_000;

export type FiguresNow = EndpointResponse<'figures'>;

/** The latest answer; a failed try leaves what was there, the connection banner tells of the failure. */
export function useFigures(query: Partial<NonNullable<EndpointQuery<'figures'>>>): FiguresNow | undefined {
  const [answer, setAnswer] = useState<FiguresNow>();
  const key = JSON.stringify(query);
  useEffect(() => {
    const abort = new AbortController();
    const ask = (): void => {
      if (document.visibilityState === 'hidden') return;
      api('figures', { query, signal: abort.signal }).then(setAnswer, () => undefined);
    };
    ask();
    const timer = setInterval(ask, everyMs);
    document.addEventListener('visibilitychange', ask);
    return () => {
      abort.abort();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', ask);
    };
  }, [key]);
  return answer;
}
