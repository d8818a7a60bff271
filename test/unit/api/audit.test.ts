import { beforeEach, describe, expect, it } from 'vitest';
import { TestApi } from '../../support/api-client.ts';

interface Entry {
  who: string;
  source: string;
  action: string;
  target?: string;
  details?: { changes?: { path: string; before?: unknown; after?: unknown }[] };
}

let api: TestApi;
let admin: string;
beforeEach(async () => {
  api = new TestApi();
  admin = await api.admin();
});

const audit = async (query = ''): Promise<{ items: Entry[]; next: string | null }> =>
  (await (await api.call('audit', { cookie: admin, query })).json()) as {
    items: Entry[];
    next: string | null;
  };

describe('the audit', () => {
  it('tells what a change changed, by path, without secrets', async () => {
    const queue = await (await api.call('getQueue', { params: { id: 'sales' }, cookie: admin })).json();
    const body = { ...(queue as object), wrapUpMs: 30_000 };
    await api.call('replaceQueue', { params: { id: 'sales' }, body, cookie: admin });
    const extension = { number: '299', name: 'Desk', secret: 'a-plain-secret' };
    await api.call('createExtension', { body: extension, cookie: admin });
    const { items } = await audit('?kind=change');
    expect(items.map((e) => [e.action, e.target])).toEqual([
      ['extension.create', 'desk'],
      ['queue.change', 'sales'],
    ]);
    expect(items[1]?.details?.changes).toEqual([
      { path: 'queues[sales].wrapUpMs', before: 15_000, after: 30_000 },
    ]);
    const text = JSON.stringify(items);
    for (const word of ['a-plain-secret', 'sealed:', '$argon2id$']) expect(text).not.toContain(word);
    expect(items[0]).toMatchObject({ who: 'Ada', source: '192.168.1.77' });
  });

  it('has every way in and out, failed ones too', async () => {
    await api.call('login', { body: { userName: 'Eve', password: 'x' }, source: '203.0.113.5' });
    const agent = await api.agent();
    await api.call('logout', { cookie: agent });
    const { items } = await audit('?kind=sign-in');
    expect(items.map((e) => [e.who, e.action])).toEqual([
      ['Anna', 'logout'],
      ['Anna', 'login'],
      ['Eve', 'login.failed'],
      ['Ada', 'login'],
    ]);
    expect(items[2]?.source).toBe('203.0.113.5');
  });

  it('is looked through by who, what and whom, page by page', async () => {
    for (let i = 0; i < 5; i++) await api.call('login', { body: { userName: `u${i}`, password: 'x' } });
    const first = await audit('?action=login.failed&limit=2');
    expect(first.items.map((e) => e.who)).toEqual(['u4', 'u3']);
    const second = await audit(`?action=login.failed&limit=2&cursor=${first.next}`);
    expect(second.items.map((e) => e.who)).toEqual(['u2', 'u1']);
    expect((await audit('?who=u3')).items).toHaveLength(1);
    expect((await api.call('audit', { cookie: admin, query: '?kind=nonsense' })).status).toBe(422);
  });

  it('is taken out as CSV that no spreadsheet runs, which is itself in the audit', async () => {
    await api.call('login', { body: { userName: '=HYPERLINK("http://evil")', password: 'x' } });
    const response = await api.call('exportAudit', { cookie: admin, query: '?action=login.failed' });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename="audit-\d{4}-\d\d-\d\d\.csv"$/,
    );
    const lines = (await response.text()).trimEnd().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://evil"")"`);
    expect((await audit('?kind=export')).items[0]).toMatchObject({
      who: 'Ada',
      action: 'export.exportAudit',
      details: { action: 'login.failed' },
    });
  });

  it('is an admin’s alone', async () => {
    for (const cookie of [await api.agent(), await api.supervisor()]) {
      expect((await api.call('audit', { cookie })).status).toBe(403);
      expect((await api.call('exportAudit', { cookie })).status).toBe(403);
    }
  });
});
