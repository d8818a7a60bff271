/** From a URI to the flow on which a request to it leaves, and where it goes when that fails (RFC 3263 §4). */
import { parseUri, type SipUri, uriParameter } from '../codec/sip-uri.ts';
import type { Flow, TransportProtocol } from './flow.ts';
import type { LocalAddresses } from './local-addresses.ts';
import type { ServerLocation, Target } from './server-location.ts';
import type { TargetHealth } from './target-health.ts';
import type { TransportSet } from './transport-set.ts';

export type NextHop =
  | FlowHop
  /** The application asked for what cannot be: NOK with this text. */
  | { kind: 'refused'; text: string }
  /** Sent as far as the application is concerned, and answered with this at once. */
  | { kind: 'failed'; status: number; reason: string };

export interface FlowHop {
  kind: 'flow';
  flow: Flow;
  /** Where to turn when the flow fails, in this order (§4.3). */
  rest?: readonly Target[];
  /** Where the same name is served by TCP, for requests too large for UDP. */
  streams?: readonly Target[];
}

export interface NextHopOptions {
  transports: TransportSet;
  addresses: LocalAddresses;
  location: ServerLocation;
  health: TargetHealth;
}

export interface FindOptions {
  /** Requests of one call meet the same server among equals. */
  callId: string;
  /** Tried first if it is among the targets: a dialog stays with the server that it began with. */
  prefer?: Flow;
}

export class NextHops {
  readonly #options: NextHopOptions;

  constructor(options: NextHopOptions) {
    this.#options = options;
  }

  /** Tells the flow to `uriText`; before returning where nothing has to be looked up. */
  find(uriText: string, { callId, prefer }: FindOptions, done: (hop: NextHop) => void): void {
    const uri = parseUri(normaliseNextHop(uriText));
    if (!uri) {
      done({ kind: 'refused', text: `invalid next hop: ${uriText}` });
      return;
    }
    const { location, health } = this.#options;
    const refusal = this.#refusal(uri);
    if (refusal) {
      done(refusal);
      return;
    }
    const place = {
      isSecure: uri.scheme === 'sips',
      host: (uriParameter(uri, 'maddr') ?? uri.host).replace(/^\[|\]$/g, ''),
      port: uri.port,
      transport: transportOf(uri),
    };
    location.find(place, callId, (targets, streams) => {
      if (!targets || targets.length === 0) {
        done({ kind: 'failed', status: 503, reason: 'DNS Error' });
        return;
      }
      const ordered = health.inOrder(targets);
      this.open(prefer ? preferring(ordered, prefer) : ordered, (hop) =>
        done(hop ? { ...hop, streams } : { kind: 'failed', status: 503, reason: 'No Route' }),
      );
    });
  }

  /** The flow to the first of `targets` that this machine can send to; undefined: to none. */
  open(targets: readonly Target[], done: (hop: FlowHop | undefined) => void): void {
    const { transports, addresses } = this.#options;
    const at = targets.findIndex((target) => this.#canReach(target));
    const target = targets[at];
    if (!target) {
      done(undefined);
      return;
    }
    const { protocol, address, port, name } = target;
    const rest = targets.slice(at + 1);
    addresses.learnRoute(address, () =>
      done({ kind: 'flow', flow: transports.flowTo(protocol, address, port, name), rest }),
    );
  }

  #canReach({ protocol, address }: Target): boolean {
    const { transports } = this.#options;
    return transports.has(protocol) && transports.reaches(address);
  }

  #refusal(uri: SipUri): NextHop | undefined {
    const { transports } = this.#options;
    const unsupported = { kind: 'failed', status: 416, reason: 'Unsupported URI Scheme' } as const;
    if (uri.scheme === 'sips') return transports.has('tls') ? undefined : unsupported;
    if (uri.scheme !== 'sip') return unsupported;
    const wanted = uriParameter(uri, 'transport');
    const transport = transportOf(uri);
    return wanted === undefined || (transport !== undefined && transports.has(transport))
      ? undefined
      : { kind: 'refused', text: 'requested protocol/transport not available' };
  }
}

/** What a URI's transport parameter says; with sips TCP means TLS over it (RFC 3261 §26.2.2). */
function transportOf(uri: SipUri): TransportProtocol | undefined {
  if (uri.scheme === 'sips') return 'tls';
  const wanted = uriParameter(uri, 'transport');
  return wanted === 'udp' || wanted === 'tcp' || wanted === 'tls' ? wanted : undefined;
}

function preferring(targets: readonly Target[], flow: Flow): Target[] {
  const isPreferred = ({ protocol, address, port }: Target): boolean =>
    protocol === flow.protocol && address === flow.remoteAddress && port === flow.remotePort;
  return [...targets.filter(isPreferred), ...targets.filter((target) => !isPreferred(target))];
}

/** A next hop as applications write it: a URI, one in brackets, or bare `host[:port]`. */
export function normaliseNextHop(text: string): string {
  const bare = text.startsWith('<') ? text.slice(1, Math.max(1, text.indexOf('>'))) : text;
  return /^[a-zA-Z][a-zA-Z0-9+.-]*:(?!\d+(?:;|$))/.test(bare) ? bare : `sip:${bare}`;
}
