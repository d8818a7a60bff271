/** Power cuts at many moments, on a disk that drops what was not synced: what was acknowledged is there, and nothing is torn. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../../scripts/fuzzers/random.ts';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import { decodeG711, silenceByte } from '../../src/codec/g711.ts';
import { parseWav, wavHeaderBytes } from '../../src/codec/wav.ts';
import { repairRecordings } from '../../src/media-engine/recording/repair-recordings.ts';
import { CallLog } from '../../src/store/call-log.ts';
import { SecretBox } from '../../src/store/secrets.ts';
import { SettingsStore } from '../../src/store/settings-store.ts';
import { eventually } from '../support/eventually.ts';
import { connectPhone, startMediaEngine } from '../support/media-engine.ts';
import {
  buildRecorder,
  ReplayedDisk,
  readTrace,
  recorded,
  type TraceRecord,
} from '../support/power-cut/power-cut.ts';
import { RtpPhone } from '../support/rtp-phone.ts';
import { toneShare } from '../support/sound.ts';

const child = new URL('./store-writer-child.ts', import.meta.url).pathname;
let library: string;
let folder: string;

beforeAll(() => {
  library = buildRecorder();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cordboard-power-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
afterAll(() => rmSync(library, { force: true }));

/** Lets the child write until it has acknowledged `count` times. */
async function run(what: string, count: number): Promise<{ root: string; records: TraceRecord[] }> {
  const root = join(folder, 'data');
  mkdirSync(root);
  const trace = join(folder, 'trace');
  const writer = spawn(process.execPath, [child, root, what], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...recorded({ library, root, trace }) },
  });
  const ended = new Promise<void>((resolve) => writer.once('exit', () => resolve()));
  let lines = 0;
  for await (const _ of createInterface({ input: writer.stdout }))
    if (++lines === count) writer.kill('SIGKILL');
  await ended;
  return { root, records: readTrace(trace) };
}

/** Plays the record and cuts the power `cuts` times at moments drawn from it. */
async function cutOften(
  { root, records }: { root: string; records: TraceRecord[] },
  cuts: number,
  look: (disk: string, said: string, record: TraceRecord) => Promise<void>,
): Promise<void> {
  const random = new Random(20_261_125);
  // Half of the moments are drawn among syncs, where most is at stake.
  const syncs = records.flatMap(({ kind }, n) => (kind === 'S' ? [n] : []));
  const moments = Array.from({ length: cuts }, (_, n) =>
    n % 2 === 0 ? random.below(records.length) : random.pick(syncs) - random.below(2),
  ).sort((a, b) => a - b);
  const disk = new ReplayedDisk(root);
  for (const [n, record] of records.entries()) {
    disk.play(record);
    for (; moments[0] === n; moments.shift()) {
      const target = join(folder, `cut-${n}-${moments.length}`);
      mkdirSync(target);
      disk.cut(target, random);
      try {
        await look(target, disk.said, record);
      } catch (error) {
        throw new Error(`after a cut at record ${n} of ${records.length}`, { cause: error });
      }
      rmSync(target, { recursive: true });
    }
  }
}

/** Bytes of samples up to the first that is missing. What differs from the truth is silence, and nothing else. */
function keptBytes(found: Buffer, truth: Buffer): number {
  let kept = found.length;
  for (let at = found.length - 1; at >= wavHeaderBytes; at--) {
    if (found[at] === truth[at]) continue;
    if (found[at] !== silenceByte.PCMU) throw new Error(`byte ${at} of ${found.length} is ${found[at]}`);
    kept = at;
  }
  return kept - wavHeaderBytes;
}

/** The last number said on standard output; 0 before the first. */
const acknowledged = (said: string): number => Number(said.trimEnd().split('\n').at(-1));

describe('after a power cut', () => {
  it('the call log has every committed event and is in order, checkpoints of its WAL included', async () => {
    const made = await run('events', 450);
    const isCheckpoint = ({ kind, b }: TraceRecord): boolean => kind === 'W' && b === 0;
    expect(made.records.filter(isCheckpoint).length).toBeGreaterThan(2);
    let seen = 0;
    let looks = 0;
    await cutOften(made, 24, async (disk, said) => {
      const count = acknowledged(said);
      const log = new CallLog({ file: join(disk, 'call-log.db'), clock: systemClock, log: silentLogger });
      const faults: string[] = [];
      log.events.on('problem', (fault) => faults.push(fault.code));
      await log.start();
      for (let n = Math.max(1, count - 60); n <= count; n++)
        expect(await log.eventsOf(`c${n}`)).not.toHaveLength(0);
      if (looks++ % 8 === 0) {
        const recovered = await log.recover({ at: 1_000_000, reason: 'appliance-failed' });
        // At most one commit was under way.
        expect(recovered.length - count).toBeGreaterThanOrEqual(0);
        expect(recovered.length - count).toBeLessThanOrEqual(1);
      }
      await log.stop();
      expect(faults).toEqual([]);
      expect(readdirSync(disk).filter((name) => name.includes('damaged'))).toEqual([]);
      seen += count;
    });
    expect(seen).toBeGreaterThan(1000);
  });

  it('the settings are the last acknowledged ones or those being written, and the secrets can be read', async () => {
    const made = await run('settings', 60);
    await cutOften(made, 60, async (disk, said) => {
      const count = acknowledged(said);
      const secrets = await SecretBox.open(disk);
      const store = new SettingsStore({ dataDir: disk, secrets, clock: systemClock, log: silentLogger });
      await store.load();
      expect(store.problem).toBeNull();
      const written = Number(store.current.office.name.replace(/^office /, '') || 0);
      if (count > 0) expect([count, count + 1]).toContain(written);
    });
  });

  it('50 recordings on a disk that takes 30 ms for each sync miss at most their last second', async () => {
    const trace = join(folder, 'trace');
    const root = join(folder, 'recordings');
    mkdirSync(root);
    const engine = await startMediaEngine({
      from: 22_800,
      to: 22_897,
      webrtc: 22_898,
      env: recorded({ library, root, trace, syncMs: 30 }),
    });
    const a = await RtpPhone.open();
    const b = await RtpPhone.open();
    const startedAtMs: number[] = [];
    try {
      await connectPhone(engine.client, 'a', a);
      await connectPhone(engine.client, 'b', b);
      await engine.client.call('bridge.join', { bridgeId: 'x', legIds: ['a', 'b'] });
      a.say(440);
      b.say(1000);
      const nowMs = (): number => Number(process.hrtime.bigint()) / 1e6;
      await eventually('they talk', () => a.heardCount > 10 && b.heardCount > 10);
      const starting = Array.from({ length: 50 }, async (_, n) => {
        const file = join(root, `${n}.wav`);
        startedAtMs[n] = nowMs();
        await engine.client.call('record.start', {
          recordingId: String(n),
          file,
          leftLegId: 'a',
          rightLegId: 'b',
        });
      });
      await Promise.all(starting);
      const until = nowMs() + 5000;
      await eventually('five seconds of talk', () => nowMs() > until);
      engine.child.kill('SIGKILL');
    } finally {
      await a.close();
      await b.close();
      await engine.stop();
    }
    const records = readTrace(trace);
    const whole = new ReplayedDisk(root);
    for (const record of records) whole.play(record);
    const truth = whole.seen();
    expect(truth.size).toBe(50);
    const firstMs = Math.max(...startedAtMs) + 1000;
    let worstMs = 0;
    await cutOften({ root, records }, 24, async (disk, _said, { atMs }) => {
      await repairRecordings(disk);
      if (atMs > firstMs) expect(readdirSync(disk)).toHaveLength(50);
      for (const name of readdirSync(disk)) {
        const bytes = readFileSync(join(disk, name));
        expect(parseWav(bytes)).toMatchObject({
          encoding: 'PCMU',
          channels: 2,
          dataBytes: bytes.length - wavHeaderBytes,
        });
        const kept = keptBytes(bytes, truth.get(join(root, name)) ?? Buffer.alloc(0));
        const startedMs = startedAtMs[Number.parseInt(name, 10)] as number;
        worstMs = Math.max(worstMs, atMs - startedMs - kept / 16);
      }
    });
    const [, recording = Buffer.alloc(0)] = [...truth][0] ?? [];
    const said = decodeG711(
      'PCMU',
      recording.subarray(wavHeaderBytes).filter((_, n) => n % 2 === 0),
    );
    // Tenths of a second: a phone of the test that was kept waiting breaks the phase of its tone.
    const tenths = Array.from({ length: 35 }, (_, n) => said.subarray(1600 + 800 * n, 2400 + 800 * n));
    expect(tenths.filter((tenth) => toneShare(tenth, 440) > 0.8).length).toBeGreaterThan(20);
    expect(worstMs, 'milliseconds lost').toBeLessThan(1000);
    console.log(`the most that a recording lost: ${worstMs.toFixed(0)} ms`);
  });
});
