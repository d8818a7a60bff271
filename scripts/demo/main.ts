/**
 * A simulated office that a visitor sees live: the real product, with an office of invented people around it who call
 * over SIP, speak over RTP and watch a panel on a PTY. Its data is in a directory of its own, which goes when it ends.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { createLogger } from '../../src/base/log.ts';
import { readConfig } from '../../src/config.ts';
import { CallLog } from '../../src/store/call-log.ts';
import { VirtualPanel } from '../../test/support/virtual-panel.ts';
import { Random } from '../fuzzers/random.ts';
import { pause } from '../peers/pause.ts';
import { Metronome } from '../peers/voice.ts';
import { DemoAgent } from './agents.ts';
import { DemoApi } from './api.ts';
import { DemoCarrier } from './callers.ts';
import { pastWeeks } from './history.ts';
import { demoOffice, habits, leads, userName } from './office.ts';
import { about, type Scene } from './people.ts';
import { speakAll } from './speech.ts';

/** Well below what the log keeps in memory. */
const eventsAtOnce = 10_000;

const root = join(import.meta.dirname, '../..');
const dataDir = mkdtempSync(join(tmpdir(), 'cordboard-demo-'));
const config = readConfig({ ...process.env, CORDBOARD_DATA: dataDir });
const random = new Random(Date.now() % 1_000_000);
const { settings, password, secrets } = demoOffice();

let open = true;
const closers: (() => unknown)[] = [() => rmSync(dataDir, { recursive: true, force: true })];
async function stop(status: number): Promise<void> {
  if (!open) return;
  open = false;
  process.stdout.write('The demo ends: everybody hangs up …\n');
  // Whoever does not answer any more is not waited for.
  for (const close of closers.reverse())
    await Promise.race([Promise.resolve(close()).catch(() => {}), pause(4000)]);
  process.exit(status);
}

async function rememberPast(): Promise<void> {
  const callLog = new CallLog({
    file: join(dataDir, 'call-log.db'),
    clock: systemClock,
    log: createLogger('demo'),
  });
  await callLog.start();
  const events = pastWeeks(Date.now(), random);
  for (let at = 0; at < events.length; at += eventsAtOnce) {
    for (const event of events.slice(at, at + eventsAtOnce)) callLog.append(event);
    await callLog.flush();
  }
  await callLog.stop();
}

/** Starts the product as anybody does. Resolves when its pages answer. */
function startProduct(panelDevice: string): Promise<void> {
  const officeFile = join(dataDir, 'office.json');
  writeFileSync(officeFile, JSON.stringify(settings), { mode: 0o600 });
  const child = fork(join(root, 'src/main.ts'), ['--settings', officeFile], {
    cwd: root,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // Ctrl-C comes to us alone: first everybody hangs up, then the box goes.
    detached: true,
    env: { ...process.env, CORDBOARD_DATA: dataDir, CORDBOARD_DEMO: '1', CORDBOARD_PANEL: panelDevice },
  });
  closers.push(
    () =>
      new Promise<void>((resolve) => {
        if (child.exitCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  );
  return new Promise((resolve, reject) => {
    child.on('message', ({ ready }: { ready: string }) => {
      if (ready === 'appliance') resolve();
    });
    child.once('exit', (code) => {
      reject(new Error(`Cordboard ended with ${code}`));
      if (open) void stop(1);
    });
  });
}

/** Now and then an agent who is free calls somebody. */
async function callOut(api: DemoApi, scene: Scene): Promise<void> {
  while (scene.isOpen()) {
    await pause(about(random, 45_000));
    if (!scene.isOpen()) return;
    const { extension } = random.pick(habits);
    // Who is in a call is not at liberty: the box says so, and nothing happens.
    await api.clickToCall(`phone-${extension}`, `02079460${100 + random.below(900)}`).catch(() => {});
  }
}

async function demo(): Promise<void> {
  process.stdout.write('Preparing two weeks of calls, and what people will say …\n');
  const conversations = await speakAll(join(root, '.cache/demo-speech'));
  await rememberPast();
  const panel = new VirtualPanel({ link: join(dataDir, 'panel') });
  closers.push(() => panel.stop());
  await panel.plug();
  const metronome = new Metronome();
  metronome.start();
  closers.push(() => metronome.stop());
  const scene: Scene = {
    server: { address: '127.0.0.1', port: config.sipPort },
    random,
    metronome,
    conversations,
    outsiders: new Map(),
    isOpen: () => open,
  };
  const carrier = await DemoCarrier.open(scene);
  await startProduct(join(dataDir, 'panel'));
  closers.push(() => carrier.close());
  const api = new DemoApi(`https://127.0.0.1:${config.httpPort}`);
  await api.signIn(userName, password);
  for (const habit of habits) {
    const agent = await DemoAgent.open(habit, secrets.get(habit.extension) ?? '', scene);
    closers.push(() => agent.close());
    void agent.work(api).catch(report);
  }
  void carrier.run().catch(report);
  await api.startCampaign(leads(random), {
    name: 'Service reminders',
    queueId: 'sales',
    script: 'Good day, this is the demo office. Your yearly service is due: which day suits you?',
    windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '08:00', until: '21:00' }],
    ringTimeoutMs: 15_000,
    maxLines: 2,
  });
  void callOut(api, scene).catch(report);
  process.stdout.write(
    [
      '',
      'This is a demo: everybody in it is simulated, and nothing of it is kept.',
      `  Sign in as      ${userName}`,
      `  Password        ${password}`,
      '',
      '',
    ].join('\n'),
  );
}

function report(error: unknown): void {
  if (open) process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
try {
  await demo();
} catch (error) {
  report(error);
  await stop(1);
}
