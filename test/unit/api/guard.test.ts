import { describe, expect, it } from 'vitest';
import { problemOf, statusOf } from '../../../src/api/problem.ts';
import { isOwnHost } from '../../../src/api/request-guard.ts';
import { CordboardError, type ErrorCode, errorCodes } from '../../../src/base/errors.ts';
import { adminPassword, TestApi } from '../../support/api-client.ts';

const login = { userName: 'Ada', password: adminPassword };

describe('whose request it is', () => {
  const names = new Set(['office.example', 'cordboard.local']);
  it.each([
    ['192.168.1.5', true],
    ['192.168.1.5:8443', true],
    ['[fd00::5]:8443', true],
    ['localhost:8443', true],
    ['CORDBOARD.local', true],
    ['other-box.local:1', true],
    ['office.example.', true],
    ['evil.example', false],
    ['office.example.evil.example', false],
    ['192.168.1.5.evil.example', false],
    ['localhost.evil.example', false],
    ['user@localhost', false],
    ['', false],
    ['localhost:8443/x', false],
  ])('a host of %s is own: %s', (host, own) => {
    expect(isOwnHost(host, names)).toBe(own);
  });

  it('refuses any path by a foreign name (DNS rebinding), pages too', async () => {
    const api = new TestApi();
    for (const path of ['/', '/api/v1/status', '/api/v1/live']) {
      const response = await api.request(path, { headers: { host: 'evil.example' } });
      expect(response.status).toBe(421);
      expect(await response.json()).toMatchObject({ code: 'request.host' });
    }
  });

  it.each(['https://evil.example', 'null', 'http://192.168.1.5:8443', 'https://192.168.1.5:9443'])(
    'refuses a change from a page of %s',
    async (origin) => {
      const api = new TestApi();
      const response = await api.call('login', { body: login, headers: { origin } });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ code: 'request.origin' });
    },
  );

  it('takes changes from programs, which send no Origin, but not from a browser that hides it', async () => {
    const api = new TestApi();
    expect((await api.call('login', { body: login, headers: { origin: '' } })).status).toBe(200);
    const hidden = { origin: '', 'sec-fetch-site': 'cross-site' };
    expect((await api.call('login', { body: login, headers: hidden })).status).toBe(403);
  });
});

describe('bad requests', () => {
  it('answers an unknown route of the API with a problem document', async () => {
    const response = await new TestApi().request('/api/v1/nothing');
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'not-found', status: 404 });
  });

  it('reports all faults of a body at once, each with its path', async () => {
    const api = new TestApi();
    const cookie = await api.admin();
    const body = { name: '', strategy: 'fastest', ringTimeoutMs: 1, overflow: { kind: 'queue' } };
    const response = await api.call('createQueue', { body, cookie });
    expect(response.status).toBe(422);
    const { errors } = (await response.json()) as { errors: { path: string }[] };
    expect(errors.map((e) => e.path).sort()).toEqual([
      'name',
      'overflow.queueId',
      'ringTimeoutMs',
      'strategy',
    ]);
  });

  it.each([
    ['no JSON', '{"a":', 'application/json'],
    ['bytes that are no UTF-8', new Uint8Array([0xff, 0xfe]), 'application/json'],
    ['nothing', '', 'application/json'],
    ['a form', 'userName=Ada', 'application/x-www-form-urlencoded'],
    ['an array', '[]', 'application/json'],
    ['null', 'null', 'application/json'],
    ['deep nesting', '['.repeat(100_000), 'application/json'],
    ['wrong types', '{"userName":{"toString":1},"password":[]}', 'application/json'],
    ['a polluting key', '{"__proto__":{"userName":"Ada","password":"x"}}', 'application/json'],
  ])('refuses a body of %s with 422', async (_, body, type) => {
    const response = await new TestApi().call('login', { body, headers: { 'content-type': type } });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ code: 'request.invalid' });
  });

  it('stops reading a body that is too large, whatever its Content-Length says', async () => {
    const api = new TestApi();
    const body = `{"userName":"${'x'.repeat(300_000)}"}`;
    const response = await api.call('login', { body });
    expect(response.status).toBe(413);
    const lying = await api.call('login', { body, headers: { 'content-length': '10' } });
    expect(lying.status).toBe(413);
  });

  it('answers an unexpected failure with an id that finds its one log line, and nothing of its inside', async () => {
    const api = new TestApi();
    const cookie = await api.admin();
    api.ports.health.report = () => Promise.reject(new TypeError('secret inside'));
    const response = await api.call('health', { cookie });
    expect(response.status).toBe(500);
    const problem = (await response.json()) as { errorId: string; detail: string };
    expect(JSON.stringify(problem)).not.toContain('secret inside');
    const lines = api.logLines.filter((line) => line.includes(problem.errorId));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('secret inside');
    expect(api.logLines).toHaveLength(1);
  });

  it('sets the security headers on every answer, failures included', async () => {
    const api = new TestApi();
    for (const path of ['/', '/api/v1/status', '/api/v1/live', '/api/v1/nothing']) {
      const { headers } = await api.request(path);
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('content-security-policy')).toContain("default-src 'self'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('strict-transport-security')).toBeNull();
      if (path.startsWith('/api')) expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  it('has an HTTP status of failure for every error code', () => {
    for (const code of Object.keys(errorCodes) as ErrorCode[]) {
      expect(statusOf(code)).toBeGreaterThanOrEqual(400);
      expect(problemOf(new CordboardError(code, 'x'))).toMatchObject({
        code,
        status: statusOf(code),
        detail: 'x',
      });
    }
  });
});
