/** What the parts of the engine share; made once by engine.ts. */
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { WireMeta } from '../codec/drachtio-wire.ts';
import { parseNameAddress } from '../codec/sip-address.ts';
import type { SipMessage } from '../codec/sip-message.ts';
import { formatHostPort } from '../codec/sip-uri.ts';
import type { CallGate } from './call-gate.ts';
import type { CallRecords } from './call-records.ts';
import type { DialogStore } from './dialog-store.ts';
import type { Flow } from './flow.ts';
import type { Guard } from './guard.ts';
import type { StreamPeers } from './large-requests.ts';
import type { LocalAddresses } from './local-addresses.ts';
import type { NextHops } from './next-hop.ts';
import type { RegisteredFlows } from './registered-flows.ts';
import type { TargetHealth } from './target-health.ts';
import type { SipTiming } from './timing.ts';
import type { TransactionLayer } from './transaction-layer.ts';
import type { TransportSet } from './transport-set.ts';

export interface EngineParts {
  clock: Clock;
  timing: SipTiming;
  log: Logger;
  transports: TransportSet;
  addresses: LocalAddresses;
  nextHops: NextHops;
  health: TargetHealth;
  streamPeers: StreamPeers;
  transactions: TransactionLayer;
  dialogs: DialogStore;
  registered: RegisteredFlows;
  records: CallRecords;
  guard: Guard;
  gate: CallGate;
}

/** `host:port` under which the far end of `flow` reaches us. */
export function ourHostPort(parts: EngineParts, flow: Flow): string {
  const address = parts.addresses.forDestination(flow.remoteAddress);
  return formatHostPort(address, parts.transports.portOf(flow.protocol));
}

/**
 * Our URI towards the far end of `flow`, with these parameters.
 * @param isSecure see `asksForSecurity`
 */
export function ourUri(parts: EngineParts, flow: Flow, isSecure: boolean, parameters = ''): string {
  const hostPort = ourHostPort(parts, flow);
  if (isSecure && flow.protocol === 'tls') return `sips:${hostPort}${parameters}`;
  return `sip:${hostPort}${transportParameter(flow)}${parameters}`;
}

/** By which protocol a URI of ours is to be reached, as its parameter; nothing for UDP. */
export function transportParameter(flow: Flow): string {
  return flow.protocol === 'udp' ? '' : `;transport=${flow.protocol}`;
}

/** Our Contact towards the far end of `flow`, for a dialog that this request makes. */
export function ourContact(parts: EngineParts, flow: Flow, request: SipMessage): string {
  return `<${ourUri(parts, flow, asksForSecurity(request))}>`;
}

/** The request asks for TLS on each hop, so that our own URIs must do so too (RFC 3261 §8.1.1.8, §12.1.1). */
export function asksForSecurity(request: SipMessage): boolean {
  if (isSips(request.uri)) return true;
  const next = request.list('record-route')[0] ?? request.list('route')[0] ?? request.list('contact')[0];
  return next !== undefined && isSips(parseNameAddress(next)?.uri ?? '');
}

function isSips(uri: string): boolean {
  return uri.length > 5 && uri.slice(0, 5).toLowerCase() === 'sips:';
}

/** Our Via for a request on `flow`; `rport` asks for symmetric answers (RFC 3581), needless on a connection. */
export function ourVia(parts: EngineParts, flow: Flow, branch: string): string {
  const rport = flow.protocol === 'udp' ? ';rport' : '';
  return `SIP/2.0/${flow.protocol.toUpperCase()} ${ourHostPort(parts, flow)};branch=${branch}${rport}`;
}

/** How a message on `flow` is described to the application. */
export function metaOf(parts: EngineParts, flow: Flow, text: string): WireMeta {
  return {
    bytes: Buffer.byteLength(text),
    protocol: flow.protocol,
    address: flow.remoteAddress,
    port: flow.remotePort,
    atMs: parts.clock.now(),
  };
}

/** How a message that never was on the wire is described. */
export function syntheticMeta(parts: EngineParts): WireMeta {
  return { bytes: 0, protocol: '', address: '', port: 0, atMs: parts.clock.now() };
}
