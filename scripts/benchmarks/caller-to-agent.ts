/** Caller's INVITE -> agent's INVITE, the agent idle and no menu before it: both taken at the phones' own sockets. */
import { eventually } from '../../test/support/eventually.ts';
import { Instance } from '../../test/support/instance.ts';
import { carrierAddress, office, secrets } from '../../test/support/office.ts';
import { type SeenMessage, WirePhone } from '../../test/support/wire-phone.ts';
import { type Figure, percentile } from './figure.ts';
import { WireCall, wireSdp } from './wire-call.ts';

/** The code that runs is compiled by then. */
const warmUp = 30;

export async function measureCallerToAgent(times: number): Promise<Figure[]> {
  const settings = office(5060, (made) => {
    made.agents = [{ id: 'anna', name: 'Anna', extensionId: 'anna' }];
    for (const queue of made.queues) queue.agentIds = ['anna'];
    for (const trunk of made.trunks) trunk.inbound = { kind: 'queue', queueId: 'sales' };
  });
  const box = await Instance.start({ settings, env: { CORDBOARD_LOG: 'warn' } });
  const agent = await WirePhone.open({ number: '101', secret: secrets['101'], server: box.sip });
  const caller = await WirePhone.open({ number: 'c', secret: '', server: box.sip, address: carrierAddress });
  let invited: SeenMessage | undefined;
  agent.onRequest = (request) => {
    if (request.startLine.startsWith('INVITE')) {
      invited = request;
      agent.respond(request, '200 OK', { tag: `a${agent.seen.length}`, rtpPort: 45_000 });
    } else if (!request.startLine.startsWith('ACK')) agent.respond(request, '200 OK');
  };
  caller.onRequest = (request) => {
    if (!request.startLine.startsWith('ACK')) caller.respond(request, '200 OK');
  };
  const samplesMs: number[] = [];
  try {
    await box.login();
    await agent.register();
    for (let i = 0; i < warmUp + times; i++) {
      invited = undefined;
      const call = new WireCall(caller, box.sip);
      // Who waits in a queue has been answered: the ACK is on the way to the agent.
      caller.onResponse = (response) => {
        if (call.isAnsweredBy(response)) caller.send(call.request('ACK', 1));
      };
      const askedAt = performance.now();
      caller.send(call.request('INVITE', 1, wireSdp));
      const seen = await eventually('the agent is rung', () => invited);
      if (i >= warmUp) samplesMs.push(seen.atMs - askedAt);
      await eventually('they talk', async () =>
        (await box.live()).calls.some(({ phase }) => phase === 'talking'),
      );
      caller.send(call.request('BYE', 2));
      await eventually('the agent is idle', async () => {
        const { calls, agents } = await box.live();
        return calls.length === 0 && agents[0]?.state === 'waiting';
      });
    }
    return [
      {
        what: 'caller’s INVITE → agent’s INVITE, agent idle, p99',
        measured: percentile(samplesMs, 0.99),
        unit: 'ms',
        budget: 10,
        ambition: 3,
        bound: 'most',
        note: `p50 ${percentile(samplesMs, 0.5).toFixed(2)} ms of ${samplesMs.length}`,
      },
    ];
  } finally {
    agent.close();
    caller.close();
    await box.stop();
  }
}
