/** Small tables in the form of a campaign: calling hours, retries by result, what dispositions do to a lead. */
import type { VNode } from 'preact';
import { language, t, translateCode } from '../../i18n/translate.ts';
import type { CampaignInput } from './campaign-form.tsx';

type CallingWindow = NonNullable<CampaignInput['windows']>[number];
type Retry = NonNullable<CampaignInput['retry']>;
type Outcome = NonNullable<CampaignInput['outcomes']>[number];

const days = [1, 2, 3, 4, 5, 6, 7] as const;
const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** 1 = Monday, as the settings count. */
function dayName(day: number, width: 'short' | 'long'): string {
  // 5 January 2026 was a Monday.
  const date = new Date(Date.UTC(2026, 0, 4 + day));
  return new Intl.DateTimeFormat(language.value, { weekday: width, timeZone: 'UTC' }).format(date);
}

export function WindowFields(props: {
  windows: readonly CallingWindow[];
  onInput: (windows: CallingWindow[]) => void;
  errorAt: (path: string) => string | undefined;
}): VNode {
  const { windows } = props;
  const change = (at: number, patch: Partial<CallingWindow>): void =>
    props.onInput(windows.map((window, index) => (index === at ? { ...window, ...patch } : window)));
  return (
    <fieldset class="fieldset">
      <legend class="field-legend">{t('campaign.windows')}</legend>
      {windows.map((window, at) => (
        <div class="calling-window" key={at}>
          <div class="window-days">
            {days.map((day) => (
              <label key={day} class="calling-day" title={dayName(day, 'long')}>
                <input
                  type="checkbox"
                  checked={window.days.includes(day)}
                  onChange={(event) =>
                    change(at, {
                      days: event.currentTarget.checked
                        ? [...window.days, day].sort()
                        : window.days.filter((each) => each !== day),
                    })
                  }
                />
                {dayName(day, 'short')}
              </label>
            ))}
          </div>
          <div class="row">
            <input
              class="input input-time"
              type="time"
              min="08:00"
              max="21:00"
              aria-label={t('campaign.from')}
              value={window.from}
              onInput={(event) => change(at, { from: event.currentTarget.value })}
            />
            <span aria-hidden="true">–</span>
            <input
              class="input input-time"
              type="time"
              min="08:00"
              max="21:00"
              aria-label={t('campaign.until')}
              value={window.until}
              onInput={(event) => change(at, { until: event.currentTarget.value })}
            />
            {windows.length > 1 && (
              <button
                type="button"
                class="button button-small"
                onClick={() => props.onInput(windows.filter((_, index) => index !== at))}
              >
                {t('action.remove')}
              </button>
            )}
          </div>
          {props.errorAt(`windows.${at}`) && (
            <span class="field-error">{props.errorAt(`windows.${at}`)}</span>
          )}
        </div>
      ))}
      <span class="field-help">{t('campaign.windowsHelp')}</span>
      {windows.length < 14 && (
        <div class="actions">
          <button
            type="button"
            class="button button-small"
            onClick={() => props.onInput([...windows, { days: [6], from: '10:00', until: '18:00' }])}
          >
            {t('campaign.addWindow')}
          </button>
        </div>
      )}
    </fieldset>
  );
}

/** As the schema's defaults: what stands in the form of a new campaign. */
const rules = [
  ['busy', 15, 5],
  ['no-answer', 120, 4],
  ['rejected', 1440, 1],
  ['failed', 30, 3],
  ['cancelled', 15, 3],
  ['abandoned', 4320, 2],
] as const;

export function RetryFields(props: {
  retry: Retry;
  onInput: (retry: Retry) => void;
  errorAt: (path: string) => string | undefined;
}): VNode {
  const { retry } = props;
  return (
    <div class="table-wrap">
      <table class="table" aria-label={t('campaign.retry')}>
        <thead>
          <tr>
            <th scope="col">{t('campaign.after')}</th>
            <th scope="col">{t('campaign.waitMinutes')}</th>
            <th scope="col">{t('campaign.atMost')}</th>
          </tr>
        </thead>
        <tbody>
          {rules.map(([result, minutes, attempts]) => {
            const rule = retry[result] ?? {};
            const name = translateCode(`attemptResult.${result}`);
            const set = (patch: typeof rule): void =>
              props.onInput({ ...retry, [result]: { ...rule, ...patch } });
            return (
              <tr key={result}>
                <th scope="row">
                  {name}
                  {props.errorAt(`retry.${result}`) && (
                    <span class="field-error">{props.errorAt(`retry.${result}`)}</span>
                  )}
                </th>
                <td data-label={t('campaign.waitMinutes')}>
                  <input
                    class="input input-short"
                    type="number"
                    min={1}
                    max={43_200}
                    aria-label={`${name}: ${t('campaign.waitMinutes')}`}
                    value={(rule.delayMs ?? minutes * minuteMs) / minuteMs}
                    onInput={(event) => {
                      const entered = event.currentTarget.valueAsNumber;
                      if (!Number.isNaN(entered)) set({ delayMs: Math.round(entered * minuteMs) });
                    }}
                  />
                </td>
                <td data-label={t('campaign.atMost')}>
                  <input
                    class="input input-short"
                    type="number"
                    min={1}
                    max={20}
                    aria-label={`${name}: ${t('campaign.atMost')}`}
                    value={rule.maxAttempts ?? attempts}
                    onInput={(event) => {
                      const entered = event.currentTarget.valueAsNumber;
                      if (!Number.isNaN(entered)) set({ maxAttempts: entered });
                    }}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

export function OutcomeFields(props: {
  dispositions: readonly { code: string; name: string }[];
  outcomes: readonly Outcome[];
  onInput: (outcomes: Outcome[]) => void;
}): VNode {
  const { dispositions, outcomes } = props;
  const choose = (code: string, patch: Partial<Outcome>): void => {
    const before = outcomes.find((outcome) => outcome.code === code) ?? { code, lead: 'done' as const };
    const after = { ...before, ...patch };
    const others = outcomes.filter((outcome) => outcome.code !== code);
    props.onInput(after.lead === 'done' ? others : [...others, after]);
  };
  return (
    <fieldset class="fieldset">
      <legend class="field-legend">{t('campaign.outcomes')}</legend>
      <span class="field-help">
        {dispositions.length === 0 ? t('campaign.noDispositions') : t('campaign.outcomesHelp')}
      </span>
      {dispositions.map(({ code, name }) => {
        const outcome = outcomes.find((each) => each.code === code);
        const lead = outcome?.lead ?? 'done';
        return (
          <div class="outcome" key={code}>
            <span>{name}</span>
            <select
              class="select"
              aria-label={t('campaign.outcomeOf', { name })}
              value={lead}
              onChange={(event) => choose(code, { lead: event.currentTarget.value as Outcome['lead'] })}
            >
              {(['done', 'call-again', 'do-not-call'] as const).map((value) => (
                <option key={value} value={value} selected={value === lead}>
                  {translateCode(`leadOutcome.${value}`)}
                </option>
              ))}
            </select>
            {lead === 'call-again' && (
              <span class="input-unit">
                <input
                  class="input input-short"
                  type="number"
                  min={1}
                  max={90}
                  aria-label={t('campaign.afterDays', { name })}
                  value={Math.round((outcome?.delayMs ?? dayMs) / dayMs)}
                  onInput={(event) => {
                    const entered = event.currentTarget.valueAsNumber;
                    if (entered >= 1) choose(code, { delayMs: Math.round(entered) * dayMs });
                  }}
                />
                <span class="quiet">{t('unit.days')}</span>
              </span>
            )}
          </div>
        );
      })}
    </fieldset>
  );
}
