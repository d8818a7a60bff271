import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { hears } from '../support/hears.ts';
import { connectPhone, type MediaEngineProcess, startMediaEngine } from '../support/media-engine.ts';
import { type HeardPacket, RtpPhone } from '../support/rtp-phone.ts';
import { level, sine, toneShare, writeWav } from '../support/sound.ts';

let engine: MediaEngineProcess;
let phone: RtpPhone;
beforeAll(async () => {
  engine = await startMediaEngine({ from: 21_600, to: 21_899, webrtc: 21_900 });
  phone = await RtpPhone.open({ codec: 'PCMA' });
  await connectPhone(engine.client, 'a', phone);
});
afterAll(async () => {
  await engine.client.call('leg.close', { legId: 'a' });
  expect(await engine.client.call('stats', {})).toMatchObject({ legs: 0, players: 0, socketsBound: 0 });
  await phone.close();
  await engine.stop();
});

const loud = (packet: HeardPacket): boolean => level(phone.decode([packet])) > 0.02;

test('a list of file, silence and tone is heard in order, whole, and its end is told', async () => {
  const file = join(engine.dataDir, 'prompt.wav');
  writeWav(file, sine(600, 500));
  phone.forget();
  await engine.client.call('play.start', {
    legId: 'a',
    playId: 'list',
    loop: false,
    sources: [
      { kind: 'file', file },
      { kind: 'silence', durationMs: 200 },
      { kind: 'tone', frequenciesHz: [900], durationMs: 300, levelDbm0: -10 },
    ],
  });
  expect(await engine.notice('play.done', { playId: 'list' })).toMatchObject({ legId: 'a', cause: 'ended' });
  const first = phone.heard.findIndex(loud);
  const heard = phone.heard.slice(first, first + 50);
  expect(heard[0]?.marker).toBe(true);
  expect(toneShare(phone.decode(heard.slice(0, 25)), 600)).toBeGreaterThan(0.95);
  expect(heard.slice(25, 35).some(loud)).toBe(false);
  expect(toneShare(phone.decode(heard.slice(35, 50)), 900)).toBeGreaterThan(0.95);
});

test('a loop goes on until it is stopped, and says so', async () => {
  await engine.client.call('play.start', {
    legId: 'a',
    playId: 'loop',
    loop: true,
    sources: [{ kind: 'tone', frequenciesHz: [425], durationMs: 100, levelDbm0: -10 }],
  });
  phone.forget();
  await eventually('half a second', () => phone.heard.length > 25);
  expect(phone.heard.slice(1, 25).every(loud)).toBe(true);
  await engine.client.call('play.stop', { legId: 'a', playId: 'other' });
  expect((await engine.client.call('stats', {})).players).toBe(1);
  await engine.client.call('play.stop', { legId: 'a', playId: 'loop' });
  expect(await engine.notice('play.done', { playId: 'loop' })).toMatchObject({ cause: 'stopped' });
});

test('what is played replaces what played, music too', async () => {
  await engine.client.call('music.start', { legId: 'a', playId: 'music' });
  phone.forget();
  await eventually('two seconds of music', () => phone.heard.length > 100);
  const samples = phone.samples(2000);
  expect(level(samples)).toBeGreaterThan(0.01);
  await engine.client.call('play.start', {
    legId: 'a',
    playId: 'beep',
    loop: false,
    sources: [{ kind: 'tone', frequenciesHz: [1000], durationMs: 40, levelDbm0: -10 }],
  });
  expect(await engine.notice('play.done', { playId: 'music' })).toMatchObject({ cause: 'replaced' });
  await engine.notice('play.done', { playId: 'beep', cause: 'ended' });
});

test('music from a file is taken where it is', async () => {
  const file = join(engine.dataDir, 'music.wav');
  writeWav(file, sine(500, 3000));
  await engine.client.call('music.start', { legId: 'a', playId: 'own', file });
  phone.forget();
  await hears(phone, 500);
  await engine.client.call('play.stop', { legId: 'a', playId: 'own' });
});

test('a file that is missing or no sound is refused, and what plays goes on', async () => {
  const bad = join(engine.dataDir, 'bad.wav');
  await writeFile(bad, 'not a sound');
  await engine.client.call('music.start', { legId: 'a', playId: 'still' });
  for (const file of [bad, join(engine.dataDir, 'none.wav')]) {
    await expect(
      engine.client.call('play.start', {
        legId: 'a',
        playId: 'x',
        loop: false,
        sources: [{ kind: 'file', file }],
      }),
    ).rejects.toMatchObject({ code: 'media.no-file' });
  }
  expect((await engine.client.call('stats', {})).players).toBe(1);
  await engine.client.call('play.stop', { legId: 'a', playId: 'still' });
  expect(await engine.notice('play.done', { playId: 'still' })).toMatchObject({ cause: 'stopped' });
});

test('a hundred listeners are paced to the same beat: none drifts and no packet is missing', async () => {
  const listeners = await Promise.all(Array.from({ length: 100 }, () => RtpPhone.open()));
  for (const [n, listener] of listeners.entries()) {
    await connectPhone(engine.client, `l${n}`, listener);
    await engine.client.call('music.start', { legId: `l${n}`, playId: `m${n}` });
  }
  for (const listener of listeners) listener.forget();
  await eventually('three seconds', () => listeners.every(({ heard }) => heard.length >= 150));
  for (const { heard } of listeners) {
    const [first, last] = [heard[0] as HeardPacket, heard.at(-1) as HeardPacket];
    const beats = heard.length - 1;
    expect((last.timestamp - first.timestamp) >>> 0).toBe(beats * 160);
    expect((last.sequence - first.sequence) & 0xffff).toBe(beats);
    // Generous towards a busy test machine: lateness of single packets is the bench's to judge, drift is not.
    expect(Math.abs(last.atMs - first.atMs - beats * 20)).toBeLessThan(60);
  }
  for (const n of listeners.keys()) await engine.client.call('leg.close', { legId: `l${n}` });
  await Promise.all(listeners.map((listener) => listener.close()));
});
