/** The tiles of a wallboard, in order: what each shows, of which queue, how large. */
import type { VNode } from 'preact';
import { t } from '../../i18n/translate.ts';
import { tileName } from './tile.tsx';
import type { FigureDefinitions, WallView } from './wall-values.ts';

type Tile = WallView['tiles'][number];

const most = 24;
/** In the order in which they are offered; figures that the page has no name for come after them. */
const offered: Tile['shows'][] = [
  'waiting-now',
  'longest-waiting-now',
  'agents-free',
  'agents-by-state',
  'agents',
  'queues',
  'service-level',
  'answered',
  'abandoned',
  'abandon-rate',
  'offered',
  'asa',
  'longest-wait',
  'aht',
  'calls-now',
  'inbound-calls',
  'outbound-attempts',
  'trunks',
  'faults',
  'clock',
];
const ofNoQueue = new Set<string>(['agents', 'agents-by-state', 'queues', 'trunks', 'faults', 'clock']);

export function TilesField(props: {
  tiles: Tile[];
  queues: { id: string; name: string }[];
  definitions: FigureDefinitions | undefined;
  error: string | undefined;
  onInput: (tiles: Tile[]) => void;
}): VNode {
  const { tiles, queues, definitions, onInput } = props;
  const change = (index: number, patch: Partial<Tile>): void =>
    onInput(tiles.map((tile, i) => (i === index ? cleaned({ ...tile, ...patch }) : tile)));
  const move = (index: number, by: -1 | 1): void => {
    const next = [...tiles];
    const [tile] = next.splice(index, 1);
    if (tile) next.splice(index + by, 0, tile);
    onInput(next);
  };
  return (
    <fieldset class="fieldset">
      <legend class="field-legend">{t('walls.tiles')}</legend>
      {props.error && <span class="field-error">{props.error}</span>}
      {tiles.map((tile, i) => {
        const name = tileName(tile.shows, definitions);
        const choices = offered.includes(tile.shows) ? offered : [...offered, tile.shows];
        return (
          <div class="wall-tile-row" key={`${i} ${tiles.length}`}>
            <select
              class="select"
              aria-label={t('walls.tileShows', { number: i + 1 })}
              value={tile.shows}
              onChange={(event) => change(i, { shows: event.currentTarget.value as Tile['shows'] })}
            >
              {choices.map((shows) => (
                <option key={shows} value={shows} selected={shows === tile.shows}>
                  {tileName(shows, definitions)}
                </option>
              ))}
            </select>
            <select
              class="select"
              aria-label={t('walls.tileQueue', { name })}
              disabled={ofNoQueue.has(tile.shows)}
              value={tile.queueId ?? ''}
              onChange={(event) =>
                change(i, {
                  queueId: event.currentTarget.value === '' ? undefined : event.currentTarget.value,
                })
              }
            >
              <option value="">{t('walls.allQueues')}</option>
              {queues.map((queue) => (
                <option key={queue.id} value={queue.id} selected={queue.id === tile.queueId}>
                  {queue.name}
                </option>
              ))}
            </select>
            <label class="check">
              <input
                type="checkbox"
                checked={tile.size === 'large'}
                onChange={(event) => change(i, { size: event.currentTarget.checked ? 'large' : 'normal' })}
              />
              {t('walls.large')}
            </label>
            <span class="row">
              <button
                type="button"
                class="button button-small"
                disabled={i === 0}
                aria-label={t('walls.up', { name })}
                onClick={() => move(i, -1)}
              >
                ↑
              </button>
              <button
                type="button"
                class="button button-small"
                disabled={i === tiles.length - 1}
                aria-label={t('walls.down', { name })}
                onClick={() => move(i, 1)}
              >
                ↓
              </button>
              <button
                type="button"
                class="button button-small"
                aria-label={t('walls.removeTile', { name })}
                onClick={() => onInput(tiles.filter((_, j) => j !== i))}
              >
                {t('action.remove')}
              </button>
            </span>
          </div>
        );
      })}
      <div class="actions">
        <button
          type="button"
          class="button"
          disabled={tiles.length >= most}
          onClick={() => onInput([...tiles, { shows: 'answered', size: 'normal' }])}
        >
          {t('walls.addTile')}
        </button>
      </div>
    </fieldset>
  );
}

/** A tile of the whole office has no queue; one of all queues names none. */
function cleaned(tile: Tile): Tile {
  const { queueId, ...rest } = tile;
  return queueId === undefined || ofNoQueue.has(tile.shows) ? rest : { ...rest, queueId };
}
