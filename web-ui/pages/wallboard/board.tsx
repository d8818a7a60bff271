/** The tiles of a wallboard, filling what room there is; also small, as a preview. */
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { LiveSnapshot } from '../../../src/domain/live.ts';
import { t } from '../../i18n/translate.ts';
import { layoutOf, spanOf } from './layout.ts';
import { WallTile } from './tile.tsx';
import { type FigureDefinitions, usualTiles, type WallFigures, type WallView } from './wall-values.ts';

export interface BoardProps {
  wall: Pick<WallView, 'tiles' | 'queueIds' | 'showAgents' | 'serviceLevelGoal' | 'timeZone'>;
  live: LiveSnapshot;
  figures: WallFigures | undefined;
  definitions: FigureDefinitions | undefined;
  /** Since when nothing is heard; the tiles are dimmed then. */
  staleSince: number | undefined;
}

export function Board(props: BoardProps): VNode {
  const ref = useRef<HTMLDivElement>(null);
  const [aspect, setAspect] = useState(16 / 9);
  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    const watch = new ResizeObserver(() => {
      if (box.clientHeight > 0) setAspect(box.clientWidth / box.clientHeight);
    });
    watch.observe(box);
    return () => watch.disconnect();
  }, []);
  const tiles = props.wall.tiles.length > 0 ? props.wall.tiles : usualTiles;
  const { columns, rows } = layoutOf(tiles.map(spanOf), aspect);
  const stale = props.staleSince !== undefined;
  return (
    <div
      class={`wall-board ${stale ? 'wall-board-stale' : ''}`}
      ref={ref}
      style={`--columns: ${columns}; --rows: ${rows}`}
    >
      {tiles.map((tile, i) => {
        const span = spanOf(tile);
        return (
          <section
            key={`${i} ${tile.shows}`}
            class="wall-cell"
            style={`grid-column: span ${span.columns}; grid-row: span ${span.rows}`}
          >
            <WallTile {...props} tile={tile} />
          </section>
        );
      })}
      {tiles.length === 0 && <p>{t('wall.noTiles')}</p>}
    </div>
  );
}
