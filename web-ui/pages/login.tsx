import type { VNode } from 'preact';
import { api } from '../api/client.ts';
import { useDraft } from '../components/draft.ts';
import { DraftForm, TextField } from '../components/form.tsx';
import { t } from '../i18n/translate.ts';
import { user } from '../state/session.ts';
import { Gate } from './gate.tsx';

/** Name and password. The address stays, so that signing in leads back to where one was. */
export function LoginPage(): VNode {
  const draft = useDraft({ userName: '', password: '' }, async (value) => {
    user.value = (await api('login', { body: value })).user;
  });
  return (
    <Gate title={t('login.title')}>
      <DraftForm draft={draft} isNew saveLabel={t('login.action')}>
        <TextField
          label={t('login.name')}
          value={draft.value.userName}
          onInput={(userName) => draft.set({ userName })}
          error={draft.errorAt('userName')}
          autocomplete="username"
          autofocus
        />
        <TextField
          label={t('login.password')}
          value={draft.value.password}
          onInput={(password) => draft.set({ password })}
          error={draft.errorAt('password')}
          type="password"
          autocomplete="current-password"
        />
      </DraftForm>
    </Gate>
  );
}
