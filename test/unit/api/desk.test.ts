import { beforeEach, describe, expect, it } from 'vitest';
import type { Call } from '../../../src/domain/call.ts';
import { TestApi, testOffice } from '../../support/api-client.ts';

const dayMs = 24 * 3_600_000;
const call = (callId: string, more: Partial<Call> = {}): Call => ({
  callId,
  direction: 'inbound',
  from: '+36301234567',
  to: '100',
  phase: 'ended',
  phaseSince: 2,
  startedAt: 1,
  endedAt: 2,
  offers: [],
  waitMs: 0,
  talkMs: 0,
  abandoned: false,
  legs: [],
  recordings: [],
  trace: [],
  queueId: 'sales',
  agentId: 'anna',
  ...more,
});

const office = () => {
  const plain = testOffice();
  return testOffice({
    desk: {
      dispositions: [
        { code: 'settled', name: 'Settled', kind: 'success' },
        { code: 'complaint', name: 'Complaint', kind: 'failure', needsNote: true },
      ],
      pauseReasons: [{ code: 'lunch', name: 'Lunch', paid: false }],
    },
    queues: [
      ...plain.queues,
      {
        id: 'help',
        name: 'Help',
        agentIds: ['ben'],
        dispositions: [{ code: 'helped', name: 'Helped', kind: 'success' }],
      },
    ],
  });
};

let api: TestApi;
let admin: string;
let agent: string;
beforeEach(async () => {
  api = new TestApi(office());
  admin = await api.admin();
  agent = await api.agent();
  const endedAt = api.clock.now();
  api.ports.calls.log.push(call('c1', { endedAt }), call('c2', { endedAt, agentId: 'ben', queueId: 'help' }));
});

const dispose = (id: string, body: unknown, cookie = agent): Promise<Response> =>
  api.call('setDisposition', { params: { id }, body, cookie });
const note = (id: string, text: string, cookie = agent): Promise<Response> =>
  api.call('setNote', { params: { id }, body: { text }, cookie });
const pathsOf = async (response: Response): Promise<string[]> =>
  ((await response.json()) as { errors?: { path: string }[] }).errors?.map(({ path }) => path) ?? [];

describe('the disposition of a call', () => {
  it('is kept with the name and kind of the list, and answered with the call', async () => {
    const answer = await dispose('c1', { code: 'settled' });
    expect(await answer.json()).toMatchObject({
      callId: 'c1',
      disposition: { agentId: 'anna', code: 'settled', label: 'Settled', kind: 'success' },
    });
  });

  it('is one of the queue’s own list where it has one, else one of the office', async () => {
    const refused = await dispose('c2', { code: 'settled' }, admin);
    expect([refused.status, await pathsOf(refused)]).toEqual([422, ['code']]);
    expect((await dispose('c2', { code: 'helped' }, admin)).status).toBe(200);
  });

  it('that needs a note is taken with one only, which may be written before or come along', async () => {
    expect(await pathsOf(await dispose('c1', { code: 'complaint' }))).toEqual(['note']);
    expect(await pathsOf(await dispose('c1', { code: 'complaint', note: '  ' }))).toEqual(['note']);
    expect(api.ports.calls.log[0]).not.toHaveProperty('disposition');
    const taken = await dispose('c1', { code: 'complaint', note: 'Late again' });
    expect(await taken.json()).toMatchObject({
      disposition: { code: 'complaint' },
      notes: [{ agentId: 'anna', text: 'Late again' }],
    });
  });

  it('set by somebody else stands for the agent, with who did it', async () => {
    const answer = await dispose('c1', { code: 'settled' }, admin);
    expect(await answer.json()).toMatchObject({ disposition: { agentId: 'anna', by: 'Ada' } });
  });
});

describe('the note of a call', () => {
  it('is kept whole, replaced by the next one, and removed by an empty one', async () => {
    await note('c1', 'first');
    expect(await (await note('c1', '<b>second</b>')).json()).toMatchObject({
      notes: [{ agentId: 'anna', text: '<b>second</b>' }],
    });
    expect(await (await note('c1', '')).json()).not.toHaveProperty('notes');
  });

  it('that is the same again is not written again', async () => {
    await note('c1', 'same');
    await note('c1', 'same');
    expect(api.ports.asked).toEqual([['NOTE', 'c1']]);
  });

  it('is written during the call too', async () => {
    const { endedAt: _, ...talking } = call('c3', { phase: 'talking' });
    api.ports.live.set({ calls: [talking] });
    expect(await (await note('c3', 'now')).json()).toMatchObject({
      phase: 'talking',
      notes: [{ text: 'now' }],
    });
  });

  it('longer than a page is refused', async () => {
    expect(await pathsOf(await note('c1', 'x'.repeat(4001)))).toEqual(['text']);
  });
});

describe('whose calls an agent may write at', () => {
  it('are their own, those they dialled included; others are not admitted to exist', async () => {
    api.ports.calls.log.push(
      call('out', {
        endedAt: api.clock.now(),
        direction: 'outbound',
        from: '201',
        agentId: undefined as never,
      }),
    );
    expect((await note('out', 'x')).status).toBe(200);
    expect([(await note('c2', 'x')).status, (await dispose('c2', { code: 'helped' })).status]).toEqual([
      404, 404,
    ]);
    expect((await note('c9', 'x')).status).toBe(404);
  });

  it('are those of the last day; somebody above them may still correct', async () => {
    await api.clock.advance(dayMs + 1);
    agent = await api.agent();
    admin = await api.admin();
    expect((await note('c1', 'late')).status).toBe(403);
    expect((await note('c1', 'late', admin)).status).toBe(200);
  });
});

describe('the history of a caller', () => {
  const historyOf = async (number: string, cookie: string, query = ''): Promise<string[]> => {
    const answer = await api.call('callerHistory', { params: { number }, cookie, query });
    return ((await answer.json()) as { items: Call[] }).items.map(({ callId }) => callId);
  };

  it('shows an agent their queues only, somebody above them all', async () => {
    expect(await historyOf('36301234567', agent)).toEqual(['c1']);
    expect(await historyOf('36301234567', admin)).toEqual(['c1', 'c2']);
    expect(await historyOf('36301234567', admin, '?limit=1')).toEqual(['c1']);
  });

  it('is empty for agents where the office keeps past calls from them', async () => {
    await api.ports.settings.update((now) => ({ ...now, signIn: { ...now.signIn, agentsSeeCalls: false } }), {
      who: 'test',
    });
    expect(await historyOf('36301234567', agent)).toEqual([]);
  });

  it('of a caller without a number is empty', async () => {
    expect(await historyOf('anonymous', admin)).toEqual([]);
  });
});

describe('a break', () => {
  const pause = (body: unknown, cookie = agent): Promise<Response> =>
    api.call('setAgentStatus', { params: { id: 'anna' }, body, cookie });

  it('has one of the reasons where the office lists some', async () => {
    expect(await pathsOf(await pause({ status: 'on-break' }))).toEqual(['reason']);
    expect(await pathsOf(await pause({ status: 'on-break', reason: 'golf' }))).toEqual(['reason']);
    expect((await pause({ status: 'on-break', reason: 'lunch' })).status).toBe(200);
    expect((await pause({ status: 'available' })).status).toBe(200);
  });

  it('ordered for somebody else needs none', async () => {
    expect((await pause({ status: 'on-break' }, admin)).status).toBe(200);
  });
});

describe('the desk', () => {
  it('shows an agent their own queues, reasons and phone', async () => {
    const view = await (await api.call('desk', { cookie: agent })).json();
    expect(view).toMatchObject({
      pauseReasons: [{ code: 'lunch', name: 'Lunch', paid: false }],
      queues: [{ queueId: 'sales', dispositions: [], dispositionRequired: false }],
      timeZone: api.ports.settings.current.office.timeZone,
      phone: { extensionId: 'desk-1', number: '201' },
    });
  });

  it('is set up with each code once, and no queue may demand a choice from nothing', async () => {
    const replace = (body: unknown): Promise<Response> =>
      api.call('replaceDeskSettings', { body, cookie: admin });
    const twice = { code: 'a', name: 'A' };
    expect(await pathsOf(await replace({ dispositions: [twice, twice] }))).toEqual(['dispositions.1.code']);
    const queue = { name: 'Sales', agentIds: ['anna'], dispositionRequired: true };
    const demanded = await api.call('replaceQueue', { params: { id: 'sales' }, body: queue, cookie: admin });
    expect(demanded.status).toBe(200);
    expect((await replace({ dispositions: [] })).status).toBe(422);
    expect(api.ports.settings.current.desk.dispositions).toHaveLength(2);
  });
});
