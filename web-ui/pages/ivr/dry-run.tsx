/** A menu tried out in the page: its greeting is heard, keys are pressed, and the rules of the real menu answer. */
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { type IvrEffect, type IvrFact, type IvrState, ivr, startIvr } from '../../../src/domain/ivr.ts';
import type { Destination, IvrMenu } from '../../../src/domain/settings.ts';
import { urlOf } from '../../api/client.ts';
import { traceText } from '../../i18n/reasons.ts';
import { t, type UiLanguage } from '../../i18n/translate.ts';
import type { Names } from '../../state/names.ts';
import { promptName } from '../../state/prompts.ts';
import { officeStatus } from '../../state/session.ts';

const keypad = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'];

export function DryRun(props: { menu: IvrMenu; menus: readonly IvrMenu[]; names: Names }): VNode {
  const { names } = props;
  const [lines, setLines] = useState<string[]>([]);
  const [running, setRunning] = useState(false);
  const state = useRef<IvrState | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const audio = useRef<HTMLAudioElement>(null);
  const queue = useRef<string[]>([]);
  const language = useRef<UiLanguage>('en');

  const say = (line: string): void => setLines((old) => [...old, line].slice(-12));
  const stop = (): void => {
    clearTimeout(timer.current);
    queue.current = [];
    audio.current?.pause();
  };
  useEffect(() => stop, []);

  const playNext = (): void => {
    const promptId = queue.current.shift();
    const player = audio.current;
    if (promptId === undefined || !player) {
      dispatch({ type: 'prompt-done' });
      return;
    }
    say(t('ivr.dryHears', { prompt: promptName(promptId) }));
    player.src = urlOf('promptSound', { id: promptId, language: language.current });
    // A sound that cannot be played is as if it had been heard: the menu goes on.
    player.play().catch(() => playNext());
  };

  const enter = (menu: IvrMenu): void => {
    language.current = menu.language ?? officeStatus.value?.language ?? language.current;
    state.current = startIvr(menu);
    dispatch({ type: 'start' });
  };

  const go = (destination: Destination): void => {
    stop();
    const menuId = destination.kind === 'ivr' ? destination.ivrMenuId : undefined;
    const next = menuId === props.menu.id ? props.menu : props.menus.find(({ id }) => id === menuId);
    say(names.destination(destination));
    if (next) enter(next);
    else setRunning(false);
  };

  const run = (effect: IvrEffect): void => {
    switch (effect.type) {
      case 'play':
        stop();
        queue.current = [...effect.prompts];
        playNext();
        break;
      case 'stop-play':
        stop();
        break;
      case 'set-timer':
        clearTimeout(timer.current);
        timer.current = setTimeout(() => dispatch({ type: 'timer', key: effect.key }), effect.delayMs);
        break;
      case 'clear-timer':
        clearTimeout(timer.current);
        break;
      case 'goto':
        go(effect.destination);
        break;
      case 'trace':
        say(traceText(effect.note.code, effect.note.params));
        break;
      case 'log':
      case 'ignored':
        break;
    }
  };
  const dispatch = (fact: IvrFact): void => {
    if (!state.current) return;
    const step = ivr(state.current, { at: Date.now(), ...fact });
    state.current = step.state;
    for (const effect of step.effects) run(effect);
  };

  return (
    <div class="stack">
      {/* biome-ignore lint/a11y/useMediaCaption: what it says is written beside it */}
      <audio ref={audio} onEnded={playNext} />
      <div class="actions">
        {running ? (
          <button
            type="button"
            class="button"
            onClick={() => {
              dispatch({ type: 'left' });
              stop();
              setRunning(false);
            }}
          >
            {t('ivr.dryStop')}
          </button>
        ) : (
          <button
            type="button"
            class="button"
            onClick={() => {
              setLines([]);
              setRunning(true);
              enter(props.menu);
            }}
          >
            {t('ivr.dryStart')}
          </button>
        )}
      </div>
      {running && (
        <fieldset class="dry-keypad">
          <legend class="sr-only">{t('ivr.dryKeys')}</legend>
          {keypad.map((digit) => (
            <button
              key={digit}
              type="button"
              class="button"
              onClick={() => dispatch({ type: 'digit', digit })}
            >
              {digit}
            </button>
          ))}
        </fieldset>
      )}
      <ol class="dry-log" aria-live="polite">
        {lines.map((line, index) => (
          <li key={`${index}`}>{line}</li>
        ))}
      </ol>
    </div>
  );
}
