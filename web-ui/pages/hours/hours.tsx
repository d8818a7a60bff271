/** Opening hours: the week, the holidays, and the night button. */
import type { VNode } from 'preact';
import type { EndpointBody, EndpointResponse } from '../../../src/api/contract.ts';
import { api } from '../../api/client.ts';
import type { Draft } from '../../components/draft.ts';
import { CheckField, TextField } from '../../components/form.tsx';
import { Lamp } from '../../components/lamp.tsx';
import { NightButton } from '../../components/night-button.tsx';
import { Card } from '../../components/page.tsx';
import { type Resource, ResourcePage } from '../../components/resource-page.tsx';
import { traceText } from '../../i18n/reasons.ts';
import { language, t } from '../../i18n/translate.ts';
import type { PageProps } from '../../shell/lazy-page.tsx';
import { live } from '../../state/live.ts';
import { useList } from '../../state/load.ts';
import { DayBar, Windows } from './windows.tsx';

type View = EndpointResponse<'getSchedule'>;
type Input = EndpointBody<'createSchedule'>;
type Day = NonNullable<Input['days']>[number];
type DraftOf = Draft<Input>;

const weekdays = [1, 2, 3, 4, 5, 6, 7];

/** The reader's name of a day of the week, Monday 1. */
function dayName(day: number): string {
  // 5 January 1970 was a Monday.
  const date = new Date(Date.UTC(1970, 0, 4 + day));
  return new Intl.DateTimeFormat(language.value, { weekday: 'long', timeZone: 'UTC' }).format(date);
}

function Week({ value, set, errorAt }: DraftOf): VNode {
  const week = value.week ?? [];
  const of = (day: number) => week.filter((window) => window.day === day);
  const change = (day: number, windows: { from: string; until: string }[]): void =>
    set({ week: [...week.filter((w) => w.day !== day), ...windows.map((w) => ({ ...w, day }))] });
  const monday = of(1);
  return (
    <fieldset class="fieldset">
      <legend class="field-legend">{t('hours.week')}</legend>
      {errorAt('week') && <span class="field-error">{errorAt('week')}</span>}
      {weekdays.map((day) => (
        <div class="day" key={day}>
          <span class="day-name">{dayName(day)}</span>
          <DayBar windows={of(day)} />
          <Windows
            day={dayName(day)}
            windows={of(day).map(({ from, until }) => ({ from, until }))}
            onInput={(windows) => change(day, windows)}
            errorAt={(index) => errorAt(`week.${week.indexOf(of(day)[index] as (typeof week)[number])}`)}
          />
        </div>
      ))}
      {monday.length > 0 && (
        <div class="actions">
          <button
            type="button"
            class="button button-small"
            onClick={() =>
              set({
                week: [
                  ...[1, 2, 3, 4, 5].flatMap((day) => monday.map((window) => ({ ...window, day }))),
                  ...week.filter((window) => window.day > 5),
                ],
              })
            }
          >
            {t('hours.copyMonday')}
          </button>
        </div>
      )}
    </fieldset>
  );
}

function SpecialDays({ value, set, errorAt }: DraftOf): VNode {
  const days = value.days ?? [];
  const change = (at: number, patch: Partial<Day>): void =>
    set({ days: days.map((day, index) => (index === at ? { ...day, ...patch } : day)) });
  const today = new Date().toISOString().slice(0, 10);
  return (
    <fieldset class="fieldset">
      <legend class="field-legend">{t('hours.days')}</legend>
      <span class="field-help">{t('hours.daysHelp')}</span>
      {days.map((day, index) => (
        <div class="special-day" key={`${index}`}>
          <TextField
            label={t('field.name')}
            value={day.name}
            onInput={(name) => change(index, { name })}
            error={errorAt(`days.${index}.name`)}
          />
          <div class="window">
            <input
              class="input"
              type="date"
              aria-label={t('hours.firstDay')}
              value={day.from}
              onChange={({ currentTarget: { value: from } }) => from && change(index, { from })}
            />
            <span aria-hidden="true">–</span>
            <input
              class="input"
              type="date"
              aria-label={t('hours.lastDay')}
              value={day.until ?? ''}
              onChange={({ currentTarget: { value: until } }) =>
                change(index, { until: until === '' ? undefined : until })
              }
            />
          </div>
          {(errorAt(`days.${index}.from`) ?? errorAt(`days.${index}.until`)) && (
            <span class="field-error">{errorAt(`days.${index}.from`) ?? errorAt(`days.${index}.until`)}</span>
          )}
          <CheckField
            label={t('hours.yearly')}
            value={day.yearly ?? false}
            onInput={(yearly) => change(index, { yearly })}
          />
          <Windows
            day={day.name || t('hours.thisDay')}
            windows={day.windows ?? []}
            onInput={(windows) => change(index, { windows })}
            errorAt={(at) => errorAt(`days.${index}.windows.${at}`)}
          />
          <div class="actions">
            <button
              type="button"
              class="button button-small"
              onClick={() => set({ days: days.filter((_, other) => other !== index) })}
            >
              {t('hours.removeDay', { day: day.name || t('hours.thisDay') })}
            </button>
          </div>
        </div>
      ))}
      <div class="actions">
        <button
          type="button"
          class="button"
          onClick={() => set({ days: [...days, { name: '', from: today, yearly: false, windows: [] }] })}
        >
          {t('hours.addDay')}
        </button>
      </div>
    </fieldset>
  );
}

/** What the schedule says now, and who follows it. */
function Now({ id }: { id: string }): VNode {
  const now = live.value?.hours.schedules.find((schedule) => schedule.scheduleId === id);
  const numbers = useList('listNumbers').list?.items ?? [];
  const trunks = useList('listTrunks').list?.items ?? [];
  const menus = useList('listIvrMenus').list?.items ?? [];
  const follows = (item: { hours?: { scheduleId: string } | undefined }): boolean =>
    item.hours?.scheduleId === id;
  const users = [
    ...numbers.filter(follows).map(({ number }) => number),
    ...trunks.filter(follows).map(({ name }) => name),
    ...menus.filter(follows).map(({ name }) => name),
  ];
  return (
    <div class="stack">
      {now && (
        <Lamp state={now.open ? 'available' : 'dark'} text={traceText(now.reason.code, now.reason.params)} />
      )}
      <p class={users.length > 0 ? 'quiet' : 'field-error'}>
        {users.length > 0 ? t('hours.usedBy', { names: users.join(', ') }) : t('hours.usedByNone')}
      </p>
    </div>
  );
}

function resource(): Resource<View, Input> {
  return {
    base: '/hours',
    list: 'listSchedules',
    title: t('place.hours'),
    intro: t('hours.intro'),
    addLabel: t('hours.add'),
    emptyTitle: t('hours.none'),
    emptyText: t('hours.noneText'),
    nameOf: (view) => view.name,
    deleteText: t('hours.deleteText'),
    effect: t('hours.effect'),
    before: (
      <Card title={t('night.title')}>
        <NightButton />
      </Card>
    ),
    columns: [
      { key: 'name', label: t('field.name'), cell: (view) => view.name },
      {
        key: 'now',
        label: t('field.state'),
        cell: (view) => {
          const now = live.value?.hours.schedules.find(({ scheduleId }) => scheduleId === view.id);
          return (
            now && (
              <Lamp
                state={now.open ? 'available' : 'dark'}
                text={traceText(now.reason.code, now.reason.params)}
              />
            )
          );
        },
      },
      { key: 'days', label: t('hours.days'), numeric: true, extra: true, cell: (view) => view.days.length },
    ],
    blank: () => ({
      name: '',
      week: [1, 2, 3, 4, 5].map((day) => ({ day, from: '08:00', until: '17:00' })),
      days: [],
    }),
    inputOf: (view) => view,
    create: (body, revision) => api('createSchedule', { body, revision }),
    replace: (id, body, revision) => api('replaceSchedule', { params: { id }, body, revision }),
    remove: (id) => api('deleteSchedule', { params: { id } }),
    above: (view) => <Now id={view.id} />,
    fields: (draft) => (
      <>
        <TextField
          label={t('field.name')}
          help={t('hours.nameHelp')}
          value={draft.value.name}
          onInput={(name) => draft.set({ name })}
          error={draft.errorAt('name')}
        />
        <Week {...draft} />
        <SpecialDays {...draft} />
      </>
    ),
  };
}

export function HoursPage(props: PageProps): VNode {
  return <ResourcePage {...props} resource={resource()} />;
}
