/**
 * Which address of ours a destination can reach, for SDP and browsers (the SIP engine decides the same for Via and
 * Contact). The public side is what the admin set, or what a trunk told us it sees.
 */
import { createSocket } from 'node:dgram';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { bindFor, isBound, isWildcard } from '../base/bind-addresses.ts';
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { EngineAddressing } from '../codec/engine-control.ts';
import { chooseLocalAddress, type InterfaceAddress, isIpInNetworks } from '../codec/ip-network.ts';
import { formatSipUri } from '../codec/name-addr.ts';
import type { Settings } from '../domain/settings.ts';
import type { SipSource } from './sip-port.ts';

/** Interfaces come and go (DHCP), so what was found holds only so long. */
const routeLifetimeMs = 30_000;

const privateNetworks = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  'fc00::/7',
];

export class Addressing {
  readonly events = new Emitter<{ changed: [] }>();
  readonly #bind: readonly string[];
  readonly #clock: Clock;
  #settings: Settings['network'] | undefined;
  #learnt: string | null = null;
  readonly #routes = new Map<string, { address: string; foundAt: number }>();

  constructor(options: { bind: readonly string[]; clock: Clock }) {
    this.#bind = options.bind;
    this.#clock = options.clock;
  }

  configure(network: Settings['network']): void {
    this.#settings = network;
    this.events.emit('changed');
  }

  /** What the SIP engine is to know. */
  current(): EngineAddressing {
    return {
      publicAddress: this.#settings?.publicAddress ?? this.#learnt,
      localNetworks: this.#settings?.localNetworks ?? [],
    };
  }

  /** A trunk sees us at `address` (`received` of a Via); believed when it is none of our local networks. */
  learn(address: string): void {
    if (isIP(address) === 0 || address === this.#learnt || this.isLocal(address)) return;
    this.#learnt = address;
    if ((this.#settings?.publicAddress ?? null) === null) this.events.emit('changed');
  }

  /** Our address as `destination` reaches it. */
  async addressFor(destination: string): Promise<string> {
    const bound = this.bindAddressFor(destination);
    const own = isWildcard(bound) ? await this.#routeSource(destination) : bound;
    const interfaces = isWildcard(bound)
      ? localInterfaces()
      : [{ address: bound, cidr: null, internal: false }];
    const routed =
      isIP(destination) === 0 ? null : chooseLocalAddress(destination, interfaces, this.current(), own);
    return routed ?? own;
  }

  /** Where media of a leg binds: the bind address when it is one, so that packets leave from what SDP names. */
  bindAddressFor(destination: string): string {
    return bindFor(this.#bind, destination) ?? this.#bind[0] ?? '0.0.0.0';
  }

  /** Whether anything of this address's family is bound, so that media can go there. */
  reaches(address: string): boolean {
    return isIP(address) !== 0 && bindFor(this.#bind, address) !== undefined;
  }

  /** What a browser may try. */
  webAddresses(): string[] {
    const named = this.#bind.filter((address) => !isWildcard(address));
    const { publicAddress } = this.current();
    if (named.length === this.#bind.length) return named;
    const outward = localInterfaces()
      .filter(
        (each) => !each.internal && isBound(this.#bind, each.address) && !/^fe[89ab]/i.test(each.address),
      )
      .map((each) => each.address);
    // IPv6 only where there is nothing else: each address more makes the browser's checks longer.
    const plain = outward.filter((address) => isIP(address) === 4);
    const addresses = plain.length > 0 ? plain : outward;
    if (publicAddress !== null && !addresses.includes(publicAddress)) addresses.push(publicAddress);
    return addresses.length > 0 ? addresses : ['127.0.0.1'];
  }

  /** Whether packets from there come over our own networks alone. */
  isLocal(address: string): boolean {
    return (
      isIpInNetworks(address, this.current().localNetworks) ||
      localInterfaces().some((each) => each.address === address)
    );
  }

  /** What the routing table would put on a packet to there: connecting a UDP socket asks it and sends nothing. */
  async #routeSource(destination: string): Promise<string> {
    const known = this.#routes.get(destination);
    if (known && this.#clock.monotonic() - known.foundAt < routeLifetimeMs) return known.address;
    const socket = createSocket(isIP(destination) === 6 ? 'udp6' : 'udp4');
    const address = await new Promise<string>((resolve) => {
      socket.on('error', () => resolve(isIP(destination) === 6 ? '::1' : '127.0.0.1'));
      socket.connect(9, destination, () => resolve(socket.address().address));
    });
    socket.close();
    if (this.#routes.size > 1000) this.#routes.clear();
    this.#routes.set(destination, { address, foundAt: this.#clock.monotonic() });
    return address;
  }
}

function localInterfaces(): InterfaceAddress[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
}

export function isPrivateAddress(address: string): boolean {
  return isIpInNetworks(address, privateNetworks);
}

/**
 * Next hop for a request to where a packet came from. Over UDP that place itself; over TCP none, because the
 * engine finds the connection by the URI, and nobody can connect to a client's port.
 */
export function nextHopOf(source: SipSource): { nextHop?: string } {
  if (source.transport !== 'udp') return {};
  return { nextHop: `${formatSipUri({ host: source.address, port: source.port })};transport=udp` };
}
