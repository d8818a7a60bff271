/** The demo as a visitor starts it: an office that moves by itself, and nothing left when it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { freePorts } from '../support/free-ports.ts';
import { signedInClient } from '../support/https-client.ts';

const root = join(import.meta.dirname, '../..');
const temporary = mkdtempSync(join(tmpdir(), 'demo-test-'));
const hadData = existsSync(join(root, '.data'));
let demo: ChildProcess;
let output = '';
let url = '';

beforeAll(async () => {
  const first = await freePorts(8);
  url = `https://127.0.0.1:${first + 2}`;
  demo = spawn(join(root, 'scripts/start'), ['--demo'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      TMPDIR: temporary,
      CORDBOARD_BIND: '127.0.0.1',
      CORDBOARD_SIP_PORT: String(first),
      CORDBOARD_SIPS_PORT: String(first + 1),
      CORDBOARD_HTTP_PORT: String(first + 2),
      CORDBOARD_DRACHTIO_PORT: String(first + 4),
      CORDBOARD_WEBRTC_PORT: String(first + 6),
      CORDBOARD_RTP_PORTS: `${10_000 + 2 * (first % 2500)}-${10_999 + 2 * (first % 2500)}`,
    },
  });
  for (const stream of [demo.stdout, demo.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
    });
  await eventually('the words at the terminal', () => output.includes('Password'), 90_000).catch((error) => {
    throw new Error(`${error}\n${output}`);
  });
});
afterAll(() => {
  demo.kill('SIGKILL');
  rmSync(temporary, { recursive: true, force: true });
});

describe('scripts/start --demo', () => {
  it('shows calls that reach agents and are recorded, and says that all is simulated', async () => {
    const password = /Password\s+(\S+)/.exec(output)?.[1] ?? '';
    const ask = await signedInClient(url, 'demo', password);
    expect((await ask('/status')).demo).toBe(true);
    await eventually('all phones', async () => (await ask('/live')).phones.length >= 7, 20_000);
    type Listed = { phase: string; queue?: unknown; recordings: unknown[] };
    const talked = async (): Promise<boolean> =>
      ((await ask('/calls?limit=50')).items as Listed[]).some(
        ({ phase, recordings }) => phase === 'ended' && recordings.length > 0,
      );
    await eventually('a call that was answered, recorded and ended', talked, 90_000);
    expect((await ask('/panel')).state).toBe('connected');
    const before = (await ask(`/calls?limit=50&until=${Date.now() - 86_400_000}`)).items;
    expect(before.length).toBe(50);
  });

  it('leaves nothing behind when it ends', async () => {
    expect(readdirSync(temporary).some((name) => name.startsWith('cordboard-demo-'))).toBe(true);
    demo.kill('SIGINT');
    const [code] = await once(demo, 'exit');
    expect(code).toBe(0);
    expect(readdirSync(temporary).filter((name) => name.startsWith('cordboard'))).toEqual([]);
    expect(existsSync(join(root, '.data'))).toBe(hadData);
  });
});
