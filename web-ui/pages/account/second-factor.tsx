/** Setting up the second factor: the password, the QR code, a first code, and the codes for a lost phone. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { api } from '../../api/client.ts';
import { Copy } from '../../components/copy.tsx';
import { useDraft } from '../../components/draft.ts';
import { DraftForm, TextField } from '../../components/form.tsx';
import { t } from '../../i18n/translate.ts';
import { QrCode } from './qr.tsx';

/** Asks for the password before anything of the sign-in is changed. */
export function PasswordFirst(props: {
  action: string;
  onPassword: (password: string) => Promise<void>;
  onCancel?: () => void;
}): VNode {
  const draft = useDraft({ password: '' }, ({ password }) => props.onPassword(password));
  return (
    <DraftForm draft={draft} isNew saveLabel={props.action}>
      <TextField
        label={t('account.password')}
        help={t('account.passwordWhy')}
        value={draft.value.password}
        onInput={(password) => draft.set({ password })}
        error={draft.errorAt('password')}
        type="password"
        autocomplete="current-password"
        autofocus
      />
      {props.onCancel && (
        <button type="button" class="button button-small form-cancel" onClick={props.onCancel}>
          {t('action.cancel')}
        </button>
      )}
    </DraftForm>
  );
}

/** The codes, shown this once; `onDone` when the person has put them away. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }): VNode {
  const text = codes.join('\n');
  return (
    <div class="stack">
      <h3>{t('factor.recoveryTitle')}</h3>
      <p>{t('factor.recoveryText')}</p>
      <ol class="recovery-codes mono">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div class="actions">
        <a
          class="button"
          download="cordboard-recovery-codes.txt"
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(`${text}\n`)}`}
        >
          {t('action.download')}
        </a>
        <button type="button" class="button button-primary" onClick={onDone}>
          {t('factor.recoveryKept')}
        </button>
      </div>
    </div>
  );
}

export function SetUpSecondFactor(props: { onDone: () => void; onCancel?: () => void }): VNode {
  const [begun, setBegun] = useState<{ secret: string; uri: string }>();
  const [codes, setCodes] = useState<string[]>();
  if (codes) return <RecoveryCodes codes={codes} onDone={props.onDone} />;
  if (!begun)
    return (
      <PasswordFirst
        action={t('factor.begin')}
        onPassword={async (password) => setBegun(await api('beginSecondFactor', { body: { password } }))}
        {...(props.onCancel ? { onCancel: props.onCancel } : {})}
      />
    );
  return <FirstCode {...begun} onCodes={setCodes} />;
}

function FirstCode(props: { secret: string; uri: string; onCodes: (codes: string[]) => void }): VNode {
  const draft = useDraft({ code: '' }, async (body) => {
    props.onCodes((await api('confirmSecondFactor', { body })).recoveryCodes);
  });
  return (
    <div class="stack">
      <p>{t('factor.scan')}</p>
      <QrCode text={props.uri} label={t('factor.qr')} />
      <details>
        <summary class="quiet">{t('factor.byHand')}</summary>
        <Copy label={t('factor.secret')} value={props.secret.replace(/(.{4})(?=.)/g, '$1 ')} />
      </details>
      <DraftForm draft={draft} isNew saveLabel={t('factor.confirm')}>
        <TextField
          label={t('factor.code')}
          help={t('factor.codeHelp')}
          value={draft.value.code}
          onInput={(code) => draft.set({ code })}
          error={draft.errorAt('code')}
          autocomplete="one-time-code"
          inputMode="numeric"
          mono
          autofocus
        />
      </DraftForm>
    </div>
  );
}
