import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Carrier, openCarrier } from '../support/carrier.ts';
import { eventually } from '../support/eventually.ts';
import { Instance } from '../support/instance.ts';
import { office } from '../support/office.ts';
import { agentHz, customerHz, type OfficeCall, talkFor, talkingCall } from '../support/office-call.ts';
import { clearest, readWav } from '../support/sound.ts';

describe('kill -9 in the middle of a call', () => {
  let box: Instance;
  let carrier: Carrier;
  let call: OfficeCall | undefined;

  beforeAll(async () => {
    carrier = await openCarrier();
    const settings = office(carrier.port, (made) => {
      for (const trunk of made.trunks) trunk.inbound = { kind: 'queue', queueId: 'sales' };
    });
    box = await Instance.start({ settings });
    await box.login();
  });
  afterEach(async () => {
    await call?.stop();
    call = undefined;
    await box.assertIdle();
  });
  afterAll(async () => {
    await box?.assertNothingLeft();
    await box?.stop();
    carrier?.close();
  });

  const logged = (callId: string) =>
    eventually('the call is logged as ended', async () => {
      const { json } = await box.api('GET', `/calls/${callId}`);
      return json?.phase === 'ended' ? json : undefined;
    });

  const bothHungUp = async (talk: OfficeCall): Promise<void> => {
    await talk.customer.waitFor('CALL_CLOSED', { timeoutMs: 15_000 });
    await talk.agent.waitFor('CALL_CLOSED', { timeoutMs: 15_000 });
  };

  const keepsItsRecording = async (callId: string): Promise<void> => {
    const { recordings } = await logged(callId);
    expect(recordings).toHaveLength(1);
    expect(recordings[0].state).toBe('done');
    const { channels } = readWav(recordings[0].file);
    expect(channels[0]?.length).toBeGreaterThan(8000);
    expect(clearest(channels[0] ?? new Int16Array(), customerHz)).toBeGreaterThan(0.9);
    expect(clearest(channels[1] ?? new Int16Array(), agentHz)).toBeGreaterThan(0.9);
  };

  const takesNewCalls = async (): Promise<void> => {
    await call?.stop();
    call = await talkingCall(box);
    call.agent.hangUp();
    await call.customer.waitFor('CALL_CLOSED');
  };

  it('of the appliance: audio goes on until it is back, then both legs get a BYE and the log names the process', async () => {
    call = await talkingCall(box);
    await talkFor(2000);
    const { readyAfterMs } = await box.crash('appliance');
    expect(readyAfterMs).toBeLessThan(3000);
    await bothHungUp(call);
    await box.login();
    expect((await logged(call.callId)).termination).toMatchObject({
      class: 'server',
      reason: 'appliance-failed',
    });
    await keepsItsRecording(call.callId);
    await takesNewCalls();
  });

  it('of the SIP engine: audio goes on until the appliance ends the call with a reason', async () => {
    call = await talkingCall(box);
    await talkFor(2000);
    const { readyAfterMs } = await box.crash('sip-engine');
    expect(readyAfterMs).toBeLessThan(3000);
    await bothHungUp(call);
    expect((await logged(call.callId)).termination).toMatchObject({
      class: 'server',
      reason: 'sip-engine-failed',
    });
    await keepsItsRecording(call.callId);
    await takesNewCalls();
  });

  it('of the media engine: the call ends honestly and what was recorded is kept', async () => {
    call = await talkingCall(box);
    await talkFor(3000);
    const { readyAfterMs } = await box.crash('media-engine');
    expect(readyAfterMs).toBeLessThan(3000);
    await bothHungUp(call);
    expect((await logged(call.callId)).termination).toMatchObject({
      class: 'server',
      reason: 'media-engine-failed',
    });
    await keepsItsRecording(call.callId);
    await takesNewCalls();
  });
});
