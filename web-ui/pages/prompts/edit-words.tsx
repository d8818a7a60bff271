/** The words of a prompt in one language: written, heard as they will sound, then saved. */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { longestPromptText } from '../../../src/domain/prompt-text.ts';
import { ApiError, api, errorText, urlOf } from '../../api/client.ts';
import { Dialog, toast } from '../../components/feedback.tsx';
import { TextArea } from '../../components/form.tsx';
import { languageNames, t } from '../../i18n/translate.ts';
import { type Prompt, promptName, type Sound } from './names.ts';

async function preview(language: Sound['language'], text: string): Promise<Blob> {
  const response = await fetch(urlOf('previewPrompt'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ language, text }),
    credentials: 'same-origin',
  }).catch(() => {
    throw new ApiError(0, { code: 'ui.unreachable' });
  });
  if (!response.ok) throw new ApiError(response.status, await response.json().catch(() => ({})));
  return response.blob();
}

export function EditWords(props: {
  prompt: Prompt;
  sound: Sound;
  onClose: () => void;
  onSaved: () => void;
}): VNode {
  const { prompt, sound } = props;
  const [text, setText] = useState(sound.text ?? '');
  const [heard, setHeard] = useState<string>();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const name = `${promptName(prompt)} (${languageNames[sound.language]})`;
  useEffect(() => () => void (heard && URL.revokeObjectURL(heard)), [heard]);
  const act = async (action: () => Promise<void>): Promise<void> => {
    setBusy(true);
    setProblem(undefined);
    try {
      if (text.trim() === '') throw new ApiError(422, { code: 'prompt.invalid', detail: '' });
      await action();
    } catch (error) {
      setProblem(text.trim() === '' ? t('prompts.wordsMissing') : errorText(error));
    } finally {
      setBusy(false);
    }
  };
  const save = (): Promise<void> =>
    act(async () => {
      await api('setPromptText', {
        params: { id: prompt.promptId, language: sound.language },
        body: { text: text.trim() },
      });
      toast(t('prompts.saved', { name }));
      props.onSaved();
    });
  return (
    <Dialog label={t('prompts.wordsOf', { name })} onClose={props.onClose}>
      <h2>{t('prompts.wordsOf', { name })}</h2>
      <TextArea
        label={t('prompts.words')}
        help={t('prompts.wordsHelp')}
        value={text}
        onInput={setText}
        maxLength={longestPromptText}
        error={problem}
      />
      {sound.source === 'upload' && <p class="quiet">{t('prompts.uploadStands')}</p>}
      {heard && (
        // biome-ignore lint/a11y/useMediaCaption: its text stands above it
        <audio controls autoplay src={heard} aria-label={t('prompts.preview')} />
      )}
      <div class="actions">
        <button type="button" class="button" onClick={props.onClose}>
          {t('action.cancel')}
        </button>
        <button
          type="button"
          class="button"
          disabled={busy}
          onClick={() =>
            void act(async () => setHeard(URL.createObjectURL(await preview(sound.language, text.trim()))))
          }
        >
          {t('prompts.preview')}
        </button>
        <button type="button" class="button button-primary" disabled={busy} onClick={() => void save()}>
          {t('action.save')}
        </button>
      </div>
    </Dialog>
  );
}
