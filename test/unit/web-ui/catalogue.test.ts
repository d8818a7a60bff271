import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errorCodes } from '../../../src/base/errors.ts';
import { languages } from '../../../src/domain/settings.ts';
import { traceTexts } from '../../../src/domain/trace-notes.ts';
import { builtInPrompts } from '../../../src/prompts/catalogue.ts';
import { en } from '../../../web-ui/i18n/en.ts';
import { hu } from '../../../web-ui/i18n/hu.ts';
import { lt } from '../../../web-ui/i18n/lt.ts';
import { ru } from '../../../web-ui/i18n/ru.ts';
import { sk } from '../../../web-ui/i18n/sk.ts';
import { tr } from '../../../web-ui/i18n/tr.ts';
import { languageNames, type Message } from '../../../web-ui/i18n/translate.ts';

const catalogues: Record<string, Record<string, Message>> = { en, hu, ru, sk, lt, tr };
const translations = Object.entries(catalogues).filter(([language]) => language !== 'en');

const root = join(import.meta.dirname, '../../../');
const ui = join(root, 'web-ui');

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.includes('/dist/') && !/\/i18n\/(en|hu|ru|sk|lt|tr)(-[a-z]+)?\.ts$/.test(path));
}

const code = sources(ui)
  .map((path) => readFileSync(path, 'utf8'))
  .join('\n');

/** The beginnings of keys that are put together at run time: `phase.`, `trace.` … */
const prefixes = [...code.matchAll(/`([a-zA-Z]+(?:\.[a-zA-Z]+)*\.)\$\{/g)].map((match) => match[1] ?? '');

function gaps(message: Message): string[] {
  const texts = typeof message === 'string' ? [message] : Object.values(message);
  return [
    ...new Set(texts.flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ''))),
  ].sort();
}

test('every key that the pages name is in the catalogue', () => {
  const named = [...code.matchAll(/\bt\(\s*'([^']+)'/g)].map((match) => match[1] ?? '');
  expect(named.length).toBeGreaterThan(300);
  expect(named.filter((key) => !Object.hasOwn(en, key))).toEqual([]);
});

test('every key of the catalogue is named by a page or begins as one put together at run time', () => {
  const unused = Object.keys(en).filter(
    (key) => !code.includes(`'${key}'`) && !prefixes.some((prefix) => key.startsWith(prefix)),
  );
  expect(unused).toEqual([]);
});

test('no page holds a text of its own in its markup', () => {
  const offenders: string[] = [];
  for (const path of sources(ui).filter((each) => each.endsWith('.tsx'))) {
    for (const match of readFileSync(path, 'utf8').matchAll(/>\s*([A-Z][a-z]+(?: [a-z]+)+)\s*</g))
      offenders.push(`${path}: ${match[1]}`);
  }
  expect(offenders).toEqual([]);
});

test('the pages, the prompts and these tests know the same languages', () => {
  expect(Object.keys(languageNames)).toEqual([...languages]);
  expect(Object.keys(catalogues)).toEqual([...languages]);
});

test.each(translations)('%s has the same keys as English and the same gaps in each', (_, catalogue) => {
  expect(Object.keys(catalogue).sort()).toEqual(Object.keys(en).sort());
  const different = Object.entries(en).filter(
    ([key, message]) => gaps(message).join() !== gaps(catalogue[key] ?? '').join(),
  );
  expect(different.map(([key]) => key)).toEqual([]);
});

test.each(translations)('%s is a translation: no sentence is left in English', (_, catalogue) => {
  const same = Object.entries(en).filter(
    ([key, message]) => typeof message === 'string' && message.includes(' ') && message === catalogue[key],
  );
  expect(same.map(([key]) => key)).toEqual([]);
});

test.each(translations)('%s is written in its own letters and holds no empty text', (language, catalogue) => {
  const alphabets: Record<string, RegExp> = {
    hu: /^[a-záéíóöőúüű]+$/,
    ru: /^[а-яё]+$/,
    sk: /^[a-záäčďéíĺľňóôŕšťúýž]+$/,
    lt: /^[a-ząčęėįšųūž]+$/,
    tr: /^[a-zçğıöşüâî]+$/,
  };
  const strange: string[] = [];
  for (const [key, message] of Object.entries(catalogue))
    for (const text of typeof message === 'string' ? [message] : Object.values(message)) {
      expect(text.trim(), key).toBe(text);
      expect(text, key).not.toBe('');
      const words = text.replace(/\{\w+\}/g, ' ').match(/\p{L}*[^\P{L}a-zA-Z]\p{L}*/gu) ?? [];
      strange.push(...words.filter((word) => !alphabets[language]?.test(word.toLocaleLowerCase(language))));
    }
  expect(strange).toEqual([]);
});

test.each(Object.entries(catalogues))(
  'every message of %s with plural forms is counted, and has the forms its language needs',
  (language, catalogue) => {
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    const counted = Object.entries(catalogue).filter(([, message]) => typeof message !== 'string');
    expect(counted.length).toBeGreaterThan(5);
    for (const [key, message] of counted) {
      expect(Object.keys(message).sort(), key).toEqual([...forms].sort());
      for (const text of Object.values(message)) expect(gaps(text), key).toEqual(gaps(message));
      expect(gaps(message), key).toContain('count');
      expect(typeof (en as Record<string, Message>)[key], key).toBe('object');
    }
  },
);

test('every reason the rules give has a text with the same gaps', () => {
  for (const [reason, text] of Object.entries(traceTexts)) {
    const message = (en as Record<string, Message>)[`trace.${reason}`];
    expect(message, reason).toBeDefined();
    expect(gaps(message ?? ''), reason).toEqual(gaps(text));
  }
});

test('every error code has a text', () => {
  const missing = Object.keys(errorCodes).filter((each) => !Object.hasOwn(en, `error.${each}`));
  expect(missing).toEqual([]);
});

test('every reason by which a call can end has a text', () => {
  const telephony = readFileSync(join(root, 'src/telephony/termination-map.ts'), 'utf8');
  const rows = telephony.slice(telephony.indexOf('const rows'), telephony.indexOf('satisfies'));
  const ofLegs = [...rows.matchAll(/^ {2}'?([a-z-]+)'?: \{/gm)].map((match) => match[1] ?? '');
  const ofRules = sourcesOf(['src/call-control', 'src/domain', 'src/appliance'])
    .flatMap((text) => [...text.matchAll(/\breason: (?:\w+ \? '([a-z-]+)' : )?'([a-z-]+)'/g)])
    .flatMap((match) => [match[1], match[2]])
    .filter((reason) => reason !== undefined);
  expect(ofLegs.length).toBeGreaterThan(15);
  const missing = [...ofLegs, ...ofRules].filter((reason) => !Object.hasOwn(en, `termination.${reason}`));
  expect([...new Set(missing)]).toEqual([]);
});

test('every reason that call control adds to a trace has a text', () => {
  const codes = sourcesOf(['src/call-control', 'src/appliance', 'src/telephony'])
    .flatMap((text) => [...text.matchAll(/\.trace\(([^,)]*)/g)].map((match) => match[1] ?? ''))
    .flatMap((first) => [...first.matchAll(/'([a-z][a-z.-]*)'/g)].map((match) => match[1] ?? ''));
  expect(codes.length).toBeGreaterThan(5);
  const missing = codes.filter((each) => !Object.hasOwn(en, `trace.${each}`));
  expect([...new Set(missing)]).toEqual([]);
});

test('every built-in prompt has a name', () => {
  const missing = [...builtInPrompts('en').keys()].filter(
    (promptId) => !/^position-\d+$/.test(promptId) && !Object.hasOwn(en, `prompt.${promptId}`),
  );
  expect(missing).toEqual([]);
});

function sourcesOf(folders: string[]): string[] {
  return folders.flatMap((folder) => sources(join(root, folder)).map((path) => readFileSync(path, 'utf8')));
}
