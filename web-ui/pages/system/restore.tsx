/** The way back from a backup: a file sent, what it would change, and the state before it. */
import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { ApiError, api, errorText } from '../../api/client.ts';
import { confirmAct } from '../../components/feedback.tsx';
import { CheckField, TextField } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Card } from '../../components/page.tsx';
import { Progress } from '../../components/progress.tsx';
import { Table } from '../../components/table.tsx';
import { formatBytes, Moment } from '../../components/time.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import { live } from '../../state/live.ts';

type Preview = EndpointResponse<'checkRestore'>;

/** The box is away for a second or two; a page that asks too early would still meet the old one. */
const restartMs = 3000;
const askAgainMs = 1000;

type Stage =
  | { at: 'choose' }
  | { at: 'sending'; name: string; sent: number; of: number }
  | { at: 'checking' }
  | { at: 'preview'; preview: Preview }
  | { at: 'restarting' };

export function Restore(): VNode {
  const input = useRef<HTMLInputElement>(null);
  const [stage, setStage] = useState<Stage>({ at: 'choose' });
  const [problem, setProblem] = useState<unknown>();

  const attempt = async (act: () => Promise<Stage>, otherwise: Stage): Promise<void> => {
    setProblem(undefined);
    try {
      setStage(await act());
    } catch (error) {
      setProblem(error);
      setStage(otherwise);
    }
  };
  const send = async (file: File): Promise<Stage> => {
    const { id, maxPieceBytes } = await api('beginRestore', { body: { bytes: file.size } });
    for (let offset = 0; offset < file.size; offset += maxPieceBytes) {
      setStage({ at: 'sending', name: file.name, sent: offset, of: file.size });
      const piece = file.slice(offset, offset + maxPieceBytes, 'application/x-tar');
      await api('sendRestore', { params: { id }, query: { offset }, file: piece });
    }
    setStage({ at: 'checking' });
    return { at: 'preview', preview: await api('checkRestore', { params: { id }, body: {} }) };
  };
  const unlock = async (preview: Preview, passphrase: string): Promise<void> => {
    setStage({ at: 'checking' });
    const params = { id: preview.id };
    await attempt(
      async () => ({ at: 'preview', preview: await api('checkRestore', { params, body: { passphrase } }) }),
      { at: 'preview', preview },
    );
  };
  const apply = async (preview: Preview, force: boolean): Promise<void> => {
    const yes = await confirmAct({
      title: t('restore.applyTitle', { name: preview.officeName }),
      text: t('restore.applyText', { now: preview.officeNow }),
      action: t('restore.apply'),
    });
    if (!yes) return;
    await attempt(
      async () => {
        await api('applyRestore', { params: { id: preview.id }, body: { force } });
        waitForBox();
        return { at: 'restarting' };
      },
      { at: 'preview', preview },
    );
  };
  const drop = (preview: Preview): void => {
    api('dropRestore', { params: { id: preview.id } }).catch(() => undefined); // gone in an hour anyway
    setStage({ at: 'choose' });
    setProblem(undefined);
  };

  return (
    <div class="stack">
      {problem !== undefined && <Refusal error={problem} />}
      {stage.at === 'choose' && (
        <>
          <p>{t('restore.intro')}</p>
          <input
            ref={input}
            type="file"
            accept=".tar,application/x-tar"
            hidden
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              event.currentTarget.value = '';
              if (file) void attempt(() => send(file), { at: 'choose' });
            }}
          />
          <div>
            <button type="button" class="button" onClick={() => input.current?.click()}>
              <Icon name="upload" />
              {t('restore.choose')}
            </button>
          </div>
        </>
      )}
      {stage.at === 'sending' && (
        <Progress
          label={t('restore.sending', { name: stage.name })}
          done={stage.sent}
          of={stage.of}
          text={`${formatBytes(stage.sent)} / ${formatBytes(stage.of)}`}
        />
      )}
      {stage.at === 'checking' && <Progress label={t('restore.checking')} />}
      {stage.at === 'preview' && (
        <Look
          preview={stage.preview}
          onUnlock={(passphrase) => void unlock(stage.preview, passphrase)}
          onApply={(force) => void apply(stage.preview, force)}
          onDrop={() => drop(stage.preview)}
        />
      )}
      {stage.at === 'restarting' && <Progress label={t('restore.restarting')} />}
    </div>
  );
}

/** Why a file is refused: in the reader's words, and below them what the box found. */
function Refusal({ error }: { error: unknown }): VNode {
  const problem = error instanceof ApiError ? error.problem : {};
  const isOfFile = problem.code === 'backup.invalid' || problem.code === 'backup.newer';
  return (
    <div class="error-summary" role="alert">
      <strong>{errorText(error)}</strong>
      {problem.errors && problem.errors.length > 0 ? (
        <ul>
          {problem.errors.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              <span class="mono">{path}</span> {message}
            </li>
          ))}
        </ul>
      ) : (
        isOfFile && <p lang="en">{problem.detail}</p>
      )}
    </div>
  );
}

const counted = ['extensions', 'agents', 'queues', 'trunks', 'users', 'calls', 'recordings'] as const;

function Look(props: {
  preview: Preview;
  onUnlock: (passphrase: string) => void;
  onApply: (force: boolean) => void;
  onDrop: () => void;
}): VNode {
  const { preview } = props;
  const [passphrase, setPassphrase] = useState('');
  const [force, setForce] = useState(false);
  return (
    <>
      <dl class="facts">
        <dt>{t('restore.of')}</dt>
        <dd>{preview.officeName}</dd>
        <dt>{t('restore.made')}</dt>
        <dd>
          <Moment at={preview.at} />
        </dd>
        <dt>{t('restore.by')}</dt>
        <dd>{preview.version}</dd>
      </dl>
      {preview.hasKey && !preview.unlocked && (
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault();
            if (passphrase !== '') props.onUnlock(passphrase);
          }}
        >
          <TextField
            label={t('backup.passphrase')}
            help={t('restore.locked')}
            type="password"
            maxLength={400}
            value={passphrase}
            onInput={setPassphrase}
          />
          <div>
            <button type="submit" class="button">
              {t('restore.unlock')}
            </button>
          </div>
        </form>
      )}
      <Table
        label={t('restore.changes')}
        rows={counted.map((what) => ({ what, now: preview.now[what], after: preview.after[what] }))}
        rowKey={(row) => row.what}
        columns={[
          {
            key: 'what',
            label: t('restore.changes'),
            cell: (row) => translateCode(`restoreCount.${row.what}`),
          },
          { key: 'now', label: t('restore.now'), numeric: true, cell: (row) => row.now },
          { key: 'after', label: t('restore.after'), numeric: true, cell: (row) => row.after },
        ]}
      />
      {!preview.hasRecordings && <p class="quiet">{t('restore.recordingsStay')}</p>}
      {preview.lostSecrets.length > 0 && (
        <p role="status">{t('restore.lost', { count: preview.lostSecrets.length })}</p>
      )}
      <p>{t('restore.signIns', { names: preview.users.map(({ name }) => name).join(', ') })}</p>
      {(live.value?.calls.length ?? 0) > 0 && (
        <CheckField label={t('restore.force')} value={force} onInput={setForce} />
      )}
      <div class="actions">
        <button type="button" class="button" onClick={props.onDrop}>
          {t('restore.drop')}
        </button>
        <button type="button" class="button button-danger" onClick={() => props.onApply(force)}>
          {t('restore.apply')}
        </button>
      </div>
    </>
  );
}

/** What became of a restore at this start. */
export function Outcome({ outcome }: { outcome: 'restored' | 'undone' }): VNode {
  return outcome === 'restored' ? (
    <p role="status">{t('restore.done')}</p>
  ) : (
    <div class="error-summary" role="alert">
      {t('restore.undone')}
    </div>
  );
}

export function Undo({ at, officeName }: { at: number; officeName: string }): VNode {
  const [restarting, setRestarting] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const undo = async (): Promise<void> => {
    const yes = await confirmAct({
      title: t('restore.undoAsk'),
      text: t('restore.undoAskText'),
      action: t('restore.undo'),
    });
    if (!yes) return;
    try {
      await api('undoRestore', { body: {} });
      setRestarting(true);
      waitForBox();
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <Card title={t('restore.undoTitle')} aside={<Moment at={at} />}>
      <div class="stack">
        {problem !== undefined && <Refusal error={problem} />}
        <p>{t('restore.undoText', { name: officeName })}</p>
        {restarting ? (
          <Progress label={t('restore.restarting')} />
        ) : (
          <div>
            <button type="button" class="button" onClick={() => void undo()}>
              {t('restore.undo')}
            </button>
          </div>
        )}
      </div>
    </Card>
  );
}

/** Loads the page anew when the box is back: other people may be able to sign in, in another language. */
function waitForBox(): void {
  const ask = (): void => {
    api('status').then(
      () => location.reload(),
      () => setTimeout(ask, askAgainMs),
    );
  };
  setTimeout(ask, restartMs);
}
