import type { Timer } from '../base/clock.ts';
import { type IvrEffect, type IvrFact, type IvrState, ivr, startIvr } from '../domain/ivr.ts';
import type { Destination, IvrMenu } from '../domain/settings.ts';
import type { ActiveCall, CallDeps } from './active-call.ts';

/** Runs one menu for one caller; `go` takes the call on. */
export function enterIvr(
  deps: CallDeps,
  call: ActiveCall,
  menu: IvrMenu,
  go: (destination: Destination) => void,
): void {
  const timers = new Map<string, Timer>();
  let state: IvrState = startIvr(menu);
  let left = false;
  let playId: string | undefined;
  const stopListening = call.caller.events.on('played', (id, cause) => {
    if (id !== playId || cause === 'replaced' || cause === 'stopped') return;
    playId = undefined;
    dispatch({ type: 'prompt-done' });
  });
  const close = (): void => {
    left = true;
    stopListening();
    for (const timer of timers.values()) timer.cancel();
    timers.clear();
  };
  const run = (effect: IvrEffect): void => {
    switch (effect.type) {
      case 'play': {
        const files = effect.prompts.flatMap((id) => deps.prompts.pathFor(id, call.language) ?? []);
        if (files.length < effect.prompts.length)
          call.trace('ivr.prompt-missing', { prompts: effect.prompts.join(', ') });
        playId = call.caller.play(
          files.length > 0
            ? files.map((file) => ({ kind: 'file' as const, file }))
            : [{ kind: 'silence' as const, durationMs: 500 }],
        );
        break;
      }
      case 'stop-play':
        playId = undefined;
        call.caller.stopPlaying();
        break;
      case 'set-timer':
        timers.get(effect.key)?.cancel();
        timers.set(
          effect.key,
          deps.clock.after(effect.delayMs, () => {
            timers.delete(effect.key);
            dispatch({ type: 'timer', key: effect.key });
          }),
        );
        break;
      case 'clear-timer':
        timers.get(effect.key)?.cancel();
        timers.delete(effect.key);
        break;
      case 'goto':
        close();
        go(effect.destination);
        break;
      case 'log':
        call.fact(effect.fact);
        break;
      case 'trace':
        call.trace(effect.note.code, effect.note.params);
        break;
      case 'ignored':
        break;
    }
  };
  const dispatch = (fact: IvrFact): void => {
    const step = ivr(state, { at: deps.clock.now(), ...fact });
    state = step.state;
    for (const effect of step.effects) run(effect);
  };

  call.language = menu.language ?? call.language;
  call.enter({
    leave() {
      if (left) return;
      dispatch({ type: 'left' });
      close();
    },
    digit: (digit) => dispatch({ type: 'digit', digit }),
  });
  dispatch({ type: 'start' });
}
