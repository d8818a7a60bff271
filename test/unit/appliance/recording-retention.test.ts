import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RecordingRetention } from '../../../src/appliance/recording-retention.ts';
import { systemClock, VirtualClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { CallLog } from '../../../src/store/call-log.ts';
import { Recordings } from '../../../src/store/recordings.ts';
import { answeredCall } from '../store/sample-calls.ts';

const dayMs = 86_400_000;
let directory: string;
let callLog: CallLog;
let recordings: Recordings;
let clock: VirtualClock;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cordboard-retention-'));
  clock = new VirtualClock();
  callLog = new CallLog({ file: join(directory, 'call-log.db'), clock: systemClock, log: silentLogger });
  await callLog.start();
  recordings = new Recordings({
    dir: join(directory, 'recordings'),
    minFreeBytes: () => 0,
    clock,
    log: silentLogger,
    freeBytes: async () => 1e12,
  });
  await recordings.start();
});
afterEach(async () => {
  recordings.stop();
  await callLog.stop();
  await rm(directory, { recursive: true, force: true });
});

async function recorded(callId: string, daysAgo: number): Promise<string> {
  const at = clock.now() - daysAgo * dayMs;
  const file = await recordings.newFile(callId, 'r1', at);
  await writeFile(file, 'sound');
  for (const event of answeredCall(callId, at))
    callLog.append(event.name === 'RECORDSTART' ? { ...event, file } : event);
  return file;
}

it('removes what is older than it is kept, leaves the rest, and tells it in the call', async () => {
  const files = await Promise.all([recorded('old', 31), recorded('young', 29)]);
  for (let n = 0; n < 230; n++) await recorded(`many-${n}`, 40);
  await callLog.flush();
  let keepDays = 0;
  const retention = new RecordingRetention({
    keepDays: () => keepDays,
    callLog,
    recordings,
    clock,
    log: silentLogger,
  });
  retention.start();
  expect(await retention.sweep()).toBe(0);
  keepDays = 30;
  expect(await retention.sweep()).toBe(231);
  expect(await recordings.open(files[0] ?? '')).toBeUndefined();
  expect(await recordings.open(files[1] ?? '')).toBeDefined();
  const old = await callLog.getCall('old');
  expect(old?.recordings[0]?.deleted).toEqual({ at: clock.now(), reason: 'kept for 30 days' });
  expect((await callLog.listCalls({ hasRecording: true })).items.map((call) => call.callId)).toEqual([
    'young',
  ]);
  expect(await retention.sweep()).toBe(0);
  await retention.stop();
});
