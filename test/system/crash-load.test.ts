/** kill -9 of each process with an office full of calls, and phones registering all the while. */
import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { processCpuMs } from '../../scripts/benchmarks/process-cpu.ts';
import { type Carrier, openCarrier } from '../support/carrier.ts';
import { eventually } from '../support/eventually.ts';
import { Instance } from '../support/instance.ts';
import { carrierAddress, office } from '../support/office.ts';
import { ack, answered, invite, scenario } from '../support/scenarios.ts';
import { type SippRun, sipp } from '../support/sipp.ts';
import { readWav } from '../support/sound.ts';
import { WirePhone } from '../support/wire-phone.ts';

const calls = 20;
const numbers = Array.from({ length: calls }, (_, n) => String(201 + n));
const secretOf = (number: string): string => `secret-of-${number}`;

/** Callers who wait for the other side to hang up, and take it at any time. */
const untilHungUp = scenario(
  'until hung up',
  invite(),
  answered,
  ack(),
  '<recv request="BYE"/>',
  `<send><![CDATA[
      SIP/2.0 200 OK
      [last_Via:]
      [last_From:]
      [last_To:]
      [last_Call-ID:]
      [last_CSeq:]
      Content-Length: 0
      ]]></send>`,
);

let box: Instance;
let carrier: Carrier;
const phones: WirePhone[] = [];
/** Keeps registering while everything happens. */
let restless: WirePhone;
let callers: Promise<unknown> = Promise.resolve();
let registrations = { running: true, done: Promise.resolve(), forbidden: 0 };

beforeAll(async () => {
  carrier = await openCarrier();
  const settings = office(carrier.port, (made) => {
    made.extensions = ['200', ...numbers].map((number) => ({
      id: `e${number}`,
      number,
      name: number,
      secret: secretOf(number),
    }));
    made.agents = numbers.map((number) => ({ id: `a${number}`, name: number, extensionId: `e${number}` }));
    for (const queue of made.queues) queue.agentIds = numbers.map((number) => `a${number}`);
    for (const trunk of made.trunks) trunk.inbound = { kind: 'queue', queueId: 'sales' };
  });
  box = await Instance.start({ settings });
  await box.login();
  for (const number of ['200', ...numbers]) {
    const phone = await WirePhone.open({ number, secret: secretOf(number), server: box.sip });
    await phone.register(3600);
    if (number === '200') restless = phone;
    else phones.push(phone);
  }
});
afterEach(async () => {
  registrations.running = false;
  await registrations.done;
  await callers;
  for (const phone of phones) phone.seen.length = 0;
  await box.assertIdle();
});
afterAll(async () => {
  await box?.stop();
  for (const phone of [...phones, restless]) phone?.close();
  carrier?.close();
});

/** Every phone takes every call, and hears when it is over. */
function answerAll(): void {
  for (const [n, phone] of phones.entries()) {
    phone.onRequest = (request) => {
      if (request.startLine.startsWith('INVITE'))
        phone.respond(request, '200 OK', { tag: 't', rtpPort: 40_000 + 2 * n });
      else if (/^(BYE|CANCEL)/.test(request.startLine)) phone.respond(request, '200 OK');
    };
  }
}

function keepRegistering(): void {
  const state = { running: true, done: Promise.resolve(), forbidden: 0 };
  state.done = (async () => {
    // While a process is away a REGISTER may go unanswered, or be asked for again or later; forbidden it may not be.
    while (state.running)
      await restless.register(3600).catch((error: Error) => {
        if (error.message.includes('SIP/2.0 403')) state.forbidden++;
      });
  })();
  registrations = state;
}

const talking = async (count: number): Promise<unknown> =>
  eventually(
    `${count} calls are recorded`,
    async () => {
      const { calls: live } = await box.live();
      return live.filter((each) => each.phase === 'talking' && each.recordings.length > 0).length === count;
    },
    20_000,
  );

async function fill(): Promise<{ ended: Promise<SippRun> }> {
  const ended = sipp({
    scenario: untilHungUp,
    remote: box.sip,
    service: '3612345678',
    localAddress: carrierAddress,
    calls,
    ratePerS: 20,
    timeoutS: 45,
  });
  callers = ended;
  await talking(calls);
  return { ended };
}

/** Each phone is reached at the place it registered from, without having registered again. */
async function ringEach(): Promise<void> {
  for (const phone of phones)
    phone.onRequest = (request) => {
      if (request.startLine.startsWith('INVITE')) phone.respond(request, '486 Busy Here', { tag: 'busy' });
    };
  for (const phone of phones) {
    phone.seen.length = 0;
    const { status } = await box.api('POST', '/calls', {
      agentId: `a${phone.number}`,
      number: '36301112233',
    });
    expect(status).toBe(201);
  }
  for (const phone of phones) await phone.waitFor('ACK');
}

describe(`kill -9 with ${calls} calls and registrations going on`, () => {
  it.each(['appliance', 'sip-engine', 'media-engine'] as const)(
    'of the %s: every leg is ended with a reason, recordings are whole, every phone rings again',
    async (name) => {
      answerAll();
      const beganAt = Date.now();
      const { ended } = await fill();
      keepRegistering();
      await eventually('two seconds of talk', () => Date.now() - beganAt > 3000);

      const { readyAfterMs } = await box.crash(name);
      // Three seconds where it has a processor to itself; what it needs of one does not depend on who else is there.
      expect(readyAfterMs).toBeLessThan(10_000);
      expect(processCpuMs(box.pids[name] ?? 0)).toBeLessThan(3000);

      for (const phone of phones) {
        const { headers } = await phone.waitFor('BYE', { timeoutMs: 20_000 });
        expect(headers.get('reason')).toMatch(/^\S+\s*;\s*cause=\d+/);
      }
      const { status, statistics, messages } = await ended;
      expect(status, messages.slice(-3000)).toBe(0);
      expect(statistics).toMatchObject({ successful: calls, failed: 0 });
      expect(messages.match(/^Reason:/gim)?.length).toBeGreaterThanOrEqual(calls);

      await box.login();
      const logged = await eventually(
        'all are logged as ended',
        async () => {
          const { json } = await box.api('GET', `/calls?from=${beganAt}&limit=100`);
          const items = json.items.filter((each: { phase: string }) => each.phase === 'ended');
          return items.length === calls ? items : undefined;
        },
        20_000,
      );
      for (const { callId, termination } of logged) {
        expect(termination).toMatchObject({ class: 'server', reason: `${name}-failed` });
        const { json } = await box.api('GET', `/calls/${callId}`);
        expect(json.recordings).toHaveLength(1);
        const [{ state, file }] = json.recordings;
        expect(state).toBe('done');
        expect(existsSync(file)).toBe(true);
        expect(readWav(file).channels[0]?.length).toBeGreaterThan(8000);
      }

      await ringEach();
      registrations.running = false;
      await registrations.done;
      expect(registrations.forbidden).toBe(0);
      await restless.register(3600);
    },
  );
});
