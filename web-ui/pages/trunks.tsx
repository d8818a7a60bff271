/** The lines to the outside: peers known by address, and providers we register at. */
import type { VNode } from 'preact';
import type { EndpointBody, EndpointResponse } from '../../src/api/contract.ts';
import { api } from '../api/client.ts';
import { DestinationField } from '../components/destination.tsx';
import { DtmfField } from '../components/dtmf.tsx';
import { CheckField, NumberField, SelectField, TextArea, TextField } from '../components/form.tsx';
import { HoursField } from '../components/hours-field.tsx';
import { MediaEncryptionField } from '../components/media-encryption.tsx';
import { optionalText } from '../components/optional.ts';
import { type Resource, ResourcePage } from '../components/resource-page.tsx';
import { t, translateCode } from '../i18n/translate.ts';
import type { PageProps } from '../shell/lazy-page.tsx';
import { live } from '../state/live.ts';
import { type Names, useNames } from '../state/names.ts';
import { TrunkState } from './trunk-state.tsx';
import { TrunkTest } from './trunk-test.tsx';

type View = EndpointResponse<'getTrunk'>;
type Input = EndpointBody<'createTrunk'>;

/** Whether anybody on the way can read SIP that travels so. */
const readable = (transport: string | undefined): boolean => transport !== 'tls';

function stateOf(trunkId: string): string | undefined {
  return live.value?.trunks.find((candidate) => candidate.trunkId === trunkId)?.state;
}

function resource(names: Names): Resource<View, Input> {
  return {
    base: '/trunks',
    list: 'listTrunks',
    title: t('place.trunks'),
    intro: t('trunk.intro'),
    addLabel: t('trunk.add'),
    emptyTitle: t('trunk.none'),
    emptyText: t('trunk.noneText'),
    nameOf: (view) => view.name,
    deleteText: t('trunk.deleteText'),
    columns: [
      { key: 'name', label: t('field.name'), cell: (view) => view.name },
      {
        key: 'state',
        label: t('field.state'),
        sort: (view) => stateOf(view.id),
        cell: (view) => <TrunkState trunkId={view.id} />,
      },
      {
        key: 'kind',
        label: t('trunk.kind'),
        extra: true,
        cell: (view) => translateCode(`trunkKind.${view.kind}`),
      },
      {
        key: 'host',
        label: t('trunk.host'),
        sort: (view) => view.host,
        cell: (view) => <span class="mono">{view.host}</span>,
      },
      {
        key: 'inbound',
        label: t('trunk.inbound'),
        extra: true,
        cell: (view) => names.destination(view.inbound),
      },
    ],
    blank: () => ({
      name: '',
      kind: 'register',
      host: '',
      transport: 'udp',
      tlsVerify: true,
      addresses: [],
      inbound: { kind: 'hang-up' },
      mediaEncryption: 'off',
      dtmf: 'auto',
      registerExpiresS: 600,
      enabled: true,
    }),
    inputOf: ({ hasSecret: _, ...view }) => view,
    create: (body, revision) => api('createTrunk', { body, revision }),
    replace: (id, body, revision) => api('replaceTrunk', { params: { id }, body, revision }),
    remove: (id) => api('deleteTrunk', { params: { id } }),
    above: (view) => (
      <>
        <TrunkState trunkId={view.id} full />
        {view.enabled && <TrunkTest key={view.id} trunkId={view.id} />}
      </>
    ),
    fields: ({ value, set, errorAt }, view) => (
      <>
        <TextField
          label={t('field.name')}
          value={value.name}
          onInput={(name) => set({ name })}
          error={errorAt('name')}
        />
        <SelectField
          label={t('trunk.kind')}
          help={value.kind === 'peer' ? t('trunk.peerHelp') : t('trunk.registerHelp')}
          value={value.kind}
          choices={[
            { value: 'register', label: t('trunkKind.register') },
            { value: 'peer', label: t('trunkKind.peer') },
          ]}
          onInput={(kind) => set({ kind })}
          error={errorAt('kind')}
        />
        <TextField
          label={t('trunk.host')}
          help={t('trunk.hostHelp')}
          value={value.host}
          onInput={(host) => set({ host: host.trim() })}
          error={errorAt('host')}
          mono
        />
        <SelectField
          label={t('trunk.transport')}
          value={value.transport ?? 'udp'}
          choices={[
            { value: 'udp', label: 'UDP' },
            { value: 'tcp', label: 'TCP' },
            { value: 'tls', label: 'TLS' },
            { value: 'auto', label: t('trunk.transportAuto') },
          ]}
          onInput={(transport) => set(atUsualPort(value) ? { transport, port: undefined } : { transport })}
          error={errorAt('transport')}
        />
        <NumberField
          label={t('trunk.port')}
          value={value.port ?? usualPort(value)}
          onInput={(port) => set({ port })}
          error={errorAt('port')}
          min={1}
          max={65_535}
        />
        {(value.transport === 'tls' || value.transport === 'auto') && (
          <>
            <CheckField
              label={t('trunk.tlsVerify')}
              help={t('trunk.tlsVerifyHelp')}
              value={value.tlsVerify ?? true}
              onInput={(tlsVerify) => set({ tlsVerify })}
              error={errorAt('tlsVerify')}
            />
            {value.tlsVerify === false && (
              <p class="field-error" role="alert">
                {t('trunk.tlsVerifyOff')}
              </p>
            )}
            <TextArea
              label={t('trunk.tlsCa')}
              help={t('trunk.tlsCaHelp')}
              value={value.tlsCa ?? ''}
              onInput={(tlsCa) => set(optionalText('tlsCa', tlsCa))}
              error={errorAt('tlsCa')}
            />
          </>
        )}
        <MediaEncryptionField
          value={value.mediaEncryption ?? 'off'}
          readable={readable(value.transport)}
          onInput={(mediaEncryption) => set({ mediaEncryption })}
          error={errorAt('mediaEncryption')}
        />
        <DtmfField value={value.dtmf ?? 'auto'} onInput={(dtmf) => set({ dtmf })} error={errorAt('dtmf')} />
        <TextField
          label={t('trunk.outboundProxy')}
          help={t('trunk.outboundProxyHelp')}
          value={value.outboundProxy ?? ''}
          onInput={(outboundProxy) => set(optionalText('outboundProxy', outboundProxy))}
          error={errorAt('outboundProxy')}
          mono
        />
        <TextField
          label={t('trunk.username')}
          value={value.username ?? ''}
          onInput={(username) => set(optionalText('username', username))}
          error={errorAt('username')}
        />
        <TextField
          label={t('trunk.secret')}
          help={view?.hasSecret ? t('trunk.keepSecret') : undefined}
          value={value.secret ?? ''}
          onInput={(secret) => set(optionalText('secret', secret))}
          error={errorAt('secret')}
          type="password"
          autocomplete="new-password"
        />
        {value.kind === 'register' && (
          <NumberField
            label={t('trunk.expires')}
            unit={t('unit.seconds')}
            value={value.registerExpiresS ?? 600}
            onInput={(registerExpiresS) => set({ registerExpiresS })}
            error={errorAt('registerExpiresS')}
            min={60}
            max={7200}
          />
        )}
        <TextArea
          label={t('trunk.addresses')}
          help={t('trunk.addressesHelp')}
          value={(value.addresses ?? []).join('\n')}
          onInput={(text) => set({ addresses: text.split('\n').map((line) => line.trim()) })}
          error={errorAt('addresses')}
        />
        <TextField
          label={t('trunk.callerNumber')}
          help={t('trunk.callerNumberHelp')}
          value={value.callerNumber ?? ''}
          onInput={(callerNumber) => set(optionalText('callerNumber', callerNumber))}
          error={errorAt('callerNumber')}
          type="tel"
        />
        <DestinationField
          label={t('trunk.inbound')}
          help={t('trunk.inboundHelp')}
          value={value.inbound ?? { kind: 'hang-up' }}
          onInput={(inbound) => set({ inbound })}
          error={errorAt('inbound')}
        />
        <HoursField value={value.hours} onInput={(hours) => set({ hours })} errorAt={errorAt} />
        <CheckField
          label={t('trunk.enabled')}
          value={value.enabled ?? true}
          onInput={(enabled) => set({ enabled })}
          error={errorAt('enabled')}
        />
      </>
    ),
  };
}

function usualPort({ transport }: Pick<Input, 'transport'>): number {
  return transport === 'tls' ? 5061 : 5060;
}

/** The port goes with the transport unless somebody chose another. */
function atUsualPort(value: Input): boolean {
  return value.port === undefined || value.port === usualPort(value);
}

/** Empty lines are only for typing; they are not sent. */
function withoutEmptyLines(input: Input): Input {
  return { ...input, addresses: (input.addresses ?? []).filter((address) => address !== '') };
}

export function TrunksPage(props: PageProps): VNode {
  const plain = resource(useNames());
  const cleaned: Resource<View, Input> = {
    ...plain,
    create: (input, revision) => plain.create(withoutEmptyLines(input), revision),
    replace: (id, input, revision) => plain.replace(id, withoutEmptyLines(input), revision),
  };
  return <ResourcePage {...props} resource={cleaned} />;
}
