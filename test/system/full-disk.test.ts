/** The disk fills in the middle of a recorded call. */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { Instance } from '../support/instance.ts';
import { office } from '../support/office.ts';
import { agentHz, customerHz, talkFor, talkingCall } from '../support/office-call.ts';
import { clearest, readWav, toneShare } from '../support/sound.ts';

let box: Instance | undefined;
let mountPoint: string;

beforeAll(() => {
  mountPoint = mkdtempSync(join(tmpdir(), 'cordboard-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'cordboard-test', mountPoint]);
});
afterAll(async () => {
  await box?.stop();
  execFileSync('umount', [mountPoint]);
  rmSync(mountPoint, { recursive: true });
});

/** Writes until nothing fits any more. */
function fill(file: string): void {
  const fd = openSync(file, 'w');
  try {
    for (let size = 1 << 20; size > 0; size >>= 1)
      for (;;) {
        try {
          if (writeSync(fd, Buffer.alloc(size, 1)) < size) break;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
          break;
        }
      }
  } finally {
    closeSync(fd);
  }
}

it('the call goes on with sound, its recording stops with an alarm, and nothing is corrupt; with room again calls are recorded again', async () => {
  const dataDir = join(mountPoint, 'data');
  const settings = office(5060, (made) => {
    for (const trunk of made.trunks) trunk.inbound = { kind: 'queue', queueId: 'sales' };
    made.recording = { minFreeBytes: 0 };
  });
  box = await Instance.start({ dataDir, settings });
  await box.login();
  const settingsBefore = readFileSync(join(dataDir, 'settings.json'), 'utf8');
  const fault = async () => (await box?.live())?.faults.find(({ code }) => code === 'disk.full');

  const call = await talkingCall(box);
  await talkFor(2000);
  const filler = join(mountPoint, 'filler');
  fill(filler);
  await eventually('the alarm is raised', fault);
  await eventually('the recording is shown as failed', async () => {
    const live = (await box?.live())?.calls.find(({ callId }) => callId === call.callId);
    return live?.recordings[0]?.state === 'failed' && live.phase === 'talking';
  });
  await talkFor(2500);
  expect((await box.live()).calls[0]?.phase, 'they still talk').toBe('talking');
  call.agent.hangUp();
  await call.customer.waitFor('CALL_CLOSED');
  const lastSeconds = (heard: Int16Array = new Int16Array()): Int16Array =>
    heard.subarray(heard.length - 16_000, heard.length - 2000);
  expect(toneShare(lastSeconds(call.agent.heard()[0]), customerHz)).toBeGreaterThan(0.95);
  expect(toneShare(lastSeconds(call.customer.heard()[0]), agentHz)).toBeGreaterThan(0.95);
  await call.stop();
  expect(await fault(), 'the alarm stays while the disk is full').toBeDefined();

  rmSync(filler);
  await eventually('the alarm goes when there is room', async () => !(await fault()), 15_000);
  const logged = await eventually('the call is in the log as it was', async () => {
    const { json } = await (box as Instance).api('GET', `/calls/${call.callId}`);
    return json?.phase === 'ended' ? json : undefined;
  });
  expect(logged.termination.reason).toBe('agent-hung-up');
  expect(logged.talkMs).toBeGreaterThan(4000);
  const [stopped] = logged.recordings;
  expect(stopped).toMatchObject({ state: 'failed', failure: 'disk.full' });
  expect(logged.trace.map(({ code }: { code: string }) => code)).toContain('recording.failed');
  const { channels } = readWav(stopped.file);
  expect(channels[0]?.length, 'what was recorded before is kept').toBeGreaterThan(8000);
  expect(clearest(channels[0] ?? new Int16Array(), customerHz)).toBeGreaterThan(0.9);

  const next = await talkingCall(box);
  await talkFor(1500);
  next.agent.hangUp();
  await next.customer.waitFor('CALL_CLOSED');
  await next.stop();
  await eventually('the next call is recorded', async () => {
    const { json } = await (box as Instance).api('GET', `/calls/${next.callId}`);
    return json?.recordings[0]?.state === 'done' && json.recordings[0].durationMs > 1000;
  });
  expect(readFileSync(join(dataDir, 'settings.json'), 'utf8')).toBe(settingsBefore);
  await box.assertNothingLeft();

  await box.stop();
  box = await Instance.start({ dataDir, ports: box.ports });
  await box.login();
  const { json } = await box.api('GET', '/calls');
  expect(json.items.map((each: { callId: string }) => each.callId)).toEqual([next.callId, call.callId]);
  expect((await box.live()).faults.map(({ code }) => code)).not.toContain('settings.invalid');
});
