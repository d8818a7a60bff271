/** Calls as bars: what was answered, abandoned and else. The table below has the same numbers for readers. */
import type { VNode } from 'preact';
import { t, translateCode } from '../../i18n/translate.ts';

export interface Bar {
  key: string;
  label: string;
  answered: number;
  abandoned: number;
  /** Overflowed, cut off, abandoned at once, still waiting. */
  other: number;
}

const parts = ['other', 'abandoned', 'answered'] as const;

/** `across`: one line for each bar, for names; otherwise columns side by side, for times. */
export function Bars({
  label,
  bars,
  across,
}: {
  label: string;
  bars: readonly Bar[];
  across: boolean;
}): VNode {
  const sumOf = (bar: Bar): number => bar.answered + bar.abandoned + bar.other;
  const highest = Math.max(1, ...bars.map(sumOf));
  return (
    <figure class={`bars ${across ? 'bars-across' : ''} ${bars.length > 12 ? 'bars-many' : ''}`}>
      <figcaption class="bars-key">
        <span>{label}</span>
        {parts.toReversed().map((part) => (
          <span key={part} class="bars-word">
            <i class={`bar-${part}`} />
            {translateCode(`figures.bar.${part}`)}
          </span>
        ))}
      </figcaption>
      <div class="bars-field" aria-hidden="true">
        {bars.map((bar) => (
          <div key={bar.key} class="bar" title={titleOf(bar)}>
            <span class="bar-label">{bar.label}</span>
            <span class="bar-line">
              <span class="bar-space" style={{ flexGrow: highest - sumOf(bar) }}>
                {sumOf(bar) > 0 && <b>{sumOf(bar)}</b>}
              </span>
              {parts.map(
                (part) =>
                  bar[part] > 0 && <i key={part} class={`bar-${part}`} style={{ flexGrow: bar[part] }} />,
              )}
            </span>
          </div>
        ))}
      </div>
    </figure>
  );
}

function titleOf({ label, answered, abandoned, other }: Bar): string {
  return t('figures.barTitle', { label, answered, abandoned, other });
}
