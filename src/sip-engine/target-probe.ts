/** Asks a target that failed whether it is there again: an OPTIONS of the engine's own (RFC 3261 §11). */
import { randomUUID } from 'node:crypto';
import { SipMessage } from '../codec/sip-message.ts';
import { formatHostPort } from '../codec/sip-uri.ts';
import { type EngineParts, ourHostPort, ourVia } from './engine-parts.ts';
import { newBranch, newCSeqNumber, newTag } from './message-builder.ts';
import type { Target } from './server-location.ts';

/** `over` is called when the target's health has been told of the outcome. */
export function probe(parts: EngineParts, target: Target, over: () => void): void {
  const flow = parts.transports.flowTo(target.protocol, target.address, target.port, target.name);
  const transport = target.protocol === 'udp' ? '' : `;transport=${target.protocol}`;
  const uri = `sip:${formatHostPort(target.address, target.port)}${transport}`;
  const request = SipMessage.request('OPTIONS', uri)
    .add('via', ourVia(parts, flow, newBranch()))
    .add('max-forwards', '70')
    .add('from', `<sip:${ourHostPort(parts, flow)}>;tag=${newTag()}`)
    .add('to', `<${uri}>`)
    .add('call-id', randomUUID())
    .add('cseq', `${newCSeqNumber()} OPTIONS`);
  parts.transactions.startClient({
    request,
    flow,
    // Whatever it says, it is there; the response itself clears it.
    response: (response) => {
      if (response.status >= 200) over();
    },
    failed: () => {
      parts.health.failed(flow);
      over();
    },
  });
}
