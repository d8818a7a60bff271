/** The figures of the day for a wall: asked for every few seconds, the last ones kept while the box is away. */
import { useEffect, useState } from 'preact/hooks';
import { urlOf } from '../../api/client.ts';
import type { FigureDefinitions, WallFigures } from './wall-values.ts';

const everyMs = 5_000;

async function ask<Answer>(url: string, signal: AbortSignal): Promise<Answer> {
  const response = await fetch(url, { credentials: 'same-origin', signal });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return (await response.json()) as Answer;
}

export function useWallFigures(
  wallId: string,
  revision: number,
): { figures: WallFigures | undefined; definitions: FigureDefinitions | undefined } {
  const [figures, setFigures] = useState<WallFigures>();
  const [definitions, setDefinitions] = useState<FigureDefinitions>();
  useEffect(() => {
    const abort = new AbortController();
    const wall = encodeURIComponent(wallId);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let known = false;
    const round = async (): Promise<void> => {
      try {
        if (!known) {
          const { items } = await ask<{ items: FigureDefinitions }>(
            `${urlOf('figureDefinitions')}?wall=${wall}`,
            abort.signal,
          );
          setDefinitions(items);
          known = true;
        }
        setFigures(await ask<WallFigures>(`${urlOf('figures')}?by=queue&wall=${wall}`, abort.signal));
      } catch {
        // Away for a moment: the board says since when it is stale.
      }
      if (!abort.signal.aborted) timer = setTimeout(() => void round(), everyMs);
    };
    void round();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [wallId, revision]);
  return { figures, definitions };
}
