import { describe, expect, it } from 'vitest';
import { type IvrEffect, type IvrFact, type IvrState, ivr, startIvr } from '../../../src/domain/ivr.ts';
import { ivrMenuSchema } from '../../../src/domain/settings.ts';

const sales = { kind: 'queue', queueId: 'sales' } as const;
const boss = { kind: 'extension', extensionId: 'boss' } as const;
const menu = ivrMenuSchema.parse({
  id: 'main',
  name: 'Main',
  greeting: 'greeting',
  timeoutMs: 5000,
  maxTries: 2,
  options: [{ digit: '1', destination: sales }],
  otherwise: boss,
});

/** The state after these events, and what the last one caused. */
function run(...facts: IvrFact[]): { state: IvrState; effects: IvrEffect[] } {
  let step: { state: IvrState; effects: IvrEffect[] } = { state: startIvr(menu), effects: [] };
  for (const fact of facts) step = ivr(step.state, { at: 0, ...fact });
  return step;
}

const start = { type: 'start' } as const;
const heard = { type: 'prompt-done' } as const;
const silence = { type: 'timer', key: 'ivr.no-input' } as const;
const press = (digit: string) => ({ type: 'digit', digit }) as const;
const left = { type: 'left' } as const;

const log = (fact: object): object => ({ type: 'log', fact });
const trace = (code: string, params: object): object => ({ type: 'trace', note: { code, params } });
const playing = (attempt: number): object => trace('ivr.prompt', { menu: 'Main', attempt, maxTries: 2 });
const digitLog = (digit: string): object => log({ name: 'IVRDIGIT', ivrMenuId: 'main', digit });
const exit = (cause: string): object => log({ name: 'IVREXIT', ivrMenuId: 'main', cause });
const chosen = [
  digitLog('1'),
  trace('ivr.chosen', { menu: 'Main', digit: '1' }),
  exit('digit'),
  { type: 'goto', destination: sales, cause: 'digit' },
];
const gaveUp = [
  trace('ivr.gave-up', { menu: 'Main', maxTries: 2 }),
  exit('otherwise'),
  { type: 'goto', destination: boss, cause: 'otherwise' },
];

describe('a menu', () => {
  it.each<[string, IvrFact[], string, object[]]>([
    [
      'plays its greeting when the caller enters',
      [start],
      'playing',
      [log({ name: 'IVRENTER', ivrMenuId: 'main' }), playing(1), { type: 'play', prompts: ['greeting'] }],
    ],
    [
      'waits for a digit after the greeting',
      [start, heard],
      'waiting',
      [{ type: 'set-timer', key: 'ivr.no-input', delayMs: 5000 }],
    ],
    [
      'goes where the digit says',
      [start, heard, press('1')],
      'done',
      [{ type: 'clear-timer', key: 'ivr.no-input' }, ...chosen],
    ],
    [
      'stops the greeting for a digit (barge-in)',
      [start, press('1')],
      'done',
      [{ type: 'stop-play' }, ...chosen],
    ],
    [
      'says that a key is not offered, then plays again',
      [start, press('9')],
      'playing',
      [
        { type: 'stop-play' },
        digitLog('9'),
        trace('ivr.invalid', { menu: 'Main', digit: '9' }),
        playing(2),
        { type: 'play', prompts: ['invalid-choice', 'greeting'] },
      ],
    ],
    [
      'plays again when nothing is pressed in time',
      [start, heard, silence],
      'playing',
      [
        trace('ivr.no-input', { menu: 'Main', timeoutS: 5 }),
        playing(2),
        { type: 'play', prompts: ['greeting'] },
      ],
    ],
    [
      'goes on as set for that when nothing was chosen after the last try',
      [start, heard, silence, heard, silence],
      'done',
      [trace('ivr.no-input', { menu: 'Main', timeoutS: 5 }), ...gaveUp],
    ],
    [
      'counts a wrong key as a try',
      [start, press('9'), press('8')],
      'done',
      [{ type: 'stop-play' }, digitLog('8'), trace('ivr.invalid', { menu: 'Main', digit: '8' }), ...gaveUp],
    ],
    [
      'takes a digit pressed during the second try',
      [start, heard, silence, press('1')],
      'done',
      [{ type: 'stop-play' }, ...chosen],
    ],
    [
      'ends when the caller leaves during the greeting',
      [start, left],
      'done',
      [{ type: 'stop-play' }, exit('left')],
    ],
    [
      'ends when the caller leaves while a digit is awaited',
      [start, heard, left],
      'done',
      [{ type: 'clear-timer', key: 'ivr.no-input' }, exit('left')],
    ],
    ['is not in the log when the caller left before it began', [left], 'done', []],
  ])('%s', (_, facts, phase, effects) => {
    const step = run(...facts);
    expect(step.effects).toEqual(effects);
    expect(step.state.phase).toBe(phase);
  });

  it.each<[string, IvrFact[]]>([
    ['a digit before it began', [press('1')]],
    ['beginning twice', [start, start]],
    ['the end of a prompt twice', [start, heard, heard]],
    ['a timer that was cleared', [start, silence]],
    ['a timer of another', [start, heard, { type: 'timer', key: 'other' }]],
    ['a digit after a choice', [start, press('1'), press('2')]],
    ['leaving twice', [start, left, left]],
  ])('ignores %s', (_, facts) => {
    const before = run(...facts.slice(0, -1));
    const step = run(...facts);
    expect(step.effects).toEqual([
      { type: 'ignored', event: { at: 0, ...facts.at(-1) }, why: expect.any(String) },
    ]);
    expect(step.state).toEqual(before.state);
  });
});
