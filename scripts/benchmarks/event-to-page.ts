/**
 * A caller's INVITE at the socket -> the live page in Chromium shows the caller. Both ends read the machine's clock;
 * the page's end is the change of its document.
 */
import type { Page } from 'playwright-core';
import { launchChromium } from '../../test/support/chromium.ts';
import { eventually } from '../../test/support/eventually.ts';
import { adminPassword, Instance } from '../../test/support/instance.ts';
import { carrierAddress, office } from '../../test/support/office.ts';
import { WirePhone } from '../../test/support/wire-phone.ts';
import { type Figure, percentile } from './figure.ts';
import { WireCall, wireSdp } from './wire-call.ts';

/** The code that runs is compiled by then. */
const warmUp = 20;

export async function measureEventToPage(times: number): Promise<Figure[]> {
  const settings = office(5060, (made) => {
    for (const trunk of made.trunks) trunk.inbound = { kind: 'queue', queueId: 'sales' };
  });
  const box = await Instance.start({ settings, env: { CORDBOARD_LOG: 'warn' } });
  const caller = await WirePhone.open({ number: 'c', secret: '', server: box.sip, address: carrierAddress });
  caller.onRequest = (request) => {
    if (!request.startLine.startsWith('ACK')) caller.respond(request, '200 OK');
  };
  const browser = await launchChromium();
  const samplesMs: number[] = [];
  try {
    await box.login();
    const page = await livePage(await browser.newPage({ ignoreHTTPSErrors: true }), box);
    for (let i = 0; i < warmUp + times; i++) {
      const number = `+3630${1_000_000 + i}`;
      const shown = seenAt(page, number);
      const call = new WireCall(caller, box.sip, number);
      caller.onResponse = (response) => {
        if (call.isAnsweredBy(response)) caller.send(call.request('ACK', 1));
      };
      await page.evaluate(() => undefined); // it watches by now
      const askedAt = performance.timeOrigin + performance.now();
      caller.send(call.request('INVITE', 1, wireSdp));
      const tookMs = (await shown) - askedAt;
      if (i >= warmUp) samplesMs.push(tookMs);
      await eventually('the caller waits', async () => (await box.live()).calls[0]?.phase === 'queued');
      caller.send(call.request('BYE', 2));
      await eventually('the caller is gone', async () => (await box.live()).calls.length === 0);
      await page.waitForFunction((text) => !document.body.textContent?.includes(text), number);
    }
    return [
      {
        what: 'event on the wire → live page changed in the browser, p99',
        measured: percentile(samplesMs, 0.99),
        unit: 'ms',
        budget: 200,
        ambition: 50,
        bound: 'most',
        note: `p50 ${percentile(samplesMs, 0.5).toFixed(1)} ms of ${samplesMs.length}`,
      },
    ];
  } finally {
    await browser.close();
    caller.close();
    await box.stop();
  }
}

async function livePage(page: Page, box: Instance): Promise<Page> {
  await page.request.post(`${box.url}/api/v1/login`, {
    data: { userName: 'admin', password: adminPassword },
    headers: { origin: box.url },
  });
  await page.goto(box.url);
  await page.waitForSelector('.live');
  return page;
}

/** When the text stands in the document, ms since the epoch. */
function seenAt(page: Page, text: string): Promise<number> {
  return page.evaluate(
    (wanted) =>
      new Promise<number>((resolve) => {
        const observer = new MutationObserver(() => {
          if (!document.body.textContent?.includes(wanted)) return;
          observer.disconnect();
          resolve(performance.timeOrigin + performance.now());
        });
        observer.observe(document.body, { childList: true, characterData: true, subtree: true });
      }),
    text,
  );
}
