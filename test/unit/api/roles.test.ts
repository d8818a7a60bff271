import { describe, expect, it } from 'vitest';
import { type EndpointName, endpoints } from '../../../src/api/contract.ts';
import type { Endpoint } from '../../../src/api/endpoints/endpoint.ts';
import { TestApi } from '../../support/api-client.ts';

const names = Object.keys(endpoints) as EndpointName[];
/** Fills every brace with something that exists in no office. */
const nothing = { id: 'nothing', number: '555', language: 'en', source: 'nothing' };

async function codeOf(response: Response): Promise<string> {
  if (!(response.headers.get('content-type') ?? '').includes('problem+json')) {
    await response.body?.cancel();
    return '';
  }
  return ((await response.json()) as { code: string }).code;
}

describe('roles', () => {
  it('finds every endpoint of the contract registered, and none twice', async () => {
    const keys = names.map((name) => `${endpoints[name].method} ${endpoints[name].path}`);
    expect(new Set(keys).size).toBe(names.length);
    const api = new TestApi();
    const cookie = await api.admin();
    for (const name of names) {
      const response = await api.call(name, { params: nothing, cookie, source: name });
      const problem = response.status === 404 ? ((await response.json()) as { detail: string }).detail : '';
      await response.body?.cancel().catch(() => undefined);
      expect(problem, name).not.toContain('/api/v1');
    }
  });

  it.each(names)(
    '%s: admits a visitor, an agent, a supervisor and an admin exactly as its access says',
    async (name) => {
      const { access } = endpoints[name] as Endpoint;
      const api = new TestApi();
      const cookies = {
        none: undefined,
        agent: await api.agent(),
        supervisor: await api.supervisor(),
        admin: await api.admin(),
      };
      const refused: Record<string, string> = {};
      for (const [role, cookie] of Object.entries(cookies)) {
        const response = await api.call(name, { params: nothing, cookie });
        refused[role] = await codeOf(response);
      }
      // Agents may still be refused what is not theirs; that is told by the message, and tested where it belongs.
      expect(refused.none).toEqual(
        access === 'public' ? expect.not.stringMatching(/^auth\.(required|forbidden)/) : 'auth.required',
      );
      if (access === 'admin' || access === 'supervisor') expect(refused.agent).toBe('auth.forbidden');
      else expect(refused.agent).not.toBe('auth.required');
      if (access === 'admin') expect(refused.supervisor).toBe('auth.forbidden');
      else expect(refused.supervisor).not.toMatch(/^auth\.(required|forbidden)/);
      expect(refused.admin).not.toMatch(/^auth\.(required|forbidden)/);
    },
  );

  it('lets an agent change no status but their own', async () => {
    const api = new TestApi();
    const cookie = await api.agent();
    const body = { status: 'on-break', reason: 'lunch' };
    const own = await api.call('setAgentStatus', { params: { id: 'anna' }, body, cookie });
    expect(await own.json()).toMatchObject({ agentId: 'anna', status: 'on-break' });
    const other = await api.call('setAgentStatus', { params: { id: 'ben' }, body, cookie });
    expect(other.status).toBe(403);
    const ready = await api.call('agentReady', { params: { id: 'ben' }, cookie });
    expect(ready.status).toBe(403);
    expect(api.ports.asked).toEqual([['setAgentStatus', 'anna', 'on-break', 'lunch']]);
  });

  it('lets a supervisor change the status of any agent and ring any phone', async () => {
    const api = new TestApi();
    const cookie = await api.supervisor();
    const status = await api.call('setAgentStatus', {
      params: { id: 'ben' },
      body: { status: 'on-break' },
      cookie,
    });
    expect(status.status).toBe(200);
    const body = { extensionId: 'desk-2', number: '300' };
    expect((await api.call('clickToCall', { body, cookie })).status).toBe(201);
  });

  it('ends the rights of a session at once when its user is deleted or loses the role', async () => {
    const api = new TestApi();
    const [admin, agent] = [await api.admin(), await api.agent()];
    expect((await api.call('live', { cookie: agent })).status).toBe(200);
    expect((await api.call('deleteUser', { params: { id: 'anna' }, cookie: admin })).status).toBe(204);
    expect((await api.call('live', { cookie: agent })).status).toBe(401);
  });
});
