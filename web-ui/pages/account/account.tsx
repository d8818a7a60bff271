/** One's own account: password, second factor, where one is signed in, language and theme. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { api, errorText } from '../../api/client.ts';
import { useDraft } from '../../components/draft.ts';
import { confirmAct, toast } from '../../components/feedback.tsx';
import { DraftForm, TextField } from '../../components/form.tsx';
import { Card, LoadFailed, Page, Skeleton } from '../../components/page.tsx';
import { Moment } from '../../components/time.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import { Preferences } from '../../shell/strip.tsx';
import { useLoad } from '../../state/load.ts';
import { minPasswordLength } from '../claim.tsx';
import { PasswordFirst, RecoveryCodes, SetUpSecondFactor } from './second-factor.tsx';
import { SessionList } from './session-list.tsx';

type Account = EndpointResponse<'account'>;

export function AccountPage(): VNode {
  const loaded = useLoad('account', (signal) => api('account', { signal }));
  const account = loaded.value;
  // After a change of the sign-in other sessions are gone: the list is asked for anew.
  const [round, setRound] = useState(0);
  const changed = (): void => {
    loaded.reload();
    setRound((n) => n + 1);
  };
  return (
    <Page title={t('place.account')}>
      {!account ? (
        loaded.error ? (
          <LoadFailed text={errorText(loaded.error)} retry={loaded.reload} />
        ) : (
          <Skeleton lines={10} />
        )
      ) : (
        <div class="account">
          <div class="stack-wide">
            <Card title={account.user.name}>
              <p>
                <strong>{translateCode(`role.${account.user.role}`)}</strong>
                {' · '}
                <span class="quiet">{translateCode(`roleMay.${account.user.role}`)}</span>
              </p>
            </Card>
            <Card title={t('account.passwordTitle')}>
              <PasswordForm onChanged={changed} />
            </Card>
            <Card title={t('account.preferences')}>
              <div class="stack">
                <Preferences />
              </div>
            </Card>
          </div>
          <div class="stack-wide">
            <Card title={t('factor.title')}>
              <SecondFactor account={account} onChanged={changed} />
            </Card>
            <Card title={t('sessions.title')}>
              <SessionList
                of={`own ${round}`}
                load={(signal) => api('ownSessions', { signal })}
                end={({ id }) => api('endOwnSession', { params: { id } })}
                endAll={() => api('endOtherSessions')}
                endAllLabel={t('sessions.endOthers')}
                endAllText={t('sessions.endOthersText')}
              />
            </Card>
          </div>
        </div>
      )}
    </Page>
  );
}

function PasswordForm({ onChanged }: { onChanged: () => void }): VNode {
  const draft = useDraft({ oldPassword: '', password: '' }, async (body) => {
    await api('changePassword', { body });
    toast(t('account.passwordChanged'));
    onChanged();
  });
  const { value, set, errorAt } = draft;
  return (
    <DraftForm draft={draft} saveLabel={t('account.changePassword')} onSaved={draft.reset}>
      <TextField
        label={t('account.oldPassword')}
        value={value.oldPassword}
        onInput={(oldPassword) => set({ oldPassword })}
        error={errorAt('oldPassword')}
        type="password"
        autocomplete="current-password"
      />
      <TextField
        label={t('user.newPassword')}
        help={t('password.rule', { count: minPasswordLength })}
        value={value.password}
        onInput={(password) => set({ password })}
        error={errorAt('password')}
        type="password"
        autocomplete="new-password"
      />
    </DraftForm>
  );
}

type Step = 'set-up' | 'new-codes' | 'remove';

function SecondFactor({ account, onChanged }: { account: Account; onChanged: () => void }): VNode {
  const [step, setStep] = useState<Step>();
  const [codes, setCodes] = useState<string[]>();
  const { secondFactor, secondFactorRequired } = account;
  const done = (): void => {
    setStep(undefined);
    setCodes(undefined);
    onChanged();
  };
  const cancel = (): void => setStep(undefined);

  if (codes) return <RecoveryCodes codes={codes} onDone={done} />;
  if (step === 'set-up') return <SetUpSecondFactor onDone={done} onCancel={cancel} />;
  if (step === 'new-codes')
    return (
      <PasswordFirst
        action={t('factor.newCodes')}
        onCancel={cancel}
        onPassword={async (password) =>
          setCodes((await api('renewRecoveryCodes', { body: { password } })).recoveryCodes)
        }
      />
    );
  if (step === 'remove')
    return (
      <PasswordFirst
        action={t('factor.remove')}
        onCancel={cancel}
        onPassword={async (password) => {
          await api('removeSecondFactor', { body: { password } });
          toast(t('factor.removed'));
          done();
        }}
      />
    );
  if (!secondFactor)
    return (
      <div class="stack">
        <p>{secondFactorRequired ? t('factor.required') : t('factor.why')}</p>
        <div class="actions">
          <button type="button" class="button button-primary" onClick={() => setStep('set-up')}>
            {t('factor.setUp')}
          </button>
        </div>
      </div>
    );
  const remove = async (): Promise<void> => {
    const yes = await confirmAct({
      title: t('factor.removeTitle'),
      text: t('factor.removeText'),
      action: t('factor.remove'),
    });
    if (yes) setStep('remove');
  };
  return (
    <div class="stack">
      <p>
        {t('factor.on')} <Moment at={secondFactor.since} />
      </p>
      <p class={secondFactor.recoveryCodesLeft > 2 ? 'quiet' : ''}>
        {t('factor.codesLeft', { count: secondFactor.recoveryCodesLeft })}
      </p>
      <div class="actions">
        <button type="button" class="button" onClick={() => setStep('set-up')}>
          {t('factor.otherPhone')}
        </button>
        <button type="button" class="button" onClick={() => setStep('new-codes')}>
          {t('factor.newCodes')}
        </button>
        {!secondFactorRequired && (
          <button type="button" class="button" onClick={() => void remove()}>
            {t('factor.remove')}
          </button>
        )}
      </div>
    </div>
  );
}
