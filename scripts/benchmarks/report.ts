/**
 * Reports over a year of an office of 50 agents and 5 queues: the log is counted by the thread that counts it in the
 * box, then every kind of report is asked for as the page asks, and the slowest kind is told.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import type { CallFact, LogEvent } from '../../src/domain/call-event.ts';
import { countedOffice, type Report, type ReportBy } from '../../src/domain/metrics/report.ts';
import { settingsSchema } from '../../src/domain/settings.ts';
import { callLogSchema } from '../../src/store/call-log-schema.ts';
import { inTransaction, openDatabase } from '../../src/store/database.ts';
import { Figures } from '../../src/store/figures.ts';
import { eventually } from '../../test/support/eventually.ts';
import { type Figure, percentile } from './figure.ts';

const days = 250;
const agents = 50;
const queues = 5;
const dayMs = 86_400_000;
const firstDayAt = Date.UTC(2025, 0, 6, 7);
const times = 10;
const over = { class: 'success', reason: 'caller-hung-up' } as const;

export async function measureReport(calls: number): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'cordboard-bench-'));
  const logFile = join(directory, 'call-log.db');
  const settings = settingsSchema.parse({
    version: 1,
    office: { timeZone: 'Europe/Budapest' },
    extensions: ids('e', agents).map((id, i) => ({
      id,
      number: String(200 + i),
      name: id,
      secret: 'not-used',
    })),
    agents: ids('a', agents).map((id, i) => ({ id, name: id, extensionId: `e${i}` })),
    queues: ids('q', queues).map((id) => ({ id, name: id, agentIds: ids('a', agents) })),
  });
  const figures = new Figures({
    file: join(directory, 'figures.db'),
    logFile,
    office: countedOffice(settings),
    clock: systemClock,
    log: silentLogger,
  });
  try {
    const lastSeq = writeLog(logFile, calls);
    const year = { period: 'custom', date: '2025-01-01', to: '2025-12-31', compare: 'false' } as const;
    const ask = (by: ReportBy): Promise<string> => figures.report({ ...year, by }, Date.now());
    const countingFrom = performance.now();
    figures.start();
    await eventually(
      'the log is counted',
      async () => (JSON.parse(await ask('queue')) as Report).counted === null,
      600_000,
    );
    const countedS = (performance.now() - countingFrom) / 1000;
    const slowest: { by: string; ms: number }[] = [];
    for (const by of ['queue', 'agent', 'hour', 'day', 'weekday'] as const) {
      const samplesMs: number[] = [];
      for (let i = 0; i < times; i++) {
        const before = performance.now();
        const json = await ask(by);
        samplesMs.push(performance.now() - before);
        const { total } = JSON.parse(json) as Report;
        if (by === 'queue' && total.offered?.value !== calls)
          throw new Error(`${total.offered?.value} of ${calls} calls were counted`);
      }
      slowest.push({ by, ms: percentile(samplesMs, 0.9) });
    }
    slowest.sort((a, b) => b.ms - a.ms);
    return [
      {
        what: `report over ${calls.toLocaleString('en')} calls, slowest kind, p90`,
        measured: slowest[0]?.ms ?? Number.NaN,
        unit: 'ms',
        budget: 300,
        ambition: 50,
        bound: 'most',
        note: `${slowest.map(({ by, ms }) => `${by} ${ms.toFixed(0)}`).join(', ')}; ${lastSeq} events counted anew in ${countedS.toFixed(0)} s`,
      },
    ];
  } finally {
    await figures.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

function ids(letter: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${letter}${i}`);
}

/** The events alone, as the call log keeps them; returns the number of the last. */
function writeLog(file: string, calls: number): number {
  const { database } = openDatabase(file, callLogSchema);
  database.exec('PRAGMA synchronous=OFF; DROP INDEX events_of_call; DROP INDEX events_of_agent');
  const insert = database.prepare(
    'INSERT INTO events (at, kind, call_id, agent_id, name, json) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const perDay = calls / days;
  for (let day = 0; day < days; day++) {
    const events = dayOf(firstDayAt + Math.floor(day / 5) * 7 * dayMs + (day % 5) * dayMs, day, perDay);
    inTransaction(database, () => {
      for (const event of events)
        insert.run(
          event.at,
          'callId' in event && event.name !== 'WRAPUPSTART' && event.name !== 'WRAPUPEND' ? 'call' : 'agent',
          'callId' in event ? event.callId : null,
          'agentId' in event ? event.agentId : null,
          event.name,
          JSON.stringify(event),
        );
    });
  }
  const last = database.prepare('SELECT max(seq) AS seq FROM events').get();
  database.close();
  return Number(last?.seq);
}

/** Ten hours; calls come evenly, each agent has the next in turn. */
function dayOf(startAt: number, day: number, calls: number): LogEvent[] {
  const events: LogEvent[] = [];
  for (const agentId of ids('a', agents)) {
    events.push({ at: startAt, agentId, name: 'AGENTLOGIN' });
    events.push({ at: startAt + 10.2 * 3_600_000, agentId, name: 'AGENTLOGOFF' });
  }
  for (let n = 0; n < calls; n++) {
    const at = startAt + Math.floor((n / calls) * 10 * 3_600_000);
    const callId = `c${day}-${n}`;
    const queueId = `q${n % queues}`;
    const agentId = `a${n % agents}`;
    const waitMs = 2_000 + ((n * 7_919) % 40_000);
    const talkMs = 30_000 + ((n * 104_729) % 240_000);
    const say = (ms: number, fact: CallFact): void =>
      void events.push({ at: at + ms, callId, ...fact } as LogEvent);
    say(0, { name: 'CALLSTART', direction: 'inbound', from: `+3630${n}`, to: '100' });
    say(0, { name: 'ENTERQUEUE', queueId, position: 1 });
    if (n % 12 === 11) say(waitMs, { name: 'ABANDON', queueId, position: 1, waitMs });
    else {
      const offer = { queueId, agentId, offerId: `o${n}` };
      say(waitMs - 1_500, { name: 'OFFER', ...offer });
      say(waitMs, { name: 'CONNECT', ...offer, waitMs, ringMs: 1_500 });
      say(waitMs + talkMs, { name: 'COMPLETECALLER', queueId, agentId, waitMs, talkMs });
      events.push({ at: at + waitMs + talkMs, agentId, name: 'WRAPUPSTART', callId });
      events.push({ at: at + waitMs + talkMs + 10_000, agentId, name: 'WRAPUPEND', callId });
    }
    say(waitMs + talkMs, { name: 'CALLEND', termination: over });
  }
  return events.sort((a, b) => a.at - b.at);
}
