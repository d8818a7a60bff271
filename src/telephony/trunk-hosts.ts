/** Where requests to a trunk go, and from which addresses its calls may come. */
import { isIP } from 'node:net';
import type { Found, NameSource } from '../base/names.ts';
import { formatSipUri, parseNameAddr } from '../codec/name-addr.ts';
import { parseHostPort } from '../codec/sip-uri.ts';
import type { Trunk } from '../domain/settings.ts';

/**
 * The next hop for requests to a trunk: its outbound proxy where it has one, else its host. The usual port is left
 * out, so that the SRV records of a name are asked for (RFC 3263 §4.2).
 * @param serviceRoute Route values that the registrar gave (RFC 3608): without a proxy the first is the next hop
 */
export function trunkNextHop(trunk: Trunk, serviceRoute: readonly string[] = []): { nextHop: string } {
  const service = serviceRoute[0] === undefined ? undefined : parseNameAddr(serviceRoute[0])?.uri;
  const { host, transport, outboundProxy } = trunk;
  if (service !== undefined && outboundProxy === undefined)
    return { nextHop: overTransport(service, transport) };
  const hop = outboundProxy === undefined ? null : parseHostPort(outboundProxy);
  const port = trunkPort(trunk);
  const uri = formatSipUri(hop ?? { host, port: port === usualPort(trunk) ? undefined : port });
  return { nextHop: overTransport(uri, transport) };
}

/** The transport of the settings, unless the URI names one; TLS is never left for another. */
function overTransport(uri: string, transport: Trunk['transport']): string {
  if (transport === 'tls') return `${uri.replace(/;transport=[^;]*/i, '')};transport=tls`;
  return transport === 'auto' || /;transport=/i.test(uri) ? uri : `${uri};transport=${transport}`;
}

/** The transport that the settings name; undefined: it is left to the name server. */
export function trunkTransport({ transport }: Trunk): 'udp' | 'tcp' | 'tls' | undefined {
  return transport === 'auto' ? undefined : transport;
}

/** Where a trunk listens: what the settings say, else the usual port of its transport. */
export function trunkPort(trunk: Pick<Trunk, 'port' | 'transport'>): number {
  return trunk.port ?? usualPort(trunk);
}

function usualPort({ transport }: Pick<Trunk, 'transport'>): number {
  return transport === 'tls' ? 5061 : 5060;
}

/** Names or addresses of the trunk's proxy, where it has one, and host. */
export function trunkHosts({ host, outboundProxy }: Trunk): string[] {
  const proxy = outboundProxy === undefined ? null : parseHostPort(outboundProxy);
  return [...(proxy ? [proxy.host] : []), host.toLowerCase()];
}

export interface TrunkAddresses {
  /** IP addresses of the trunk's proxy and host, those that requests go to first. */
  addresses: string[];
  /** Why some may be missing: a name server that did not answer. */
  failure: unknown;
}

/**
 * Where a trunk is: by SRV and NAPTR records too, as the servers named there are the ones that call. Routers that
 * drop questions for such records hide those alone.
 */
export async function trunkAddresses(names: NameSource, trunk: Trunk): Promise<TrunkAddresses> {
  const question = new Question(names);
  const each = await Promise.all(trunkHosts(trunk).map((host) => question.addressesOf(host)));
  return { addresses: [...new Set(each.flat())], failure: question.failure };
}

/** Questions whose failures are noted, not thrown. */
class Question {
  readonly #names: NameSource;
  failure: unknown;

  constructor(names: NameSource) {
    this.#names = names;
  }

  async addressesOf(host: string): Promise<string[]> {
    if (isIP(host) !== 0) return [host];
    const [servers, own] = await Promise.all([this.#serversOf(host), this.#plain(host)]);
    const served = await Promise.all(servers.map((server) => this.#plain(server)));
    return [...served.flat(), ...own];
  }

  /** Hosts that serve SIP for this name. */
  async #serversOf(host: string): Promise<string[]> {
    if (!host.includes('.')) return [];
    const pointers = await this.#heard(this.#names.pointers(host));
    const pointed = pointers.filter(({ service }) => /^sips?\+/i.test(service));
    const services = new Set([
      `_sip._udp.${host}`,
      `_sip._tcp.${host}`,
      `_sips._tcp.${host}`,
      ...pointed.filter(({ flags }) => flags.toLowerCase() === 's').map(({ replacement }) => replacement),
    ]);
    const found = await Promise.all(
      [...services].map((service) => this.#heard(this.#names.services(service))),
    );
    return [
      ...found.flatMap((records) => records.map(({ name }) => name)),
      ...pointed.filter(({ flags }) => flags.toLowerCase() === 'a').map(({ replacement }) => replacement),
    ].filter((name) => name !== '' && name !== '.');
  }

  async #plain(host: string): Promise<string[]> {
    const each = await Promise.all(
      ([4, 6] as const).map((family) => this.#heard(this.#names.addresses(host, family))),
    );
    return each.flat();
  }

  async #heard<T>(answer: Promise<Found<T>>): Promise<T[]> {
    try {
      return (await answer).records;
    } catch (error) {
      this.failure ??= error;
      return [];
    }
  }
}
