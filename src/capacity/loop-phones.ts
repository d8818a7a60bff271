/**
 * The load of the capacity test, a process of its own so that it measures the box and not itself: pairs of phones on
 * loopback that call the box and speak to each other through it. Ends with its parent.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { parseSipMessage, SipMessage } from '../codec/sip-message.ts';
import { loopNumber } from '../domain/capacity.ts';
import { LoopLeg, type Tally } from './loop-leg.ts';
import { type LoopAnswer, type LoopOrder, loopEnvironment } from './loop-protocol.ts';

const packetMs = 20;
/** New calls come so far apart: the set-up is to load the box, not to drown it. */
const callEveryMs = 40;
/** A packet that comes later than this is lost to whoever listens. */
const graceMs = 250;

const server = process.env[loopEnvironment.server] ?? '';
const address = process.env[loopEnvironment.address] ?? '';
const token = process.env[loopEnvironment.token] ?? '';
const [serverHost = '', serverPort = ''] = server.split(':');

const tell = (answer: LoopAnswer): void => void process.send?.(answer);
const tally: Tally = { round: 0, isSending: false, sent: 0, received: 0, latenciesMs: [] };
let rounds = 0;
let failed = 0;
let calls = 0;
let wanted = 0;
const legs = new Map<string, LoopLeg>();
/** In the order they were made; each speaks at its own moment of the packet time. */
let speaking: LoopLeg[] = [];

const sip = createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
sip.bind(0, address);
await once(sip, 'listening');
const own = { address, sipPort: sip.address().port };
const send = (text: string): void => sip.send(text, Number(serverPort), serverHost);

sip.on('message', (bytes) => {
  const message = parseSipMessage(bytes);
  const leg = message ? legs.get(message.callId) : undefined;
  if (!message || !leg) return;
  if (message.isRequest) {
    respond(message);
    if (message.method !== 'BYE') return;
    failed++; // nobody but we hang up
    forget(leg);
    return;
  }
  if (message.cseq?.method !== 'INVITE' || message.status < 200) return;
  if (message.status >= 300) {
    failed++;
    forget(leg);
    return;
  }
  const isNew = !leg.isUp;
  send(leg.answered(message));
  if (isNew) speaking.push(leg);
  const up = Math.floor(speaking.length / 2);
  if (up >= wanted) tell({ answer: 'up', calls: up, failed });
});

function respond(request: SipMessage): void {
  const response = SipMessage.response(200, 'OK');
  for (const [key, label, value] of request.entries())
    if (['via', 'from', 'to', 'call-id', 'cseq'].includes(key)) response.add(label, value);
  send(response.serialise());
}

function forget(leg: LoopLeg): void {
  legs.delete(leg.callId);
  speaking = speaking.filter((each) => each !== leg);
  leg.close();
}

async function addCalls(): Promise<void> {
  while (calls < wanted) {
    const call = ++calls;
    for (const side of ['a', 'b'] as const) {
      const leg = await LoopLeg.open({ number: loopNumber(token, call, side), server, own, tally });
      legs.set(leg.callId, leg);
      send(leg.invite());
    }
    await new Promise((resolve) => setTimeout(resolve, callEveryMs));
  }
}

function report(): void {
  const { sent, received, latenciesMs } = tally;
  tally.round = 0;
  latenciesMs.sort((a, b) => a - b);
  const latencyP99Ms = latenciesMs[Math.floor(latenciesMs.length * 0.99)] ?? 0;
  tell({ answer: 'report', sent, received, latencyP99Ms, failed });
}

let adding = Promise.resolve();
process.on('message', (order: LoopOrder) => {
  switch (order.order) {
    case 'calls':
      wanted = order.calls;
      adding = adding.then(addCalls);
      break;
    case 'measure':
      Object.assign(tally, { round: ++rounds, isSending: true, sent: 0, received: 0, latenciesMs: [] });
      break;
    case 'report':
      tally.isSending = false;
      setTimeout(report, graceMs);
      break;
  }
});
process.on('disconnect', () => process.exit());

let turn = 0;
let dueAt = performance.now();
function speak(): void {
  const now = performance.now();
  if (now - dueAt > 200) dueAt = now; // held up: what was missed is not made up for at once
  while (dueAt <= now) {
    speaking[turn++ % Math.max(1, speaking.length)]?.speak();
    dueAt += packetMs / Math.max(1, speaking.length);
  }
  setTimeout(speak, 1);
}
speak();
