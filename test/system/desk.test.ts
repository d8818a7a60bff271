/** The agent's desk with the whole product and real phones: from the first ring to the end of the work after the call. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { type Carrier, openCarrier } from '../support/carrier.ts';
import { launchChromium } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';
import { Instance } from '../support/instance.ts';
import { carrierAddress, office, secrets } from '../support/office.ts';

const password = 'battery staple';
const caller = '+36301112233';

describe('the agent’s desk', () => {
  let box: Instance;
  let carrier: Carrier;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let anna: Baresip;
  const phones: Baresip[] = [];

  const keep = async (phone: Promise<Baresip>): Promise<Baresip> => {
    phones.push(await phone);
    return phone;
  };
  const call = async (): Promise<Baresip> => {
    const phone = await keep(
      Baresip.start({
        user: caller,
        server: box.sip,
        toneHz: 500,
        register: false,
        address: carrierAddress,
      }),
    );
    phone.dial('1000');
    return phone;
  };
  const agent = async () => (await box.live()).agents.find((each) => each.agentId === 'anna');
  const card = () => page.getByRole('region', { name: 'The call' });

  beforeAll(async () => {
    carrier = await openCarrier();
    const settings = office(carrier.port, (made) => {
      made.numbers = [{ id: 'sales', number: '1000', destination: { kind: 'queue', queueId: 'sales' } }];
      made.queues = made.queues.map((queue) => ({
        ...queue,
        dispositionRequired: true,
        ringTimeoutMs: 60_000,
      }));
      made.desk = {
        dispositions: [
          { code: 'settled', name: 'Settled', kind: 'success' },
          { code: 'complaint', name: 'Complaint', kind: 'failure', needsNote: true },
        ],
        pauseReasons: [{ code: 'lunch', name: 'Lunch', paid: false }],
      };
    });
    box = await Instance.start({ settings });
    await box.login();
    const user = { name: 'anna', role: 'agent', agentId: 'anna', password };
    expect((await box.api('POST', '/users', user)).status).toBe(201);
    browser = await launchChromium();
    context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-GB' });
    page = await context.newPage();
    page.setDefaultTimeout(15_000);
    await page.goto(box.url);
    await page.getByLabel('Name').fill('anna');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    anna = await keep(Baresip.start({ user: '101', server: box.sip, password: secrets['101'], toneHz: 700 }));
  });
  afterAll(async () => {
    await browser?.close();
    for (const phone of phones.splice(0)) await phone.stop();
    await box?.assertNothingLeft();
    await box?.stop();
    carrier?.close();
  });

  it('is where an agent begins, and shows who calls before the phone is picked up', async () => {
    await page.getByRole('heading', { name: 'My desk', level: 1 }).waitFor();
    await page.getByText('No call at the moment').waitFor();
    await call();
    await anna.waitFor('CALL_INCOMING');
    await card().getByText('Your phone rings').waitFor();
    await card().getByText(caller).first().waitFor();
    await card().getByText('Sales').waitFor();
    await card().getByText('No earlier call with this number').waitFor();
    expect((await agent())?.state).toBe('offered');
  });

  it('keeps what is typed over a reload and a lost connection', async () => {
    anna.accept();
    await card().getByText('Talking').waitFor();
    const note = card().getByLabel('Note');
    await note.fill('Wants an offer');
    await page.reload();
    await expect
      .poll(() => card().getByLabel('Note').inputValue(), { timeout: 15_000 })
      .toBe('Wants an offer');
    await context.setOffline(true);
    await card().getByLabel('Note').fill('Wants an offer by Monday');
    await card().getByText('Kept in this browser').waitFor();
    await context.setOffline(false);
    await card().getByText('Saved', { exact: true }).waitFor();
    const callId = (await agent())?.callId ?? '';
    expect((await box.api('GET', `/calls/${callId}`)).json.notes).toMatchObject([
      { agentId: 'anna', text: 'Wants an offer by Monday' },
    ]);
  });

  it('lets the agent go on when it was said how the call ended, by key, and the call log has it', async () => {
    const callId = (await agent())?.callId ?? '';
    phones.at(-1)?.hangUp();
    await card().getByText('Choose how the call ended').waitFor();
    expect((await agent())?.wrapUp).toMatchObject({ needsDisposition: true });
    await page.getByRole('heading', { name: 'My desk', level: 1 }).click();
    await page.keyboard.press('d');
    await page.keyboard.press('1');
    await eventually('the wrap-up is over', async () => (await agent())?.state === 'waiting');
    await card().getByText('Last call').waitFor();
    expect((await box.api('GET', `/calls/${callId}`)).json).toMatchObject({
      phase: 'ended',
      agentId: 'anna',
      disposition: { agentId: 'anna', code: 'settled', label: 'Settled', kind: 'success' },
      notes: [{ text: 'Wants an offer by Monday' }],
    });
  });

  it('shows at the next call of this number what was before, and takes a break after it', async () => {
    const phone = await call();
    await anna.waitFor('CALL_INCOMING');
    const history = card().getByRole('region', { name: 'What was before' });
    await history.getByText('Wants an offer by Monday').waitFor();
    await history.getByText('Settled').waitFor();
    phone.hangUp();
    await eventually('the phone is quiet', async () => (await agent())?.state === 'waiting');
    await page.getByRole('button', { name: /^Break/ }).click();
    await page.getByRole('button', { name: /^Lunch/ }).click();
    await eventually('a break', async () => {
      const now = await agent();
      return now?.status === 'on-break' && now.reason === 'lunch';
    });
  });
});
