import { beforeEach, expect, test } from 'vitest';
import { en } from '../../../web-ui/i18n/en.ts';
import { hu } from '../../../web-ui/i18n/hu.ts';
import { format, hasText, setCatalogue, t, translateCode } from '../../../web-ui/i18n/translate.ts';

beforeEach(() => setCatalogue('en', en));

test('gaps are filled, and a gap without a value stays visible', () => {
  expect(t('action.copyThing', { thing: 'Port' })).toBe('Copy Port');
  expect(format('{agent} waited {waitS} s', { agent: 'Anna' }, 'en')).toBe('Anna waited {waitS} s');
});

test('a count chooses the plural form of the language', () => {
  expect(t('strip.faults', { count: 1 })).toBe('1 fault');
  expect(t('strip.faults', { count: 2 })).toBe('2 faults');
  const russian = {
    one: '{count} звонок',
    few: '{count} звонка',
    many: '{count} звонков',
    other: '{count} звонка',
  };
  expect([1, 3, 5, 21].map((count) => format(russian, { count }, 'ru'))).toEqual([
    '1 звонок',
    '3 звонка',
    '5 звонков',
    '21 звонок',
  ]);
});

test('numbers are written as the language writes them, texts that look like numbers are left alone', () => {
  expect(format('{n}', { n: 1234567.5 }, 'en')).toBe('1,234,567.5');
  expect(format('{n}', { n: '0036301234567' }, 'en')).toBe('0036301234567');
});

test('an unknown code is shown as itself, never as nothing', () => {
  expect(translateCode('trace.queue.of-tomorrow')).toBe('queue.of-tomorrow');
  expect(translateCode('fault.moon.rises', {}, 'the moon rises')).toBe('the moon rises');
  expect(hasText('fault.moon.rises')).toBe(false);
});

test('a value that looks like a gap or a replacement pattern is not filled again', () => {
  expect(format('{a} {b}', { a: '{b}', b: '$&' }, 'en')).toBe('{b} $&');
});

test('another catalogue is in force at once', () => {
  setCatalogue('hu', hu);
  expect(t('place.calls')).toBe('Hívások');
});
