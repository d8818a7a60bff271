import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { repairRecordings } from '../../src/media-engine/recording/repair-recordings.ts';
import { eventually } from '../support/eventually.ts';
import { hears } from '../support/hears.ts';
import { connectPhone, type MediaEngineProcess, startMediaEngine } from '../support/media-engine.ts';
import { RtpPhone } from '../support/rtp-phone.ts';
import { clearest, level, onsetOf, readWav, toneShare } from '../support/sound.ts';

let engine: MediaEngineProcess;
let caller: RtpPhone;
let agent: RtpPhone;
beforeEach(async () => {
  engine = await startMediaEngine({ from: 21_300, to: 21_399, webrtc: 21_398 });
  caller = await RtpPhone.open({ codec: 'PCMU' });
  agent = await RtpPhone.open({ codec: 'PCMA' });
  await connectPhone(engine.client, 'caller', caller);
  await connectPhone(engine.client, 'agent', agent);
  await engine.client.call('bridge.join', { bridgeId: 'x', legIds: ['caller', 'agent'] });
});
afterEach(async () => {
  await Promise.all([caller.close(), agent.close()]);
  await engine.stop();
});

const wait = (durationMs: number): Promise<unknown> => {
  const until = performance.now() + durationMs;
  return eventually(`${durationMs} ms to pass`, () => performance.now() >= until);
};

function start(file: string): Promise<null> {
  return engine.client.call('record.start', {
    recordingId: 'r',
    file,
    leftLegId: 'caller',
    rightLegId: 'agent',
  });
}

test('a recording holds the caller left and the agent right, within 20 ms of when each spoke', async () => {
  const file = join(engine.dataDir, 'call.wav');
  const before = performance.now();
  await start(file);
  const after = performance.now();
  await wait(300);
  caller.say(440);
  const callerSpokeAt = caller.firstSentAtMs as number;
  await wait(700);
  agent.say(1000);
  const agentSpokeAt = agent.firstSentAtMs as number;
  await wait(1500);
  const { recording } = await engine.client.call('record.stop', { recordingId: 'r' });
  const { channels } = readWav(file);
  const [left, right] = channels as [Int16Array, Int16Array];
  const leftOnset = onsetOf(left, 440) / 8;
  const rightOnset = onsetOf(right, 1000) / 8;
  // Time 0 is when the engine took the request: between our asking and its answer.
  expect(leftOnset).toBeGreaterThan(callerSpokeAt - after - 20);
  expect(leftOnset).toBeLessThan(callerSpokeAt - before + 20);
  expect(Math.abs(rightOnset - leftOnset - (agentSpokeAt - callerSpokeAt))).toBeLessThanOrEqual(20);
  expect(clearest(left.subarray(8000), 440)).toBeGreaterThan(0.95);
  expect(toneShare(left.subarray(12_000, 16_000), 1000)).toBeLessThan(0.01);
  expect(clearest(right.subarray(8000), 1000)).toBeGreaterThan(0.95);
  expect(level(right.subarray(0, 6000))).toBeLessThan(0.001);
  const bytes = readFileSync(file);
  expect(recording).toMatchObject({
    file,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
  expect(Math.abs((recording?.durationMs ?? 0) - 2500)).toBeLessThan(400);
});

test('a leg that goes leaves silence in its channel, and the recording goes on', async () => {
  const file = join(engine.dataDir, 'call.wav');
  await start(file);
  caller.say(440);
  agent.say(1000);
  await wait(600);
  await engine.client.call('leg.close', { legId: 'agent' });
  await wait(800);
  await engine.client.call('record.stop', { recordingId: 'r' });
  const [left, right] = readWav(file).channels as [Int16Array, Int16Array];
  expect(clearest(left.subarray(-5600), 440, 300)).toBeGreaterThan(0.95);
  expect(level(right.subarray(-4000))).toBeLessThan(0.001);
  expect((await engine.client.call('stats', {})).recordings).toBe(0);
});

test('SIGTERM finalises what is being recorded', async () => {
  const file = join(engine.dataDir, 'call.wav');
  await start(file);
  caller.say(440);
  await wait(700);
  engine.child.kill('SIGTERM');
  const [code] = await once(engine.child, 'exit');
  expect(code).toBe(0);
  const [left] = readWav(file).channels as [Int16Array];
  expect(left.length / 8).toBeGreaterThan(600);
  expect(await repairRecordings(engine.dataDir)).toEqual([]);
});

test('killed at once, it leaves a file that lacks at most a second and plays', async () => {
  const file = join(engine.dataDir, 'call.wav');
  await start(file);
  caller.say(440);
  await wait(2000);
  engine.child.kill('SIGKILL');
  await once(engine.child, 'exit');
  await repairRecordings(engine.dataDir);
  const [left] = readWav(file).channels as [Int16Array];
  expect(left.length / 8).toBeGreaterThan(1000);
  expect(clearest(left, 440, 300)).toBeGreaterThan(0.95);
});

describe.skipIf(process.getuid?.() !== 0)('on a disk that fills up (needs root for a small tmpfs)', () => {
  test('the recording stops with what fits, finalised and told; the audio goes on', async () => {
    const dir = join(engine.dataDir, 'small');
    mkdirSync(dir);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', dir]);
    try {
      const file = join(dir, 'call.wav');
      await start(file);
      caller.say(440);
      agent.say(1000);
      const failure = await engine.notice('record.failed', { recordingId: 'r' });
      expect(failure.code).toBe('disk.full');
      const bytes = readFileSync(file);
      expect(failure.recording).toMatchObject({
        file,
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      });
      expect(bytes.length).toBeGreaterThan(20_000);
      expect((bytes.length - 58) % 2).toBe(0);
      const [left, right] = readWav(file).channels as [Int16Array, Int16Array];
      expect(left.length).toBe(right.length);
      expect(clearest(left, 440, 300)).toBeGreaterThan(0.95);
      expect(await engine.client.call('record.stop', { recordingId: 'r' })).toEqual({ recording: null });
      agent.forget();
      await hears(agent, 440);
      expect((await engine.client.call('stats', {})).recordings).toBe(0);
    } finally {
      execFileSync('umount', [dir]);
    }
  });
});
