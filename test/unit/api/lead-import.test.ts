import { beforeEach, describe, expect, it } from 'vitest';
import type { EndpointName, EndpointResponse } from '../../../src/api/contract.ts';
import { TestApi } from '../../support/api-client.ts';
import { eventually } from '../../support/eventually.ts';

type Import = EndpointResponse<'getLeadImport'>;
type Table = EndpointResponse<'uploadTable'>;

const people = [
  'Név;Telefonszám;Cég;Város;Második szám',
  'Éva;06 30 123 4567;Kft;Pécs;061 234 5678',
  'Géza;+36301234568;;Győr;rossz',
  'Ica;12;;;',
  'Éva újra;0630 123 4567;;;',
  'Blocked;+36301234569;;;',
  'Formula;=1+1;;;',
  'Elsewhere;+36301234570;;;',
].join('\r\n');
const roles = ['name', 'number', 'company', 'field', 'second-number'];

describe('an import of leads', () => {
  let api: TestApi;
  let cookie: string;
  let listId: string;

  const call = async <Answer>(
    name: EndpointName,
    params: Record<string, string>,
    body?: unknown,
    status = 200,
  ): Promise<Answer> => {
    const answer = await api.call(name, { cookie, params, ...(body === undefined ? {} : { body }) });
    expect(answer.status, name).toBe(status);
    return (await answer.json()) as Answer;
  };
  const newList = async (name: string): Promise<string> =>
    (await call<{ listId: string }>('createLeadList', {}, { name }, 201)).listId;
  const upload = async (content: string): Promise<string> => {
    const answer = await api.call('uploadTable', {
      cookie,
      body: Buffer.from(content),
      headers: { 'content-type': 'text/csv' },
      query: '?name=people.csv',
    });
    return ((await answer.json()) as Table).fileId;
  };
  const settledImport = (importId: string): Promise<Import> =>
    eventually('the file is looked through', async () => {
      const view = await call<Import>('getLeadImport', { id: importId });
      return view.state !== 'checking' && view;
    });
  const checked = async (content: string, more: Record<string, unknown> = {}): Promise<Import> => {
    const body = { fileId: await upload(content), roles, country: 'HU', ...more };
    const begun = await call<Import>('beginLeadImport', { id: listId }, body, 202);
    return settledImport(begun.importId);
  };
  const leadNumbers = async (): Promise<string[]> =>
    (await api.ports.leads.leads({ listId })).items.map(({ number }) => number);

  beforeEach(async () => {
    api = new TestApi();
    cookie = await api.supervisor();
    listId = await newList('May');
    const other = await newList('Other');
    const lead = { number: '+36301234570', name: 'Elsewhere' };
    await call('addLead', { id: other }, lead, 201);
    await call('addDoNotCall', {}, { numbers: ['+36301234569'], reason: 'asked' }, 201);
  });

  it('says of every row what would become of it, stores nothing, and then all of it at once', async () => {
    const view = await checked(people);
    expect(view).toMatchObject({ state: 'ready', rows: 7, rowsDone: 7, leads: 4, badRows: 3, doNotCall: 1 });
    expect(view.problems).toEqual([
      { code: 'second-number-invalid', count: 1, warning: true },
      { code: 'number-not-assigned', count: 1, warning: false },
      { code: 'number-twice', count: 1, warning: false },
      { code: 'number-invalid', count: 1, warning: false },
    ]);
    expect(view.sample[0]).toEqual({
      line: 2,
      number: '+36301234567',
      name: 'Éva',
      note: '',
      zone: null,
      fields: { company: 'Kft', Város: 'Pécs', 'second-number': '+3612345678' },
      doNotCall: false,
    });
    expect(view.badSample.map(({ line, faults }) => [line, faults[0]?.code, faults[0]?.params])).toEqual([
      [4, 'number-not-assigned', undefined],
      [5, 'number-twice', { line: 2 }],
      [7, 'number-invalid', undefined],
    ]);
    expect(await leadNumbers()).toEqual([]);

    const done = await call<Import>('commitLeadImport', { id: view.importId });
    expect(done).toMatchObject({ state: 'done', leads: 4 });
    expect(await leadNumbers()).toEqual(['+36301234567', '+36301234568', '+36301234569', '+36301234570']);
    expect(api.ports.auditTrail.at(-1)).toMatchObject({ action: 'lead-list.import', target: 'may +4' });
    const again = await api.call('commitLeadImport', { cookie, params: { id: view.importId } });
    expect([again.status, ((await again.json()) as { code: string }).code]).toEqual([409, 'import.busy']);
  });

  it('gives the rows left out back as they came, with every reason', async () => {
    const { importId } = await checked(people);
    const answer = await api.call('leadImportBadRows', { cookie, params: { id: importId } });
    const rows = (await answer.text())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Import['badSample'][number]);
    expect(rows.map(({ line }) => line)).toEqual([4, 5, 7]);
    expect(rows[2]?.cells).toEqual(['Formula', '=1+1', '', '', '']);
    expect(rows[2]?.faults).toEqual([{ column: 1, code: 'number-invalid' }]);
  });

  it('leaves out what the list has, and when asked to what other lists have', async () => {
    const first = await checked(people);
    await call('commitLeadImport', { id: first.importId });
    const second = await checked(people);
    expect(second).toMatchObject({ leads: 0, badRows: 7 });
    expect(second.problems[0]).toEqual({ code: 'number-in-list', count: 4, warning: false });
    listId = await newList('June');
    const third = await checked(people, { notInOtherLists: true });
    expect(third.leads).toBe(0);
    expect(third.problems[0]).toEqual({ code: 'number-in-other-list', count: 4, warning: false });
  });

  it('that is discarded leaves nothing, and neither does a file that breaks off', async () => {
    const view = await checked(people);
    expect((await api.call('discardLeadImport', { cookie, params: { id: view.importId } })).status).toBe(204);
    expect((await api.call('getLeadImport', { cookie, params: { id: view.importId } })).status).toBe(404);
    const body = { fileId: await upload(`${people}\r\n"open;`), roles, country: 'HU' };
    const refused = await api.call('beginLeadImport', { cookie, params: { id: listId }, body });
    expect(refused.status).toBe(422);
    expect(await leadNumbers()).toEqual([]);
  });

  it('needs a column of numbers, a list that exists and a file that is still there', async () => {
    const fileId = await upload(people);
    const status = async (id: string, body: object): Promise<number> =>
      (await api.call('beginLeadImport', { cookie, params: { id }, body })).status;
    expect(await status(listId, { fileId, roles: ['name'], country: 'HU' })).toBe(422);
    expect(await status('nowhere', { fileId, roles, country: 'HU' })).toBe(404);
    expect(await status(listId, { fileId: 'a'.repeat(16), roles, country: 'HU' })).toBe(404);
    expect(await status(listId, { fileId, roles, country: 'hungary' })).toBe(422);
    const agent = await api.agent();
    const answer = await api.call('beginLeadImport', { cookie: agent, params: { id: listId }, body: {} });
    expect(answer.status).toBe(403);
  });

  it('of twenty thousand rows tells how far it is', async () => {
    const rows = Array.from({ length: 20_000 }, (_, at) => `P${at};+3630${String(1_000_000 + at)};;;`);
    const view = await checked(['Név;Telefonszám;Cég;Város;Második', ...rows].join('\n'));
    expect(view).toMatchObject({ state: 'ready', rowsDone: 20_000, leads: 20_000, badRows: 0 });
    expect((await call<Import>('commitLeadImport', { id: view.importId })).leads).toBe(20_000);
  }, 30_000);

  it('into the do-not-call list adds what is new, and the list comes back as a file without formulas', async () => {
    const fileId = await upload('number\n+36301234569\n06 30 999 8888\nnone\n');
    const body = { fileId, roles: ['number'], country: 'HU', reason: '=HYPERLINK("http://x")' };
    const begun = await call<Import>('beginDoNotCallImport', {}, body, 202);
    const view = await settledImport(begun.importId);
    expect(view).toMatchObject({ leads: 2, badRows: 1, listId: '' });
    const done = await call<Import>('commitLeadImport', { id: view.importId });
    expect(done).toMatchObject({
      leads: 1,
      problems: expect.arrayContaining([{ code: 'number-known', count: 1, warning: true }]),
    });
    const text = await (await api.call('exportDoNotCall', { cookie })).text();
    const lines = text.trim().split('\r\n');
    expect(lines.length).toBe(3);
    expect(lines.find((line) => line.startsWith('+36309998888'))).toMatch(
      /^\+36309998888,\d{4}-.*,Sam,import,"'=HYPERLINK\(""http:\/\/x""\)"$/,
    );
    expect(lines.find((line) => line.startsWith('+36301234569'))).toMatch(/^\+36301234569,.*,person,asked$/);
  });
});
