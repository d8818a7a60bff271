/** Signing in: name and password, then the code of the second factor where there is one. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { ApiError, api, errorText } from '../api/client.ts';
import { useDraft } from '../components/draft.ts';
import { toast } from '../components/feedback.tsx';
import { DraftForm, TextField } from '../components/form.tsx';
import { t } from '../i18n/translate.ts';
import { user } from '../state/session.ts';
import { Gate } from './gate.tsx';

/** The address stays, so that signing in leads back to where one was. */
export function LoginPage(): VNode {
  const [ticket, setTicket] = useState<string>();
  return ticket === undefined ? (
    <FirstStep onTicket={setTicket} />
  ) : (
    <SecondStep ticket={ticket} onBack={() => setTicket(undefined)} />
  );
}

function FirstStep({ onTicket }: { onTicket: (ticket: string) => void }): VNode {
  const draft = useDraft({ userName: '', password: '' }, async (body) => {
    const answer = await api('login', { body });
    if (answer.ticket !== undefined) onTicket(answer.ticket);
    else user.value = answer.user;
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

function SecondStep({ ticket, onBack }: { ticket: string; onBack: () => void }): VNode {
  const draft = useDraft({ code: '' }, async ({ code }) => {
    try {
      user.value = (await api('loginCode', { body: { ticket, code } })).user;
    } catch (error) {
      if (error instanceof ApiError && error.code === 'auth.ticket') {
        toast(errorText(error));
        onBack();
        return;
      }
      throw error;
    }
  });
  return (
    <Gate title={t('login.codeTitle')} intro={t('login.codeText')}>
      <DraftForm draft={draft} isNew saveLabel={t('login.action')}>
        <TextField
          label={t('factor.code')}
          help={t('login.codeHelp')}
          value={draft.value.code}
          onInput={(code) => draft.set({ code })}
          error={draft.errorAt('code')}
          autocomplete="one-time-code"
          mono
          autofocus
        />
        <button type="button" class="button button-small form-cancel" onClick={onBack}>
          {t('login.back')}
        </button>
      </DraftForm>
    </Gate>
  );
}
