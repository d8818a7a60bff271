import { describe, expect, it } from 'vitest';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { TestApi } from '../../support/api-client.ts';

type Table = EndpointResponse<'uploadTable'>;
type Plan = EndpointResponse<'planExtensionImport'>;

async function upload(
  api: TestApi,
  cookie: string,
  content: string | Uint8Array,
  name = 'people.csv',
  type = 'text/csv',
): Promise<Response> {
  return api.call('uploadTable', {
    cookie,
    body: typeof content === 'string' ? Buffer.from(content) : content,
    headers: { 'content-type': type },
    query: `?name=${encodeURIComponent(name)}`,
  });
}

async function table(api: TestApi, cookie: string, content: string | Uint8Array): Promise<Table> {
  const answer = await upload(api, cookie, content);
  expect(answer.status).toBe(201);
  return (await answer.json()) as Table;
}

const freePbx = [
  'extension,password,name,voicemail,secret',
  '201,,Front desk,novm,front-desk-secret',
  '203,,"Kis, Béla",default,béla-titkos-szó',
  '204,,=HYPERLINK("http://x"),novm,1234',
  ',,Nobody,,',
  '300,,Taken by a queue,,',
].join('\r\n');

describe('an uploaded table', () => {
  it('is shown as it looks, and again as it was chosen', async () => {
    const api = new TestApi();
    const cookie = await api.admin();
    const found = await table(api, cookie, '\ufeffnév;szám\r\nÉva;1\r\n\r\nGéza;2\r\n');
    expect(found).toMatchObject({
      name: 'people.csv',
      encoding: 'utf-8',
      delimiter: ';',
      header: true,
      columns: ['név', 'szám'],
      rows: 2,
      sample: [
        { line: 2, cells: ['Éva', '1'] },
        { line: 4, cells: ['Géza', '2'] },
      ],
    });
    const again = await api.call('readUpload', {
      cookie,
      params: { id: found.fileId },
      body: { delimiter: ',', header: false, encoding: 'windows-1250' },
    });
    expect(await again.json()).toMatchObject({ delimiter: ',', header: false, rows: 3, columns: [''] });
  });

  it.each<[string, string | Uint8Array, { code: string; line: number }]>([
    ['a workbook called csv', Buffer.from('PK\x03\x04\0\0', 'latin1'), { code: 'spreadsheet', line: 1 }],
    ['a web page', '<!DOCTYPE html><html></html>', { code: 'web-page', line: 1 }],
    ['NUL bytes', 'a,b\n1,\0\0\0\n', { code: 'binary', line: 1 }],
    ['NUL bytes far behind', `a,b\n${'1,2\n'.repeat(2000)}\0`, { code: 'binary', line: 2002 }],
    ['nothing', '\n\n', { code: 'empty', line: 1 }],
    ['a header and nothing else', 'name,number\n', { code: 'empty', line: 1 }],
    ['one line of ten megabytes', 'x'.repeat(10_000_000), { code: 'cell-too-long', line: 1 }],
    ['a line of too many cells', `a,b\n${','.repeat(500)}\n`, { code: 'too-many-columns', line: 2 }],
    ['a quote that nobody closes', 'a,b\n"1,2\n3,4\n', { code: 'open-quote', line: 2 }],
  ])('of %s says so and where', async (_, content, fault) => {
    const api = new TestApi();
    expect((await table(api, await api.admin(), content)).fault).toEqual(fault);
  });

  it('of fifty megabytes is refused before it is read', async () => {
    const api = new TestApi();
    const answer = await upload(api, await api.admin(), Buffer.alloc(50_000_000, 'a,b\n'));
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      413,
      'request.too-large',
    ]);
  });

  it('is known by the last part of its name, whatever path or tricks come with it', async () => {
    const api = new TestApi();
    const cookie = await api.admin();
    for (const [name, shown] of [
      ['../../etc/passwd', 'passwd'],
      ['C:\\lists\\may.csv', 'may.csv'],
      ['a\u202evsc.exe\0\n', 'avsc.exe'],
      ['/', 'table.csv'],
    ] as const)
      expect(await (await upload(api, cookie, 'a,b\n1,2\n', name)).json()).toMatchObject({ name: shown });
  });

  it('must be called text, and is for supervisors and admins', async () => {
    const api = new TestApi();
    expect((await upload(api, await api.admin(), '{}', 'a.csv', 'application/json')).status).toBe(422);
    expect((await upload(api, await api.agent(), 'a,b\n1,2\n')).status).toBe(403);
    expect((await upload(api, await api.admin(), 'a,b\n1,2\n', 'a', 'application/vnd.ms-excel')).status).toBe(
      201,
    );
  });

  it('is gone when it is dropped', async () => {
    const api = new TestApi();
    const cookie = await api.admin();
    const { fileId } = await table(api, cookie, 'a,b\n1,2\n');
    expect((await api.call('dropUpload', { cookie, params: { id: fileId } })).status).toBe(204);
    const again = await api.call('readUpload', { cookie, params: { id: fileId }, body: {} });
    expect([again.status, ((await again.json()) as { code: string }).code]).toEqual([404, 'import.gone']);
  });
});

describe('extensions', () => {
  const roles = ['number', null, 'name', null, 'secret'];

  it('are planned without a change, and then imported in one revision with one line of audit', async () => {
    const api = new TestApi();
    const cookie = await api.admin();
    const { fileId } = await table(api, cookie, freePbx);
    const body = { fileId, roles, createAgents: true };
    const before = api.ports.settings.revision;
    const plan = (await (await api.call('planExtensionImport', { cookie, body })).json()) as Plan;
    expect(plan.counts).toEqual({ create: 2, update: 1, same: 0, skip: 0, fault: 2, agents: 2 });
    expect(
      plan.rows.map(({ line, outcome, faults, notes }) => [
        line,
        outcome,
        [...faults, ...notes].map((f) => f.code),
      ]),
    ).toEqual([
      [2, 'update', []],
      [3, 'create', []],
      [4, 'create', ['secret-short']],
      [5, 'fault', ['number-missing']],
      [6, 'fault', ['number-taken']],
    ]);
    expect(plan.rows[4]?.cells[2]).toBe('Taken by a queue');
    expect(api.ports.settings.revision).toBe(before);

    const done = (await (await api.call('importExtensions', { cookie, body })).json()) as Plan;
    expect(done.revision).toBe(before + 1);
    const office = api.ports.settings.revealed;
    expect(office.extensions.map(({ number, name }) => `${number} ${name}`)).toEqual([
      '201 Front desk',
      '202 Desk 2',
      '203 Kis, Béla',
      '204 =HYPERLINK("http://x")',
    ]);
    const secrets = office.extensions.map((extension) => extension.secret);
    expect(secrets.slice(0, 3)).toEqual(['front-desk-secret', 'desk-two-secret', 'béla-titkos-szó']);
    expect(secrets[3]).toMatch(/^[a-z0-9]{24}$/);
    expect(office.agents.map((agent) => agent.name)).toContain('Kis, Béla');
    expect(api.ports.auditTrail.at(-1)).toMatchObject({ action: 'extension.import', target: '3 extensions' });

    const undone = await api.call('rollback', { cookie, body: { revision: before } });
    expect(undone.status).toBe(200);
    expect(api.ports.settings.current.extensions.length).toBe(2);
  });

  it('of a file in which nothing changes anything are refused, and the file stays', async () => {
    const api = new TestApi();
    const cookie = await api.admin();
    const { fileId } = await table(api, cookie, 'extension,name\n,Nobody\n');
    const body = { fileId, roles: ['number', 'name'] };
    const revision = api.ports.settings.revision;
    expect((await api.call('importExtensions', { cookie, body })).status).toBe(422);
    expect(api.ports.settings.revision).toBe(revision);
    expect((await api.call('planExtensionImport', { cookie, body })).status).toBe(200);
  });

  it('need a column with the number, a file that can be read, and no more than a thousand rows', async () => {
    const api = new TestApi();
    const cookie = await api.admin();
    const codeOf = async (content: string, roles: (string | null)[]): Promise<string> => {
      const { fileId } = await table(api, cookie, content);
      const answer = await api.call('planExtensionImport', { cookie, body: { fileId, roles } });
      return ((await answer.json()) as { code: string }).code;
    };
    expect(await codeOf('extension,name\n101,A\n', [null, 'name'])).toBe('request.invalid');
    expect(await codeOf('extension,name\n101,"A\n', ['number', 'name'])).toBe('import.unreadable');
    expect(await codeOf(`extension,name\n${'101,A\n'.repeat(1001)}`, ['number', 'name'])).toBe(
      'request.invalid',
    );
  });

  it('made on settings that somebody changed since are refused when the revision is named', async () => {
    const api = new TestApi();
    const cookie = await api.admin();
    const { fileId } = await table(api, cookie, freePbx);
    const headers = { 'if-match': '"99"' };
    const answer = await api.call('importExtensions', { cookie, headers, body: { fileId, roles } });
    expect(answer.status).toBe(409);
    expect(api.ports.settings.current.extensions.length).toBe(2);
  });
});
