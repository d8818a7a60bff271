/** The people who answer: their phone, their state now. */
import type { VNode } from 'preact';
import type { EndpointBody, EndpointResponse } from '../../src/api/contract.ts';
import { api } from '../api/client.ts';
import { AgentStatusControl } from '../components/agent-status.tsx';
import { SelectField, TextField } from '../components/form.tsx';
import { agentLamp, agentText, Lamp } from '../components/lamp.tsx';
import { type Resource, ResourcePage } from '../components/resource-page.tsx';
import { Elapsed } from '../components/time.tsx';
import { t } from '../i18n/translate.ts';
import type { PageProps } from '../shell/lazy-page.tsx';
import { live } from '../state/live.ts';
import { useList } from '../state/load.ts';
import { type Names, useNames } from '../state/names.ts';

type View = EndpointResponse<'getAgent'>;
type Input = EndpointBody<'createAgent'>;
type ExtensionView = EndpointResponse<'getExtension'>;

function liveAgent(agentId: string) {
  return live.value?.agents.find((agent) => agent.agentId === agentId);
}

function resource(extensions: ExtensionView[], names: Names): Resource<View, Input> {
  return {
    base: '/agents',
    list: 'listAgents',
    title: t('place.agents'),
    intro: t('agent.intro'),
    addLabel: t('agent.add'),
    emptyTitle: t('agent.none'),
    emptyText: t('agent.noneText'),
    nameOf: (view) => view.name,
    deleteText: t('agent.deleteText'),
    columns: [
      { key: 'name', label: t('field.personName'), cell: (view) => view.name },
      {
        key: 'state',
        label: t('field.state'),
        sort: (view) => {
          const agent = liveAgent(view.id);
          return agent && agentText(agent);
        },
        cell: (view) => {
          const agent = liveAgent(view.id);
          return agent ? <Lamp state={agentLamp(agent)} text={agentText(agent)} /> : null;
        },
      },
      {
        key: 'since',
        label: t('field.since'),
        sort: (view) => -(liveAgent(view.id)?.since ?? 0),
        numeric: true,
        cell: (view) => {
          const agent = liveAgent(view.id);
          return agent ? <Elapsed since={agent.since} /> : null;
        },
      },
      { key: 'phone', label: t('agent.phone'), cell: (view) => names.extension(view.extensionId) },
    ],
    blank: () => ({ name: '', extensionId: extensions[0]?.id ?? '' }),
    inputOf: (view) => view,
    create: (body, revision) => api('createAgent', { body, revision }),
    replace: (id, body, revision) => api('replaceAgent', { params: { id }, body, revision }),
    remove: (id) => api('deleteAgent', { params: { id } }),
    above: (view) => {
      const agent = liveAgent(view.id);
      if (!agent) return null;
      return (
        <div class="row">
          <Lamp state={agentLamp(agent)} text={agentText(agent)} />
          <Elapsed since={agent.since} />
          <AgentStatusControl agent={agent} />
        </div>
      );
    },
    fields: ({ value, set, errorAt }) => (
      <>
        <TextField
          label={t('field.personName')}
          value={value.name}
          onInput={(name) => set({ name })}
          error={errorAt('name')}
        />
        <SelectField
          label={t('agent.phone')}
          help={extensions.length === 0 ? t('agent.noExtensions') : t('agent.phoneHelp')}
          value={value.extensionId}
          choices={extensions.map((extension) => ({
            value: extension.id,
            label: `${extension.number} ${extension.name}`,
          }))}
          onInput={(extensionId) => set({ extensionId })}
          error={errorAt('extensionId')}
        />
      </>
    ),
  };
}

export function AgentsPage(props: PageProps): VNode {
  const extensions = useList('listExtensions').list?.items;
  const names = useNames();
  // The key restarts an empty form once there are phones to choose from.
  return (
    <ResourcePage
      key={extensions ? 'ready' : 'loading'}
      {...props}
      resource={resource(extensions ?? [], names)}
    />
  );
}
