/** A browser leg with a real browser, a real mediasoup worker and a plain UDP peer in place of the edge. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../src/base/log.ts';
import { MediasoupWebLegs } from '../../src/media-engine/web/mediasoup-web-legs.ts';
import { launchChromium } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';
import { level, sine, toneShare, writeWav } from '../support/sound.ts';
import { UdpEdge, type UdpEdgeLeg } from '../support/udp-edge.ts';
import type { WebLegProbe } from '../support/web-leg-page.ts';
import { WebLegSite } from '../support/web-leg-site.ts';
import { requireWorkerBin } from '../support/worker-bin.ts';

declare const probe: WebLegProbe;

const edgeToneHz = 600;
const microphoneToneHz = 1000;

let dir: string;
let browser: Browser;
let edge: UdpEdge;
let legs: MediasoupWebLegs;
let site: WebLegSite;
let page: Page;
let closed: [string, string][];

beforeAll(async () => {
  requireWorkerBin();
  dir = mkdtempSync(join(tmpdir(), 'web-leg-'));
  const microphoneFile = join(dir, 'microphone.wav');
  writeWav(microphoneFile, sine(microphoneToneHz, 4000, 0.3));
  browser = await launchChromium({ microphoneFile });
});
afterAll(async () => {
  await browser.close();
  rmSync(dir, { recursive: true, force: true });
});

beforeEach(async () => {
  edge = new UdpEdge(edgeToneHz);
  legs = new MediasoupWebLegs({ edge, bind: ['0.0.0.0'], webrtcPort: 22_000, log: silentLogger });
  closed = [];
  legs.events.on('closed', (legId, reason) => closed.push([legId, reason]));
  await legs.start();
  site = new WebLegSite(legs);
  await site.start();
  page = await browser.newPage();
  await page.goto(site.url);
});
afterEach(async () => {
  await page.close();
  await site.stop();
  await legs.stop();
  expect(legs.stats()).toEqual({ webTransports: 0, workerPids: [] });
  expect(edge.legs.size).toBe(0);
});

async function startLeg(at: Page): Promise<{ legId: string; edgeLeg: UdpEdgeLeg }> {
  const result = await at.evaluate(() => probe.start());
  if ('code' in result) throw new Error(`${result.code}: ${result.message}`);
  const edgeLeg = edge.legs.get(result.legId);
  if (!edgeLeg) throw new Error('no edge leg');
  return { legId: result.legId, edgeLeg };
}

describe('a browser leg', () => {
  it('carries both directions as PCMU in 20 ms packets, and loses none', async () => {
    const { edgeLeg } = await startLeg(page);
    await eventually('two seconds of the browser', () => edgeLeg.heard.length >= 150);

    const heard = edgeLeg.heard.slice();
    expect(new Set(heard.map(({ payloadType }) => payloadType))).toEqual(new Set([0]));
    expect(new Set(heard.map(({ payload }) => payload.length))).toEqual(new Set([160]));
    expect(new Set(heard.map(({ ssrc }) => ssrc)).size).toBe(1);
    const first = heard[0];
    heard.forEach((packet, index) => {
      expect((packet.sequence - (first?.sequence ?? 0)) & 0xffff).toBe(index);
      expect((packet.timestamp - (first?.timestamp ?? 0)) >>> 0).toBe(index * 160);
    });
    const samples = edgeLeg.samples(1000);
    expect(toneShare(samples, microphoneToneHz)).toBeGreaterThan(0.95);
    expect(level(samples)).toBeGreaterThan(0.05);

    const ear = await eventually('the browser hears the tone', async () => {
      const now = await page.evaluate(() => probe.ear());
      return now.levelDb > -40 && now;
    });
    expect(Math.abs(ear.frequencyHz - edgeToneHz)).toBeLessThan(10);
    expect(edgeLeg.rtcpReceived).toBeGreaterThan(0);

    const levels = await page.evaluate(() => probe.levels());
    expect(levels?.microphone).toBeGreaterThan(0.5);
    expect(levels?.peer).toBeGreaterThan(0.5);
    expect(legs.stats().webTransports).toBe(2);
  });

  it('comes over TCP on the same port where UDP is blocked', async () => {
    site.onlyProtocol = 'tcp';
    const { edgeLeg } = await startLeg(page);
    await eventually('the microphone', () => toneShare(edgeLeg.samples(500), microphoneToneHz) > 0.95);
    await eventually('the browser hears the tone', async () => {
      const { frequencyHz, levelDb } = await page.evaluate(() => probe.ear());
      return levelDb > -40 && Math.abs(frequencyHz - edgeToneHz) < 10;
    });
  });

  it('sends silence while it is muted, and its microphone again afterwards', async () => {
    const { edgeLeg } = await startLeg(page);
    await eventually('the microphone', () => level(edgeLeg.samples(200)) > 0.05);
    await page.evaluate(() => probe.mute(true));
    const before = edgeLeg.heard.length;
    await eventually(
      'silence',
      () => edgeLeg.heard.length > before + 25 && level(edgeLeg.samples(200)) < 0.001,
    );
    expect((await page.evaluate(() => probe.levels()))?.microphone).toBe(0);
    await page.evaluate(() => probe.mute(false));
    await eventually('the microphone again', () => toneShare(edgeLeg.samples(200), microphoneToneHz) > 0.9);
  });

  it.each([
    ['the page closes it', () => page.evaluate(() => probe.close())],
    ['the page is left', () => page.goto('about:blank')],
  ])('is told as closed, once and at once, when %s', async (_how, act) => {
    const { legId } = await startLeg(page);
    await act();
    await eventually('closed is told', () => closed.length > 0, 3000);
    expect(closed).toEqual([[legId, 'the browser closed the connection']]);
    expect(legs.stats().webTransports).toBe(0);
    await legs.close(legId);
    expect(edge.legs.size).toBe(0);
  });

  it('a browser or a box that vanishes without a word is noticed by the other within 30 seconds', async () => {
    const crashing = await browser.newPage();
    await crashing.goto(site.url);
    const { legId: crashed } = await startLeg(crashing);
    const { legId: ended } = await startLeg(page);
    const session = await crashing.context().newCDPSession(crashing);
    session.send('Page.crash').catch(() => undefined); // it cannot answer any more
    await legs.close(ended);

    await eventually('the box knows', () => closed.length > 0, 30_000);
    expect(closed).toEqual([[crashed, 'the browser is no longer reachable (ICE)']]);
    const told = async (): Promise<string[]> => page.evaluate(() => probe.ended());
    await eventually('the page knows', async () => (await told()).length > 0, 30_000);
    expect(await told()).toEqual(['connection-failed']);
    await crashing.close();
  });

  it('tells the page which thing is wrong: no microphone, no permission, no box', async () => {
    const failWith = async (name: string): Promise<unknown> => {
      await page.evaluate((errorName) => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('refused', errorName));
      }, name);
      const result = await page.evaluate(() => probe.start());
      return 'code' in result && result.code;
    };
    expect(await failWith('NotAllowedError')).toBe('microphone-denied');
    expect(await failWith('NotFoundError')).toBe('microphone-missing');
    expect(await failWith('NotReadableError')).toBe('microphone-failed');

    await page.reload();
    await legs.stop();
    const result = await page.evaluate(() => probe.start());
    expect(result).toMatchObject({ code: 'signalling-failed' });
    expect(await page.evaluate(() => probe.state())).toBe('ended');
  });
});
