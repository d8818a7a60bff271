/** Host names to addresses: SRV then A/AAAA (RFC 3263 without NAPTR), remembered for a short while. */
import { lookup, Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Clock } from '../base/clock.ts';
import type { TransportProtocol } from './flow.ts';

export interface HostAddress {
  address: string;
  port: number;
}

/** Long enough to spare the server, short enough to follow a trunk that moves. */
const rememberMs = 30_000;
const maxRemembered = 1000;

export const defaultSipPort = 5060;

export class HostResolver {
  readonly #clock: Clock;
  readonly #family: 4 | 6;
  readonly #resolver = new Resolver({ timeout: 1500, tries: 2 });
  readonly #known = new Map<string, { untilMs: number; address: HostAddress }>();

  /** @param options.family of the socket that sends */
  constructor(options: { clock: Clock; family: 4 | 6 }) {
    this.#clock = options.clock;
    this.#family = options.family;
  }

  /** The address at once when no question has to be asked, else undefined. */
  immediate(host: string, port: number | undefined, protocol: TransportProtocol): HostAddress | undefined {
    if (isIP(host) !== 0) return { address: host, port: port ?? defaultSipPort };
    const known = this.#known.get(`${protocol} ${host} ${port}`);
    return known !== undefined && known.untilMs > this.#clock.monotonic() ? known.address : undefined;
  }

  /** @throws Error when the name has no address */
  async resolve(host: string, port: number | undefined, protocol: TransportProtocol): Promise<HostAddress> {
    const address = (port === undefined && (await this.#service(host, protocol))) || {
      address: await this.#address(host),
      port: port ?? defaultSipPort,
    };
    if (this.#known.size > maxRemembered) this.#known.clear();
    this.#known.set(`${protocol} ${host} ${port}`, {
      untilMs: this.#clock.monotonic() + rememberMs,
      address,
    });
    return address;
  }

  /** Ends questions under way. */
  stop(): void {
    this.#resolver.cancel();
  }

  async #service(host: string, protocol: TransportProtocol): Promise<HostAddress | undefined> {
    if (!host.includes('.')) return undefined;
    const name = protocol === 'tls' ? `_sips._tcp.${host}` : `_sip._${protocol}.${host}`;
    try {
      const records = await this.#resolver.resolveSrv(name);
      // Lowest priority first; among equals the heaviest (a draw by weight needs more than one office's traffic).
      records.sort((a, b) => a.priority - b.priority || b.weight - a.weight);
      const best = records[0];
      if (!best) return undefined;
      return { address: await this.#address(best.name), port: best.port };
    } catch {
      return undefined; // no SRV record: the A record of the name itself decides
    }
  }

  async #address(host: string): Promise<string> {
    return (await lookup(host, { family: this.#family })).address;
  }
}
