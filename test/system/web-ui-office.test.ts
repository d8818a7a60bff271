/** The office's own pages in a real browser: hours and night button, the tester, menus, the log. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { UiVisitor } from '../support/ui-visitor.ts';

let visitor: UiVisitor;
const visit = (path: string): Promise<Page> => visitor.visit(path, { user: 'admin' });

beforeAll(async () => {
  visitor = await UiVisitor.start();
});
afterAll(() => visitor?.stop());
afterEach(async () => {
  await visitor.leave();
  expect(visitor.takeFaults()).toEqual([]);
});

test('a holiday is added to the hours, and the night button closes the office for everybody to see', async () => {
  const page = await visit('/hours/office');
  await page.getByRole('button', { name: 'Add a day' }).click();
  const days = page.locator('.special-day');
  await days.last().getByLabel('Name').fill('Midsummer');
  await days.last().getByLabel('First day').fill('2027-06-24');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Office is saved.').waitFor();
  expect(visitor.fixture.ports.settings.current.schedules[0]?.days.at(-1)).toMatchObject({
    name: 'Midsummer',
    from: '2027-06-24',
    windows: [],
  });
  const now = page.getByRole('main');
  await now.getByRole('button', { name: 'Close now' }).click();
  await page.getByText('Night mode: closed').waitFor();
  await now.getByText('Closed by the night button', { exact: true }).waitFor();
  await now.getByRole('button', { name: 'Follow the opening hours' }).click();
  await now.getByText('The office follows its opening hours.').waitFor();
});

test('the tester says where a call goes, at an hour when it is open and at one when it is closed', async () => {
  const page = await visit('/call-test');
  await page.getByLabel('Number dialled').fill('3615550100');
  await page.getByLabel('When').fill('2026-11-25T11:00');
  await page.getByRole('button', { name: 'What happens' }).click();
  await page.getByText('Key 1:').waitFor();
  await page.getByText('Office: open until 17:00').waitFor();
  await page.getByLabel('When').fill('2026-11-28T11:00');
  await page.getByRole('button', { name: 'What happens' }).click();
  await page.getByText('Announcement: Office closed').waitFor();
});

test('a menu shows what is wrong with it before it is saved, and is tried out with its own keys', async () => {
  const page = await visit('/ivr/welcome');
  await page.getByText('Nothing is wrong with this menu.').waitFor();
  await page.getByLabel('Otherwise').selectOption('hang-up');
  await page.getByText('Who chooses nothing is hung up on.').waitFor();
  await page.getByRole('button', { name: 'Call this menu' }).click();
  await page.getByText('Plays: Greeting').first().waitFor();
  await page.getByRole('button', { name: '2', exact: true }).click();
  await page.locator('.dry-log').getByText('Queue Support').waitFor();
  await page.getByRole('button', { name: 'Discard changes' }).click();
});

test('the log is filtered by level', async () => {
  const page = await visit('/system/log');
  await page.getByText('the panel does not answer').waitFor();
  await page.getByLabel('Follow').uncheck();
  expect(await page.getByRole('link', { name: 'Download' }).getAttribute('href')).toMatch(/log\.jsonl$/);
});
