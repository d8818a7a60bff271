import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureAgentFree } from './agent-free.ts';
import { measureCallSetUp } from './call-set-up.ts';
import { measureCallerToAgent } from './caller-to-agent.ts';
import { measureEventToPage } from './event-to-page.ts';
import { type Figure, holds, table } from './figure.ts';
import { measureLamp } from './lamp.ts';
import { measurePlayers } from './players.ts';
import { measureQueueDecision } from './queue-decision.ts';
import { measureRecordedCalls } from './recorded-calls.ts';
import { measureRegister } from './register.ts';
import { measureReport } from './report.ts';
import { measureRest } from './rest.ts';

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
});
const quick = values.quick === true;

const parts: [string, () => Promise<Figure[]>][] = [
  ['second start and memory at rest', () => measureRest()],
  ['agent free to next offer', () => measureAgentFree(quick ? 50 : 200)],
  ['queue decisions', async () => measureQueueDecision(5000)],
  ['REGISTER', () => measureRegister(quick ? [300] : [300, 600, 1000, 1500, 2000], quick ? 3 : 5)],
  [
    'calls set up',
    () => measureCallSetUp(quick ? [50, 100] : [50, 100, 150, 200, 300, 400, 600], quick ? 5 : 10),
  ],
  ['report over a year of calls', () => measureReport(quick ? 100_000 : 1_000_000)],
  ['event to page', () => measureEventToPage(quick ? 30 : 200)],
  ['lamp', () => measureLamp(quick ? 30 : 200)],
  ['caller to agent', () => measureCallerToAgent(quick ? 30 : 100)],
  ['music and prompts', () => measurePlayers(100, quick ? 5 : 10)],
  ...(quick ? [50] : [50, 100, 250]).map((calls): [string, () => Promise<Figure[]>] => [
    `${calls} recorded calls`,
    () => measureRecordedCalls(calls, quick ? 10 : 20),
  ]),
  ['recorded calls, encrypted', () => measureRecordedCalls(50, quick ? 10 : 30, 'AES_CM_128_HMAC_SHA1_80')],
];

const figures: Figure[] = [];
for (const [name, measure] of parts.filter(
  ([name]) => values.only?.some((part) => name.includes(part)) ?? true,
)) {
  process.stderr.write(`measuring: ${name} …\n`);
  figures.push(...(await measure()));
}

const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
console.log(`${table(figures)}\n\n${machine}`);
const cache = join(import.meta.dirname, '../../.cache');
mkdirSync(cache, { recursive: true });
writeFileSync(
  join(cache, 'bench.json'),
  `${JSON.stringify({ at: new Date().toISOString(), machine, figures }, null, 2)}\n`,
);
process.exitCode = figures.every((f) => holds(f)) ? 0 : 1;
