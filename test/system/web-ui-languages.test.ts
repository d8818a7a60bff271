/** The pages in each language: which one is shown, what is loaded for it, and that its words fit. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { settled, tooWidePlaces, UiVisitor, type Visit } from '../support/ui-visitor.ts';

let visitor: UiVisitor;
const visit = (path: string, options?: Visit): Promise<Page> => visitor.visit(path, options);

beforeAll(async () => {
  visitor = await UiVisitor.start();
});

afterAll(() => visitor?.stop());

afterEach(async () => {
  await visitor.leave();
  expect(visitor.takeFaults()).toEqual([]);
});

test.each(['hu-HU', 'ru-RU', 'sk-SK', 'lt-LT', 'tr-TR'])(
  'in %s every page fits 360 and 1280 pixels, without a word in the console and without sideways scrolling',
  async (locale) => {
    const page = await visit('/', { locale, user: 'admin' });
    expect(await tooWidePlaces(page, visitor.fixture, [360, 1280])).toEqual([]);
  },
);

test('the language is the browser’s until another is chosen, which this browser keeps', async () => {
  const page = await visit('/', { user: 'admin', locale: 'hu-HU' });
  await page.getByRole('heading', { name: 'Élő', level: 1 }).waitFor();
  await page.locator('.strip .menu > summary').last().click();
  await page.getByLabel('Nyelv').selectOption('en');
  await page.getByRole('heading', { name: 'Live', level: 1 }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Live', level: 1 }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
});

test.each([
  ['ru-RU', 'Сейчас'],
  ['sk-SK', 'Práve teraz'],
  ['lt-LT', 'Dabar'],
  ['tr-TR', 'Canlı'],
])(
  'a browser that asks for %s is served that catalogue and no other, and may choose all six',
  async (locale, live) => {
    const page = await visit('/', { user: 'admin', locale });
    await page.getByRole('heading', { name: live, level: 1 }).waitFor();
    await settled(page);
    const catalogues = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .map((entry) => /\/assets\/([a-z]{2})-[^/]+\.js$/.exec(entry.name)?.[1])
        .filter((each) => each !== undefined),
    );
    expect(catalogues).toEqual([locale.slice(0, 2)]);
    expect(await page.locator('html').getAttribute('lang')).toBe(locale.slice(0, 2));
    await page.locator('.strip .menu > summary').last().click();
    expect(await page.locator('.menu select').first().locator('option').allTextContents()).toEqual([
      ...['English', 'Magyar', 'Русский', 'Slovenčina', 'Lietuvių', 'Türkçe'],
    ]);
  },
);

test('prompts are listed in the language of the office, and in another one when it is chosen', async () => {
  const page = await visit('/prompts', { user: 'admin', locale: 'ru-RU' });
  await page.getByText('Welcome.').waitFor();
  await page.getByLabel('Язык объявлений').selectOption('hu');
  await page.getByText('Üdvözöljük.').waitFor();
  expect(await page.getByText('Welcome.').count()).toBe(0);
});
