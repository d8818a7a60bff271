/** The internal numbers and the phones registered to them. */
import type { VNode } from 'preact';
import type { EndpointBody, EndpointResponse } from '../../src/api/contract.ts';
import { api } from '../api/client.ts';
import { DtmfField } from '../components/dtmf.tsx';
import { SelectField, TextField } from '../components/form.tsx';
import { Lamp } from '../components/lamp.tsx';
import { MediaEncryptionField } from '../components/media-encryption.tsx';
import { type Resource, ResourcePage } from '../components/resource-page.tsx';
import { t } from '../i18n/translate.ts';
import type { PageProps } from '../shell/lazy-page.tsx';
import { live } from '../state/live.ts';
import { ExtensionPhones } from './extension-phones.tsx';
import { ExtensionSecret } from './extension-secret.tsx';
import { ExtensionImportPage } from './imports/extension-import.tsx';

type View = EndpointResponse<'getExtension'>;
type Input = EndpointBody<'createExtension'>;

function phonesOf(extensionId: string): number {
  return live.value?.phones.find((phone) => phone.extensionId === extensionId)?.contacts.length ?? 0;
}

/** Whether a phone of it is registered whose SIP anybody in between can read. */
function phonesInTheOpen(extensionId: string): boolean {
  const phones = live.value?.phones.find((phone) => phone.extensionId === extensionId)?.contacts ?? [];
  return phones.some(({ transport }) => transport !== 'tls' && transport !== 'wss');
}

function resource(): Resource<View, Input> {
  return {
    base: '/extensions',
    list: 'listExtensions',
    title: t('place.extensions'),
    intro: t('extension.intro'),
    addLabel: t('extension.add'),
    more: (
      <a class="button" href="/extensions/import">
        {t('import.open')}
      </a>
    ),
    emptyTitle: t('extension.none'),
    emptyText: t('extension.noneText'),
    nameOf: (view) => `${view.number}, ${view.name}`,
    deleteText: t('extension.deleteText'),
    columns: [
      { key: 'number', label: t('field.number'), cell: (view) => view.number },
      { key: 'name', label: t('field.name'), cell: (view) => view.name },
      {
        key: 'phones',
        label: t('extension.phones'),
        sort: (view) => phonesOf(view.id),
        cell: (view) => {
          const count = phonesOf(view.id);
          return (
            <Lamp
              state={count > 0 ? 'available' : 'dark'}
              text={count > 0 ? t('extension.registered', { count }) : t('extension.notRegistered')}
            />
          );
        },
      },
    ],
    blank: () => ({ number: '', name: '', digest: 'MD5', mediaEncryption: 'optional', dtmf: 'auto' }),
    inputOf: ({ id, number, name, digest, mediaEncryption, dtmf }) => ({
      id,
      number,
      name,
      digest,
      mediaEncryption,
      dtmf,
    }),
    create: (body, revision) => api('createExtension', { body, revision }),
    replace: (id, body, revision) => api('replaceExtension', { params: { id }, body, revision }),
    remove: (id) => api('deleteExtension', { params: { id } }),
    above: (view) => (
      <>
        <ExtensionPhones extensionId={view.id} />
        <ExtensionSecret key={view.id} extensionId={view.id} />
      </>
    ),
    fields: (draft, view) => (
      <>
        <TextField
          label={t('field.number')}
          help={t('extension.numberHelp')}
          value={draft.value.number}
          onInput={(number) => draft.set({ number })}
          error={draft.errorAt('number')}
          inputMode="tel"
        />
        <TextField
          label={t('field.name')}
          help={t('extension.nameHelp')}
          value={draft.value.name}
          onInput={(name) => draft.set({ name })}
          error={draft.errorAt('name')}
        />
        <SelectField
          label={t('extension.digest')}
          help={t('extension.digestHelp')}
          value={draft.value.digest ?? 'MD5'}
          choices={[
            { value: 'MD5', label: 'MD5' },
            { value: 'SHA-256', label: 'SHA-256' },
          ]}
          onInput={(digest) => draft.set({ digest })}
          error={draft.errorAt('digest')}
        />
        <MediaEncryptionField
          value={draft.value.mediaEncryption ?? 'optional'}
          readable={view !== undefined && phonesInTheOpen(view.id)}
          onInput={(mediaEncryption) => draft.set({ mediaEncryption })}
          error={draft.errorAt('mediaEncryption')}
        />
        <DtmfField
          value={draft.value.dtmf ?? 'auto'}
          onInput={(dtmf) => draft.set({ dtmf })}
          error={draft.errorAt('dtmf')}
        />
      </>
    ),
  };
}

export function ExtensionsPage(props: PageProps): VNode {
  if (props.params?.id === 'import') return <ExtensionImportPage />;
  return <ResourcePage {...props} resource={resource()} />;
}
