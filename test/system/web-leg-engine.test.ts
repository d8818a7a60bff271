/** Browser legs in the media engine as it runs: its own process, the RTP edge, a real browser and a telephone's RTP. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { ControlClient } from '../../src/base/control-socket.ts';
import type { MediaNotices, MediaOperations } from '../../src/codec/media-control.ts';
import { launchChromium } from '../support/chromium.ts';
import { eventually } from '../support/eventually.ts';
import { readWav, sine, toneShare, writeWav } from '../support/sound.ts';
import { createUdpLeg, type UdpEdgeLeg } from '../support/udp-edge.ts';
import { untilReady } from '../support/until-ready.ts';
import type { WebLegProbe } from '../support/web-leg-page.ts';
import { WebLegSite } from '../support/web-leg-site.ts';
import { requireWorkerBin } from '../support/worker-bin.ts';

declare const probe: WebLegProbe;

const microphoneToneHz = 1000;
const main = new URL('../../src/media-engine/main.ts', import.meta.url).pathname;

let dir: string;
let browser: Browser;
let engine: ChildProcess;
let media: ControlClient<MediaOperations, MediaNotices>;
let notices: { event: string; args: unknown }[];
let site: WebLegSite;
let page: Page;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'web-leg-engine-'));
  const microphoneFile = join(dir, 'microphone.wav');
  writeWav(microphoneFile, sine(microphoneToneHz, 4000, 0.3));
  browser = await launchChromium({ microphoneFile });
});
afterAll(async () => {
  await browser.close();
  rmSync(dir, { recursive: true, force: true });
});

beforeEach(async () => {
  engine = fork(main, {
    env: {
      ...process.env,
      MEDIASOUP_WORKER_BIN: requireWorkerBin(),
      CORDBOARD_DATA: dir,
      CORDBOARD_BIND: '127.0.0.1',
      CORDBOARD_RTP_PORTS: '22100-22199',
      CORDBOARD_WEBRTC_PORT: '22030',
      CORDBOARD_LOG: 'error',
    },
  });
  await untilReady(engine);
  media = new ControlClient({ path: join(dir, 'run/media.sock'), clock: systemClock });
  notices = [];
  media.events.on('notice', (event, args) => notices.push({ event, args }));
  media.start();
  await eventually('the engine answers', () => media.isUp);
  site = new WebLegSite({
    open: (args) => media.call('web.open', args),
    connect: (args) => media.call('web.connect', args),
    produce: (args) => media.call('web.produce', args),
    consume: (args) => media.call('web.consume', args),
  });
  await site.start();
  page = await browser.newPage();
  await page.goto(site.url);
});
afterEach(async () => {
  await page.close();
  await site.stop();
  const stats = await media.call('stats', {});
  media.stop();
  const ended = once(engine, 'exit');
  engine.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(stats).toMatchObject({ legs: 0, bridges: 0, players: 0, socketsBound: 0, webTransports: 0 });
});

async function startLeg(): Promise<string> {
  const result = await page.evaluate(() => probe.start());
  if ('code' in result) throw new Error(`${result.code}: ${result.message}`);
  return result.legId;
}

async function browserHears(frequencyHz: number): Promise<void> {
  await eventually(`the browser hears ${frequencyHz} Hz`, async () => {
    const ear = await page.evaluate(() => probe.ear());
    return ear.levelDb > -40 && Math.abs(ear.frequencyHz - frequencyHz) < 10;
  });
}

/** Share of the time in which this tone and no other is heard; in windows, because drift correction moves phases. */
function timeOfTone(samples: Int16Array | undefined, frequencyHz: number): number {
  const windowSamples = 400;
  let windows = 0;
  let pure = 0;
  for (let at = 0; samples && at + windowSamples <= samples.length; at += windowSamples, windows++)
    if (toneShare(samples.subarray(at, at + windowSamples), frequencyHz) > 0.9) pure++;
  return pure / windows;
}

/** A telephone on the line: a leg of the edge with an RTP peer that plays a tone. */
async function phone(legId: string, frequencyHz: number): Promise<UdpEdgeLeg> {
  const peer = await createUdpLeg('127.0.0.1');
  const { port } = await media.call('leg.create', { legId, bindAddress: '127.0.0.1' });
  const pcma = {
    codec: 'PCMA',
    payloadType: 8,
    ptimeMs: 20,
    direction: 'sendrecv',
    symmetric: false,
  } as const;
  await media.call('leg.remote', { legId, remote: { address: '127.0.0.1', port: peer.port, ...pcma } });
  peer.play({ address: '127.0.0.1', port, ...pcma }, frequencyHz);
  return peer;
}

describe('a browser leg in the media engine', () => {
  it('hears what the edge plays, and is heard without a packet lost', async () => {
    const legId = await startLeg();
    await media.call('play.start', {
      legId,
      playId: 'tone',
      sources: [{ kind: 'tone', frequenciesHz: [600], durationMs: 60_000, levelDbm0: -10 }],
      loop: false,
    });
    await browserHears(600);
    const { quality } = await media.call('leg.quality', { legId });
    expect(quality.packetsReceived).toBeGreaterThan(20);
    expect(quality).toMatchObject({ packetsLost: 0, foreignDropped: 0 });
    expect(await media.call('stats', {})).toMatchObject({ legs: 1, webTransports: 2 });
    await media.call('leg.close', { legId });
  });

  it('talks with a telephone that speaks A-law, and the recording holds each on its side', async () => {
    const legId = await startLeg();
    const peer = await phone('phone', 400);
    await media.call('bridge.join', { bridgeId: 'talk', legIds: [legId, 'phone'] });
    const file = join(dir, 'talk.wav');
    await media.call('record.start', { recordingId: 'talk', file, leftLegId: legId, rightLegId: 'phone' });

    const before = peer.heard.length;
    await browserHears(400);
    await eventually('two seconds of talk', () => peer.heard.length > before + 100);
    await eventually(
      'the phone hears the browser',
      () => toneShare(peer.samples(500), microphoneToneHz) > 0.95,
    );

    const { recording } = await media.call('record.stop', { recordingId: 'talk' });
    expect(recording?.durationMs).toBeGreaterThan(1900);
    const [left, right] = readWav(file).channels.map((samples) => samples.slice(2000, -800));
    expect(timeOfTone(left, microphoneToneHz)).toBeGreaterThan(0.9); // Chromium's own microphone stutters on a busy machine
    expect(timeOfTone(right, 400)).toBeGreaterThan(0.95);
    await media.call('leg.close', { legId });
    await media.call('leg.close', { legId: 'phone' });
    peer.close();
  });

  it('is told when the page is left, and leaves nothing once it is closed', async () => {
    const legId = await startLeg();
    await page.goto('about:blank');
    await eventually('web.closed', () => notices.some(({ event }) => event === 'web.closed'));
    expect(notices).toContainEqual({
      event: 'web.closed',
      args: { legId, reason: 'the browser closed the connection' },
    });
    await media.call('leg.close', { legId });
  });

  it('ends with the worker; the next call from the page works', async () => {
    const legId = await startLeg();
    const { workerPids } = await media.call('stats', {});
    process.kill(workerPids[0] ?? 0, 'SIGKILL');
    await eventually('worker.died', () => notices.some(({ event }) => event === 'worker.died'));
    expect(notices).toContainEqual({ event: 'worker.died', args: { restarted: true } });
    expect(notices).toContainEqual({
      event: 'web.closed',
      args: { legId, reason: 'the mediasoup worker died' },
    });
    await media.call('leg.close', { legId });

    await page.reload();
    const next = await startLeg();
    await media.call('leg.close', { legId: next });
  });
});
