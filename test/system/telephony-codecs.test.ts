/** Codecs and digits with real peers: baresip speaks G.722, SIPp is a trunk that takes digits by INFO. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type Settings, settingsSchema } from '../../src/domain/settings.ts';
import type { Leg } from '../../src/telephony/contract.ts';
import { LegBase } from '../../src/telephony/leg-base.ts';
import { Baresip } from '../support/baresip.ts';
import { Engines } from '../support/engines.ts';
import { eventually } from '../support/eventually.ts';
import { ack, answered, bye, invite, scenario } from '../support/scenarios.ts';
import { sipp } from '../support/sipp.ts';
import { clearest, level, readWav, toneShare } from '../support/sound.ts';

const trunkAddress = '127.0.0.2';
const settings: Settings = settingsSchema.parse({
  version: 1,
  extensions: [
    { id: 'anna', number: '201', name: 'Anna', secret: 'secret-of-201' },
    { id: 'bela', number: '202', name: 'Béla', secret: 'secret-of-202' },
  ],
  trunks: [{ id: 'peer', name: 'Carrier', kind: 'peer', host: trunkAddress, port: 24_590, dtmf: 'info' }],
});

let engines: Engines;
const phones: Baresip[] = [];

beforeAll(async () => {
  engines = await Engines.start(24_500, settings);
});
afterEach(async () => {
  for (const phone of phones.splice(0)) await phone.stop();
  engines.incoming.length = 0;
  await engines.assertIdle();
});
afterAll(() => engines.stop());

const wideband = { codecs: 'G722/16000/1,PCMA,PCMU', rateHz: 16_000 } as const;

async function phone(
  user: '201' | '202',
  toneHz: number,
  options: Partial<Parameters<typeof Baresip.start>[0]> = {},
): Promise<Baresip> {
  const started = await Baresip.start({
    user,
    server: engines.server,
    password: `secret-of-${user}`,
    toneHz,
    answerMode: 'auto',
    ...options,
  });
  phones.push(started);
  return started;
}

const codecOf = (leg: Leg): string | undefined => (leg instanceof LegBase ? leg.codec : undefined);

/** Anna calls, Béla answers, both are joined. */
async function call(anna: Baresip): Promise<[Leg, Leg]> {
  anna.dial('202');
  const { leg: caller } = await engines.nextCall();
  await caller.answer();
  const callee = engines.room.dial({
    target: { kind: 'extension', extensionId: 'bela' },
    callerNumber: '201',
    timeoutMs: 10_000,
    forLeg: caller,
  });
  await eventually('Béla answers', () => callee.state === 'up');
  await engines.room.bridge(caller, callee);
  return [caller, callee];
}

const listen = (ms: number): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, ms));
const hungUp = { class: 'success', reason: 'hung-up' } as const;

it('two phones with G.722 hear each other whole', async () => {
  const anna = await phone('201', 5000, wideband);
  const bela = await phone('202', 6000, wideband);
  const legs = await call(anna);
  expect(legs.map(codecOf)).toEqual(['G722', 'G722']);
  await listen(1500);
  for (const leg of legs) await leg.hangUp(hungUp);
  await Promise.all([anna.waitFor('CALL_CLOSED'), bela.waitFor('CALL_CLOSED')]);
  expect(toneShare(anna.heard()[0] as Int16Array, 6000, 16_000)).toBeGreaterThan(0.3);
  expect(toneShare(bela.heard()[0] as Int16Array, 5000, 16_000)).toBeGreaterThan(0.3);
});

it('a phone with G.722 and one without understand each other, are recorded, and hear announcements', async () => {
  const anna = await phone('201', 900, wideband);
  const bela = await phone('202', 1500);
  const [caller, callee] = await call(anna);
  expect([caller, callee].map(codecOf)).toEqual(['G722', 'PCMU']);
  const dir = mkdtempSync(join(tmpdir(), 'cordboard-codecs-'));
  const file = join(dir, 'both.wav');
  const recording = await engines.room.record({ recordingId: 'r', file, left: caller, right: callee });
  await listen(1500);
  await recording.stop();
  const played = new Promise((resolve) => caller.events.on('played', resolve));
  caller.play([{ kind: 'tone', frequenciesHz: [620], durationMs: 1000, levelDbm0: -10 }]);
  await played;
  for (const leg of [caller, callee]) await leg.hangUp(hungUp);
  await Promise.all([anna.waitFor('CALL_CLOSED'), bela.waitFor('CALL_CLOSED')]);
  const [left, right] = readWav(file).channels as [Int16Array, Int16Array];
  rmSync(dir, { recursive: true });
  expect(clearest(left.subarray(-8000), 900)).toBeGreaterThan(0.9);
  expect(clearest(right.subarray(-8000), 1500)).toBeGreaterThan(0.9);
  const heard = anna.heard()[0] as Int16Array;
  expect(toneShare(heard, 1500, 16_000)).toBeGreaterThan(0.2);
  const end = heard.subarray(-12_800);
  expect(level(end)).toBeGreaterThan(0.01);
  expect(toneShare(end, 620, 16_000)).toBeGreaterThan(0.5);
  expect(toneShare(bela.heard()[0] as Int16Array, 900)).toBeGreaterThan(0.3);
});

it('a trunk that takes digits by INFO is told them, those of a phone that sends events too', async () => {
  const info = (digit: string): string => `<recv request="INFO"><action>
      <ereg regexp="Signal=${digit}\\r" search_in="body" check_it="true" assign_to="digit${digit}"/>
    </action></recv>
    <send><![CDATA[
      SIP/2.0 200 OK
      [last_Via:]
      [last_From:]
      [last_To:]
      [last_Call-ID:]
      [last_CSeq:]
      Content-Length: 0
      ]]></send>`;
  const run = sipp({
    scenario: scenario(
      'digits by INFO',
      invite(),
      answered,
      ack(),
      ...['4', '2', '7'].map(info),
      '<Reference variables="digit4,digit2,digit7"/>',
      bye(),
      '<recv response="200"/>',
    ),
    remote: engines.server,
    service: '100',
    localAddress: trunkAddress,
  });
  const { leg: trunk } = await engines.nextCall();
  await trunk.answer();
  const bela = await phone('202', 700);
  const callee = engines.room.dial({
    target: { kind: 'extension', extensionId: 'bela' },
    callerNumber: '100',
    timeoutMs: 10_000,
    forLeg: trunk,
  });
  await eventually('Béla answers', () => callee.state === 'up');
  await engines.room.bridge(trunk, callee);
  trunk.sendDigits('42');
  await eventually('both are told', () => engines.seen('INFO sip', 'Signal=2').length > 0);
  await bela.press('7');
  expect((await run).status).toBe(0);
  await callee.hangUp(hungUp);
  await bela.waitFor('CALL_CLOSED');
});
