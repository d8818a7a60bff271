/** What callers hear: listen, write the words, record, replace, bring the built-in one back, and add own ones. */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { api, errorText } from '../api/client.ts';
import { confirmAct, toast } from '../components/feedback.tsx';
import { SelectField, TextField } from '../components/form.tsx';
import { Empty, LoadFailed, Page, Skeleton } from '../components/page.tsx';
import { isUiLanguage, languageNames, t } from '../i18n/translate.ts';
import { settingsRevision } from '../state/live.ts';
import { useLoad } from '../state/load.ts';
import { officeStatus } from '../state/session.ts';
import { type Prompt, promptName } from './prompts/names.ts';
import { NewPrompt } from './prompts/new-prompt.tsx';
import { PromptRow } from './prompts/prompt-row.tsx';

const askEveryMs = 1500;

export function PromptsPage(): VNode {
  const prompts = useLoad(`prompts ${settingsRevision.value}`, (signal) => api('listPrompts', { signal }));
  const [last, setLast] = useState(prompts.value);
  useEffect(() => {
    if (prompts.value) setLast(prompts.value);
  }, [prompts.value]);
  // What was shown stays while it is asked for again.
  const shown = prompts.value ?? last;
  const rendering = shown?.rendering ?? null;
  useEffect(() => {
    if (!rendering) return;
    const timer = setTimeout(prompts.reload, askEveryMs);
    return () => clearTimeout(timer);
  }, [shown]);
  const renderAgain = async (): Promise<void> => {
    const yes = await confirmAct({
      title: t('prompts.renderTitle'),
      text: t('prompts.renderText'),
      action: t('prompts.render'),
    });
    if (!yes) return;
    try {
      await api('renderPrompts');
    } catch (error) {
      toast(errorText(error));
    }
    prompts.reload();
  };
  return (
    <Page
      title={t('place.prompts')}
      intro={t('prompts.introOwn')}
      actions={
        <>
          <NewPrompt onCreated={prompts.reload} />
          <button
            type="button"
            class="button"
            disabled={rendering !== null}
            onClick={() => void renderAgain()}
          >
            {t('prompts.render')}
          </button>
        </>
      }
    >
      {rendering && (
        <div class="row" role="status">
          <progress max={rendering.total} value={rendering.done} aria-label={t('prompts.render')} />
          {t('prompts.rendering', { done: rendering.done, total: rendering.total })}
        </div>
      )}
      {!shown ? (
        prompts.error ? (
          <LoadFailed text={errorText(prompts.error)} retry={prompts.reload} />
        ) : (
          <Skeleton lines={8} />
        )
      ) : shown.items.length === 0 ? (
        <section class="card">
          <Empty title={t('prompts.none')} text={t('prompts.noneText')} />
        </section>
      ) : (
        <PromptList prompts={shown.items} changed={prompts.reload} />
      )}
    </Page>
  );
}

/** The prompts of one language at a time, the office's own at first: an office speaks one or two of the six. */
function PromptList(props: { prompts: Prompt[]; changed: () => void }): VNode {
  const { prompts, changed } = props;
  const [chosen, setChosen] = useState(officeStatus.value?.language);
  const [words, setWords] = useState('');
  const spoken = Object.keys(languageNames)
    .filter(isUiLanguage)
    .filter((each) => prompts.some(({ sounds }) => sounds.some((sound) => sound.language === each)));
  const shown = spoken.find((each) => each === chosen) ?? spoken[0];
  const wanted = words.trim().toLocaleLowerCase();
  // Own prompts first: they are what an office comes here for.
  const listed = [...prompts]
    .sort((a, b) => Number(a.isBuiltIn) - Number(b.isBuiltIn))
    .flatMap((prompt) =>
      prompt.sounds.filter((sound) => sound.language === shown).map((sound) => ({ prompt, sound })),
    )
    .filter(({ prompt, sound }) =>
      `${promptName(prompt)} ${prompt.promptId} ${sound.text ?? ''}`.toLocaleLowerCase().includes(wanted),
    );
  return (
    <>
      <div class="filters">
        {spoken.length > 1 && shown && (
          <SelectField
            label={t('field.promptLanguage')}
            value={shown}
            choices={spoken.map((value) => ({ value, label: languageNames[value] }))}
            onInput={setChosen}
          />
        )}
        <TextField label={t('prompts.find')} value={words} onInput={setWords} type="search" />
      </div>
      <ul class="card lines">
        {listed.map(({ prompt, sound }) => (
          <li key={`${prompt.promptId} ${shown}`} class="line-block stack">
            <PromptRow prompt={prompt} sound={sound} changed={changed} />
          </li>
        ))}
      </ul>
      {listed.length === 0 && <p class="quiet">{t('prompts.noneFound')}</p>}
    </>
  );
}
