import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { eventually } from '../../test/support/eventually.ts';
import { freePorts } from '../../test/support/free-ports.ts';
import { Instance } from '../../test/support/instance.ts';
import { processCpuMs } from '../benchmarks/process-cpu.ts';
import { Random } from '../fuzzers/random.ts';
import { Endpoint } from '../peers/endpoint.ts';
import { pause } from '../peers/pause.ts';
import { Metronome } from '../peers/voice.ts';
import { Carrier } from './carrier.ts';
import { Load } from './load.ts';
import {
  agentCount,
  agentNumber,
  carrierAddress,
  deskNumber,
  phoneCount,
  phoneNumber,
  soakOffice,
} from './office.ts';
import { Outcomes } from './outcomes.ts';
import { Phone } from './phones.ts';
import { type Sample, Sampler } from './sampler.ts';
import { Strangers } from './strangers.ts';
import { type Check, leftoverChecks, memoryChecks } from './verdict.ts';
import { Watcher } from './watcher.ts';

const sampleEveryMs = 10_000;
/** Garbage is collected for every so manieth sample: it pauses the process, so not for each. */
const heapEvery = 6;
/** Non-INVITE transactions over UDP are remembered for 32 s (RFC 3261 timer J), registrations for 120. */
const quietMs = 45_000;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    factor: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    json: { type: 'string', default: join(import.meta.dirname, '../../.cache/soak.json') },
  },
});
const minutes = Number(values.minutes);
const factor = Number(values.factor);
const seed = Number(values.seed);
if (!(minutes > 0) || !(factor > 0) || !Number.isInteger(seed)) {
  process.stderr.write('scripts/soak --minutes N (above 0) --factor F (above 0) --seed N\n');
  process.exit(2);
}

async function soak(): Promise<boolean> {
  const dir = mkdtempSync(join(tmpdir(), 'cordboard-soak-'));
  const random = new Random(seed);
  const outcomes = new Outcomes();
  const carrierPort = await freePorts(2);
  const probe = pathToFileURL(join(import.meta.dirname, 'heap-probe.ts')).href;
  const box = await Instance.start({
    settings: soakOffice(carrierPort),
    env: {
      CORDBOARD_GUARD_LOOPBACK: '1',
      CORDBOARD_LOG: 'warn',
      CORDBOARD_SOAK_DIR: dir,
      NODE_OPTIONS: `--import=${probe} --disable-warning=ExperimentalWarning`,
    },
  });
  // Who interrupts it is left with nothing that runs, and no files.
  const abandon = async (): Promise<void> => {
    await box.stop();
    rmSync(dir, { recursive: true, force: true });
    process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void abandon());
  const server = { address: '127.0.0.1', port: box.ports.sip };
  const metronome = new Metronome();
  metronome.start();
  const phoneDeps = { server, outcomes, metronome, random };
  const opened: { close(): void }[] = [];
  try {
    await box.login();
    const endpoint = { address: carrierAddress, port: carrierPort, server, outcomes, metronome, random };
    const carrier = await Carrier.open(endpoint);
    opened.push(carrier);
    await eventually('the trunk is up', async () => (await box.live()).trunks[0]?.state === 'up', 40_000);
    const open = async (number: string, manner: 'agent' | 'colleague' | 'desk'): Promise<Phone> => {
      const phone = await Phone.open(number, manner, phoneDeps);
      opened.push(phone.endpoint);
      await phone.register(120);
      return phone;
    };
    const agents: Phone[] = [];
    for (let i = 0; i < agentCount; i++) agents.push(await open(agentNumber(i), 'agent'));
    const phones: Phone[] = [];
    for (let i = 0; i < phoneCount; i++) phones.push(await open(phoneNumber(i), 'colleague'));
    const desk = await open(deskNumber, 'desk');
    const deskTimer = setInterval(() => void desk.register(120), 50_000);
    const watcher = new Watcher({ url: box.url, outcomes });
    opened.push(watcher);
    await watcher.signIn();

    // Once through everything, so that what is opened at first use does not count as a leak.
    await watcher.look();
    await carrier.caller('queue');
    await quiet(box);

    const sampler = new Sampler(box, dir);
    const before = await sampler.sample(true);
    const load = new Load({
      carrier,
      agents,
      phones,
      strangers: new Strangers({ server, outcomes, random }),
      watcher,
      outcomes,
      random,
    });
    process.stdout.write(`soaking for ${minutes} minutes, seed ${seed}; the instance is ${box.dataDir}\n`);
    await watcher.follow();
    const ownCpuMs = processCpuMs(process.pid);
    load.start(factor);
    const samples = await watch(sampler, outcomes, carrier);
    const driverCpuMs = processCpuMs(process.pid) - ownCpuMs;

    process.stdout.write('hanging up, waiting for quiet …\n');
    await load.stop();
    watcher.close();
    clearInterval(deskTimer);
    for (const phone of [...agents, ...phones, desk]) await phone.register(0);
    const leaked = await quiet(box);
    const after = await sampler.sample(true);
    const logged = await countCalls(box);
    const retransmitted = opened.reduce(
      (sum, each) => sum + (each instanceof Endpoint ? each.retransmitted : 0),
      0,
    );
    outcomes.count('requests asked again', retransmitted + carrier.endpoint.retransmitted);

    const guard = (await box.api('GET', '/system/guard')).json;
    const checks = [
      ...memoryChecks(samples),
      ...leftoverChecks(before, after),
      { what: 'nothing left after the quiet', ok: leaked === '', detail: leaked || 'idle' },
      callCheck(outcomes, logged),
      { what: 'strangers banned', ok: guard.counters.bans > 0, detail: `${guard.counters.bans} bans` },
      { what: 'failures', ok: outcomes.failed === 0, detail: String(outcomes.failed) },
    ];
    report({
      checks,
      outcomes,
      samples,
      before,
      after,
      guard: guard.counters,
      driverCpuMs,
      errors: errorsOf(box),
    });
    return checks.every(({ ok }) => ok);
  } finally {
    for (const each of opened) each.close();
    metronome.stop();
    await box.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Samples until the time is up, with a line each minute. */
async function watch(sampler: Sampler, outcomes: Outcomes, carrier: Carrier): Promise<Sample[]> {
  const samples: Sample[] = [];
  const startedAt = performance.now();
  for (let n = 0; performance.now() - startedAt < minutes * 60_000; n++) {
    await pause(Math.max(0, startedAt + (n + 1) * sampleEveryMs - performance.now()));
    const sample = await sampler.sample(n % heapEvery === heapEvery - 1);
    samples.push(sample);
    if (n % heapEvery !== heapEvery - 1) continue;
    const memory = Object.entries(sample.processes)
      .map(([name, { rssBytes, heap }]) => {
        const after = heap ? ` (heap ${(heap.heapUsed / 1e6).toFixed(1)})` : '';
        return `${name} ${(rssBytes / 1e6).toFixed(0)}${after}`;
      })
      .join(', ');
    process.stdout.write(
      `${Math.round(sample.atS / 60)} min: ${carrier.callsUp} calls up, ${outcomes.of('talks with agents')} talks, ` +
        `${outcomes.failed} failures; ${sample.sip.dialogs} dialogs, ${sample.sip.transactions} transactions, ` +
        `${sample.media.legs} legs; MB: ${memory}\n`,
    );
  }
  return samples;
}

/** @returns what is left, '' for nothing */
async function quiet(box: Instance): Promise<string> {
  const idle = async (): Promise<boolean> => {
    const { sip, media } = await box.stats();
    return sip.dialogs === 0 && sip.transactions <= 1 && media.legs === 0 && media.socketsBound === 0;
  };
  return eventually('quiet', idle, quietMs).then(
    () => '',
    async () => JSON.stringify(await box.stats()),
  );
}

async function countCalls(box: Instance): Promise<number> {
  let count = 0;
  let cursor = '';
  for (;;) {
    const { json } = await box.api('GET', `/calls?limit=200${cursor}`);
    count += json.items.length;
    if (json.next === null) return count;
    cursor = `&cursor=${encodeURIComponent(json.next)}`;
  }
}

/** Every call that was placed is in the call log, and no other. */
function callCheck(outcomes: Outcomes, logged: number): Check {
  const placed = outcomes.of('calls from outside') + outcomes.of('calls between phones');
  return {
    what: 'calls placed are in the log',
    ok: logged === placed,
    detail: `${placed} placed, ${logged} logged`,
  };
}

/** Lines of the log that tell of a fault of ours. */
function errorsOf(box: Instance): string[] {
  return box
    .log()
    .split('\n')
    .filter((line) => line.includes('"level":"error"'))
    .slice(0, 50);
}

function report(result: {
  checks: Check[];
  outcomes: Outcomes;
  samples: Sample[];
  before: Sample;
  after: Sample;
  guard: unknown;
  driverCpuMs: number;
  errors: string[];
}): void {
  const { checks, outcomes, samples, before, after, driverCpuMs } = result;
  const seconds = samples.at(-1)?.atS ?? 1;
  const cpu = Object.entries(after.processes).map(([name, { cpuMs }]) => {
    const used = (cpuMs - (before.processes[name]?.cpuMs ?? 0)) / 10 / seconds;
    return `${name} ${used.toFixed(1)} %`;
  });
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  const lines = [
    '',
    ...Object.entries(outcomes.counts).map(([what, count]) => `  ${String(count).padStart(9)}  ${what}`),
    '',
    `processor, of one core: ${cpu.join(', ')}; the load itself ${(driverCpuMs / 10 / seconds).toFixed(1)} %`,
    '',
    ...checks.map(({ what, ok, detail }) => `${ok ? 'ok   ' : 'WRONG'}  ${what}: ${detail}`),
    ...Object.entries(outcomes.failures).flatMap(([what, { count, examples }]) => [
      `\n${count} × ${what}:`,
      ...examples.map((example) => `    ${example}`),
    ]),
    ...(result.errors.length === 0
      ? []
      : ['\nerrors in the log:', ...result.errors.map((line) => `    ${line}`)]),
    '',
    machine,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  mkdirSync(join(values.json, '..'), { recursive: true });
  const { counts, failures } = outcomes;
  writeFileSync(
    values.json,
    `${JSON.stringify({ at: new Date().toISOString(), machine, minutes, factor, seed, ...result, outcomes: { counts, failures } }, null, 1)}\n`,
  );
}

// Whatever a stranger of the load still holds open: the verdict is told, and that is the end.
process.exit((await soak()) ? 0 : 1);
