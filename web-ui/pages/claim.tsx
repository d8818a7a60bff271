/** The first visitor proves to stand before the box (claim code) and becomes its admin. */

import type { VNode } from 'preact';
import type { passwordMinLength } from '../../src/api/contract.ts';
import { api } from '../api/client.ts';
import { useDraft } from '../components/draft.ts';
import { DraftForm, TextField } from '../components/form.tsx';
import { t } from '../i18n/translate.ts';
import { firstRun, officeStatus, user } from '../state/session.ts';
import { Gate } from './gate.tsx';

/** As the contract's; a value import would bring zod along. */
export const minPasswordLength: typeof passwordMinLength = 10;

export function ClaimPage(): VNode {
  const draft = useDraft({ code: '', userName: 'admin', password: '' }, async (value) => {
    const session = await api('claim', { body: { ...value, code: value.code.trim() } });
    firstRun.value = true;
    user.value = session.user;
    if (officeStatus.value) officeStatus.value = { ...officeStatus.value, claimed: true };
  });
  const { value } = draft;
  const short = value.password.length > 0 && value.password.length < minPasswordLength;
  return (
    <Gate title={t('claim.title')} intro={t('claim.intro')}>
      <DraftForm draft={draft} isNew saveLabel={t('claim.action')}>
        <TextField
          label={t('claim.code')}
          help={t('claim.codeHelp')}
          value={value.code}
          onInput={(code) => draft.set({ code })}
          error={draft.errorAt('code')}
          autocomplete="one-time-code"
          mono
          autofocus
        />
        <TextField
          label={t('login.name')}
          help={t('claim.nameHelp')}
          value={value.userName}
          onInput={(userName) => draft.set({ userName })}
          error={draft.errorAt('userName')}
          autocomplete="username"
        />
        <TextField
          label={t('login.password')}
          help={
            short
              ? t('password.missing', { count: minPasswordLength - value.password.length })
              : t('password.rule', { count: minPasswordLength })
          }
          value={value.password}
          onInput={(password) => draft.set({ password })}
          error={draft.errorAt('password')}
          type="password"
          autocomplete="new-password"
        />
      </DraftForm>
    </Gate>
  );
}
