/** The menus that answer with a greeting and wait for a key. */
import type { VNode } from 'preact';
import type { EndpointBody, EndpointResponse } from '../../src/api/contract.ts';
import { api } from '../api/client.ts';
import { DestinationField } from '../components/destination.tsx';
import { NumberField, SelectField, TextField } from '../components/form.tsx';
import { HoursField } from '../components/hours-field.tsx';
import { languageChoices, optionalText } from '../components/optional.ts';
import { type Resource, ResourcePage } from '../components/resource-page.tsx';
import { t } from '../i18n/translate.ts';
import type { PageProps } from '../shell/lazy-page.tsx';
import { useLoad } from '../state/load.ts';
import { type Names, useNames } from '../state/names.ts';
import { promptName } from '../state/prompts.ts';
import { MenuLook } from './ivr/menu-look.tsx';

type View = EndpointResponse<'getIvrMenu'>;
type Input = EndpointBody<'createIvrMenu'>;
type Option = NonNullable<Input['options']>[number];

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '*', '#'];

function Options(props: {
  options: Option[];
  onInput: (options: Option[]) => void;
  errorAt: (path: string) => string | undefined;
}): VNode {
  const { options } = props;
  const free = keys.find((key) => !options.some((option) => option.digit === key));
  const change = (at: number, patch: Partial<Option>): void =>
    props.onInput(options.map((option, index) => (index === at ? { ...option, ...patch } : option)));
  return (
    <fieldset class="fieldset">
      <legend class="field-legend">{t('ivr.options')}</legend>
      {options.length === 0 && <span class="field-help">{t('ivr.noOptions')}</span>}
      {options.map((option, index) => (
        <div class="ivr-option" key={`${index}`}>
          <SelectField
            label={t('ivr.key')}
            value={option.digit}
            choices={keys.map((key) => ({ value: key, label: key }))}
            onInput={(digit) => change(index, { digit })}
            error={props.errorAt(`options.${index}.digit`)}
          />
          <DestinationField
            label={t('ivr.leadsTo')}
            value={option.destination}
            onInput={(destination) => change(index, { destination })}
            error={props.errorAt(`options.${index}.destination`)}
          />
          <button
            type="button"
            class="button"
            aria-label={t('ivr.removeKey', { key: option.digit })}
            onClick={() => props.onInput(options.filter((_, other) => other !== index))}
          >
            {t('action.remove')}
          </button>
        </div>
      ))}
      {free && (
        <div class="actions">
          <button
            type="button"
            class="button"
            onClick={() => props.onInput([...options, { digit: free, destination: { kind: 'hang-up' } }])}
          >
            {t('ivr.addKey')}
          </button>
        </div>
      )}
    </fieldset>
  );
}

function resource(prompts: Map<string, string>, names: Names): Resource<View, Input> {
  return {
    base: '/ivr',
    list: 'listIvrMenus',
    title: t('place.ivr'),
    intro: t('ivr.intro'),
    addLabel: t('ivr.add'),
    emptyTitle: t('ivr.none'),
    emptyText: t('ivr.noneText'),
    nameOf: (view) => view.name,
    deleteText: t('ivr.deleteText'),
    effect: t('ivr.effect'),
    columns: [
      { key: 'name', label: t('field.name'), cell: (view) => view.name },
      { key: 'number', label: t('field.number'), cell: (view) => view.number ?? '' },
      {
        key: 'options',
        label: t('ivr.options'),
        cell: (view) => (
          <ul>
            {view.options.map((option) => (
              <li key={option.digit}>
                <kbd>{option.digit}</kbd> {names.destination(option.destination)}
              </li>
            ))}
          </ul>
        ),
      },
    ],
    blank: () => ({
      name: '',
      greeting: 'greeting',
      timeoutMs: 5000,
      maxTries: 3,
      options: [],
      otherwise: { kind: 'hang-up' },
    }),
    inputOf: (view) => view,
    create: (body, revision) => api('createIvrMenu', { body, revision }),
    replace: (id, body, revision) => api('replaceIvrMenu', { params: { id }, body, revision }),
    remove: (id) => api('deleteIvrMenu', { params: { id } }),
    fields: ({ value, set, errorAt }, view) => {
      const greeting = value.greeting ?? 'greeting';
      return (
        <>
          <TextField
            label={t('field.name')}
            value={value.name}
            onInput={(name) => set({ name })}
            error={errorAt('name')}
          />
          <TextField
            label={t('field.numberOptional')}
            help={t('ivr.numberHelp')}
            value={value.number ?? ''}
            onInput={(number) => set(optionalText('number', number))}
            error={errorAt('number')}
            inputMode="tel"
          />
          <SelectField
            label={t('ivr.greeting')}
            help={t('ivr.greetingHelp')}
            value={greeting}
            choices={[...new Set([greeting, ...prompts.keys()])].map((id) => ({
              value: id,
              label: prompts.get(id) || promptName(id),
            }))}
            onInput={(chosen) => set({ greeting: chosen })}
            error={errorAt('greeting')}
          />
          <Options options={value.options ?? []} onInput={(options) => set({ options })} errorAt={errorAt} />
          <NumberField
            label={t('ivr.timeout')}
            help={t('ivr.timeoutHelp')}
            unit={t('unit.seconds')}
            scale={1000}
            min={1}
            max={60}
            value={value.timeoutMs ?? 5000}
            onInput={(timeoutMs) => set({ timeoutMs })}
            error={errorAt('timeoutMs')}
          />
          <NumberField
            label={t('ivr.tries')}
            value={value.maxTries ?? 3}
            min={1}
            max={10}
            onInput={(maxTries) => set({ maxTries })}
            error={errorAt('maxTries')}
          />
          <DestinationField
            label={t('ivr.otherwise')}
            help={t('ivr.otherwiseHelp')}
            value={value.otherwise ?? { kind: 'hang-up' }}
            onInput={(otherwise) => set({ otherwise })}
            error={errorAt('otherwise')}
          />
          <MenuLook value={value} id={view?.id} names={names} />
          <HoursField value={value.hours} onInput={(hours) => set({ hours })} errorAt={errorAt} />
          <SelectField
            label={t('field.promptLanguage')}
            value={value.language ?? ''}
            choices={languageChoices()}
            onInput={(language) => set({ language: language === '' ? undefined : language })}
            error={errorAt('language')}
          />
        </>
      );
    },
  };
}

export function IvrPage(props: PageProps): VNode {
  const names = useNames();
  const prompts = useLoad('prompts', (signal) => api('listPrompts', { signal })).value?.items ?? [];
  return (
    <ResourcePage
      {...props}
      resource={resource(new Map(prompts.map(({ promptId, name }) => [promptId, name ?? ''])), names)}
    />
  );
}
