import { beforeEach, expect, test } from 'vitest';
import { en } from '../../../web-ui/i18n/en.ts';
import { hu } from '../../../web-ui/i18n/hu.ts';
import { lt } from '../../../web-ui/i18n/lt.ts';
import { ru } from '../../../web-ui/i18n/ru.ts';
import { sk } from '../../../web-ui/i18n/sk.ts';
import { tr } from '../../../web-ui/i18n/tr.ts';
import {
  firstKnownLanguage,
  format,
  hasText,
  isUiLanguage,
  setCatalogue,
  t,
  translateCode,
} from '../../../web-ui/i18n/translate.ts';

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

test.each([
  ['en', en, ['0 faults', '1 fault', '2 faults', '5 faults', '21 faults']],
  ['hu', hu, ['0 hiba', '1 hiba', '2 hiba', '5 hiba', '21 hiba']],
  [
    'ru',
    ru,
    ['0 неисправностей', '1 неисправность', '2 неисправности', '5 неисправностей', '21 неисправность'],
  ],
  ['sk', sk, ['0 porúch', '1 porucha', '2 poruchy', '5 porúch', '21 porúch']],
  ['lt', lt, ['0 gedimų', '1 gedimas', '2 gedimai', '5 gedimai', '21 gedimas']],
  ['tr', tr, ['0 arıza', '1 arıza', '2 arıza', '5 arıza', '21 arıza']],
] as const)('%s counts 0, 1, 2, 5 and 21 in its own grammar', (language, catalogue, texts) => {
  setCatalogue(language, catalogue);
  expect([0, 1, 2, 5, 21].map((count) => t('strip.faults', { count }))).toEqual(texts);
});

test('eleven and half a thing have forms of their own', () => {
  expect(format(ru['live.agentsFreeCount'], { count: 11 }, 'ru')).toBe('11 операторов свободны');
  expect(format(lt['live.agentsFreeCount'], { count: 11 }, 'lt')).toBe('11 laisvų operatorių');
  expect(format(sk['error.rateLimitedFor'], { count: 1.5 }, 'sk')).toContain('o 1,5 sekundy');
  expect(format(lt['error.rateLimitedFor'], { count: 1.5 }, 'lt')).toContain('po 1,5 sekundės');
});

test.each([
  [['sk-SK', 'en'], 'sk'],
  [['de-AT', 'tr', 'en-US'], 'tr'],
  [['RU'], 'ru'],
  [['lt-Latn-LT'], 'lt'],
  [['de', 'lti', 'constructor'], undefined],
  [[], undefined],
])('a browser that asks for %j is shown %s', (tags, language) => {
  expect(firstKnownLanguage(tags)).toBe(language);
});

test('a language kept by the browser counts only while there is a catalogue of it', () => {
  expect(isUiLanguage('lt')).toBe(true);
  expect([isUiLanguage('de'), isUiLanguage('toString'), isUiLanguage(null)]).toEqual([false, false, false]);
});
