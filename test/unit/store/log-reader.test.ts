import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { maskedLog, readLog } from '../../../src/store/log-reader.ts';

const dir = mkdtempSync(join(tmpdir(), 'cordboard-log-'));
const path = join(dir, 'cordboard.log');
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const line = (level: string, part: string, message: string, more: object = {}): string =>
  JSON.stringify({ at: '2026-01-05T08:00:00.000Z', level, ns: 'appliance', part, message, ...more });

it('shows the last lines of a level and a part, oldest first, and names the parts there are', async () => {
  writeFileSync(
    path,
    [
      line('info', 'api', 'one'),
      line('warn', 'panel', 'two'),
      line('error', 'api', 'three'),
      'no record of ours',
      line('warn', 'api', 'four'),
      '',
    ].join('\n'),
  );
  const messages = async (query: object): Promise<string[]> =>
    (await readLog(path, { level: 'debug', limit: 100, ...query })).lines.map(({ message }) => message);
  expect(await messages({})).toEqual(['one', 'two', 'three', 'no record of ours', 'four']);
  expect(await messages({ level: 'warn' })).toEqual(['two', 'three', 'four']);
  expect(await messages({ part: 'api', limit: 2 })).toEqual(['three', 'four']);
  expect((await readLog(path, { level: 'error', limit: 1 })).parts).toEqual(['api', 'panel']);
});

it('crosses out passwords and keys, wherever they stand', async () => {
  const sdp = 'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz';
  writeFileSync(
    path,
    `${line('info', 'api', 'signed in', { user: 'anna', password: 'hunter2', nested: { sipSecret: 'hunter2' } })}\n${line('info', 'sip', sdp)}\n`,
  );
  const text =
    JSON.stringify((await readLog(path, { level: 'debug', limit: 9 })).lines) + (await maskedLog(path));
  expect(text).toContain('anna');
  expect(text).not.toContain('hunter2');
  expect(text).not.toContain('WVNfX19');
});

it('reads only the end of a long log, in whole lines, and nothing of an absent one', async () => {
  writeFileSync(path, `${line('info', 'api', 'x'.repeat(400))}\n`.repeat(8000));
  const { lines } = await readLog(path, { level: 'debug', limit: 100_000 });
  expect(lines.length).toBeGreaterThan(3000);
  expect(lines.length).toBeLessThan(5000);
  expect(lines.every(({ part }) => part === 'api')).toBe(true);
  expect(await readLog(join(dir, 'none.log'), { level: 'debug', limit: 9 })).toEqual({
    lines: [],
    parts: [],
  });
});
