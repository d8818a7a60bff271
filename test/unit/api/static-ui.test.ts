import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StaticUi } from '../../../src/api/static-ui.ts';
import { TestApi } from '../../support/api-client.ts';

let directory: string;
let api: TestApi;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cordboard-ui-'));
  await mkdir(join(directory, 'assets'));
  await writeFile(join(directory, 'index.html'), '<!doctype html>page');
  await writeFile(join(directory, 'assets/main-AB12.js'), 'plain');
  await writeFile(join(directory, 'assets/main-AB12.js.gz'), 'zipped');
  await writeFile(join(directory, 'assets/main-AB12.js.br'), 'brotli');
  await writeFile(join(directory, '..', 'cordboard-outside.js'), 'outside');
  const ui = new StaticUi(directory);
  await ui.load();
  api = new TestApi(undefined, { ui });
});

afterAll(async () => {
  await rm(directory, { recursive: true });
  await rm(join(directory, '..', 'cordboard-outside.js'));
});

describe('the pages', () => {
  it('come compressed as the browser can take it', async () => {
    const get = (encoding: string): Promise<Response> =>
      api.request('/assets/main-AB12.js', { headers: { 'accept-encoding': encoding } });
    const brotli = await get('gzip, deflate, br');
    expect(brotli.headers.get('content-encoding')).toBe('br');
    expect(brotli.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await brotli.text()).toBe('brotli');
    expect(await (await get('gzip, br;q=0')).text()).toBe('zipped');
    expect(await (await get('identity')).text()).toBe('plain');
  });

  it('are kept for ever when their name has a hash, else asked for again and answered by ETag', async () => {
    const asset = await api.request('/assets/main-AB12.js');
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const page = await api.request('/');
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const etag = page.headers.get('etag') ?? '';
    const again = await api.request('/', { headers: { 'if-none-match': `W/${etag}, "x"` } });
    expect(again.status).toBe(304);
    expect(again.headers.get('content-security-policy')).toContain('frame-ancestors');
  });

  it('are index.html for every path of the app, but not for a missing file or the API', async () => {
    for (const path of ['/calls/01jx', '/live?x=1'])
      expect(await (await api.request(path)).text()).toBe('<!doctype html>page');
    for (const path of ['/assets/none.js', '/assets/none', '/robots.txt', '/api/v1/none', '/api/'])
      expect((await api.request(path)).status).toBe(404);
    expect((await api.request('/calls', { method: 'POST' })).status).toBe(404);
  });

  it('never come from outside their folder', async () => {
    for (const path of [
      '/../cordboard-outside.js',
      '/%2e%2e/cordboard-outside.js',
      '/assets/..%2f..%2fcordboard-outside.js',
    ])
      expect(await (await api.request(path)).text()).not.toContain('outside"');
    const text = await (await api.request('/%2e%2e%2fcordboard-outside.js')).text();
    expect(text).not.toBe('outside');
  });

  it('say what to do when they are not built', async () => {
    const response = await new TestApi().request('/');
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('./scripts/start');
  });
});
