import { expect, test } from 'vitest';
import { keyName } from '../../../web-ui/shell/key-name.ts';
import { best } from '../../../web-ui/shell/ranking.ts';

const entries = [
  { text: 'Recordings' },
  { text: 'Callers waiting' },
  { text: 'Calls', also: '/calls' },
  { text: 'Calls of the queue', also: 'Queues' },
  { text: '101 Anna Kovács', also: 'anna' },
];
const found = (typed: string): string[] => best(entries, typed, 3).map((entry) => entry.text);

test('a whole name stands before a beginning, and a beginning before a middle', () => {
  expect(found('calls')).toEqual(['Calls', 'Calls of the queue']);
  expect(found('cord')).toEqual(['Recordings']);
  expect(found('call')).toEqual(['Callers waiting', 'Calls', 'Calls of the queue']);
});

test('every word must be found, in the name or beside it, whatever its marks', () => {
  expect(found('kovacs 101')).toEqual(['101 Anna Kovács']);
  expect(found('calls queues')).toEqual(['Calls of the queue']);
  expect(found('kovacs 102')).toEqual([]);
});

test('nothing typed shows the first ones', () => {
  expect(found(' ')).toEqual(['Recordings', 'Callers waiting', 'Calls']);
});

test('a key is known by its letter on a keyboard of another alphabet too', () => {
  expect(keyName({ key: 'п', code: 'KeyG' })).toBe('g');
  expect(keyName({ key: 'K', code: 'KeyK' })).toBe('k');
  // Where the letters lie elsewhere, the letter counts and not the place of the key.
  expect(keyName({ key: 'a', code: 'KeyQ' })).toBe('a');
  expect(keyName({ key: '?', code: 'Slash' })).toBe('?');
});
