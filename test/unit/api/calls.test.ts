import { beforeEach, describe, expect, it } from 'vitest';
import type { TappedMessage } from '../../../src/codec/engine-control.ts';
import type { Call } from '../../../src/domain/call.ts';
import { TestApi } from '../../support/api-client.ts';

const call = (callId: string, agentId?: string): Call => ({
  callId,
  direction: 'inbound',
  from: '+36301234567',
  to: '100',
  phase: 'ended',
  phaseSince: 2,
  startedAt: 1,
  offers: [],
  waitMs: 0,
  talkMs: 0,
  abandoned: agentId === undefined,
  legs: [],
  recordings: [
    { recordingId: `rec-${callId}`, file: `${callId}.wav`, startedAt: 1, state: 'done', durationMs: 10 },
  ],
  trace: [{ at: 1, code: 'entered', params: {} }],
  ...(agentId === undefined ? {} : { agentId }),
});

const invite: TappedMessage = {
  atMs: 1_700_000_000_123,
  direction: 'in',
  transport: 'udp',
  localAddress: '192.168.1.5',
  localPort: 5060,
  remoteAddress: '192.168.1.20',
  remotePort: 5060,
  callId: 'abc@phone',
  text: 'INVITE sip:100@192.168.1.5 SIP/2.0\r\nCSeq: 2 INVITE\r\nAuthorization: Digest username="201", nonce="n1", response="deadbeef"\r\n\r\n',
};

let api: TestApi;
let admin: string;
let agent: string;
beforeEach(async () => {
  api = new TestApi();
  admin = await api.admin();
  agent = await api.agent();
  api.ports.calls.log.push(call('c1', 'anna'), call('c2', 'ben'), call('c3'));
  api.ports.files.set(
    'c1.wav',
    Uint8Array.from({ length: 1000 }, (_, i) => i % 251),
  );
  api.ports.messages.set('c1', [invite]);
});

describe('the call list', () => {
  it('pages by cursor and ends with null', async () => {
    const first = (await (await api.call('listCalls', { cookie: admin, query: '?limit=2' })).json()) as {
      items: Call[];
      next: string;
    };
    expect(first.items.map((c) => c.callId)).toEqual(['c1', 'c2']);
    const rest = await api.call('listCalls', { cookie: admin, query: `?limit=2&cursor=${first.next}` });
    expect(await rest.json()).toMatchObject({ items: [{ callId: 'c3' }], next: null });
  });

  it('reports every wrong filter at once', async () => {
    const response = await api.call('listCalls', { cookie: admin, query: '?limit=0&number=x&direction=up' });
    const { errors } = (await response.json()) as { errors: { path: string }[] };
    expect(errors.map((e) => e.path).sort()).toEqual(['direction', 'limit', 'number']);
  });

  it('shows an agent their own calls only, whatever they ask for, and hides that others exist', async () => {
    const list = await api.call('listCalls', { cookie: agent, query: '?agentId=ben' });
    expect(((await list.json()) as { items: Call[] }).items.map((c) => c.callId)).toEqual(['c1']);
    expect((await api.call('getCall', { params: { id: 'c1' }, cookie: agent })).status).toBe(200);
    const foreign = await api.call('getCall', { params: { id: 'c2' }, cookie: agent });
    const missing = await api.call('getCall', { params: { id: 'c9' }, cookie: agent });
    expect([foreign.status, missing.status]).toEqual([404, 404]);
    expect((await api.call('recording', { params: { id: 'rec-c2' }, cookie: agent })).status).toBe(404);
  });

  it('shows a call that is still going on as it is now', async () => {
    api.ports.live.set({ calls: [{ ...call('c4'), phase: 'queued' }] });
    const response = await api.call('getCall', { params: { id: 'c4' }, cookie: admin });
    expect(await response.json()).toMatchObject({ callId: 'c4', phase: 'queued' });
  });
});

describe('the ladder', () => {
  it('shows each message with its label and is downloaded as a capture of the same text', async () => {
    const ladder = await (await api.call('callLadder', { params: { id: 'c1' }, cookie: admin })).json();
    expect(ladder).toEqual({
      messages: [
        {
          at: invite.atMs,
          direction: 'in',
          transport: 'udp',
          local: '192.168.1.5:5060',
          remote: '192.168.1.20:5060',
          sipCallId: 'abc@phone',
          label: 'INVITE',
          text: invite.text,
        },
      ],
    });
    const pcap = await api.call('callPcap', { params: { id: 'c1' }, cookie: admin });
    expect(pcap.headers.get('content-disposition')).toBe('attachment; filename="call-c1.pcap"');
    expect(Buffer.from(await pcap.arrayBuffer()).toString('latin1')).toContain(invite.text);
  });

  it('is empty for a call without SIP messages and missing for no call', async () => {
    const none = await api.call('callLadder', { params: { id: 'c2' }, cookie: admin });
    expect(await none.json()).toEqual({ messages: [] });
    expect((await api.call('callPcap', { params: { id: 'c9' }, cookie: admin })).status).toBe(404);
  });
});

describe('recordings', () => {
  const get = (headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
    api.call('recording', { params: { id: 'rec-c1' }, cookie: agent, headers, method });
  const audited = (action: string): number =>
    api.ports.auditTrail.filter((e) => e.action === `recording.${action}`).length;

  it('are sent whole without Range, and every listening is audited once', async () => {
    const response = await get();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('audio/wav');
    expect(response.headers.get('accept-ranges')).toBe('bytes');
    expect((await response.bytes()).length).toBe(1000);
    expect([audited('downloaded'), audited('listened')]).toEqual([1, 0]);
    await get({ 'sec-fetch-dest': 'audio' });
    await get({ range: 'bytes=0-99' });
    await get({ range: 'bytes=100-199' });
    await get({}, 'HEAD');
    expect([audited('downloaded'), audited('listened')]).toEqual([1, 2]);
    expect(api.ports.auditTrail.at(-1)).toMatchObject({
      who: 'Anna',
      target: 'rec-c1',
      source: '192.168.1.77',
    });
  });

  it('are not heard past the audit by leaving the beginning out', async () => {
    for (const range of ['bytes=1-', 'bytes=500-999', 'bytes=-10']) await get({ range });
    expect(audited('listened')).toBe(1);
    api.clock.advance(2 * 3_600_000);
    await get({ range: 'bytes=1-' });
    expect(audited('listened')).toBe(2);
  });

  it('are sent in the part that Range asks for', async () => {
    const response = await get({ range: 'bytes=100-199' });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe('bytes 100-199/1000');
    expect(response.headers.get('content-length')).toBe('100');
    expect((await response.bytes())[0]).toBe(100);
  });

  it('answer 416 to a Range beyond the end', async () => {
    const response = await get({ range: 'bytes=1000-' });
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe('bytes */1000');
  });

  it('are sent whole when If-Range names another version', async () => {
    const etag = (await get()).headers.get('etag') ?? '';
    expect((await get({ range: 'bytes=0-9', 'if-range': etag })).status).toBe(206);
    expect((await get({ range: 'bytes=0-9', 'if-range': '"other"' })).status).toBe(200);
  });

  it('say so when the file is gone', async () => {
    api.ports.files.clear();
    const response = await get();
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ detail: expect.stringContaining('no longer there') });
  });
});

describe('calls made and ended from the page', () => {
  const dial = (body: object, cookie: string): Promise<Response> => api.call('clickToCall', { body, cookie });

  it('rings the agent who asks, or the phone an admin names, and tidies the number', async () => {
    const own = await dial({ number: '+36 (30) 123-4567' }, agent);
    expect(own.status).toBe(201);
    expect(await own.json()).toEqual({ callId: 'call-1' });
    await dial({ extensionId: 'desk-2', number: '112' }, admin);
    await dial({ agentId: 'ben', number: '112' }, admin);
    expect(api.ports.asked).toEqual([
      ['clickToCall', 'desk-1', '+36301234567', 'Anna'],
      ['clickToCall', 'desk-2', '112', 'Ada'],
      ['clickToCall', 'desk-2', '112', 'Ada'],
    ]);
  });

  it("rings no one else's phone for an agent, and needs to know whose for an admin", async () => {
    expect((await dial({ agentId: 'ben', number: '112' }, agent)).status).toBe(403);
    expect((await dial({ extensionId: 'desk-2', number: '112' }, agent)).status).toBe(403);
    expect((await dial({ extensionId: 'nobody', number: '112' }, agent)).status).toBe(403);
    expect((await dial({ number: '112' }, admin)).status).toBe(422);
    expect((await dial({ extensionId: 'nobody', number: '112' }, admin)).status).toBe(422);
    expect((await dial({ agentId: 'ben', extensionId: 'desk-2', number: '112' }, admin)).status).toBe(422);
    expect((await dial({ agentId: 'ben', number: 'sip:x@y' }, admin)).status).toBe(422);
    expect(api.ports.asked).toEqual([]);
  });

  it('hangs up a live call of their own for an agent, any for an admin', async () => {
    api.ports.live.set({ calls: [call('c1', 'anna'), call('c2', 'ben')] });
    const hangUp = (id: string, cookie: string): Promise<Response> =>
      api.call('hangUpCall', { params: { id }, cookie });
    expect((await hangUp('c2', agent)).status).toBe(404);
    expect((await hangUp('c1', agent)).status).toBe(204);
    expect((await hangUp('c2', admin)).status).toBe(204);
    expect((await hangUp('c3', admin)).status).toBe(404);
    expect(api.ports.asked).toEqual([
      ['hangUp', 'c1', 'Anna'],
      ['hangUp', 'c2', 'Ada'],
    ]);
  });
});

describe('calls from the browser', () => {
  const open = async (cookie: string): Promise<string> =>
    ((await (await api.call('openWebCall', { cookie })).json()) as { legId: string }).legId;

  it('go through every step on the leg that was opened', async () => {
    const legId = await open(admin);
    const step = async (
      name: 'connectWebCall' | 'produceWebCall' | 'consumeWebCall' | 'dialWebCall',
      body: object,
    ) => (await api.call(name, { params: { id: legId }, body, cookie: admin })).status;
    expect(await step('connectWebCall', { direction: 'send', dtlsParameters: {} })).toBe(204);
    expect(await step('connectWebCall', { direction: 'recv', dtlsParameters: {} })).toBe(204);
    expect(await step('produceWebCall', { rtpParameters: {} })).toBe(200);
    expect(await step('consumeWebCall', { rtpCapabilities: {} })).toBe(200);
    expect(await step('dialWebCall', { to: '100' })).toBe(204);
    const digit = { params: { id: legId }, body: { digit: '1' }, cookie: admin };
    expect((await api.call('digitWebCall', digit)).status).toBe(204);
    expect((await api.call('digitWebCall', { ...digit, body: { digit: '12' } })).status).toBe(422);
    expect((await api.call('hangUpWebCall', { params: { id: legId }, cookie: admin })).status).toBe(204);
    expect((await api.call('hangUpWebCall', { params: { id: legId }, cookie: admin })).status).toBe(204);
    expect(api.ports.asked.map(([what]) => what)).toEqual([
      'open',
      'connect',
      'connect',
      'produce',
      'consume',
      'dial',
      'digit',
      'hangUpLeg',
    ]);
  });

  it('belong to whoever opened them', async () => {
    const legId = await open(admin);
    const foreign = { params: { id: legId }, cookie: agent };
    expect((await api.call('dialWebCall', { ...foreign, body: { to: '100' } })).status).toBe(404);
    await api.call('hangUpWebCall', foreign);
    expect(api.ports.asked).toEqual([['open', 'Ada']]);
  });

  it('are four at most for one user: the oldest is ended for a fifth', async () => {
    const legs: string[] = [];
    for (let i = 0; i < 5; i++) legs.push(await open(agent));
    expect(api.ports.asked.filter(([what]) => what === 'hangUpLeg')).toEqual([['hangUpLeg', legs[0]]]);
  });
});

describe('prompts', () => {
  const sound = { params: { id: 'greeting', language: 'en' } };

  it('are uploaded, heard and brought back, each change audited', async () => {
    const body = new Uint8Array([1, 2, 3, 4, 5]);
    const upload = await api.call('uploadPrompt', {
      ...sound,
      body,
      cookie: admin,
      headers: { 'content-type': 'audio/wav' },
    });
    expect(await upload.json()).toMatchObject({ sounds: [{ source: 'upload' }, { source: 'built-in' }] });
    const heard = await api.call('promptSound', { ...sound, cookie: admin, headers: { range: 'bytes=1-2' } });
    expect([...(await heard.bytes())]).toEqual([2, 3]);
    const restored = await api.call('restorePrompt', { ...sound, cookie: admin });
    expect(await restored.json()).toMatchObject({ sounds: [{ source: 'built-in' }, { source: 'built-in' }] });
    const actions = api.ports.auditTrail.map((e) => e.action).filter((a) => a.startsWith('prompt'));
    expect(actions).toEqual(['prompt.upload', 'prompt.restore']);
  });

  it('take no text, no empty file, no unknown language and at most 20 MB', async () => {
    const headers = { 'content-type': 'audio/mpeg' };
    const put = async (options: object): Promise<number> =>
      (await api.call('uploadPrompt', { ...sound, cookie: admin, headers, ...options })).status;
    expect(await put({ body: 'x', headers: { 'content-type': 'text/html' } })).toBe(422);
    expect(await put({ body: new Uint8Array() })).toBe(422);
    expect(await put({ params: { id: 'greeting', language: 'xx' }, body: new Uint8Array(1) })).toBe(404);
    expect(await put({ params: { id: 'nothing', language: 'en' }, body: new Uint8Array(1) })).toBe(404);
    expect(await put({ body: new Uint8Array(20 * 1024 * 1024 + 1) })).toBe(413);
  });
});
