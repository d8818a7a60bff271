/** The openings of one day: from and until, as many as there are. */
import type { VNode } from 'preact';
import type { OpenWindow } from '../../../src/domain/settings/schedules.ts';
import { t } from '../../i18n/translate.ts';

/** `24:00`, the end of the day, is what a clock shows as 00:00. */
const shown = (time: string): string => (time === '24:00' ? '00:00' : time);

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** A day as a bar of 24 hours, open stretches filled; what it shows is said in the fields below. */
export function DayBar({ windows }: { windows: readonly OpenWindow[] }): VNode {
  return (
    <span class="day-bar" aria-hidden="true">
      {windows.map(({ from, until }) => (
        <span
          key={`${from} ${until}`}
          style={{
            insetInlineStart: `${minutesOf(from) / 14.4}%`,
            inlineSize: `${Math.max(0, minutesOf(until) - minutesOf(from)) / 14.4}%`,
          }}
        />
      ))}
    </span>
  );
}

export function Windows(props: {
  /** Names the day, for the fields' names. */
  day: string;
  windows: OpenWindow[];
  onInput: (windows: OpenWindow[]) => void;
  /** The fault of the nth window. */
  errorAt: (index: number) => string | undefined;
}): VNode {
  const { day, windows, onInput } = props;
  const change = (at: number, patch: Partial<OpenWindow>): void =>
    onInput(windows.map((window, index) => (index === at ? { ...window, ...patch } : window)));
  const last = windows.at(-1)?.until;
  return (
    <div class="windows">
      {windows.length === 0 && <span class="quiet">{t('hours.closedDay')}</span>}
      {windows.map((window, index) => (
        <div class="window" key={`${index}`}>
          <input
            class="input"
            type="time"
            aria-label={t('hours.fromOf', { day })}
            value={window.from}
            onChange={(event) =>
              event.currentTarget.value && change(index, { from: event.currentTarget.value })
            }
          />
          <span aria-hidden="true">–</span>
          <input
            class="input"
            type="time"
            aria-label={t('hours.untilOf', { day })}
            value={shown(window.until)}
            onChange={({ currentTarget: { value } }) =>
              value && change(index, { until: value === '00:00' ? '24:00' : value })
            }
          />
          <button
            type="button"
            class="button button-small"
            aria-label={t('hours.removeOf', { day, from: window.from, until: window.until })}
            onClick={() => onInput(windows.filter((_, other) => other !== index))}
          >
            {t('action.remove')}
          </button>
          {props.errorAt(index) && <span class="field-error">{props.errorAt(index)}</span>}
        </div>
      ))}
      {windows.length < 6 && last !== '24:00' && (
        <button
          type="button"
          class="button button-small"
          aria-label={t('hours.addOf', { day })}
          onClick={() =>
            onInput([
              ...windows,
              last === undefined ? { from: '08:00', until: '17:00' } : { from: last, until: '24:00' },
            ])
          }
        >
          {t('hours.addWindow')}
        </button>
      )}
    </div>
  );
}
