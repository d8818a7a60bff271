/** A customer talking to an agent through trunk, queue and bridge: where many tests begin. */
import { Baresip } from './baresip.ts';
import { eventually } from './eventually.ts';
import type { Instance } from './instance.ts';
import { carrierAddress, secrets } from './office.ts';

export const customerHz = 500;
export const agentHz = 700;

export interface OfficeCall {
  customer: Baresip;
  agent: Baresip;
  callId: string;
  stop(): Promise<void>;
}

/** Needs an office whose trunk leads to the queue or the menu (key 1), and agent Anna at 101. */
export async function talkingCall(
  box: Instance,
  options: { transport?: 'udp' | 'tcp' } = {},
): Promise<OfficeCall> {
  const agent = await Baresip.start({
    user: '101',
    server: box.sip,
    password: secrets['101'],
    toneHz: agentHz,
    answerMode: 'auto',
    ...options,
  });
  const customer = await Baresip.start({
    user: '+36301112233',
    server: box.sip,
    toneHz: customerHz,
    register: false,
    address: carrierAddress,
  });
  const stop = async (): Promise<void> => {
    await customer.stop();
    await agent.stop();
  };
  try {
    customer.dial('3612345678');
    await customer.waitFor('CALL_ESTABLISHED');
    let callId = '';
    await eventually('caller and agent talk', async () => {
      const [call] = (await box.live()).calls;
      callId = call?.callId ?? '';
      if (call?.phase === 'ivr') await customer.press('1');
      return call?.phase === 'talking' && call.recordings.length > 0;
    });
    return { customer, agent, callId, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Lets the talk go on for a while. */
export function talkFor(durationMs: number): Promise<unknown> {
  const until = performance.now() + durationMs;
  return eventually(`${durationMs} ms of talk`, () => performance.now() > until, durationMs + 1000);
}
