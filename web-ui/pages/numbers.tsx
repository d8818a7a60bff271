/** The numbers that the outside dials, and where each leads. */
import type { VNode } from 'preact';
import type { EndpointBody, EndpointResponse } from '../../src/api/contract.ts';
import { api } from '../api/client.ts';
import { DestinationField } from '../components/destination.tsx';
import { TextField } from '../components/form.tsx';
import { HoursField } from '../components/hours-field.tsx';
import { type Resource, ResourcePage } from '../components/resource-page.tsx';
import { t } from '../i18n/translate.ts';
import type { PageProps } from '../shell/lazy-page.tsx';
import { type Names, useNames } from '../state/names.ts';

type View = EndpointResponse<'getNumber'>;
type Input = EndpointBody<'createNumber'>;

function resource(names: Names): Resource<View, Input> {
  return {
    base: '/numbers',
    list: 'listNumbers',
    title: t('place.numbers'),
    intro: t('number.intro'),
    addLabel: t('number.add'),
    emptyTitle: t('number.none'),
    emptyText: t('number.noneText'),
    nameOf: (view) => view.number,
    deleteText: t('number.deleteText'),
    columns: [
      { key: 'number', label: t('field.number'), cell: (view) => view.number },
      { key: 'to', label: t('number.leadsTo'), cell: (view) => names.destination(view.destination) },
    ],
    blank: () => ({ number: '', destination: { kind: 'hang-up' } }),
    inputOf: (view) => view,
    create: (body, revision) => api('createNumber', { body, revision }),
    replace: (id, body, revision) => api('replaceNumber', { params: { id }, body, revision }),
    remove: (id) => api('deleteNumber', { params: { id } }),
    fields: ({ value, set, errorAt }) => (
      <>
        <TextField
          label={t('field.number')}
          help={t('number.numberHelp')}
          value={value.number}
          onInput={(number) => set({ number })}
          error={errorAt('number')}
          type="tel"
        />
        <DestinationField
          label={t('number.leadsTo')}
          value={value.destination}
          onInput={(destination) => set({ destination })}
          error={errorAt('destination')}
        />
        <HoursField value={value.hours} onInput={(hours) => set({ hours })} errorAt={errorAt} />
      </>
    ),
  };
}

export function NumbersPage(props: PageProps): VNode {
  return <ResourcePage {...props} resource={resource(useNames())} />;
}
