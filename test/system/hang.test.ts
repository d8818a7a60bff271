import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Carrier, openCarrier } from '../support/carrier.ts';
import { eventually } from '../support/eventually.ts';
import { Instance } from '../support/instance.ts';
import { office } from '../support/office.ts';
import { talkingCall } from '../support/office-call.ts';

describe('a process that hangs without dying (SIGSTOP)', () => {
  let box: Instance;
  let carrier: Carrier;

  beforeAll(async () => {
    carrier = await openCarrier();
    const settings = office(carrier.port, (made) => {
      for (const trunk of made.trunks) trunk.inbound = { kind: 'queue', queueId: 'sales' };
    });
    box = await Instance.start({ settings });
    await box.login();
  });
  afterAll(async () => {
    await box?.stop();
    carrier?.close();
  });

  it('is ended and started again like one that died: its call ends with the reason, new calls are taken', async () => {
    const call = await talkingCall(box);
    const { readyAfterMs } = await box.crash('sip-engine', 'SIGSTOP');
    expect(readyAfterMs).toBeGreaterThan(4000);
    expect(readyAfterMs).toBeLessThan(12_000);
    expect(box.log()).toContain('a process hangs and is ended');
    await call.customer.waitFor('CALL_CLOSED', { timeoutMs: 15_000 });
    await call.agent.waitFor('CALL_CLOSED', { timeoutMs: 15_000 });
    const logged = await eventually('the call is logged as ended', async () => {
      const { json } = await box.api('GET', `/calls/${call.callId}`);
      return json?.phase === 'ended' ? json : undefined;
    });
    expect(logged.termination).toMatchObject({ class: 'server', reason: 'sip-engine-failed' });
    await call.stop();
    await box.assertIdle();
  });

  it('may be any of the three', async () => {
    await box.crash('media-engine', 'SIGSTOP');
    await box.crash('appliance', 'SIGSTOP');
    const again = await talkingCall(box);
    again.agent.hangUp();
    await again.customer.waitFor('CALL_CLOSED');
    await again.stop();
    await box.assertIdle();
  });
});
