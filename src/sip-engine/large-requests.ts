/**
 * Requests too large for UDP go over TCP (RFC 3261 §18.1.1), but only to peers known to take it: many phones and
 * providers do not, and a connection that nobody answers costs the caller seconds. When it is refused all the same,
 * the request goes by UDP as it would have.
 */
import type { SipMessage } from '../codec/sip-message.ts';
import { formatHostPort } from '../codec/sip-uri.ts';
import type { EngineParts } from './engine-parts.ts';
import type { Flow } from './flow.ts';
import type { FlowHop } from './next-hop.ts';
import { type RoutedRequest, withViaFor } from './request-attempts.ts';
import type { Target } from './server-location.ts';

/** Bytes; what fits every path, less what proxies add. */
const largestDatagram = 1300;
const maxRemembered = 1000;

/** Places where a peer has been seen to take TCP. */
export class StreamPeers {
  readonly #known = new Set<string>();

  /** A message came over a connection: its far end, or the port its Via names, listens. */
  learn(message: SipMessage, { protocol, remoteAddress, remotePort }: Flow): void {
    if (protocol !== 'tcp') return;
    if (!message.isRequest) this.#remember(remoteAddress, remotePort);
    // Behind a NAT the port of the Via is not one that can be connected to.
    else if (message.topVia?.host === remoteAddress)
      this.#remember(remoteAddress, message.topVia.port ?? 5060);
  }

  has(address: string, port: number): boolean {
    return this.#known.size > 0 && this.#known.has(formatHostPort(address, port));
  }

  #remember(address: string, port: number): void {
    if (this.#known.size >= maxRemembered) this.#known.clear();
    this.#known.add(formatHostPort(address, port));
  }
}

/** Tells how the request is to go: as it is, or over TCP first where it is too large for UDP. */
export function bySize(
  parts: EngineParts,
  routed: RoutedRequest,
  hop: FlowHop,
  done: (routed: RoutedRequest) => void,
): void {
  const { flow, request } = routed;
  const streams = flow.protocol === 'udp' ? streamsOf(parts, flow, hop.streams ?? []) : [];
  if (streams.length === 0 || Buffer.byteLength(request.serialise()) <= largestDatagram) {
    done(routed);
    return;
  }
  parts.nextHops.open(streams, (opened) => {
    if (!opened) return done(routed);
    const datagram = {
      protocol: 'udp',
      address: flow.remoteAddress,
      port: flow.remotePort,
      name: '',
    } as const;
    done({
      ...routed,
      // What the peer is told of us stays: its later requests come by UDP as ever.
      request: withViaFor(parts, request, opened.flow),
      flow: opened.flow,
      rest: [...(opened.rest ?? []), datagram, ...routed.rest.filter(({ protocol }) => protocol === 'udp')],
      rebuild: (other) =>
        other.protocol === 'tcp' ? withViaFor(parts, request, other) : routed.rebuild(other),
    });
  });
}

/** Where TCP is taken instead of this UDP flow, without those that failed of late. */
function streamsOf(parts: EngineParts, flow: Flow, told: readonly Target[]): Target[] {
  const { remoteAddress: address, remotePort: port } = flow;
  const same: Target[] = parts.streamPeers.has(address, port)
    ? [{ protocol: 'tcp', address, port, name: address }]
    : [];
  return [...same, ...told].filter((target) => !parts.health.isFailing(target));
}
