import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import type { LogEvent } from '../../../src/domain/call-event.ts';
import { type FigureId, figureIds } from '../../../src/domain/metrics/figures.ts';
import type { FigureQuestion } from '../../../src/domain/metrics/question.ts';
import { metricsOptionsOf } from '../../../src/domain/settings/figures.ts';
import { CallLogWriter } from '../../../src/store/call-log-writer.ts';
import { FiguresDatabase } from '../../../src/store/figures-database.ts';
import { TestApi, testOffice } from '../../support/api-client.ts';
import { naiveFigures } from '../../support/naive-figures.ts';
import { type NaiveSums, naiveDate, naiveGroups } from '../../support/naive-groups.ts';
import { naiveRows } from '../../support/naive-metrics.ts';
import { randomLog } from '../../support/random-log.ts';
import { answeredCall } from '../store/sample-calls.ts';

type Figures = EndpointResponse<'figures'>;
type Report = EndpointResponse<'report'>;

const timeZone = 'Europe/Budapest';
/** What is of an agent whatever queue is served. */
const timeOfAgents = [
  'logins',
  'sessionsCut',
  'loginMs',
  'pauseMs',
  'availableMs',
  'agentTalkMs',
  'agentHoldMs',
  'agentWrapUpMs',
] as const;
const office = testOffice({
  office: { timeZone },
  extensions: ['1', '2', '3'].map((n) => ({ id: `e${n}`, number: `20${n}`, name: n, secret: 'some-secret' })),
  agents: ['0', '1', '2'].map((n) => ({
    id: `a${n}`,
    name: `=Agent ${n}`,
    extensionId: `e${Number(n) + 1}`,
  })),
  queues: [
    { id: 'q0', name: 'Sales, "big"', agentIds: ['a0', 'a1'] },
    { id: 'q1', name: 'Help', agentIds: ['a2'], answerWithinMs: 60_000 },
  ],
  ivrMenus: [],
  users: [
    ...testOffice().users.filter(({ role }) => role !== 'agent'),
    { ...testOffice().users.find(({ role }) => role === 'agent'), agentId: 'a1' } as never,
  ],
});

/** The API over the figures of a real log on disk. */
async function withLog(log: readonly LogEvent[], test: (api: TestApi) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'cordboard-report-'));
  const logFile = join(directory, 'call-log.db');
  const writer = new CallLogWriter(logFile);
  writer.append({ batchId: 'b', events: [...log] });
  writer.close();
  const database = new FiguresDatabase({ file: join(directory, 'figures.db'), logFile });
  database.configure(metricsOptionsOf(office));
  const api = new TestApi(office);
  api.ports.figures.ask = (questions, now) => database.ask({ questions, now });
  try {
    await test(api);
  } finally {
    database.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function get<Answer>(api: TestApi, path: string, cookie: string): Promise<Answer> {
  const response = await api.request(`/api/v1${path}`, { cookie });
  const body = await response.text();
  expect(response.status, `${path} ${body}`).toBe(200);
  return JSON.parse(body) as Answer;
}

/** What is shown must be what the naive formula says. */
function expectFigures(shown: Report['total'], sums: NaiveSums | undefined, where: string): void {
  const naive = naiveFigures(sums ?? {});
  const found = Object.fromEntries(Object.entries(shown).map(([id, { value }]) => [id, value]));
  expect(found, where).toEqual(
    Object.fromEntries(Object.keys(found).map((id) => [id, naive[id as FigureId]])),
  );
}

describe('every figure that the API shows is what a naive reading of the raw log gives', () => {
  it.each(['2026-06-10T08:17:00Z', '2026-03-28T23:10:00Z', '2026-10-24T22:10:00Z'])(
    'around %s',
    async (start) => {
      const startAt = Date.parse(start);
      const logs = fc.sample(randomLog(startAt), { seed: startAt / 1000, numRuns: 3 });
      for (const log of logs.filter(({ length }) => length > 0)) {
        await withLog(log, async (api) => {
          api.clock.advance(Math.max(...log.map(({ at }) => at)) + 600_000 - api.clock.now());
          const now = api.clock.now();
          const cookie = await api.supervisor();
          const naive = naiveRows(log, metricsOptionsOf(office), now);
          const groups = (question: Partial<FigureQuestion> & { by: FigureQuestion['by'] }) =>
            naiveGroups(naive, timeZone, { from: 0, until: Number.MAX_SAFE_INTEGER, ...question });

          const shown = new Set<string>();
          const period = `period=custom&date=${naiveDate(startAt, timeZone)}&to=${naiveDate(now, timeZone)}`;
          for (const by of ['agent', 'hour', 'day', 'weekday'] as const)
            for (const filter of [{}, { agentId: 'a1' }, { queueId: 'q1' }]) {
              if (by === 'agent' && 'queueId' in filter) continue;
              const query = `${period}&by=${by}&${new URLSearchParams(filter)}`;
              const report = await get<Report>(api, `/reports?${query}`, cookie);
              expect(report.counted).toBeNull();
              const sums = groups({ by, ...filter });
              if (!('queueId' in filter))
                expectFigures(report.total, groups({ by: 'all', ...filter })[''], query);
              for (const row of report.rows) expectFigures(row.figures, sums[row.key], `${query} ${row.key}`);
              for (const key of Object.keys(sums).filter((one) => one !== ''))
                expect(report.rows.map((row) => row.key)).toContain(key);
              for (const id of Object.keys(report.total)) shown.add(id);
            }
          expect([...shown].sort()).toEqual([...figureIds].sort());

          const today = await get<Figures>(api, `/figures?by=queue&from=${startAt}&until=${now}`, cookie);
          const byAgent = groups({ by: 'agent', from: today.from, until: today.until });
          for (const { id, figures } of today.groups) {
            const ofQueue = groups({ by: 'queue', from: today.from, until: today.until })[id] ?? {};
            const time: NaiveSums = { ...ofQueue };
            for (const agentId of office.queues.find((queue) => queue.id === id)?.agentIds ?? [])
              for (const measure of timeOfAgents)
                time[measure] = (time[measure] ?? 0) + (byAgent[agentId]?.[measure] ?? 0);
            expectFigures(figures, time, id);
          }
        });
      }
    },
    60_000,
  );
});

describe('figures', () => {
  const at = Date.UTC(2026, 0, 5, 7);
  const call = answeredCall('c1', at, { queueId: 'q0', agentId: 'a0' });

  it('are of today without being asked more, in the office’s time zone, and only those wanted', async () => {
    await withLog(call, async (api) => {
      const cookie = await api.admin();
      const answer = await get<Figures>(api, '/figures?only=service-level,offered', cookie);
      expect(answer).toMatchObject({
        timeZone,
        from: Date.UTC(2026, 0, 4, 23),
        until: Date.UTC(2026, 0, 5, 23),
      });
      expect(answer.total).toEqual({
        'service-level-reached': { value: 1, numerator: 1, denominator: 1 },
        offered: { value: 1, numerator: 1 },
      });
      expect(answer.groups).toEqual([]);
    });
  });

  it('of agents are an agent’s own and nobody else’s', async () => {
    await withLog(call, async (api) => {
      const cookie = await api.agent();
      const answer = await get<Figures>(api, '/figures?by=agent', cookie);
      expect(answer.groups.map(({ id }) => id)).toEqual(['a1']);
      const other = await get<Figures>(api, '/figures?agentId=a0', cookie);
      expect(other.total.answered?.value).toBe(0);
    });
  });

  it('asked ten times within a second are counted once', async () => {
    const api = new TestApi(office);
    let asked = 0;
    const { ask } = api.ports.figures;
    api.ports.figures.ask = (questions, now) => {
      asked++;
      return ask(questions, now);
    };
    const cookie = await api.admin();
    await Promise.all(Array.from({ length: 10 }, () => get(api, '/figures?by=queue', cookie)));
    expect(asked).toBe(1);
    api.clock.advance(1_000);
    await get(api, '/figures?by=queue', cookie);
    expect(asked).toBe(2);
  });

  it('say how much is counted while a long log is counted anew', async () => {
    const api = new TestApi(office);
    api.ports.figures.log.push(...call);
    api.ports.figures.counted = 0.5;
    expect((await get<Figures>(api, '/figures', await api.admin())).counted).toBeCloseTo(0.5, 1);
  });

  it('follow limits when those change, each queue by its own', async () => {
    const api = new TestApi(office);
    api.ports.figures.log.push(...call);
    const cookie = await api.admin();
    const reached = async (): Promise<number | null | undefined> => {
      api.clock.advance(1_000);
      return (await get<Figures>(api, '/figures?only=service-level', cookie)).total['service-level-reached']
        ?.value;
    };
    expect(await reached()).toBe(1);
    await api.ports.settings.update(
      (now) => ({ ...now, queues: now.queues.map((queue) => ({ ...queue, answerWithinMs: 3_000 })) }),
      { who: 'test' },
    );
    expect(await reached()).toBe(0);
  });

  it('are explained, each by its formula, with the limits of this office', async () => {
    const api = new TestApi(office);
    const { items } = await get<EndpointResponse<'figureDefinitions'>>(
      api,
      '/figures/definitions',
      await api.agent(),
    );
    expect(items.map(({ id }) => id)).toEqual(figureIds);
    expect(items.find(({ id }) => id === 'service-level-of-answered')).toMatchObject({
      unit: 'share',
      formula: 'answered within 20/60 s ÷ answered by an agent',
    });
  });
});

describe('a report', () => {
  const at = Date.UTC(2026, 0, 5, 7);
  const week = [
    ...answeredCall('c0', at - 7 * 86_400_000, { queueId: 'q1', agentId: 'a2' }),
    ...answeredCall('c1', at, { queueId: 'q0', agentId: 'a0' }),
  ];

  it('has a row for every queue, hour, weekday and day, with calls or without', async () => {
    await withLog(week, async (api) => {
      const cookie = await api.supervisor();
      const keys = async (query: string): Promise<string[]> =>
        (await get<Report>(api, `/reports?${query}`, cookie)).rows.map(({ key }) => key);
      expect(await keys('by=queue')).toEqual(['q0', 'q1']);
      expect(await keys('by=agent')).toEqual(['a0', 'a1', 'a2']);
      expect((await keys('by=hour')).length).toBe(24);
      expect((await keys('by=weekday')).length).toBe(7);
      expect(await keys('by=day&period=week')).toEqual(
        ['05', '06', '07', '08', '09', '10', '11'].map((day) => `2026-01-${day}`),
      );
      expect((await keys('by=day&period=month&date=2026-02-10')).length).toBe(28);
    });
  });

  it('compares with the period before, and with no more of it than this one has', async () => {
    await withLog(week, async (api) => {
      const cookie = await api.supervisor();
      const report = await get<Report>(api, '/reports?period=week&compare=true', cookie);
      expect(report).toMatchObject({ date: '2026-01-05', to: '2026-01-11' });
      expect(report.before).toMatchObject({ date: '2025-12-29', to: '2026-01-04' });
      expect(report.before?.until).toBe(api.clock.now() - 7 * 86_400_000);
      expect(report.before?.total.offered?.value).toBe(1);
      expect(report.before?.rows.find(({ key }) => key === 'q1')?.figures.answered?.value).toBe(1);
    });
  });

  it('says what is wrong with a question, and at which of its parts', async () => {
    const api = new TestApi(office);
    const cookie = await api.supervisor();
    const paths = async (query: string): Promise<string[]> => {
      const response = await api.request(`/api/v1/reports?${query}`, { cookie });
      expect(response.status).toBe(422);
      return ((await response.json()) as { errors: { path: string }[] }).errors.map(({ path }) => path);
    };
    expect(await paths('period=year')).toEqual(['period']);
    expect(await paths('date=2026-02-30')).toEqual(['date']);
    expect(await paths('period=custom')).toEqual(['date', 'to']);
    expect(await paths('period=custom&date=2026-02-03&to=2026-02-01')).toEqual(['to']);
    expect(await paths('period=custom&date=2000-01-01&to=2026-02-01')).toEqual(['to']);
    expect(await paths('by=hour&queueId=q0&agentId=a0')).toEqual(['agentId']);
    expect(await paths('queueId=../../etc')).toEqual(['queueId']);
  });

  it('as CSV has units, office time and decimal points, and no name is taken for a formula', async () => {
    await withLog(week, async (api) => {
      const cookie = await api.supervisor();
      const response = await api.request('/api/v1/reports.csv?by=agent', { cookie });
      expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
      expect(response.headers.get('content-disposition')).toContain('report-by-agent-today.csv');
      const bytes = new Uint8Array(await response.arrayBuffer());
      expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
      const lines = new TextDecoder().decode(bytes).split('\r\n');
      expect(lines[0]).toMatch(/^Agent,From,Until,.*Average speed of answer \(s\).*Occupancy \(%\)/);
      expect(lines[1]).toMatch(/^'=Agent 0,2026-01-05 00:00,2026-01-06 00:00,.*,4\.0,/);
      expect(lines.at(-2)).toMatch(/^Total,/);
      const byQueue = await (await api.request('/api/v1/reports.csv?by=queue', { cookie })).text();
      expect(byQueue).toContain('\r\n"Sales, ""big""",');
    });
  });
});

describe('settings of the figures', () => {
  it('can be changed by an admin, within bounds, and the change is in the audit', async () => {
    const api = new TestApi(office);
    const cookie = await api.admin();
    const body = { serviceLevel: 'service-level-of-offered', shortAbandonMs: 8_000 };
    expect(await (await api.call('replaceFigureSettings', { body, cookie })).json()).toEqual(body);
    expect(await (await api.call('getFigureSettings', { cookie })).json()).toEqual(body);
    expect((await get<Figures>(api, '/figures', cookie)).serviceLevel).toBe('service-level-of-offered');
    expect(api.ports.auditTrail.map(({ action }) => action)).toContain('figures.change');
    const wrong = await api.call('replaceFigureSettings', { body: { ...body, shortAbandonMs: -1 }, cookie });
    expect(wrong.status).toBe(422);
  });
});
