/** What callers hear: listen, replace by a file of one's own, bring the built-in one back. */
import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { EndpointResponse } from '../../src/api/contract.ts';
import { api, errorText, urlOf } from '../api/client.ts';
import { confirmAct, toast } from '../components/feedback.tsx';
import { Empty, LoadFailed, Page, Skeleton } from '../components/page.tsx';
import { formatDuration } from '../components/time.tsx';
import { hasText, languageNames, t, translateCode } from '../i18n/translate.ts';
import { useLoad } from '../state/load.ts';

type Prompt = EndpointResponse<'listPrompts'>['items'][number];
type Sound = Prompt['sounds'][number];

/** A prompt's name in words where there is one, else its id. */
function promptName(promptId: string): string {
  const place = /^position-(\d+)$/.exec(promptId)?.[1];
  if (place !== undefined) return t('prompt.position', { place });
  return hasText(`prompt.${promptId}`) ? translateCode(`prompt.${promptId}`) : promptId;
}

export function PromptsPage(): VNode {
  const prompts = useLoad('prompts', (signal) => api('listPrompts', { signal }));
  return (
    <Page title={t('place.prompts')} intro={t('prompts.intro')}>
      {!prompts.value ? (
        prompts.error ? (
          <LoadFailed text={errorText(prompts.error)} retry={prompts.reload} />
        ) : (
          <Skeleton lines={8} />
        )
      ) : prompts.value.items.length === 0 ? (
        <section class="card">
          <Empty title={t('prompts.none')} text={t('prompts.noneText')} />
        </section>
      ) : (
        <ul class="card lines">
          {prompts.value.items.map((prompt) => (
            <li key={prompt.promptId} class="line-block stack">
              <h2>{promptName(prompt.promptId)}</h2>
              {prompt.sounds.map((sound) => (
                <SoundRow
                  key={sound.language}
                  promptId={prompt.promptId}
                  sound={sound}
                  changed={prompts.reload}
                />
              ))}
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}

function SoundRow(props: { promptId: string; sound: Sound; changed: () => void }): VNode {
  const { promptId, sound } = props;
  const [busy, setBusy] = useState(false);
  const [changes, setChanges] = useState(0);
  const file = useRef<HTMLInputElement>(null);
  const params = { id: promptId, language: sound.language };
  const name = `${promptName(promptId)} (${languageNames[sound.language]})`;
  const act = async (action: () => Promise<unknown>, done: string): Promise<void> => {
    setBusy(true);
    try {
      await action();
      toast(done);
      setChanges((count) => count + 1);
      props.changed();
    } catch (error) {
      toast(errorText(error));
    } finally {
      setBusy(false);
    }
  };
  const restore = async (): Promise<void> => {
    const yes = await confirmAct({
      title: t('prompts.restoreTitle', { name }),
      text: t('prompts.restoreText'),
      action: t('prompts.restore'),
    });
    if (yes) await act(() => api('restorePrompt', { params }), t('prompts.restored', { name }));
  };
  // A new address after each change, so that the player does not keep the old sound.
  const url = `${urlOf('promptSound', params)}?change=${changes}`;
  return (
    <div class="sound">
      <div>
        <strong>{languageNames[sound.language]}</strong>
        <span class="quiet">
          {' · '}
          {translateCode(`promptSource.${sound.source}`)} ·{' '}
          {sound.durationMs === null ? t('prompts.notYet') : formatDuration(sound.durationMs)}
        </span>
        <div>{sound.text || <span class="quiet">{t('prompts.noText')}</span>}</div>
      </div>
      {/* biome-ignore lint/a11y/useMediaCaption: its text stands beside it */}
      <audio controls preload="none" src={url} aria-label={name} />
      <div class="actions">
        <input
          ref={file}
          type="file"
          accept="audio/*,.wav,.mp3,.ogg"
          hidden
          onChange={(event) => {
            const chosen = event.currentTarget.files?.[0];
            event.currentTarget.value = '';
            if (chosen)
              void act(() => api('uploadPrompt', { params, file: chosen }), t('prompts.uploaded', { name }));
          }}
        />
        <button
          type="button"
          class="button button-small"
          disabled={busy}
          aria-label={t('prompts.replaceThing', { name })}
          onClick={() => file.current?.click()}
        >
          {t('prompts.replace')}
        </button>
        {sound.source === 'upload' && (
          <button type="button" class="button button-small" disabled={busy} onClick={() => void restore()}>
            {t('prompts.restore')}
          </button>
        )}
      </div>
    </div>
  );
}
