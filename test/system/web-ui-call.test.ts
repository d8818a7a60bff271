/** Calls made and followed on the pages, with the whole product and real phones. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { launchChromium } from '../support/chromium.ts';
import { freePorts } from '../support/free-ports.ts';
import { adminPassword, Instance } from '../support/instance.ts';
import { carrierAddress, office, secrets } from '../support/office.ts';

/** Polling that outlasts a busy machine. */
const patience = { timeout: 15_000 };

describe('calls on the pages', () => {
  let box: Instance;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const phones: Baresip[] = [];
  const faults: string[] = [];

  const start = async (options: Parameters<typeof Baresip.start>[0]): Promise<Baresip> => {
    const phone = await Baresip.start(options);
    phones.push(phone);
    return phone;
  };
  const anna = (): Promise<Baresip> =>
    start({ user: '101', server: box.sip, password: secrets['101'], toneHz: 700 });
  const place = (name: string): Promise<void> =>
    page.getByRole('navigation').getByRole('link', { name, exact: true }).click();

  /** Nobody answers at the carrier's port: the box would ask it again before the last question has timed out. */
  const switchOff = async (trunkId: string): Promise<void> => {
    await box.login();
    const { hasSecret: _, ...trunk } = (await box.api('GET', `/trunks/${trunkId}`)).json;
    const answer = await box.api('PUT', `/trunks/${trunkId}`, { ...trunk, enabled: false });
    expect(answer.status).toBe(200);
  };

  beforeAll(async () => {
    box = await Instance.start({ settings: office(await freePorts(2)) });
    browser = await launchChromium();
    context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-GB' });
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(`${page.url()} ${message.text()}`);
    });
    page.on('pageerror', (error) => faults.push(`${page.url()} ${error.message}`));
    await page.goto(box.url);
    await page.getByLabel('Name').fill('admin');
    await page.getByLabel('Password').fill(adminPassword);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Live', level: 1 }).waitFor();
    // The first look at /session before signing in is no error; anything said before here is.
    expect(faults).toEqual([]);
  });
  afterEach(async () => {
    for (const phone of phones.splice(0)) await phone.stop();
    await box.assertIdle();
    expect(faults.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    if (box) await switchOff('carrier');
    await box?.assertNothingLeft();
    await box?.stop();
  });

  it('call from this browser: menu, key, agent; the page follows, plays the recording and shows why', async () => {
    const phone = await anna();
    await place('Call from here');
    await page.getByLabel('Menus, queues, extensions').selectOption('500');
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await page.getByText('In the menu').waitFor();
    await page.getByRole('button', { name: '1', exact: true }).click();
    await phone.waitFor('CALL_INCOMING');
    await page.getByText('Agent’s phone rings').waitFor();
    phone.accept();
    await page.getByText('Talking').waitFor();

    await place('Live');
    const calls = page.getByRole('region', { name: 'Calls now' });
    await calls.getByText('Sales · Anna').waitFor();
    // Long enough for a recording with something in it; the agent then hangs up, and the page sees it.
    await expect.poll(() => calls.locator('.elapsed').first().textContent(), patience).toBe('0:02');
    phone.hangUp();
    await calls.getByText('No calls at the moment').waitFor();
    await place('Call from here');
    await page.getByRole('button', { name: 'Call', exact: true }).waitFor();

    await place('Calls');
    await page.locator('tbody tr a').first().click();
    await page.getByText('The caller pressed 1 in Main menu').waitFor();
    await page.getByText(/^Anna answered after \d+ s of ringing/).waitFor();
    // The recording of this call is drawn and heard, and its place is led by the keys.
    const wave = page.getByRole('slider', { name: 'Recording' });
    await expect.poll(() => wave.locator('path').first().getAttribute('d'), patience).toMatch(/^M.{100}/);
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    const audio = page.locator('audio');
    await expect
      .poll(() => audio.evaluate((element: HTMLAudioElement) => element.currentTime), patience)
      .toBeGreaterThan(0.3);
    await wave.press('Home');
    await wave.press('End');
    await expect
      .poll(async () => [await wave.getAttribute('aria-valuenow'), await wave.getAttribute('aria-valuemax')])
      .toEqual(expect.arrayContaining([await wave.getAttribute('aria-valuemax')]));
    await page.getByRole('button', { name: /Talking, Anna, / }).waitFor();
    await page.getByRole('tab', { name: 'SIP messages' }).click();
    await page
      .getByRole('button', { name: /^INVITE/ })
      .first()
      .waitFor();
  });

  it('click to call: the phone rings first, and hanging up on the page ends the call', async () => {
    const phone = await anna();
    const other = await start({ user: '103', server: box.sip, password: secrets['103'], toneHz: 900 });
    await place('Live');
    await page.getByLabel('With the phone of').selectOption('anna');
    await page.getByLabel('Number to call').fill('103');
    await page.getByRole('button', { name: 'Call', exact: true }).click();
    await page.getByText('Your phone rings now').waitFor();
    await phone.waitFor('CALL_INCOMING');
    phone.accept();
    await other.waitFor('CALL_INCOMING');
    other.accept();
    const calls = page.getByRole('region', { name: 'Calls now' });
    await calls.getByText('Talking').waitFor();
    await calls.getByRole('button', { name: 'Hang up' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Hang up' }).click();
    await calls.getByText('No calls at the moment').waitFor();
  });

  it('a phone appears as registered with what it is, and a caller from the trunk shows with the number', async () => {
    const phone = await anna();
    // The place opens at its first list, which is this.
    await place('Phones and lines');
    await page.getByRole('link', { name: '101', exact: true }).click();
    await page
      .getByText(/baresip/i)
      .first()
      .waitFor();
    await place('Live');
    const caller = await start({
      user: '+36301112233',
      server: box.sip,
      toneHz: 500,
      register: false,
      address: carrierAddress,
    });
    caller.dial('3612345678');
    const calls = page.getByRole('region', { name: 'Calls now' });
    await calls.getByText('+36301112233').waitFor();
    await calls.getByText('In the menu').waitFor();
    caller.hangUp();
    await calls.getByText('No calls at the moment').waitFor();
    expect(phone.events.some((event) => event.type === 'CALL_INCOMING')).toBe(false);
  });
});
