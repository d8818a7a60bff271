/** Backups: the office in one file, and the way back from it. */
import type { VNode } from 'preact';
import { api, errorText, urlOf } from '../../api/client.ts';
import { type Draft, useDraft } from '../../components/draft.ts';
import { confirmAct, toast } from '../../components/feedback.tsx';
import { CheckField, ErrorSummary, TextField } from '../../components/form.tsx';
import { Card, LoadFailed, Page, Skeleton } from '../../components/page.tsx';
import { Progress } from '../../components/progress.tsx';
import { formatBytes } from '../../components/time.tsx';
import { t } from '../../i18n/translate.ts';
import { useLoad } from '../../state/load.ts';
import { Outcome, Restore, Undo } from './restore.tsx';

/** As the server's. */
const passphraseMinLength: typeof import('../../../src/domain/backup.ts')['passphraseMinLength'] = 12;
const nothing = { recordings: false, passphrase: '', again: '' };

export function BackupPage(): VNode {
  const loaded = useLoad('backup', (signal) => api('backupState', { signal }));
  return (
    <Page title={t('backup.title')}>
      {loaded.value ? (
        <div class="stack-wide">
          {loaded.value.outcome && <Outcome outcome={loaded.value.outcome} />}
          {loaded.value.undo && <Undo {...loaded.value.undo} />}
          <Card title={t('backup.make')}>
            <Make {...loaded.value} />
          </Card>
          <Card title={t('restore.title')}>
            <Restore />
          </Card>
        </div>
      ) : loaded.error ? (
        <LoadFailed text={errorText(loaded.error)} retry={loaded.reload} />
      ) : (
        <Skeleton lines={8} />
      )}
    </Page>
  );
}

function Make(props: { databaseBytes: number; promptBytes: number; recordingBytes: number }): VNode {
  const draft = useDraft(nothing, async ({ recordings, passphrase }) => {
    const body = { recordings, ...(passphrase === '' ? {} : { passphrase }) };
    const { id } = await api('prepareBackup', { body });
    // The browser's own download: a file of gigabytes has no place in a page's memory.
    const link = document.createElement('a');
    link.href = urlOf('downloadBackup', { id });
    link.download = '';
    link.click();
    toast(t('backup.ready'));
  });
  const { value, set } = draft;
  const tooShort = value.passphrase !== '' && value.passphrase.length < passphraseMinLength;
  const differ = value.again !== '' && value.again !== value.passphrase;
  const begin = async (): Promise<void> => {
    if (tooShort || value.again !== value.passphrase) return set({ again: value.again || ' ' });
    if (value.passphrase === '') {
      const yes = await confirmAct({
        title: t('backup.openlyTitle'),
        text: t('backup.openlyText'),
        action: t('backup.begin'),
      });
      if (!yes) return;
    }
    if (await draft.submit()) set(nothing);
  };
  return (
    <div class="stack">
      <p>{t('backup.intro')}</p>
      <dl class="facts">
        <dt>{t('backup.holds')}</dt>
        <dd>{t('backup.size', { bytes: formatBytes(props.databaseBytes + props.promptBytes) })}</dd>
      </dl>
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!draft.saving) void begin();
        }}
      >
        <ErrorSummary draft={draft as unknown as Draft<object>} />
        <CheckField
          label={t('backup.recordings')}
          help={t('backup.recordingsHelp', { bytes: formatBytes(props.recordingBytes) })}
          value={value.recordings}
          onInput={(recordings) => set({ recordings })}
        />
        <TextField
          label={t('backup.passphrase')}
          help={t('backup.passphraseHelp')}
          type="password"
          autocomplete="new-password"
          maxLength={400}
          value={value.passphrase}
          onInput={(passphrase) => set({ passphrase })}
          error={tooShort ? t('backup.tooShort', { count: passphraseMinLength }) : undefined}
        />
        <TextField
          label={t('backup.again')}
          type="password"
          autocomplete="new-password"
          maxLength={400}
          value={value.again}
          onInput={(again) => set({ again })}
          error={differ ? t('backup.differ') : undefined}
        />
        <p class="quiet">{t('backup.careful')}</p>
        {draft.saving ? (
          <Progress label={t('backup.make')} />
        ) : (
          <div>
            <button type="submit" class="button button-primary">
              {t('backup.begin')}
            </button>
          </div>
        )}
      </form>
    </div>
  );
}
