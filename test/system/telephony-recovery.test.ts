/** What becomes of calls when a process dies: the peer always gets its BYE. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { settingsSchema } from '../../src/domain/settings.ts';
import type { Leg } from '../../src/telephony/contract.ts';
import { Engines } from '../support/engines.ts';
import { eventually } from '../support/eventually.ts';
import { ack, answered, invite, scenario, shortCall } from '../support/scenarios.ts';
import { type SippRun, sipp } from '../support/sipp.ts';
import { eventsOf } from '../support/telephony-bench.ts';

const trunkAddress = '127.0.0.2';
const settings = settingsSchema.parse({
  version: 1,
  trunks: [{ id: 'peer', name: 'Carrier', kind: 'peer', host: trunkAddress, port: 23_930 }],
});

let engines: Engines;

beforeEach(async () => {
  engines = await Engines.start(23_400, settings);
});
afterEach(async () => {
  await engines.assertIdle();
  await engines.stop();
});

const replyOk = `<send><![CDATA[
  SIP/2.0 200 OK
  [last_Via:]
  [last_From:]
  [last_To:]
  [last_Call-ID:]
  [last_CSeq:]
  Content-Length: 0
  ]]></send>`;
const waitsForBye = scenario('waits for BYE', invite(), answered, ack(), '<recv request="BYE"/>', replyOk);

/** A caller of the trunk who stays until we say BYE. */
async function talking(): Promise<{ leg: Leg; seen: unknown[][]; caller: Promise<SippRun> }> {
  const caller = sipp({
    scenario: waitsForBye,
    remote: engines.server,
    service: '100',
    localAddress: trunkAddress,
    timeoutS: 15,
  });
  const { leg } = await engines.nextCall();
  const seen = eventsOf(leg);
  await leg.answer();
  return { leg, seen, caller };
}

async function takesNewCalls(): Promise<void> {
  const run = sipp({
    scenario: shortCall(50),
    remote: engines.server,
    service: '100',
    localAddress: trunkAddress,
  });
  const { leg } = await engines.nextCall();
  await leg.answer();
  expect((await run).status).toBe(0);
}

describe('kill -9 of the SIP engine', () => {
  it('leaves the audio until it is back, then the caller gets BYE and new calls are taken', async () => {
    const { leg, seen, caller } = await talking();
    const states: string[] = [];
    engines.room.events.on('engine', (part, state) => states.push(`${part} ${state}`));
    await engines.kill('sip-engine');
    await eventually('it is noticed', () => states.includes('sip-engine down'), 1_000);
    expect(leg.state).toBe('up');
    expect((await engines.media.call('stats', {})).legs).toBe(1);
    await engines.startProcess('sip-engine');
    const { status, messages } = await caller;
    expect(status).toBe(0);
    expect(messages).toMatch(/Reason: ?.*sip-engine failed/i);
    await eventually('the leg ends', () => seen.at(-1)?.[0] === 'ended');
    expect(seen.at(-1)?.[1]).toEqual({ class: 'server', reason: 'sip-engine-failed' });
    await takesNewCalls();
  });
});

describe('kill -9 of the media engine', () => {
  it('ends its calls with the reason, refuses new ones, and takes them again when it is back', async () => {
    const { seen, caller } = await talking();
    await engines.kill('media-engine');
    const { status, messages } = await caller;
    expect(status).toBe(0);
    expect(messages).toMatch(/Reason: ?.*media-engine failed/i);
    await eventually('the leg ends', () => seen.at(-1)?.[0] === 'ended');
    expect(seen.at(-1)?.[1]).toEqual({ class: 'server', reason: 'media-engine-failed' });
    const refused = await sipp({
      scenario: scenario(
        'refused',
        invite(),
        '<recv response="100" optional="true"/><recv response="503"/>',
        ack().replace('branch=[branch]', 'branch=[branch-2]'),
      ),
      remote: engines.server,
      service: '100',
      localAddress: trunkAddress,
    });
    expect(refused.status).toBe(0);
    await engines.startProcess('media-engine');
    await eventually('it is back', () => engines.media.isUp);
    await takesNewCalls();
  });
});

describe('a new appliance after one that died in mid-call', () => {
  it('ends what the journal knows and closes what the media engine kept', async () => {
    const { caller } = await talking();
    const dead = engines.abandonTelephony();
    await engines.startTelephony(settings);
    const { status, messages } = await caller;
    expect(status).toBe(0);
    expect(messages).toMatch(/Reason: ?.*appliance restarted/i);
    await takesNewCalls();
    await engines.assertIdle();
    await dead.stop();
  });
});
