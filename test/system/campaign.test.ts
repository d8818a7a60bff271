/**
 * A campaign over 300 numbers of people of every kind, the appliance killed in the middle. What it says of itself is
 * held against the carrier, which saw every INVITE, and against its own file, read here by plain SQL.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { createLogger } from '../../src/base/log.ts';
import type { CampaignLive } from '../../src/domain/campaign/live.ts';
import { LeadStoreFile } from '../../src/store/lead-store.ts';
import { type Carrier, openCarrier } from '../support/carrier.ts';
import { type CustomerKind, customerKinds, customersScenario } from '../support/customers.ts';
import { eventually } from '../support/eventually.ts';
import { freePorts } from '../support/free-ports.ts';
import { Instance } from '../support/instance.ts';
import { carrierAddress, office } from '../support/office.ts';
import { sipp } from '../support/sipp.ts';
import { WirePhone } from '../support/wire-phone.ts';

const agents = Array.from({ length: 16 }, (_, n) => String(201 + n));
const secretOf = (number: string): string => `secret-of-${number}`;

/** How many of each kind are in the list. */
const crowd: Record<CustomerKind, number> = {
  answers: 90,
  busy: 50,
  isOut: 40,
  rejects: 30,
  doesNotExist: 25,
  hangsUpAtOnce: 30,
  isSlow: 25,
  neverAnswers: 6,
};
const doNotCall = 4;

interface Person {
  number: string;
  kind: CustomerKind;
  protectedByList: boolean;
}
const people: Person[] = (Object.keys(crowd) as CustomerKind[])
  .flatMap((kind) =>
    Array.from({ length: crowd[kind] + (kind === 'answers' ? doNotCall : 0) }, (_, n) => ({
      number: `+3630${customerKinds[kind].digit}${String(100_000 + n)}`,
      kind,
      protectedByList: kind === 'answers' && n >= crowd.answers,
      order: n / crowd[kind],
    })),
  )
  .sort((a, b) => a.order - b.order);

/** A zone in which it is early afternoon, whenever the test runs. */
function afternoonZone(): string {
  const offset = 14 - new Date().getUTCHours();
  return offset === 0 ? 'Etc/GMT' : `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`;
}

const dataDir = mkdtempSync(join(tmpdir(), 'campaign-'));
const file = join(dataDir, 'leads.db');
/** INVITEs as the carrier saw them: number -> when, one for each Call-ID. */
const seen = new Map<string, { callId: string; at: number }[]>();
const ended = new AbortController();
let customers: Promise<unknown> = Promise.resolve();
let box: Instance;
let carrier: Carrier;
const phones: WirePhone[] = [];

function onMessage(text: string): void {
  const number = /^INVITE sip:(\+?\d+)@/.exec(text)?.[1];
  const callId = /^call-id:\s*(\S+)/im.exec(text)?.[1];
  if (number === undefined || callId === undefined) return;
  const calls = seen.get(number) ?? [];
  if (!calls.some((call) => call.callId === callId)) calls.push({ callId, at: Date.now() });
  seen.set(number, calls);
}

async function fillList(): Promise<void> {
  const log = createLogger('test', { write: () => undefined });
  const store = new LeadStoreFile({ file, clock: systemClock, log });
  await store.start();
  const { leads } = store;
  await leads.createList({ listId: 'spring', name: 'Spring', who: 'test' });
  const importId = await leads.beginImport('spring', 'test');
  const zone = afternoonZone();
  await leads.addLeads(
    importId,
    people.map(({ number }) => ({ number, zone })),
  );
  await leads.commitImport(importId);
  const entries = people.filter((p) => p.protectedByList).map(({ number }) => ({ number, reason: 'asked' }));
  await leads.addDoNotCall(entries, { who: 'test', source: 'person' });
  await store.stop();
}

beforeAll(async () => {
  await fillList();
  const relayTo = await freePorts(2);
  customers = sipp({
    scenario: customersScenario(),
    localAddress: carrierAddress,
    localPort: relayTo,
    calls: 10_000,
    timeoutS: 170,
    extra: ['-mi', carrierAddress],
    signal: ended.signal,
  });
  carrier = await openCarrier({ relayTo, onMessage });
  const settings = office(carrier.port, (made) => {
    made.extensions = agents.map((number) => ({
      id: `e${number}`,
      number,
      name: number,
      secret: secretOf(number),
    }));
    made.agents = agents.map((number) => ({ id: `a${number}`, name: number, extensionId: `e${number}` }));
    for (const queue of made.queues) queue.agentIds = agents.map((number) => `a${number}`);
    made.desk = { dispositions: [{ code: 'never-again', name: 'Never again' }] };
    made.campaigns = [
      {
        id: 'spring',
        name: 'Spring',
        queueId: 'sales',
        listIds: ['spring'],
        callerNumber: '+3612345678',
        windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '08:00', until: '21:00' }],
        ringTimeoutMs: 15_000,
        wrapUpMs: 0,
        record: false,
        script: 'Good afternoon',
        outcomes: [{ code: 'never-again', lead: 'do-not-call' }],
      },
    ];
  });
  box = await Instance.start({ settings, dataDir });
  await box.login();
  for (const [n, number] of agents.entries()) {
    const phone = await WirePhone.open({ number, secret: secretOf(number), server: box.sip });
    await phone.register(3600);
    phone.onRequest = (request) => {
      if (request.startLine.startsWith('INVITE'))
        phone.respond(request, '200 OK', { tag: 't', rtpPort: 40_000 + 2 * n });
      else if (/^(BYE|CANCEL)/.test(request.startLine)) phone.respond(request, '200 OK');
    };
    phones.push(phone);
  }
  await eventually('the trunk is up', async () => (await box.live()).trunks[0]?.state === 'up');
});
afterAll(async () => {
  await box?.stop();
  ended.abort();
  await customers;
  for (const phone of phones) phone.close();
  carrier?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const live = async (): Promise<CampaignLive> => (await box.api('GET', '/campaigns/spring/live')).json;

interface Row {
  number: string;
  intent_at: number;
  result: string | null;
}
/** The attempt log as it is on disk, by nobody's code but this. */
function attemptLog(): Row[] {
  const database = new DatabaseSync(file, { readOnly: true });
  const rows = database
    .prepare(
      'SELECT a.number, a.intent_at, r.result FROM attempts a LEFT JOIN attempt_results r USING (attempt_id)',
    )
    .all();
  database.close();
  return rows as unknown as Row[];
}

describe('a campaign over 300 numbers', () => {
  it('says why it dials nothing before it is started, and by whom', async () => {
    const before = await live();
    expect(before.callable).toBe(people.length - doNotCall);
    expect(before.why).toMatchObject([{ code: 'draft' }]);
    expect(seen.size).toBe(0);
  });

  it('dials each number once though the appliance is killed in the middle, and no unknown outcome again', async () => {
    await box.api('PUT', '/campaigns/spring/state', { state: 'running' });
    await eventually('a third is dialled', () => seen.size > 100, 40_000);
    const line = await eventually('calls are up', async () =>
      (await live()).lines.find((each) => each.phase === 'ringing'),
    );
    const { json: seenByAgent } = await box.api('GET', `/agents/${line.agentId}/card`);
    expect(seenByAgent.card).toMatchObject({ campaignId: 'spring', script: 'Good afternoon' });
    await box.crash('appliance');
    const dialledBefore = new Set(seen.keys());
    await box.login();
    const atRestart = await live();
    expect(atRestart.state).toBe('running');

    const after = await eventually(
      'all others are dialled',
      async () => {
        const now = await live();
        return now.callable === 0 && now.lines.length === 0 ? now : undefined;
      },
      90_000,
    );
    const rows = attemptLog();
    const unknown = rows.filter(({ result }) => result === 'unknown');
    expect(unknown.length).toBeGreaterThan(0);
    expect(after.leads.byState.unknown).toBe(unknown.length);
    expect(after.why).toContainEqual({ code: 'unknown', params: { count: unknown.length } });
    for (const { number } of unknown) expect(seen.get(number)?.length ?? 0, number).toBeLessThanOrEqual(1);

    // Every number once, none lost, none that is protected; each INVITE after its intent.
    for (const { number, protectedByList } of people) {
      const attempts = rows.filter((row) => row.number === number);
      const calls = seen.get(number) ?? [];
      expect(attempts.length, number).toBe(protectedByList ? 0 : 1);
      expect(calls.length, number).toBeLessThanOrEqual(attempts.length);
      if (attempts[0]?.result !== 'unknown') expect(calls.length, number).toBe(attempts.length);
      for (const call of calls) expect(call.at, number).toBeGreaterThanOrEqual(attempts[0]?.intent_at ?? 0);
    }
    expect(rows.length).toBe(people.length - doNotCall);
    expect(seen.size).toBeLessThanOrEqual(rows.length);
    expect(dialledBefore.size).toBeGreaterThan(100);

    // What came of each is what that person did.
    const wrong = rows.flatMap(({ number, result }) => {
      const person = people.find((each) => each.number === number);
      const expected = person && customerKinds[person.kind].result;
      return result === expected || result === 'unknown' ? [] : [{ number, kind: person?.kind, result }];
    });
    expect(wrong).toEqual([]);
  });

  it('calls one of unknown outcome again when a person says so, and closes the others', async () => {
    // One who answers or refuses soon, if there is: the others need their ring time.
    const unknown = attemptLog().filter(({ result }) => result === 'unknown');
    const first = unknown.find(({ number }) => !number.startsWith('+36308')) ?? unknown[0];
    if (!first) throw new Error('there is none');
    const { json } = await box.api('GET', `/lists/spring/leads?state=unknown&text=${first.number.slice(1)}`);
    const { leadId } = json.items[0];
    const before = seen.get(first.number)?.length ?? 0;
    await box.api('POST', '/campaigns/spring/unknown', { decision: 'call-again', leadId });
    await eventually('it is dialled', () => (seen.get(first.number)?.length ?? 0) === before + 1, 20_000);
    const { status } = await box.api('POST', '/campaigns/spring/unknown', { decision: 'close' });
    expect(status).toBe(200);
    await eventually(
      'nothing is open',
      async () => {
        const now = await live();
        return now.lines.length === 0 && now.leads.byState.unknown === 0;
      },
      20_000,
    );
    await box.assertIdle();
  });

  it('tells agents, leads and calls of one call alike', async () => {
    const { json } = await box.api('GET', '/attempts?campaignId=spring&result=answered&limit=1');
    const [attempt] = json.items;
    const { json: call } = await box.api('GET', `/calls/${attempt.attemptId}`);
    expect(call).toMatchObject({
      campaignId: 'spring',
      leadId: attempt.leadId,
      agentId: attempt.agentId,
      to: attempt.number,
      direction: 'outbound',
      phase: 'ended',
    });
    expect(attempt.voiceMs).toBeLessThan(2000);
  });

  it('takes a number off for good when the agent says so after the call', async () => {
    const { json } = await box.api('GET', '/attempts?campaignId=spring&result=answered&limit=1');
    const [{ attemptId, leadId, number }] = json.items;
    const said = await box.api('PUT', `/calls/${attemptId}/disposition`, { code: 'never-again' });
    expect(said.status).toBe(200);
    await eventually('it is on the list', async () => {
      const { json: list } = await box.api('GET', `/do-not-call?text=${number.slice(1)}`);
      return list.items[0]?.source === 'disposition';
    });
    const { json: lead } = await box.api('GET', `/leads/${leadId}`);
    expect(lead.lead).toMatchObject({ state: 'done', doNotCall: true });
    expect(lead.attempts[0]).toMatchObject({ result: 'answered', disposition: 'never-again' });
  });
});
