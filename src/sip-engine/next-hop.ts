/** From a URI to the flow on which a request to it leaves (RFC 3261 §8.1.2, §18.1.1). */
import { isIPv6 } from 'node:net';
import { parseUri, type SipUri, uriParameter } from '../codec/sip-uri.ts';
import type { Flow, TransportProtocol } from './flow.ts';
import type { HostAddress, HostResolver } from './host-resolver.ts';
import type { LocalAddresses } from './local-addresses.ts';
import type { TransportSet } from './transport-set.ts';

export type NextHop =
  | { kind: 'flow'; flow: Flow }
  /** The application asked for what cannot be: NOK with this text. */
  | { kind: 'refused'; text: string }
  /** Sent as far as the application is concerned, and answered with this at once. */
  | { kind: 'failed'; status: number; reason: string };

export interface NextHopOptions {
  transports: TransportSet;
  addresses: LocalAddresses;
  resolver: HostResolver;
}

export class NextHops {
  readonly #options: NextHopOptions;

  constructor(options: NextHopOptions) {
    this.#options = options;
  }

  /** Tells the flow to `uriText`; before returning where nothing has to be looked up. */
  find(uriText: string, done: (hop: NextHop) => void): void {
    const uri = parseUri(normaliseNextHop(uriText));
    if (!uri) {
      done({ kind: 'refused', text: `invalid next hop: ${uriText}` });
      return;
    }
    const protocol = this.#protocolOf(uri);
    if (typeof protocol !== 'string') {
      done(protocol);
      return;
    }
    const { resolver } = this.#options;
    const host = uriParameter(uri, 'maddr') ?? uri.host;
    const known = resolver.immediate(host, uri.port, protocol);
    if (known) {
      this.#open(known, protocol, done);
      return;
    }
    resolver.resolve(host, uri.port, protocol).then(
      (address) => this.#open(address, protocol, done),
      () => done({ kind: 'failed', status: 503, reason: 'DNS Error' }),
    );
  }

  #protocolOf(uri: SipUri): TransportProtocol | NextHop {
    if (uri.scheme === 'sips') {
      return this.#options.transports.has('tls')
        ? 'tls'
        : { kind: 'failed', status: 416, reason: 'Unsupported URI Scheme' };
    }
    if (uri.scheme !== 'sip') return { kind: 'failed', status: 416, reason: 'Unsupported URI Scheme' };
    const wanted = uriParameter(uri, 'transport') ?? 'udp';
    if ((wanted === 'udp' || wanted === 'tcp' || wanted === 'tls') && this.#options.transports.has(wanted))
      return wanted;
    return { kind: 'refused', text: 'requested protocol/transport not available' };
  }

  #open(address: HostAddress, protocol: TransportProtocol, done: (hop: NextHop) => void): void {
    const { transports, addresses } = this.#options;
    if (isIPv6(address.address) !== transports.isIPv6) {
      done({ kind: 'failed', status: 503, reason: 'No Route' });
      return;
    }
    addresses.learnRoute(address.address, () =>
      done({ kind: 'flow', flow: transports.flowTo(protocol, address.address, address.port) }),
    );
  }
}

/** A next hop as applications write it: a URI, one in brackets, or bare `host[:port]`. */
export function normaliseNextHop(text: string): string {
  const bare = text.startsWith('<') ? text.slice(1, Math.max(1, text.indexOf('>'))) : text;
  return /^[a-zA-Z][a-zA-Z0-9+.-]*:(?!\d+(?:;|$))/.test(bare) ? bare : `sip:${bare}`;
}
