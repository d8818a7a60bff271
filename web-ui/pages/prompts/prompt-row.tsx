/** One prompt in one language: what it says, where it is played, and everything that can be done with it. */
import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { api, errorText, urlOf } from '../../api/client.ts';
import { confirmAct, Dialog, toast } from '../../components/feedback.tsx';
import { formatDuration } from '../../components/time.tsx';
import { language, languageNames, t, translateCode } from '../../i18n/translate.ts';
import { EditWords } from './edit-words.tsx';
import { hearAsCaller, hearing, stopHearing } from './listen.ts';
import { type Prompt, promptName, type Sound } from './names.ts';
import { RecordByPhone } from './record-by-phone.tsx';
import { RecordHere } from './record-here.tsx';

/** As `promptLevelDbm0` of the box. */
const levelOfAllDb = -20;

export function PromptRow(props: { prompt: Prompt; sound: Sound; changed: () => void }): VNode {
  const { prompt, sound } = props;
  const [open, setOpen] = useState<'words' | 'record'>();
  const [busy, setBusy] = useState(false);
  const [changes, setChanges] = useState(0);
  const file = useRef<HTMLInputElement>(null);
  const params = { id: prompt.promptId, language: sound.language };
  const name = `${promptName(prompt)} (${languageNames[sound.language]})`;
  const changed = (): void => {
    setOpen(undefined);
    setChanges((count) => count + 1);
    props.changed();
  };
  const act = async (action: () => Promise<unknown>, done: string): Promise<void> => {
    setBusy(true);
    try {
      await action();
      toast(done);
      changed();
    } catch (error) {
      toast(errorText(error));
    } finally {
      setBusy(false);
    }
  };
  const upload = async (given: Blob): Promise<void> => {
    const { levelBeforeDbm0 } = await api('uploadPrompt', { params, file: given });
    if (levelBeforeDbm0 !== undefined)
      toast(t('prompts.levelled', { before: decibels(levelBeforeDbm0), after: decibels(levelOfAllDb) }));
  };
  const restore = async (): Promise<void> => {
    const yes = await confirmAct({
      title: t('prompts.restoreTitle', { name }),
      text: prompt.isBuiltIn ? t('prompts.restoreOwnText') : t('prompts.fileRemoved'),
      action: t('prompts.restore'),
    });
    if (yes) await act(() => api('restorePrompt', { params }), t('prompts.restored', { name }));
  };
  const remove = async (): Promise<void> => {
    const thing = promptName(prompt);
    const yes = await confirmAct({
      title: t('form.deleteTitle', { thing }),
      text: t('prompts.deleteText'),
      action: t('action.delete'),
    });
    if (yes)
      await act(() => api('deletePrompt', { params: { id: prompt.promptId } }), t('form.deleted', { thing }));
  };
  const key = `${prompt.promptId} ${sound.language}`;
  const hear = async (): Promise<void> => {
    if (hearing.value === key) {
      stopHearing();
      return;
    }
    try {
      await hearAsCaller({ promptId: prompt.promptId, language: sound.language }, sound.durationMs ?? 0);
    } catch (error) {
      toast(errorText(error));
    }
  };
  // A new address after each change, so that the player does not keep the old sound.
  const url = `${urlOf('promptSound', params)}?change=${changes}-${sound.source}-${sound.durationMs ?? 0}`;
  return (
    <>
      <h2>{promptName(prompt)}</h2>
      <div class="sound">
        <div>
          <span class="quiet">
            {translateCode(`promptSource.${sound.source}`)} ·{' '}
            {sound.durationMs === null ? t('prompts.notYet') : formatDuration(sound.durationMs)} ·{' '}
            <Uses prompt={prompt} />
          </span>
          <div>{sound.text || <span class="quiet">{t('prompts.noText')}</span>}</div>
        </div>
        {sound.durationMs === null ? (
          <span />
        ) : (
          // biome-ignore lint/a11y/useMediaCaption: its text stands beside it
          <audio controls preload="none" src={url} aria-label={name} />
        )}
        <div class="actions">
          <input
            ref={file}
            type="file"
            accept="audio/*,.wav,.mp3,.ogg"
            hidden
            onChange={(event) => {
              const chosen = event.currentTarget.files?.[0];
              event.currentTarget.value = '';
              if (chosen) void act(() => upload(chosen), t('prompts.uploaded', { name }));
            }}
          />
          {sound.durationMs !== null && (
            <button type="button" class="button button-small" onClick={() => void hear()}>
              {hearing.value === key ? t('prompts.stop') : t('prompts.hear')}
            </button>
          )}
          {prompt.promptId !== 'beep' && (
            <button
              type="button"
              class="button button-small"
              aria-label={t('prompts.wordsOf', { name })}
              onClick={() => setOpen('words')}
            >
              {t('prompts.edit')}
            </button>
          )}
          <button
            type="button"
            class="button button-small"
            aria-label={t('prompts.recordThing', { name })}
            onClick={() => setOpen('record')}
          >
            {t('prompts.record')}
          </button>
          <button
            type="button"
            class="button button-small"
            disabled={busy}
            aria-label={t('prompts.replaceThing', { name })}
            onClick={() => file.current?.click()}
          >
            {t('prompts.replace')}
          </button>
          {(sound.source === 'upload' || (sound.source === 'text' && prompt.isBuiltIn)) && (
            <button type="button" class="button button-small" disabled={busy} onClick={() => void restore()}>
              {t('prompts.restore')}
            </button>
          )}
          {!prompt.isBuiltIn && prompt.name !== undefined && (
            <button
              type="button"
              class="button button-small"
              disabled={busy}
              aria-label={t('form.deleteThing', { thing: promptName(prompt) })}
              onClick={() => void remove()}
            >
              {t('action.delete')}
            </button>
          )}
        </div>
      </div>
      {open === 'words' && (
        <EditWords prompt={prompt} sound={sound} onClose={() => setOpen(undefined)} onSaved={changed} />
      )}
      {open === 'record' && (
        <Dialog label={t('prompts.recordThing', { name })} onClose={() => setOpen(undefined)}>
          <h2>{t('prompts.recordThing', { name })}</h2>
          {sound.text && <blockquote class="prompt-words">{sound.text}</blockquote>}
          <h3>{t('prompts.here')}</h3>
          <RecordHere
            busy={busy}
            onKeep={(given) => void act(() => upload(given), t('prompts.uploaded', { name }))}
          />
          <h3>{t('prompts.byPhone')}</h3>
          <RecordByPhone
            language={sound.language}
            busy={busy}
            onKeep={(takeId) =>
              void act(
                () =>
                  api('keepTake', {
                    params: { id: takeId },
                    body: { promptId: prompt.promptId, language: sound.language },
                  }),
                t('prompts.uploaded', { name }),
              )
            }
          />
          <div class="actions">
            <button type="button" class="button" onClick={() => setOpen(undefined)}>
              {t('action.close')}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}

function decibels(level: number): string {
  return new Intl.NumberFormat(language.value, { maximumFractionDigits: 0 }).format(level);
}

function Uses({ prompt }: { prompt: Prompt }): VNode {
  if (prompt.usedBy.length > 0)
    return (
      <>
        {t('prompts.usedBy')}{' '}
        {prompt.usedBy.map(({ id, name }, index) => (
          <span key={id}>
            {index > 0 && ', '}
            <a href={`/ivr/${encodeURIComponent(id)}`}>{name}</a>
          </span>
        ))}
      </>
    );
  return (
    <>
      {prompt.isBuiltIn && prompt.promptId !== 'greeting'
        ? t('prompts.usedBySystem')
        : t('prompts.usedByNobody')}
    </>
  );
}
