/**
 * Agent free -> INVITE on the wire, callers waiting: the agent hangs up, and the time until the next caller's
 * INVITE reaches the same phone is taken at the phone's own socket.
 */
import { eventually } from '../../test/support/eventually.ts';
import { Instance } from '../../test/support/instance.ts';
import { carrierAddress, office, secrets } from '../../test/support/office.ts';
import { shortCall } from '../../test/support/scenarios.ts';
import { sipp } from '../../test/support/sipp.ts';
import { type SeenMessage, WirePhone } from '../../test/support/wire-phone.ts';
import { type Figure, percentile } from './figure.ts';

const talkMs = 100;
const callersPerS = 40;
/** All callers have come by then, and the code that runs is compiled. */
const warmUp = 60;

export async function measureAgentFree(times: number): Promise<Figure[]> {
  const settings = office(5060, (made) => {
    made.agents = [{ id: 'anna', name: 'Anna', extensionId: 'anna' }];
    for (const queue of made.queues) queue.agentIds = ['anna'];
    for (const trunk of made.trunks) trunk.inbound = { kind: 'queue', queueId: 'sales' };
  });
  const box = await Instance.start({ settings, env: { CORDBOARD_LOG: 'warn', CORDBOARD_MAX_CALLS: '1000' } });
  const phone = await WirePhone.open({ number: '101', secret: secrets['101'], server: box.sip });
  const freeToInviteMs: number[] = [];
  try {
    let freedAt = 0;
    let current: { invite: SeenMessage; tag: string } | undefined;
    phone.onRequest = (request) => {
      const [method] = request.startLine.split(' ');
      switch (method) {
        case 'INVITE': {
          if (freedAt > 0) freeToInviteMs.push(request.atMs - freedAt);
          freedAt = 0;
          const tag = `a${freeToInviteMs.length}x${phone.seen.length}`;
          current = { invite: request, tag };
          phone.respond(request, '180 Ringing', { tag });
          phone.respond(request, '200 OK', { tag, rtpPort: 45_000 });
          break;
        }
        case 'ACK':
          // A short talk, then the agent hangs up and is free again.
          setTimeout(() => {
            if (!current) return;
            freedAt = performance.now();
            phone.request('BYE', current.invite, current.tag);
          }, talkMs);
          break;
        case 'CANCEL':
        case 'BYE':
        case 'OPTIONS':
          phone.respond(request, '200 OK');
          break;
      }
    };
    await phone.register();
    // They come at once and wait with patience: somebody always does, and no set-up of another call is measured.
    const callers = sipp({
      scenario: shortCall(60_000),
      remote: box.sip,
      service: '3612345678',
      calls: warmUp + times + 10,
      ratePerS: callersPerS,
      localAddress: carrierAddress,
      timeoutS: 120,
    });
    const timeoutMs = 300 * (warmUp + times) + 10_000;
    await eventually('enough talks', () => freeToInviteMs.length >= warmUp + times, timeoutMs);
    freeToInviteMs.splice(0, warmUp);
    phone.onRequest = () => {};
    await box.stop();
    await callers;
    return [
      {
        what: 'agent free → INVITE to that agent, a call waiting, p99',
        measured: percentile(freeToInviteMs, 0.99),
        unit: 'ms',
        budget: 10,
        ambition: 3,
        bound: 'most',
        note: `p50 ${percentile(freeToInviteMs, 0.5).toFixed(2)} ms of ${freeToInviteMs.length}`,
      },
    ];
  } finally {
    phone.close();
    await box.stop();
  }
}
