/** The accounts that may sign in here. */
import type { VNode } from 'preact';
import type { EndpointBody, EndpointResponse } from '../../src/api/contract.ts';
import { api } from '../api/client.ts';
import { SelectField, TextField } from '../components/form.tsx';
import { optionalText } from '../components/optional.ts';
import { type Resource, ResourcePage } from '../components/resource-page.tsx';
import { t, translateCode } from '../i18n/translate.ts';
import type { PageProps } from '../shell/lazy-page.tsx';
import { useList } from '../state/load.ts';
import { minPasswordLength } from './claim.tsx';
import { RolesExplained, UserSignIn } from './user-sign-in.tsx';

type View = EndpointResponse<'getUser'>;
type Input = EndpointBody<'createUser'>;

function resource(agents: { id: string; name: string }[]): Resource<View, Input> {
  return {
    base: '/users',
    list: 'listUsers',
    title: t('place.users'),
    intro: t('user.intro'),
    addLabel: t('user.add'),
    emptyTitle: t('user.none'),
    emptyText: t('user.noneText'),
    nameOf: (view) => view.name,
    deleteText: t('user.deleteText'),
    columns: [
      { key: 'name', label: t('field.personName'), cell: (view) => view.name },
      { key: 'role', label: t('user.role'), cell: (view) => translateCode(`role.${view.role}`) },
      {
        key: 'agent',
        label: t('user.agent'),
        cell: (view) => agents.find((agent) => agent.id === view.agentId)?.name ?? '',
      },
      {
        key: 'factor',
        label: t('factor.title'),
        extra: true,
        cell: (view) => (view.secondFactorSince === null ? t('factor.no') : t('factor.yes')),
      },
    ],
    blank: () => ({ name: '', role: 'agent', password: '' }),
    inputOf: ({ secondFactorSince: _, ...input }) => input,
    below: (view) => <UserSignIn view={view} />,
    lasting: true,
    create: (body, revision) => api('createUser', { body, revision }),
    replace: (id, body, revision) => api('replaceUser', { params: { id }, body, revision }),
    remove: (id) => api('deleteUser', { params: { id } }),
    fields: ({ value, set, errorAt }, view) => (
      <>
        <TextField
          label={t('login.name')}
          value={value.name}
          onInput={(name) => set({ name })}
          error={errorAt('name')}
        />
        <SelectField
          label={t('user.role')}
          value={value.role}
          choices={[
            { value: 'agent', label: t('role.agent') },
            { value: 'supervisor', label: t('role.supervisor') },
            { value: 'admin', label: t('role.admin') },
          ]}
          onInput={(role) => set({ role })}
          error={errorAt('role')}
        />
        <RolesExplained />
        <SelectField
          label={t('user.agent')}
          help={t('user.agentHelp')}
          value={value.agentId ?? ''}
          choices={[
            { value: '', label: t('user.noAgent') },
            ...agents.map((agent) => ({ value: agent.id, label: agent.name })),
          ]}
          onInput={(agentId) => set(optionalText('agentId', agentId))}
          error={errorAt('agentId')}
        />
        <TextField
          label={view ? t('user.newPassword') : t('login.password')}
          help={
            view
              ? t('user.keepPassword', { count: minPasswordLength })
              : t('password.rule', { count: minPasswordLength })
          }
          value={value.password ?? ''}
          onInput={(password) => set(optionalText('password', password))}
          error={errorAt('password')}
          type="password"
          autocomplete="new-password"
        />
      </>
    ),
  };
}

export function UsersPage(props: PageProps): VNode {
  const agents = useList('listAgents').list?.items ?? [];
  return <ResourcePage {...props} resource={resource(agents)} />;
}
