import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import type { CallEvent } from '../../src/domain/call-event.ts';
import { CallLog } from '../../src/store/call-log.ts';
import { CallLogWriter } from '../../src/store/call-log-writer.ts';

const calls = 100_000;
const t0 = Date.UTC(2026, 0, 5, 9);
let directory: string;
let log: CallLog;

/** A short call; one in a hundred is of a rare agent, one in ten abandoned. */
function shortCall(n: number): CallEvent[] {
  const at = t0 + n * 1000;
  const callId = `c${n}`;
  const queueId = `queue-${n % 7}`;
  const offer = { queueId, agentId: n % 100 === 0 ? 'rare' : `agent-${n % 20}`, offerId: `o${n}` };
  const start = { at, callId, name: 'CALLSTART', direction: 'inbound', to: '100' } as const;
  return [
    { ...start, from: `+3630${String(1_000_000 + n)}` },
    { at: at + 5, callId, name: 'ENTERQUEUE', queueId, position: 1 },
    n % 10 === 1
      ? { at: at + 900, callId, name: 'ABANDON', queueId, position: 1, waitMs: 895 }
      : { at: at + 900, callId, name: 'CONNECT', ...offer, waitMs: 895, ringMs: 500 },
    { at: at + 60_000, callId, name: 'CALLEND', termination: { class: 'success', reason: 'caller-hung-up' } },
  ];
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cordboard-many-'));
  const file = join(directory, 'call-log.db');
  const writer = new CallLogWriter(file);
  const begun = performance.now();
  for (let n = 0; n < calls; n += 500) {
    const events = Array.from({ length: 500 }, (_, i) => shortCall(n + i)).flat();
    writer.append({ batchId: `b${n}`, events });
  }
  writer.close();
  const seconds = (performance.now() - begun) / 1000;
  console.log(`${calls} calls, ${calls * 4} events written in ${seconds.toFixed(1)} s`);
  log = new CallLog({ file, clock: systemClock, log: silentLogger });
  await log.start();
  await log.listCalls({ limit: 1 });
});
afterAll(async () => {
  await log.stop();
  await rm(directory, { recursive: true, force: true });
});

async function timed(what: string, query: Parameters<CallLog['listCalls']>[0]): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < 5; n++) {
    const begun = performance.now();
    expect((await log.listCalls(query)).items.length).toBeGreaterThan(0);
    times.push(performance.now() - begun);
  }
  const medianMs = times.sort((a, b) => a - b)[2] ?? Number.POSITIVE_INFINITY;
  console.log(`list of ${calls} calls, ${what}: ${medianMs.toFixed(1)} ms`);
  return medianMs;
}

describe('a call log of 100,000 calls', () => {
  it('gives any page within 200 ms, the usual ones within 50 ms', async () => {
    expect(await timed('first page', {})).toBeLessThan(50);
    expect(await timed('one agent', { agentId: 'rare' })).toBeLessThan(50);
    expect(await timed('abandoned in one queue', { queueId: 'queue-3', abandoned: true })).toBeLessThan(50);
    expect(await timed('a day', { from: t0 + 50_000_000, until: t0 + 60_000_000 })).toBeLessThan(50);
    expect(await timed('deep page', { until: t0 + 5_000_000 })).toBeLessThan(50);
    expect(await timed('part of an old number', { number: '1000042' })).toBeLessThan(200);
  });

  it('takes events meanwhile without the sender waiting', async () => {
    const reading = Promise.all(Array.from({ length: 20 }, () => log.listCalls({ number: '1000042' })));
    const begun = performance.now();
    for (let n = 0; n < 1000; n++) log.append({ at: t0 + n, agentId: 'ann', name: 'UNPAUSE' });
    const perAppendUs = ((performance.now() - begun) * 1000) / 1000;
    console.log(`append: ${perAppendUs.toFixed(1)} µs each`);
    expect(perAppendUs).toBeLessThan(50);
    await log.flush();
    expect((await reading).every((page) => page.items.length === 1)).toBe(true);
  });
});
