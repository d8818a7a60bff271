/** What becomes of headers and body that an application gives (facts of drachtio-server). */
import { parseNameAddress } from '../codec/sip-address.ts';
import { parameterOf } from '../codec/sip-headers.ts';
import type { SipMessage } from '../codec/sip-message.ts';
import { transportParameter } from './engine-parts.ts';
import type { Flow } from './flow.ts';

/** Headers in which `…@localhost` stands for the address of ours that the peer reaches. */
const localhostHeaders = new Set([
  'from',
  'to',
  'contact',
  'p-asserted-identity',
  'p-preferred-identity',
  'remote-party-id',
]);

const enginesInResponses = new Set([
  'via',
  'from',
  'to',
  'call-id',
  'cseq',
  'route',
  'record-route',
  'rseq',
  'content-length',
  'max-forwards',
]);
const enginesInRequests = new Set([
  'via',
  'from',
  'to',
  'call-id',
  'cseq',
  'contact',
  'record-route',
  'rseq',
  'content-length',
  'max-forwards',
]);
const enginesInDialogRequests = new Set([...enginesInRequests, 'route']);

/** Copies what the application may set; the rest is the engine's. */
export function copyApplicationHeaders(
  from: SipMessage,
  to: SipMessage,
  as: 'response' | 'request' | 'dialog-request',
  hostPort: string,
): void {
  const engines =
    as === 'response' ? enginesInResponses : as === 'request' ? enginesInRequests : enginesInDialogRequests;
  for (const [key, label, value] of from.entries()) {
    if (!engines.has(key)) to.add(label, localhostHeaders.has(key) ? withHost(value, hostPort) : value);
  }
}

/** Replaces `@localhost`, with or without a port, by `@host:port`. */
export function withHost(value: string, hostPort: string): string {
  if (!value.includes('@localhost')) return value;
  return value.replace(/@localhost(?::\d+)?(?![\w.-])/g, `@${hostPort}`);
}

/**
 * A Contact the application gave. Where `@localhost` was replaced and the flow is a connection the URI says so, else
 * the peer would come back by UDP.
 * @param isSecure the request asks for TLS on each hop
 */
export function applicationContact(value: string, hostPort: string, flow: Flow, isSecure = false): string {
  const replaced = withHost(value, hostPort);
  if (replaced === value || flow.protocol === 'udp') return replaced;
  const address = parseNameAddress(replaced);
  if (!address || parameterOf(address.uri.slice(address.uri.indexOf('@')), 'transport') !== undefined)
    return replaced;
  const name = address.display === '' ? '' : `${address.display} `;
  const uri =
    isSecure && flow.protocol === 'tls'
      ? address.uri.replace(/^sip:/i, 'sips:')
      : address.uri + transportParameter(flow);
  return `${name}<${uri}>${address.parameters}`;
}

/** Takes the body over, naming SDP where the application did not. @returns false for a body of unknown type */
export function copyApplicationBody(from: SipMessage, to: SipMessage): boolean {
  to.body = from.body;
  if (from.body === '' || to.has('content-type')) return true;
  if (!from.body.startsWith('v=0')) return false;
  to.add('content-type', 'application/sdp');
  return true;
}
