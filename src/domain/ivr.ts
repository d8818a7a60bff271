/**
 * One caller in one menu, as a function of state and event.
 *
 *     playing -- prompt ends --> waiting -- time over --> playing (next try) … -> otherwise
 *        |                          |
 *        `------- digit ------------'--> chosen: goto
 *                                    `-> no such key: "invalid choice", then playing (next try) … -> otherwise
 *
 * A digit counts from the first moment on and stops what plays (barge-in). The menu is played at most `maxTries`
 * times. A caller wandering from menu to menu for ever is stopped by whoever runs them: `maxIvrHops`.
 */
import type { CallFact, TraceNote } from './call-event.ts';
import type { Destination, IvrMenu } from './settings.ts';
import { seconds, traceNote } from './trace-notes.ts';

/** Menus one call may go through before it is ended as a loop. */
export const maxIvrHops = 20;

/** The prompt played after a key that the menu does not offer. */
export const invalidChoicePromptId = 'invalid-choice';

export type IvrPhase = 'new' | 'playing' | 'waiting' | 'done';

export interface IvrState {
  readonly menu: IvrMenu;
  readonly phase: IvrPhase;
  /** How often the menu was played, the present time included. */
  readonly tries: number;
}

/** Every event carries `at`, wall clock in ms, though the rules of one menu need none of it. */
export type IvrEvent = { readonly at: number } & IvrFact;

export type IvrFact =
  | { type: 'start' }
  /** What `play` asked for was heard to its end. */
  | { type: 'prompt-done' }
  | { type: 'digit'; digit: string }
  | { type: 'timer'; key: string }
  /** The caller hung up or was taken elsewhere. */
  | { type: 'left' };

export type IvrEffect =
  /** Play these one after the other, replacing what plays; answered by `prompt-done`. */
  | { type: 'play'; prompts: string[] }
  | { type: 'stop-play' }
  | { type: 'set-timer'; key: string; delayMs: number }
  | { type: 'clear-timer'; key: string }
  /** The menu is over, the call goes there. */
  | { type: 'goto'; destination: Destination; cause: 'digit' | 'otherwise' }
  | { type: 'log'; fact: CallFact }
  | { type: 'trace'; note: TraceNote }
  /** The event was not expected in this state and changed nothing. */
  | { type: 'ignored'; event: IvrEvent; why: string };

/** A caller about to enter the menu; the first event is `start`. */
export function startIvr(menu: IvrMenu): IvrState {
  return { menu, phase: 'new', tries: 0 };
}

type Step = { state: IvrState; effects: IvrEffect[] };

const noInputTimer = 'ivr.no-input';

export function ivr(state: IvrState, event: IvrEvent): Step {
  const { menu, phase } = state;
  const ignored = (why: string): Step => ({ state, effects: [{ type: 'ignored', event, why }] });
  if (phase === 'done') return ignored('the menu is over');
  if (event.type === 'left') return left(state);
  if (phase === 'new') {
    if (event.type !== 'start') return ignored('the menu has not begun');
    const step = play(state, []);
    return {
      state: step.state,
      effects: [{ type: 'log', fact: { name: 'IVRENTER', ivrMenuId: menu.id } }, ...step.effects],
    };
  }
  switch (event.type) {
    case 'start':
      return ignored('the menu has begun already');
    case 'prompt-done':
      if (phase !== 'playing') return ignored('nothing plays');
      return {
        state: { ...state, phase: 'waiting' },
        effects: [{ type: 'set-timer', key: noInputTimer, delayMs: menu.timeoutMs }],
      };
    case 'timer': {
      if (phase !== 'waiting' || event.key !== noInputTimer) return ignored('no digit is awaited');
      const params = { menu: menu.name, timeoutS: seconds(menu.timeoutMs) };
      return again(state, [], [{ type: 'trace', note: traceNote('ivr.no-input', params) }]);
    }
    case 'digit':
      return digit(state, event.digit);
  }
}

function digit(state: IvrState, key: string): Step {
  const { menu } = state;
  const effects: IvrEffect[] = [
    ...quiet(state),
    { type: 'log', fact: { name: 'IVRDIGIT', ivrMenuId: menu.id, digit: key } },
  ];
  const option = menu.options.find((o) => o.digit === key);
  const params = { menu: menu.name, digit: key };
  if (!option) {
    effects.push({ type: 'trace', note: traceNote('ivr.invalid', params) });
    return again(state, [invalidChoicePromptId], effects);
  }
  effects.push({ type: 'trace', note: traceNote('ivr.chosen', params) });
  return leave(state, option.destination, 'digit', effects);
}

/** One more try, or the way for callers who choose nothing. */
function again(state: IvrState, before: string[], effects: IvrEffect[]): Step {
  const { menu } = state;
  if (state.tries < menu.maxTries) {
    const step = play(state, before);
    return { state: step.state, effects: [...effects, ...step.effects] };
  }
  const note = traceNote('ivr.gave-up', { menu: menu.name, maxTries: menu.maxTries });
  return leave(state, menu.otherwise, 'otherwise', [...effects, { type: 'trace', note }]);
}

function play(state: IvrState, before: string[]): Step {
  const { menu } = state;
  const tries = state.tries + 1;
  const params = { menu: menu.name, attempt: tries, maxTries: menu.maxTries };
  return {
    state: { menu, phase: 'playing', tries },
    effects: [
      { type: 'trace', note: traceNote('ivr.prompt', params) },
      { type: 'play', prompts: [...before, menu.greeting] },
    ],
  };
}

function leave(
  state: IvrState,
  destination: Destination,
  cause: 'digit' | 'otherwise',
  effects: IvrEffect[],
): Step {
  const fact: CallFact = { name: 'IVREXIT', ivrMenuId: state.menu.id, cause };
  return {
    state: { ...state, phase: 'done' },
    effects: [...effects, { type: 'log', fact }, { type: 'goto', destination, cause }],
  };
}

function left(state: IvrState): Step {
  const effects = quiet(state);
  if (state.phase !== 'new')
    effects.push({ type: 'log', fact: { name: 'IVREXIT', ivrMenuId: state.menu.id, cause: 'left' } });
  return { state: { ...state, phase: 'done' }, effects };
}

/** Stops what plays and what is awaited. */
function quiet(state: IvrState): IvrEffect[] {
  if (state.phase === 'playing') return [{ type: 'stop-play' }];
  return state.phase === 'waiting' ? [{ type: 'clear-timer', key: noInputTimer }] : [];
}
