import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { emptySettings } from '../../../src/domain/settings.ts';
import { type Migration, migrateSettings } from '../../../src/store/migrations.ts';
import { verifyPassword } from '../../../src/store/passwords.ts';
import { maskAll, SecretBox, secretMask } from '../../../src/store/secrets.ts';
import { checkSettingsFile } from '../../../src/store/settings-import.ts';
import { type SettingsChanged, SettingsStore } from '../../../src/store/settings-store.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'cordboard-settings-'));
});

async function open(
  more: { migrations?: readonly Migration[]; revisionCap?: number } = {},
): Promise<SettingsStore> {
  const secrets = await SecretBox.open(dataDir);
  const store = new SettingsStore({
    dataDir,
    secrets,
    clock: new VirtualClock(),
    log: silentLogger,
    ...more,
  });
  await store.load();
  return store;
}

const ann = {
  id: 'e1',
  number: '101',
  name: 'Ann',
  secret: 'ann-secret-1',
  digest: 'MD5' as const,
  mediaEncryption: 'optional' as const,
  dtmf: 'auto' as const,
};
const bob = { ...ann, id: 'e2', number: '102', name: 'Bob', secret: 'bob-secret-2' };
const by = { who: 'admin' };
const settingsFile = (): string => join(dataDir, 'settings.json');

/** Everything the store wrote, as one text. */
async function everythingOnDisk(): Promise<string> {
  const names = await readdir(dataDir, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile() && entry.name !== 'secret.key');
  return (await Promise.all(files.map((f) => readFile(join(f.parentPath, f.name), 'utf8')))).join('\n');
}

describe('the settings store', () => {
  it('begins with an empty office and writes nothing before the first change', async () => {
    const store = await open();
    expect(store.current).toEqual(emptySettings());
    expect(store.revision).toBe(0);
    expect(await readdir(dataDir)).toEqual(['secret.key']);
  });

  it('keeps a change across a restart, with its defaults filled in', async () => {
    const store = await open();
    await store.update({ extensions: [{ ...ann, digest: undefined }] }, by);
    await store.update((draft) => ({ ...draft, office: { ...draft.office, name: 'Cordwainers' } }), by);
    const again = await open();
    expect(again.revision).toBe(2);
    expect(again.current).toEqual(store.current);
    expect(again.revealed.extensions).toEqual([ann]);
    expect(again.problem).toBeNull();
  });

  it('never writes a secret in plain text, and never shows one in memory but as revealed', async () => {
    const store = await open();
    await store.update({ extensions: [ann] }, by);
    await store.update({ extensions: [ann, bob] }, by);
    await store.update({ extensions: [{ ...ann, secret: 'ann-secret-changed' }] }, by);
    const text = (await everythingOnDisk()) + JSON.stringify([store.current, await store.revisions()]);
    for (const secret of ['ann-secret-1', 'bob-secret-2', 'ann-secret-changed'])
      expect(text).not.toContain(secret);
    expect(text).toContain('sealed:v1:');
    expect(store.revealed.extensions[0]?.secret).toBe('ann-secret-changed');
  });

  it('takes back what the API showed: the mask keeps the secret', async () => {
    const store = await open();
    await store.update({ extensions: [ann, bob] }, by);
    const shown = maskAll(store.current);
    shown.extensions.reverse();
    const { changes } = await store.update(() => shown, by);
    expect(store.revealed.extensions).toEqual([bob, ann]);
    expect(changes.map((change) => change.path)).toEqual(['extensions[order]']);
    await expect(
      store.update({ extensions: [{ ...ann, id: 'e9', secret: secretMask }] }, by),
    ).rejects.toMatchObject({
      details: { problems: [{ path: 'extensions.0.secret', message: 'there is no earlier secret to keep' }] },
    });
  });

  it('refuses an invalid change with every problem and its path, and stays as it was', async () => {
    const store = await open();
    await store.update({ extensions: [ann] }, by);
    const change = {
      office: { name: 7 },
      extensions: [{ ...ann, secret: 'short' }],
      agents: [{ id: 'a1', name: 'Ann', extensionId: 'e7' }],
      queues: [{ id: 'q1', name: 'Sales', agentIds: ['a1', 'a9'], ringTimeoutMs: 1, colour: 'red' }],
      trunks: [
        { id: 't1', name: 'T', kind: 'register', host: 'h', inbound: { kind: 'queue', queueId: 'q8' } },
      ],
      network: { publicAddress: 'here' },
      numbers: [{ id: 'n1', number: '5', destination: { kind: 'nowhere' } }],
    };
    const error = await store.update(change, by).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'settings.invalid' });
    const { problems } = (error as { details: { problems: { path: string }[] } }).details;
    expect(problems.map((problem) => problem.path).sort()).toEqual([
      'agents.0.extensionId',
      'extensions.0.secret',
      'network.publicAddress',
      'numbers.0.destination.kind',
      'office.name',
      'queues.0.agentIds.1',
      'queues.0.colour',
      'queues.0.ringTimeoutMs',
      'trunks.0.inbound.queueId',
      'trunks.0.username',
    ]);
    expect(store.revision).toBe(1);
    expect(store.current.office.name).toBe('My office');
  });

  it('names a setting that does not exist instead of ignoring it', async () => {
    const store = await open();
    await expect(store.update({ office: { nmae: 'typo' } }, by)).rejects.toMatchObject({
      details: { problems: [{ path: 'office.nmae', message: 'there is no such setting' }] },
    });
  });

  it('does concurrent changes one after the other and loses none', async () => {
    const store = await open();
    const adding = Array.from({ length: 20 }, (_, i) =>
      store.update((draft) => void draft.extensions.push({ ...ann, id: `e${i}`, number: `${100 + i}` }), by),
    );
    const revisions = await Promise.all(adding);
    expect(revisions.map(({ revision }) => revision)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    expect((await open()).current.extensions).toHaveLength(20);
  });

  it('refuses a change made from a revision that is no longer the current one', async () => {
    const store = await open();
    const [first, second] = await Promise.allSettled([
      store.update({ office: { name: 'One' } }, { ...by, baseRevision: 0 }),
      store.update({ office: { name: 'Two' } }, { ...by, baseRevision: 0 }),
    ]);
    expect(first.status).toBe('fulfilled');
    expect(second).toMatchObject({ reason: { code: 'settings.conflict', details: { revision: 1 } } });
    expect(store.current.office.name).toBe('One');
  });

  it('tells of a change with what changed, secrets masked, and makes no revision of none', async () => {
    const store = await open();
    const told: SettingsChanged[] = [];
    store.events.on('changed', (change) => told.push(change));
    await store.update({ office: { name: 'Ours' }, extensions: [ann] }, by);
    await store.update({ office: { name: 'Ours' }, extensions: [ann] }, by);
    await store.update({ extensions: [{ ...ann, secret: 'another-secret' }] }, by);
    expect(told).toHaveLength(2);
    expect(told[0]?.changes).toContainEqual({ path: 'office.name', before: 'My office', after: 'Ours' });
    expect(told[0]?.changes).toContainEqual({
      path: 'extensions[e1]',
      after: { ...ann, secret: secretMask },
    });
    expect(told[1]?.changes).toEqual([
      { path: 'extensions[e1].secret', before: secretMask, after: secretMask },
    ]);
    expect(told[1]?.revealed.extensions[0]?.secret).toBe('another-secret');
  });

  it('keeps a history with who and when, goes back to a revision, and lets the oldest go', async () => {
    const store = await open({ revisionCap: 3 });
    for (const name of ['One', 'Two', 'Three'])
      await store.update({ office: { name }, extensions: [ann] }, by);
    expect(await store.rollbackChanges(2)).toEqual([{ path: 'office.name', before: 'Three', after: 'Two' }]);
    expect(await store.rollbackChanges(3)).toEqual([]);
    await store.rollback(2, { who: 'boss' });
    expect(store.current.office.name).toBe('Two');
    expect(store.revealed.extensions).toEqual([ann]);
    const history = await store.revisions();
    expect(history.map(({ revision, who }) => [revision, who])).toEqual([
      [4, 'boss'],
      [3, 'admin'],
      [2, 'admin'],
    ]);
    expect(history[0]?.changes).toEqual([{ path: 'office.name', before: 'Three', after: 'Two' }]);
    expect(history[0]?.at).toBe(Date.UTC(2026, 0, 5, 8));
    await expect(store.rollback(1, by)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('goes back without bringing back people, passwords and links that have gone, or losing new ones', async () => {
    const store = await open();
    const hash = (text: string): string =>
      `$argon2id$v=19$m=19456,t=2,p=1$${btoa(text)}$${btoa(text.repeat(8))}`;
    const user = (id: string, more: object = {}) => ({
      id,
      name: id,
      role: 'admin',
      passwordHash: hash(id),
      ...more,
    });
    const wall = { name: 'Wall', tokenHash: `$sha256$${'0'.repeat(64)}` };
    await store.update(
      { users: [user('ada'), user('eve')], wallboards: [{ ...wall, id: 'taken-back' }] },
      by,
    );
    const agents = [{ id: 'anna', name: 'Anna', extensionId: 'e1' }];
    const secondFactor = { secret: 'JBSWY3DPEHPK3PXP', since: 1 };
    await store.update(
      {
        extensions: [ann],
        agents,
        queues: [{ id: 'sales', name: 'Sales' }],
        users: [user('ada', { secondFactor }), user('anna', { role: 'agent', agentId: 'anna' })],
        wallboards: [
          { ...wall, id: 'of-sales', queueIds: ['sales'] },
          { ...wall, id: 'of-all', tiles: [{ shows: 'clock' }, { shows: 'waiting-now', queueId: 'sales' }] },
        ],
      },
      by,
    );
    await store.rollback(1, by);
    expect(store.current.queues).toEqual([]);
    expect(store.current.users.map(({ id, agentId }) => [id, agentId])).toEqual([
      ['ada', undefined],
      ['anna', undefined],
    ]);
    expect(store.revealed.users[0]?.secondFactor?.secret).toBe(secondFactor.secret);
    expect(store.current.wallboards.map(({ id, tiles }) => [id, tiles.length])).toEqual([['of-all', 1]]);
    expect(await everythingOnDisk()).not.toContain(secondFactor.secret);
  });

  it('takes back a revision that was written just before a crash and never acknowledged', async () => {
    const store = await open();
    await store.update({ office: { name: 'One' } }, by);
    await writeFile(join(dataDir, 'revisions', '000002.json'), '{"revision":2');
    const again = await open();
    expect(again.revision).toBe(1);
    await again.update({ office: { name: 'Two' } }, by);
    expect((await again.revisions()).map(({ revision }) => revision)).toEqual([2, 1]);
  });
});

describe('a settings file changed outside', () => {
  it('that is broken leaves the last good settings in force, with all problems reported', async () => {
    const store = await open();
    await store.update({ office: { name: 'Good' }, extensions: [ann] }, by);
    const document = JSON.parse(await readFile(settingsFile(), 'utf8'));
    document.settings.office.timeZone = 5;
    document.settings.agents = [{ id: 'a1', name: 'Ann', extensionId: 'gone' }];
    await writeFile(settingsFile(), JSON.stringify(document));
    const again = await open();
    expect(again.current).toEqual(store.current);
    expect(again.revealed.extensions).toEqual([ann]);
    expect(again.problem?.problems.map(({ path }) => path)).toEqual([
      'office.timeZone',
      'agents.0.extensionId',
    ]);
  });

  it.each(['', '{"revision": 1, "settings": {"ver', '[]', 'null'])(
    'that reads %j leaves the last good settings in force',
    async (text) => {
      const store = await open();
      await store.update({ office: { name: 'Good' } }, by);
      await writeFile(settingsFile(), text);
      const again = await open();
      expect(again.current.office.name).toBe('Good');
      expect(again.problem).not.toBeNull();
    },
  );

  it('that is gone leaves the last good settings in force', async () => {
    await (await open()).update({ office: { name: 'Good' } }, by);
    await rm(settingsFile());
    const again = await open();
    expect(again.current.office.name).toBe('Good');
    expect(again.problem?.message).toContain('gone');
  });

  it('that is broken is kept beside when the next change replaces it, and the problem is over', async () => {
    await (await open()).update({ office: { name: 'Good' } }, by);
    await writeFile(settingsFile(), '{ my careful edit');
    const again = await open();
    await again.update({ office: { name: 'Better' } }, by);
    expect(again.problem).toBeNull();
    const kept = (await readdir(dataDir)).find((file) => file.startsWith('settings.json.rejected-'));
    expect(await readFile(join(dataDir, kept ?? ''), 'utf8')).toBe('{ my careful edit');
    expect((await open()).current.office.name).toBe('Better');
  });

  it('with neither file good does not start half an office', async () => {
    await (await open()).update({ office: { name: 'Good' } }, by);
    await writeFile(settingsFile(), '{');
    await writeFile(`${settingsFile()}.last-good`, '{');
    await expect(open()).rejects.toMatchObject({ code: 'settings.unreadable' });
  });

  it('that is valid is in force, becomes a revision of its own, and has its secrets sealed', async () => {
    await (await open()).update({ office: { name: 'Good' }, extensions: [ann] }, by);
    const document = JSON.parse(await readFile(settingsFile(), 'utf8'));
    document.settings.extensions[0].secret = 'typed-by-hand';
    await writeFile(settingsFile(), JSON.stringify(document));
    const again = await open();
    expect(again.problem).toBeNull();
    expect(again.revealed.extensions[0]?.secret).toBe('typed-by-hand');
    expect((await again.revisions())[0]).toMatchObject({ revision: 2, who: 'edited by hand' });
    expect(await everythingOnDisk()).not.toContain('typed-by-hand');
    expect((await open()).revision).toBe(2);
  });

  it('with secrets of another box says which ones', async () => {
    await (await open()).update({ extensions: [ann] }, by);
    await rm(join(dataDir, 'secret.key'));
    await expect(open()).rejects.toMatchObject({
      details: { problems: [{ path: 'extensions.0.secret' }] },
    });
  });
});

describe('migrations', () => {
  const steps: Migration[] = [
    {
      to: 1,
      summary: 'offices have names',
      migrate: (document) => ({ ...document, office: { name: 'Migrated' } }),
    },
  ];

  it('run at the load, as a revision of their own', async () => {
    const old = { revision: 4, at: 1, who: 'x', settings: { version: 0, extensions: [ann] } };
    await writeFile(settingsFile(), JSON.stringify(old));
    const store = await open({ migrations: steps });
    expect(store.current.office.name).toBe('Migrated');
    expect(store.revealed.extensions).toEqual([ann]);
    expect((await store.revisions())[0]).toMatchObject({ revision: 5, who: 'migration: offices have names' });
    expect((await open({ migrations: steps })).revision).toBe(5);
  });

  it('are done in order, on a copy', () => {
    const old = Object.freeze({ version: 1, queues: Object.freeze([]) });
    const list: Migration[] = [
      { to: 2, summary: 'two', migrate: (document) => ({ ...document, two: true }) },
      { to: 3, summary: 'three', migrate: ({ two, ...rest }) => ({ ...rest, three: two }) },
    ];
    expect(migrateSettings(old, list, 3)).toEqual({
      document: { version: 3, queues: [], three: true },
      done: ['two', 'three'],
      problems: [],
    });
    expect(old).toEqual({ version: 1, queues: [] });
  });

  it('refuse what comes from a newer program, has no version, or has no way on', () => {
    expect(migrateSettings({ version: 9 }, [], 1).problems[0]?.message).toContain('newer program');
    expect(migrateSettings({}, [], 1).problems).toEqual([
      { path: 'version', message: 'must be a whole number, at most 1' },
    ]);
    expect(migrateSettings({ version: 1 }, [], 3).problems[0]?.message).toBe(
      'no migration leads from 1 to 2',
    );
    expect(migrateSettings('text', [], 1).problems[0]?.path).toBe('');
  });
});

describe('a settings file to import', () => {
  const file = (): string => join(dataDir, 'office.json');
  const office = {
    version: 1,
    extensions: [ann],
    users: [{ id: 'u1', name: 'admin', role: 'admin', password: 'correct horse' }],
  };

  it('may hold plain secrets and passwords; importing it again changes nothing', async () => {
    await writeFile(file(), JSON.stringify(office));
    const store = await open();
    expect(await store.importFile(file())).toEqual({ revision: 1 });
    expect(await verifyPassword('correct horse', store.current.users[0]?.passwordHash)).toBe(true);
    expect(store.revealed.users).toEqual(store.current.users);
    expect(store.revealed.extensions).toEqual([ann]);
    expect(await store.importFile(file())).toEqual({ revision: 1 });
    await rm(file());
    expect(await everythingOnDisk()).not.toMatch(/correct horse|ann-secret/);
  });

  it('reports all its problems at once and leaves the settings alone', async () => {
    const broken = {
      extensions: [{ ...ann, number: 'one' }],
      agents: [{ id: 'a1', name: 'A', extensionId: 'e3' }],
      users: [
        { id: 'u1', name: 'admin', role: 'admin', password: 'short' },
        { id: 'u2', name: 'other', role: 'boss', password: 'long enough', passwordHash: '$argon2id$x' },
      ],
      colour: 'blue',
    };
    await writeFile(file(), JSON.stringify(broken));
    const store = await open();
    const error = await store.importFile(file()).catch((thrown: unknown) => thrown);
    const { problems } = (error as { details: { problems: { path: string }[] } }).details;
    const paths = [
      'agents.0.extensionId',
      'colour',
      'extensions.0.number',
      'users.0.password',
      'users.1.password',
      'users.1.role',
      'version',
    ];
    expect(problems.map(({ path }) => path).sort()).toEqual(paths);
    expect(
      checkSettingsFile(JSON.stringify(broken))
        .map(({ path }) => path)
        .sort(),
    ).toEqual(paths);
    expect(checkSettingsFile(JSON.stringify(office))).toEqual([]);
    expect(store.revision).toBe(0);
  });

  it('that is no JSON is refused with the place', async () => {
    await writeFile(file(), '{"version": 1,, }');
    await expect((await open()).importFile(file())).rejects.toMatchObject({
      code: 'settings.unreadable',
      message: expect.stringContaining('position'),
    });
    await expect((await open()).importFile('/no/such/file')).rejects.toMatchObject({ code: 'not-found' });
  });
});
