/** Far more calls than the machine takes: they are refused at once and in order, and who talks does not notice. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCarrier } from '../support/carrier.ts';
import { eventually } from '../support/eventually.ts';
import { Instance } from '../support/instance.ts';
import { carrierAddress, office, secrets } from '../support/office.ts';
import { agentHz, customerHz, talkFor, talkingCall } from '../support/office-call.ts';
import { ack, invite, scenario, shortCall } from '../support/scenarios.ts';
import { sipp } from '../support/sipp.ts';
import { toneShare } from '../support/sound.ts';
import { type SeenMessage, WirePhone } from '../support/wire-phone.ts';

const floodPerS = 500;
const floodS = 4;

/** A caller who must be refused for want of room. */
const refused = scenario(
  'refused',
  invite(),
  '<recv response="100" optional="true"/>',
  '<recv response="503" rrs="true"/>',
  ack().replace('[next_url]', 'sip:[service]@[remote_ip]:[remote_port]'),
);

let box: Instance;

beforeAll(async () => {
  const settings = office(5060, (made) => {
    for (const trunk of made.trunks) trunk.inbound = { kind: 'queue', queueId: 'sales' };
  });
  box = await Instance.start({ settings, env: { CORDBOARD_MAX_CALLS: '1' } });
  await box.login();
});
afterAll(() => box?.stop());

const faults = async (): Promise<string[]> => (await box.live()).faults.map(({ code }) => code);
const flood = (calls: number, ratePerS: number) =>
  sipp({
    scenario: refused,
    remote: box.sip,
    service: '3612345678',
    calls,
    ratePerS,
    localAddress: carrierAddress,
    timeoutS: 30,
  });

describe('above capacity', () => {
  it(`${floodPerS} calls a second are refused with Retry-After, those who talk hear each other, and the pages answer`, async () => {
    const talk = await talkingCall(box);
    try {
      const flooding = flood(floodPerS * floodS, floodPerS);
      await eventually('the refusal is shown', async () => (await faults()).includes('overload.calls'));
      let slowestMs = 0;
      let asked = 0;
      let over = false;
      void flooding.finally(() => {
        over = true;
      });
      await eventually(
        'the flood is over',
        async () => {
          const at = performance.now();
          expect((await box.api('GET', '/live')).status).toBe(200);
          slowestMs = Math.max(slowestMs, performance.now() - at);
          asked++;
          return over;
        },
        30_000,
      );
      const run = await flooding;
      expect(run.statistics).toMatchObject({ successful: floodPerS * floodS, failed: 0 });
      expect(run.messages).toMatch(/SIP\/2\.0 503 [\s\S]*?Retry-After: \d+/);
      expect(asked).toBeGreaterThan(10);
      expect(slowestMs, 'the slowest page').toBeLessThan(1000);
      expect((await box.live()).calls.map(({ phase }) => phase)).toEqual(['talking']);
      await talkFor(500);
      talk.agent.hangUp();
      await talk.customer.waitFor('CALL_CLOSED');
      const lastSeconds = (heard: Int16Array = new Int16Array()): Int16Array =>
        heard.subarray(Math.max(0, heard.length - 8000 * floodS), heard.length - 4000);
      expect(toneShare(lastSeconds(talk.agent.heard()[0]), customerHz)).toBeGreaterThan(0.95);
      expect(toneShare(lastSeconds(talk.customer.heard()[0]), agentHz)).toBeGreaterThan(0.95);
    } finally {
      await talk.stop();
    }
  });

  it('calls come in again when one has ended, and the pages say so; the log has both', async () => {
    await box.assertIdle();
    await eventually('the fault is over', async () => !(await faults()).includes('overload.calls'));
    const run = await sipp({
      scenario: shortCall(200),
      remote: box.sip,
      service: '3612345678',
      localAddress: carrierAddress,
    });
    expect(run.statistics).toMatchObject({ successful: 1, failed: 0 });
    expect(box.log()).toContain('new calls are refused');
    expect(box.log()).toMatch(/new calls are taken again.*"refused":\d{3,}/);
  });

  it('a phone of the office may call beyond the limit, as far as the reserve goes', async () => {
    const carrier = await openCarrier();
    const phones = await Promise.all(
      (['101', '102', '103'] as const).map((number) =>
        WirePhone.open({ number, secret: secrets[number], server: box.sip }),
      ),
    );
    const [first, , called] = phones as [WirePhone, WirePhone, WirePhone];
    try {
      for (const phone of phones) await phone.register();
      const ringing = new Map<string | undefined, SeenMessage>();
      called.onRequest = (request) => {
        const callId = request.headers.get('call-id');
        const invited = ringing.get(callId);
        if (request.startLine.startsWith('INVITE')) {
          ringing.set(callId, request);
          called.respond(request, '180 Ringing', { tag: `called-${ringing.size}` });
        } else if (!request.startLine.startsWith('ACK')) called.respond(request, '200 OK', { tag: 'called' });
        if (request.startLine.startsWith('CANCEL') && invited)
          called.respond(invited, '487 Request Terminated', { tag: 'called' });
      };
      const outside = sipp({
        scenario: shortCall(3000),
        remote: box.sip,
        service: '3612345678',
        localAddress: carrierAddress,
      });
      await eventually('the machine is full', async () => (await box.live()).calls.length === 1);
      const clicked = await box.api('POST', '/calls', { extensionId: 'desk', number: first.number });
      expect(clicked.status).toBe(201);
      expect((await box.api('POST', '/calls', { extensionId: 'desk', number: first.number })).status).toBe(
        201,
      );
      const third = await box.api('POST', '/calls', { extensionId: 'desk', number: first.number });
      expect(third.status).toBe(503);
      expect(third.json.code).toBe('overloaded');
      expect((await flood(1, 1)).statistics).toMatchObject({ successful: 1, failed: 0 });
      for (const { callId } of (await box.live()).calls) await box.api('DELETE', `/calls/${callId}`);
      await outside;
      // The phones answer until the last of their calls is over.
      await box.assertIdle();
    } finally {
      for (const phone of phones) phone.close();
      carrier.close();
    }
  });
});
