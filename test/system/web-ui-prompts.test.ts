/** Prompts made on the page with the whole product: words that sound different, a desk phone, and a caller's ear. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { launchChromium } from '../support/chromium.ts';
import { freePorts } from '../support/free-ports.ts';
import { adminPassword, Instance } from '../support/instance.ts';
import { office, secrets } from '../support/office.ts';

const patience = { timeout: 20_000 };
let box: Instance;
let browser: Browser;
let page: Page;
const faults: string[] = [];

beforeAll(async () => {
  box = await Instance.start({ settings: office(await freePorts(2)) });
  browser = await launchChromium();
  const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-GB' });
  // What a call brings to this browser is seen in the connection's own figures.
  await context.addInitScript(() => {
    const made: RTCPeerConnection[] = [];
    Object.assign(window, { connections: made });
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(...given: ConstructorParameters<typeof RTCPeerConnection>) {
        super(...given);
        made.push(this);
      }
    };
  });
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(box.url);
  await page.getByLabel('Name').fill('admin');
  await page.getByLabel('Password').fill(adminPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Live', level: 1 }).waitFor();
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(`${box.url}/prompts`);
  await page.getByLabel('Find').fill('greeting');
});
afterAll(async () => {
  await browser?.close();
  await box?.assertNothingLeft();
  await box?.stop();
  expect(faults).toEqual([]);
});

const soundOf = async (promptId: string): Promise<Buffer> => {
  const answer = await page.request.get(`${box.url}/api/v1/prompts/${promptId}/en`);
  return Buffer.from(await answer.body());
};

/** Energy of all that came to this browser by calls so far. */
const heardEnergy = (): Promise<number> =>
  page.evaluate(async () => {
    let energy = 0;
    for (const connection of (window as unknown as { connections: RTCPeerConnection[] }).connections)
      for (const report of (await connection.getStats()).values())
        if (report.type === 'inbound-rtp') energy = Math.max(energy, Number(report.totalAudioEnergy ?? 0));
    return energy;
  });

it('new words are heard before they are saved, sound different, and the built-in ones come back', async () => {
  const before = await soundOf('greeting');
  await page.getByRole('button', { name: /^Words of Greeting/ }).click();
  await page
    .getByLabel('What is said')
    .fill('Good morning. This is the harbour office. Press one for sales.');
  await page.getByRole('button', { name: 'Hear it' }).click();
  const preview = page.getByRole('dialog').locator('audio');
  await expect
    .poll(() => preview.evaluate((audio: HTMLAudioElement) => audio.duration), patience)
    .toBeGreaterThan(2);
  expect((await soundOf('greeting')).equals(before)).toBe(true);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('is saved; the next caller hears it').waitFor();
  const after = await soundOf('greeting');
  expect(after.equals(before)).toBe(false);
  expect(after.length).toBeGreaterThan(30_000);
  await page.getByText('Your words').waitFor();

  await page.getByRole('button', { name: 'As a caller hears it' }).click();
  await expect.poll(heardEnergy, patience).toBeGreaterThan(0.001);
  await page.getByRole('button', { name: 'Stop' }).click();
  await box.assertIdle();

  await page.getByRole('button', { name: 'Bring back' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Bring back' }).click();
  await page.getByText('is back').waitFor();
  expect((await soundOf('greeting')).equals(before)).toBe(true);
});

it('what is spoken into a desk phone is heard on the page, then kept', async () => {
  const phone = await Baresip.start({ user: '101', server: box.sip, password: secrets['101'], toneHz: 700 });
  const before = await soundOf('greeting');
  await page.getByRole('button', { name: /^Record Greeting/ }).click();
  await page.getByRole('button', { name: 'Ring the phone' }).click();
  await phone.waitFor('CALL_INCOMING');
  await page.getByText('The phone rings: pick it up').waitFor();
  phone.accept();
  await page.getByText('Speak after the tone').waitFor();
  // The box listens when it has said so and sounded the tone; a key before that would end nothing.
  const dialog = page.getByRole('dialog');
  await expect
    .poll(
      async () => {
        await phone.press('#');
        return dialog.getByText('Recorded. Hear it before you use it').isVisible();
      },
      { ...patience, interval: 2500 },
    )
    .toBe(true);
  await phone.waitFor('CALL_CLOSED');
  await dialog.getByRole('button', { name: 'Use this recording' }).click();
  await page.getByText('is replaced; the next caller hears it').waitFor();
  const kept = await soundOf('greeting');
  expect(kept.equals(before)).toBe(false);
  // A tone of 700 Hz crosses zero 1400 times a second: nothing but the phone makes that.
  const samples = new Int16Array(kept.buffer.slice(kept.byteOffset + 44, kept.byteOffset + kept.length));
  const middle = samples.subarray(samples.length >> 2, (samples.length >> 2) * 3);
  const crossings = middle.filter((sample, i) => i > 0 && sample >= 0 !== (middle[i - 1] ?? 0) >= 0).length;
  const hertz = crossings / (middle.length / 8000) / 2;
  expect(hertz).toBeGreaterThan(665);
  expect(hertz).toBeLessThan(735);
  await phone.stop();
  await box.assertIdle();
});
