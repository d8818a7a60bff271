/** The pages in a real browser, over the real API with an office in memory. */
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { fixturePassword, fixtureSettings } from '../support/ui-fixture-office.ts';
import { startUiFixture, type UiFixture } from '../support/ui-fixture-server.ts';
import { settled, UiVisitor, type Visit } from '../support/ui-visitor.ts';

/** Polling that outlasts a busy machine. */
const patience = { timeout: 15_000 };
let visitor: UiVisitor;
let fixture: UiFixture;
const visit = (path: string, options?: Visit): Promise<Page> => visitor.visit(path, options);

beforeAll(async () => {
  visitor = await UiVisitor.start();
  fixture = visitor.fixture;
});

afterAll(() => visitor?.stop());

afterEach(async () => {
  await visitor.leave();
  expect(visitor.takeFaults()).toEqual([]);
});

test('the first visitor claims the box with the code, starts the sample office and sees a SIP secret once', async () => {
  const fresh = await startUiFixture({ office: 'unclaimed', uiDirectory: visitor.uiDirectory });
  try {
    const page = await visit('/', { at: fresh, expected: /40[01]|42[29]/ });
    await page.getByLabel('Claim code').fill('not-the-code');
    await page.getByLabel('Password').fill('short');
    expect(await page.getByText('5 characters are missing').isVisible()).toBe(true);
    await page.getByLabel('Password').fill('several plain words');
    await page.getByRole('button', { name: 'Set up' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Claim code').fill(fresh.claimCode() ?? '');
    await page.getByRole('button', { name: 'Set up' }).click();
    await page.getByRole('button', { name: 'Start with a sample office' }).click();
    await page.getByRole('table').waitFor();
    expect(await page.locator('tbody tr').count()).toBe(3);
    await page.locator('tbody tr a').first().click();
    const extension = fresh.ports.settings.revealed.extensions[0];
    await page.getByRole('button', { name: 'Show SIP secret' }).click();
    await page.getByText(extension?.secret ?? 'no secret').waitFor();
    await page.getByRole('button', { name: 'Hide' }).click();
    expect(await page.content()).not.toContain(extension?.secret);
  } finally {
    await visitor.leave();
    await fresh.stop();
  }
});

test('a wrong password is refused in words; the right one leads to the page first asked for', async () => {
  const page = await visit('/queues', { expected: /401/ });
  await page.getByLabel('Name').fill('admin');
  await page.getByLabel('Password').fill('wrong');
  await page.keyboard.press('Enter');
  await page.getByText('Wrong name, password or code.').waitFor();
  await page.getByLabel('Password').fill(fixturePassword);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Queues', level: 1 }).waitFor();
});

test('the live page moves without reload, and follows again by itself after the box was restarted', async () => {
  const own = await startUiFixture({ uiDirectory: visitor.uiDirectory });
  try {
    const page = await visit('/', { at: own, user: 'admin', expected: /ERR_|50[0-9]/ });
    const calls = page.getByRole('region', { name: 'Calls now' });
    await calls.getByText('+36701112221').waitFor();
    await page.evaluate(() => document.body.setAttribute('data-same-page', 'yes'));
    const live = own.ports.live.snapshot();
    own.ports.live.set({ calls: live.calls.filter((call) => call.callId !== 'live-wait-1') });
    await calls.getByText('+36701112221').waitFor({ state: 'detached' });

    await own.restart();
    await page.getByText('Connection to the box lost').waitFor();
    await page.getByText('Connection to the box lost').waitFor({ state: 'detached' });
    own.ports.live.set({ calls: [] });
    await calls.getByText('No calls at the moment').waitFor();
    expect(await page.locator('body').getAttribute('data-same-page')).toBe('yes');
  } finally {
    await visitor.leave();
    await own.stop();
  }
});

test('a refused value is named beside its field and on top, and what was typed stays', async () => {
  const page = await visit('/extensions/new', { user: 'admin', expected: /400|422/ });
  await page.getByLabel('Number').fill('101');
  await page.getByLabel('Name', { exact: true }).fill('Doublet');
  await page.getByRole('button', { name: 'Save' }).click();
  const summary = page.locator('.error-summary');
  await summary.waitFor();
  expect(await summary.evaluate((element) => element === document.activeElement)).toBe(true);
  await expect.poll(() => page.getByLabel('Number').getAttribute('aria-invalid'), patience).toBe('true');
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Doublet');
});

test('the save bar appears with the first change, and leaving asks before changes are lost', async () => {
  const page = await visit('/queues/support', { user: 'admin' });
  const name = page.getByLabel('Name', { exact: true });
  await name.waitFor();
  expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0);
  await name.fill('Help desk');
  await page.getByRole('button', { name: 'Save' }).waitFor();
  await page.getByRole('link', { name: 'Panel', exact: true }).click();
  await page.getByRole('dialog').getByText('Leave without saving?').waitFor();
  await page.keyboard.press('Escape');
  expect(await name.inputValue()).toBe('Help desk');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Help desk is saved.').waitFor();
  expect(fixture.ports.settings.current.queues[1]?.name).toBe('Help desk');
  expect(await page.getByRole('button', { name: 'Save' }).count()).toBe(0);
});

test('the browser’s way back asks too before changes are lost', async () => {
  const page = await visit('/queues', { user: 'admin' });
  await page.getByRole('link', { name: 'Sales' }).click();
  const name = page.getByLabel('Name', { exact: true });
  await name.fill('Not yet');
  await page.goBack();
  await page.getByRole('dialog').getByText('Leave without saving?').waitFor();
  await page.keyboard.press('Escape');
  expect(await name.inputValue()).toBe('Not yet');
  expect(new URL(page.url()).pathname).toBe('/queues/sales');
  await page.goBack();
  await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
  await name.waitFor({ state: 'detached' });
  expect(new URL(page.url()).pathname).toBe('/queues');
});

test('deleting asks once and names the thing; what is still used stays and says by whom', async () => {
  const page = await visit('/extensions/anna', { user: 'admin', expected: /409/ });
  await page.getByRole('button', { name: 'Delete 101, Anna Kovács' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Delete 101, Anna Kovács?').waitFor();
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByText(/still used by/).waitFor();
  expect(fixture.ports.settings.current.extensions.some((each) => each.id === 'anna')).toBe(true);
});

test('what was deleted comes back by Undo with its secret, unless something else was changed since', async () => {
  const page = await visit('/trunks/carrier', { user: 'admin' });
  const secret = fixture.ports.settings.current.trunks.find((each) => each.id === 'carrier')?.secret;
  const remove = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Delete City Telecom' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('City Telecom is deleted.').waitFor();
  };
  const carrier = () => fixture.ports.settings.current.trunks.find((each) => each.id === 'carrier');
  await remove();
  expect(carrier()).toBeUndefined();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('It is as it was before.').waitFor();
  expect(carrier()?.secret).toBe(secret);
  await page.getByRole('button', { name: 'Delete City Telecom' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/trunks/carrier');

  await remove();
  const office = fixture.ports.settings.current;
  await fixture.ports.settings.update((settings) => settings, { who: 'somebody else' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Something else was changed meanwhile').waitFor();
  expect(carrier()).toBeUndefined();
  await fixture.ports.settings.update(() => ({ ...office, trunks: fixtureSettings().trunks }), {
    who: 'test',
  });
});

test('a call tells why in plain words, plays its recording and opens its SIP messages', async () => {
  const page = await visit('/calls/past-0', { user: 'admin' });
  await page.getByText('Ben Harper did not answer within the ring time').waitFor();
  await page.getByText('queue.of-tomorrow').waitFor();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  const audio = page.locator('audio');
  await expect
    .poll(() => audio.evaluate((element: HTMLAudioElement) => element.currentTime), patience)
    .toBeGreaterThan(0.1);
  await page.getByRole('tab', { name: 'Parties and sound' }).click();
  await page.getByText('4.4, good').waitFor();
  await page.keyboard.press('ArrowRight');
  const invite = page.getByRole('button', { name: /^INVITE/ });
  await invite.click();
  await page.getByText('Call-ID: c1@carrier').first().waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download as pcap' }).click(),
  ]);
  expect(await download.failure()).toBeNull();
});

test('an agent sees their own status and calls, and none of the settings', async () => {
  const page = await visit('/', { user: 'anna' });
  const places = page.getByRole('navigation', { name: 'Pages' });
  await places.waitFor();
  expect(await places.getByRole('link').allTextContents()).toEqual([
    'My desk',
    'Live',
    'Calls',
    'Call from here',
  ]);
  const status = page.locator('.strip').getByLabel('Status of Anna Kovács');
  await status.selectOption('on-break lunch');
  await expect
    .poll(
      () => fixture.ports.live.snapshot().agents.find((each) => each.agentId === 'anna')?.status,
      patience,
    )
    .toBe('on-break');
  await page.goto(`${fixture.url}/trunks`);
  await page.getByText('There is no such page').waitFor();
});

test('by keyboard alone one reaches a page, opens an item and closes it', async () => {
  const page = await visit('/extensions', { user: 'admin' });
  await page.locator('tbody tr').first().waitFor();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the page');
  await page.keyboard.press('Enter');
  // The pages of this place, what can be added, and one stop for the whole list.
  for (const stop of [
    'Extensions',
    'Trunks',
    'Numbers',
    'Opening hours',
    'Try a call',
    'Import',
    'Add extension',
    'Number',
    'Name',
    'Phone',
    '101',
  ]) {
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(stop);
  }
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Show SIP secret' }).waitFor();
  expect(new URL(page.url()).pathname).toBe('/extensions/ben');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Show SIP secret' }).waitFor({ state: 'detached' });
  expect(new URL(page.url()).pathname).toBe('/extensions');
});

test('Ctrl-K finds pages, people, settings and calls, and goes there by keyboard alone', async () => {
  const page = await visit('/', { user: 'admin' });
  await settled(page);
  const find = async (words: string, first: string): Promise<void> => {
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: 'Find' });
    await field.waitFor();
    await page.keyboard.type(words);
    await page.getByRole('option').first().getByText(first).waitFor();
    await page.keyboard.press('Enter');
    await field.waitFor({ state: 'detached' });
  };
  await find('kovacs', '101 Anna Kovács');
  await page.waitForURL('**/extensions/anna');
  await find('time zone', 'Time zone');
  await page.waitForURL('**/system/settings');
  await find('carrier.exa', 'City Telecom');
  await page.waitForURL('**/trunks/carrier');
  // The box is asked for calls of the past.
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find' }).fill('3612345678');
  await page.getByRole('option', { name: '101 → +3612345678' }).first().click();
  await page.waitForURL('**/calls/past-*');
});

test('single keys work outside of fields, are listed by the question mark, and can be switched off', async () => {
  const page = await visit('/', { user: 'admin' });
  await settled(page);
  await page.keyboard.press('g');
  await page.keyboard.press('q');
  await page.getByRole('heading', { name: 'Queues', level: 1 }).waitFor();
  await page.locator('tbody tr').first().waitFor();
  await page.keyboard.press('n');
  await page.getByLabel('Name', { exact: true }).fill('g?');
  await page.getByRole('button', { name: 'Discard changes' }).click();
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  const list = page.getByRole('dialog', { name: 'Keys' });
  await list.getByText('Find anything').waitFor();
  await list.getByLabel('Single keys do something').uncheck();
  await page.keyboard.press('Escape');
  await list.waitFor({ state: 'detached' });
  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await page.keyboard.press('?');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: 'Find' }).waitFor();
  expect(await list.count()).toBe(0);
  expect(new URL(page.url()).pathname).toBe('/queues');
});

test('with reduced motion asked for, no lamp moves', async () => {
  const page = await visit('/panel', { user: 'admin' });
  await settled(page);
  const moving = (): Promise<number> => page.evaluate(() => document.getAnimations().length);
  expect(await moving()).toBeGreaterThan(0);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expect.poll(moving, patience).toBe(0);
});

test('the keypad types by keyboard, and a call that the browser cannot make is explained', async () => {
  const page = await visit('/softphone', { user: 'admin' });
  await page.getByRole('heading', { name: 'Keypad' }).click();
  await page.keyboard.type('400#');
  await expect.poll(() => page.getByLabel('Number', { exact: true }).inputValue(), patience).toBe('400#');
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException('refused by the test', 'NotAllowedError'));
  });
  await page.getByLabel('Number', { exact: true }).fill('400');
  await page.getByRole('button', { name: 'Call', exact: true }).click();
  await page.getByText('The microphone was not allowed').waitFor();
  await page.getByText('allow the microphone for this page').waitFor();
});
