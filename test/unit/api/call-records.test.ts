import { beforeEach, describe, expect, it } from 'vitest';
import type { Call } from '../../../src/domain/call.ts';
import { TestApi } from '../../support/api-client.ts';
import { endedCall } from '../../support/ui-fixture-office.ts';

let api: TestApi;
let admin: string;
let agent: string;
beforeEach(async () => {
  api = new TestApi();
  admin = await api.admin();
  agent = await api.agent();
  const foreign: Call = {
    ...endedCall('c2', 2000),
    agentId: 'ben',
    fromName: '=HYPERLINK("http://x")',
    from: '-1+2',
  };
  api.ports.calls.log.push(endedCall('c1', 1_700_000_000_000), foreign);
  api.ports.files.set('c1.wav', new Uint8Array(100));
  api.ports.files.set('c2.wav', new Uint8Array(100));
});

const code = async (response: Response): Promise<string> =>
  ((await response.json()) as { code: string }).code;

describe('the list for a spreadsheet', () => {
  it('has a line for each call, names instead of ids, and no formula', async () => {
    const response = await api.call('exportCalls', { cookie: admin, query: '?result=answered' });
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.subarray(0, 3).toString('hex')).toBe('efbbbf');
    const lines = bytes.subarray(3).toString().split('\r\n');
    expect(lines[0]).toMatch(/^began,direction,from,name,to,/);
    expect(lines[1]).toMatch(
      /^2023-11-14 22:13:20,inbound,\+36301234567,Szabó és Társa Kft\.,3615550100,carrier,Sales,Anna,answered,/,
    );
    expect(lines[2]).toContain(`,'-1+2,"'=HYPERLINK(""http://x"")",`);
    expect(lines.slice(3)).toEqual(['']);
    expect(api.ports.auditTrail.at(-1)).toMatchObject({
      action: 'export.exportCalls',
      details: { result: 'answered' },
    });
  });

  it('is for supervisors, and says every wrong filter', async () => {
    expect((await api.call('exportCalls', { cookie: agent })).status).toBe(403);
    const wrong = await api.call('exportCalls', {
      cookie: admin,
      query: '?result=x&minTalkMs=-1&sound=nice',
    });
    const { errors } = (await wrong.json()) as { errors: { path: string }[] };
    expect(errors.map((e) => e.path).sort()).toEqual(['minTalkMs', 'result', 'sound']);
  });
});

describe('the course of a call', () => {
  it('comes from its events, and only to whom the call concerns', async () => {
    const start = { direction: 'inbound', from: '1', to: '2' } as const;
    api.ports.events.push(
      { at: 1, callId: 'c1', name: 'CALLSTART', ...start },
      { at: 9000, callId: 'c1', name: 'CALLEND', termination: { class: 'success', reason: 'hung-up' } },
    );
    const course = await api.call('callCourse', { params: { id: 'c1' }, cookie: agent });
    expect(await course.json()).toEqual({ stretches: [{ kind: 'ringing', from: 1, to: 9000 }] });
    expect((await api.call('callCourse', { params: { id: 'c2' }, cookie: agent })).status).toBe(404);
  });

  it('is kept from agents where the office keeps past calls, or recordings, from them', async () => {
    const allow = (signIn: { agentsSeeCalls: boolean; agentsHearRecordings: boolean }) =>
      api.ports.settings.update((now) => ({ ...now, signIn: { ...now.signIn, ...signIn } }), { who: 'test' });
    const statuses = async (): Promise<number[]> => [
      (await api.call('callCourse', { params: { id: 'c1' }, cookie: agent })).status,
      (await api.call('recordingPeaks', { params: { id: 'c1-rec' }, cookie: agent })).status,
    ];
    await allow({ agentsSeeCalls: false, agentsHearRecordings: true });
    expect(await statuses()).toEqual([404, 200]);
    await allow({ agentsSeeCalls: true, agentsHearRecordings: false });
    expect(await statuses()).toEqual([200, 404]);
  });
});

describe('a recording', () => {
  it('is drawn for whom it concerns once it is done', async () => {
    const peaks = await api.call('recordingPeaks', { params: { id: 'c1-rec' }, cookie: agent });
    expect(await peaks.json()).toMatchObject({ stepMs: 10, silences: [[1000, 3000]] });
    expect((await api.call('recordingPeaks', { params: { id: 'c2-rec' }, cookie: agent })).status).toBe(404);
    const running = endedCall('c3', 1);
    running.recordings = [{ recordingId: 'c3-rec', file: 'c3.wav', startedAt: 1, state: 'running' }];
    api.ports.calls.log.push(running);
    const early = await api.call('recordingPeaks', { params: { id: 'c3-rec' }, cookie: admin });
    expect([early.status, await code(early)]).toEqual([409, 'recording.running']);
  });

  it('is deleted by an admin who says why; the call keeps both, and it cannot be heard any more', async () => {
    const params = { id: 'c1-rec' };
    expect(
      (await api.call('deleteRecording', { params, body: { reason: 'x y z' }, cookie: agent })).status,
    ).toBe(403);
    expect(
      (await api.call('deleteRecording', { params, body: { reason: ' a ' }, cookie: admin })).status,
    ).toBe(422);
    expect(api.ports.files.has('c1.wav')).toBe(true);
    const done = await api.call('deleteRecording', {
      params,
      body: { reason: 'asked by the caller' },
      cookie: admin,
    });
    expect(done.status).toBe(204);
    expect(api.ports.files.has('c1.wav')).toBe(false);
    const call = (await (await api.call('getCall', { params: { id: 'c1' }, cookie: admin })).json()) as Call;
    expect(call.recordings[0]?.deleted).toMatchObject({ by: 'Ada', reason: 'asked by the caller' });
    expect(api.ports.auditTrail.at(-1)).toMatchObject({ action: 'recording.deleted', target: 'c1-rec' });
    expect((await api.call('recording', { params, cookie: admin })).status).toBe(404);
    const again = await api.call('deleteRecording', { params, body: { reason: 'once more' }, cookie: admin });
    expect(again.status).toBe(204);
    expect(api.ports.events.filter((event) => event.name === 'RECORDDELETE')).toHaveLength(1);
  });
});
