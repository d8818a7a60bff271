/** What callers hear: listen, replace by a file of one's own, bring the built-in one back. */
import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { EndpointResponse } from '../../src/api/contract.ts';
import { api, errorText, urlOf } from '../api/client.ts';
import { confirmAct, toast } from '../components/feedback.tsx';
import { SelectField } from '../components/form.tsx';
import { Empty, LoadFailed, Page, Skeleton } from '../components/page.tsx';
import { formatDuration } from '../components/time.tsx';
import { hasText, isUiLanguage, languageNames, t, translateCode } from '../i18n/translate.ts';
import { useLoad } from '../state/load.ts';
import { officeStatus } from '../state/session.ts';

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
        <PromptList prompts={prompts.value.items} changed={prompts.reload} />
      )}
    </Page>
  );
}

/** The prompts of one language at a time, the office's own at first: an office speaks one or two of the six. */
function PromptList(props: { prompts: Prompt[]; changed: () => void }): VNode {
  const { prompts, changed } = props;
  const [chosen, setChosen] = useState(officeStatus.value?.language);
  const spoken = Object.keys(languageNames)
    .filter(isUiLanguage)
    .filter((each) => prompts.some(({ sounds }) => sounds.some((sound) => sound.language === each)));
  const shown = spoken.find((each) => each === chosen) ?? spoken[0];
  return (
    <>
      {spoken.length > 1 && shown && (
        <SelectField
          label={t('field.promptLanguage')}
          value={shown}
          choices={spoken.map((value) => ({ value, label: languageNames[value] }))}
          onInput={setChosen}
        />
      )}
      <ul class="card lines">
        {prompts.map(({ promptId, sounds }) =>
          sounds
            .filter((sound) => sound.language === shown)
            .map((sound) => (
              <li key={`${promptId} ${shown}`} class="line-block stack">
                <h2>{promptName(promptId)}</h2>
                <SoundRow promptId={promptId} sound={sound} changed={changed} />
              </li>
            )),
        )}
      </ul>
    </>
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
