import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../src/base/log.ts';
import { sine } from '../../../src/prompts/level.ts';
import { PromptStore } from '../../../src/prompts/prompt-store.ts';
import { writeSoundFile } from '../../../src/prompts/sound-file.ts';

let dir: string;
let store: PromptStore;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'prompt-store-'));
  store = new PromptStore({ dir, log: silentLogger });
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const english = (greeting?: string) => ({
  texts: greeting === undefined ? {} : { greeting: { en: greeting } },
  languages: ['en'] as const,
  prune: true,
});
const info = (promptId: string, of = store) => of.list().find((prompt) => prompt.promptId === promptId);

async function tone(durationMs: number): Promise<Buffer> {
  const file = join(dir, 'tone.wav');
  await writeSoundFile(file, sine(440, durationMs, -20));
  return readFile(file);
}

describe('prompt store', () => {
  it('renders everything once, then only what changed, and forgets the text that went', {
    timeout: 60_000,
  }, async () => {
    const seen: [number, number][] = [];
    const first = await store.ensureRendered(english(), (done, total) => seen.push([done, total]));
    expect(first).toMatchObject({ kept: 0, failed: [] });
    expect(seen.map(([done]) => done)).toEqual(seen.map((_, index) => index + 1));
    expect(seen.at(-1)).toEqual([first.rendered, first.rendered]);
    for (const prompt of store.list()) expect(prompt.durationMs, prompt.promptId).toBeGreaterThan(300);

    expect(await store.ensureRendered(english())).toMatchObject({ rendered: 0, kept: first.rendered });

    const builtIn = store.pathFor('greeting', 'en');
    expect(await store.ensureRendered(english('Hello.'))).toMatchObject({ rendered: 1 });
    const own = store.pathFor('greeting', 'en') ?? '';
    expect(own).not.toBe(builtIn);
    expect(info('greeting')).toMatchObject({ source: 'text', text: 'Hello.' });
    expect(info('greeting')?.builtInText).toContain('recorded');

    expect(await store.ensureRendered(english('Good day.'))).toMatchObject({ rendered: 1 });
    expect(await readdir(dirname(own))).not.toContain(basename(own));
    // Back to the built-in text: it was kept, because everything falls back to it.
    expect(await store.ensureRendered(english())).toMatchObject({ rendered: 0 });
    expect(store.pathFor('greeting', 'en')).toBe(builtIn);

    // A language without the prompt speaks English rather than nothing.
    expect(store.pathFor('greeting', 'hu')).toBe(builtIn);

    // A text that cannot be spoken is told, and the caller still hears something.
    const outcome = await store.ensureRendered(english('.'));
    expect(outcome.failed).toMatchObject([{ promptId: 'greeting', language: 'en' }]);
    expect(store.pathFor('greeting', 'en')).toBe(builtIn);

    // Another process finds everything as it is, and clears what a crash left half written.
    const half = join(dirname(own), 'greeting.0123.wav.abcd.tmp');
    await writeFile(half, 'half');
    const later = new PromptStore({ dir, log: silentLogger });
    expect(await later.ensureRendered(english())).toMatchObject({ rendered: 0 });
    expect(later.pathFor('greeting', 'en')).toBe(builtIn);
    await expect(readFile(half)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('plays an upload before the text, in a new process too, until the default is restored', async () => {
    const uploaded = await store.upload('my-greeting', 'hu', await tone(600));
    expect(uploaded).toMatchObject({ source: 'upload', text: null });
    expect(uploaded.durationMs).toBeGreaterThan(750);
    expect(store.pathFor('my-greeting', 'hu')).toBe(join(dir, 'uploaded', 'hu', 'my-greeting.wav'));
    expect(store.pathFor('my-greeting', 'en')).toBeUndefined();

    const later = new PromptStore({ dir, log: silentLogger });
    await later.ensureRendered({ texts: {}, languages: [], prune: true });
    expect(info('my-greeting', later)).toMatchObject({ source: 'upload', durationMs: uploaded.durationMs });

    await store.restoreDefault('my-greeting', 'hu');
    await store.restoreDefault('my-greeting', 'hu');
    expect(store.pathFor('my-greeting', 'hu')).toBeUndefined();
    expect(store.list()).toEqual([]);
  });

  it('a bad upload leaves the one before it', async () => {
    await store.upload('greeting', 'en', await tone(600));
    const before = await readFile(store.pathFor('greeting', 'en') ?? '');
    await expect(store.upload('greeting', 'en', Buffer.from('no sound'))).rejects.toMatchObject({
      code: 'prompt.invalid',
    });
    expect(await readFile(store.pathFor('greeting', 'en') ?? '')).toEqual(before);
  });

  it.each(['../../settings', 'a/b', '', 'A', 'x'.repeat(41)])(
    'refuses the prompt id "%s"',
    async (promptId) => {
      await expect(store.upload(promptId, 'en', await tone(100))).rejects.toMatchObject({
        code: 'request.invalid',
      });
      await expect(store.restoreDefault(promptId, 'en')).rejects.toMatchObject({ code: 'request.invalid' });
    },
  );
});
