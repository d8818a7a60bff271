/**
 * Which servers a URI stands for (RFC 3263 §4): NAPTR says by which transports, SRV on which hosts and ports, A and
 * AAAA where those are. What was learnt is kept for as long as its records live.
 */
import { isIP } from 'node:net';
import type { Clock } from '../base/clock.ts';
import type { Found, NameSource, PointerRecord, ServiceRecord } from '../base/names.ts';
import type { TransportProtocol } from './flow.ts';
import { inServiceOrder, type Weighted } from './srv-order.ts';

/** Where a request may go. */
export interface Target {
  protocol: TransportProtocol;
  address: string;
  port: number;
  /** What the URI named, which is what a certificate must be for (RFC 5922 §7.1). */
  name: string;
}

/** What of a URI decides where a request to it goes. */
export interface Place {
  isSecure: boolean;
  /** A name, or an address without brackets. */
  host: string;
  /** undefined: the URI names none. */
  port: number | undefined;
  /** undefined: the URI names none. */
  transport: TransportProtocol | undefined;
}

interface Server extends Weighted {
  protocol: TransportProtocol;
  port: number;
  addresses: string[];
}

interface Known {
  /** By transport, the preferred one first; the servers of each are drawn anew for each request. */
  services: Server[][];
  /** Servers by TCP where `services` has UDP ones. */
  streams: Server[];
  untilMs: number;
  /** The name servers did not answer when it was last asked for. */
  isStale: boolean;
  /** They did not answer all, as routers do that drop questions for SRV records. */
  isPartial: boolean;
  /** They answered nothing, and nothing was known before. */
  isUnknown: boolean;
}

/** When the name servers are silent, what they said before is used for this much longer (RFC 8767). */
const staleForMs = 3_600_000;
/** Silent name servers are asked again after this. */
const retryMs = 5_000;
const maxKnown = 1000;

const serviceTransports: Readonly<Record<string, TransportProtocol>> = {
  'sip+d2u': 'udp',
  'sip+d2t': 'tcp',
  'sips+d2t': 'tls',
};

export interface ServerLocationOptions {
  clock: Clock;
  names: NameSource;
  /** Transports there are. */
  protocols: () => readonly TransportProtocol[];
  /** Address families that can be sent to, the preferred one first. */
  families: () => readonly (4 | 6)[];
}

export class ServerLocation {
  readonly #options: ServerLocationOptions;
  readonly #known = new Map<string, Known>();
  readonly #asking = new Map<string, Promise<Known>>();

  constructor(options: ServerLocationOptions) {
    this.#options = options;
  }

  /**
   * Tells the targets of `place` in the order in which they are to be tried; before returning where nothing has to
   * be asked. None: the name has no address. Undefined: nobody could be asked.
   * @param seed the same seed draws the same order, see `inServiceOrder`
   * @param done hears besides where TCP is taken instead of UDP
   */
  find(place: Place, seed: string, done: (targets: Target[] | undefined, streams: Target[]) => void): void {
    if (isIP(place.host) !== 0) {
      const protocol = place.transport ?? (place.isSecure ? 'tls' : 'udp');
      const port = place.port ?? defaultPort(protocol);
      done([{ protocol, address: place.host, port, name: place.host }], []);
      return;
    }
    const tell = ({ services, streams, isUnknown }: Known): void =>
      isUnknown
        ? done(undefined, [])
        : done(targetsOf(services, place.host, seed), targetsOf([streams], place.host, seed));
    const key = keyOf(place);
    const known = this.#known.get(key);
    const nowMs = this.#options.clock.monotonic();
    if (known && (nowMs < known.untilMs || (known.isStale && nowMs < known.untilMs + staleForMs))) {
      // Whoever calls must not wait for name servers that were silent a moment ago.
      if (nowMs >= known.untilMs) void this.#ask(key, place);
      tell(known);
      return;
    }
    void this.#ask(key, place).then(tell);
  }

  #ask(key: string, place: Place): Promise<Known> {
    const asking = this.#asking.get(key);
    if (asking) return asking;
    const question = this.#learn(key, place).finally(() => this.#asking.delete(key));
    this.#asking.set(key, question);
    return question;
  }

  async #learn(key: string, place: Place): Promise<Known> {
    const nowMs = (): number => this.#options.clock.monotonic();
    const question = new Question(this.#options, place);
    const services = await question.ask().catch((error: unknown) => {
      question.failure ??= error;
      return [];
    });
    const before = this.#known.get(key);
    const isPartial = question.failure !== undefined;
    const isUsable = before && !before.isUnknown && nowMs() < before.untilMs + staleForMs;
    // A part of the answer is better than none, but not better than the whole one before.
    if (isPartial && isUsable && !(before.isPartial && services.length > 0)) {
      before.isStale = true;
      return before;
    }
    if (this.#known.size >= maxKnown) this.#known.clear();
    const isUnknown = isPartial && services.length === 0;
    const known: Known = {
      services,
      streams: question.streams,
      untilMs: nowMs() + (isPartial ? retryMs : question.lifetimeMs),
      isStale: isPartial && !isUnknown,
      isPartial,
      isUnknown,
    };
    this.#known.set(key, known);
    return known;
  }
}

/** One walk through the records of a place. */
class Question {
  readonly #options: ServerLocationOptions;
  readonly #place: Place;
  /** The shortest of all records seen, milliseconds. */
  lifetimeMs = Number.POSITIVE_INFINITY;
  /** Servers by TCP, where UDP is what is asked for. */
  streams: Server[] = [];
  /** A name server that did not answer. */
  failure: unknown;

  constructor(options: ServerLocationOptions, place: Place) {
    this.#options = options;
    this.#place = place;
  }

  async ask(): Promise<Server[][]> {
    const { host, port, transport, isSecure } = this.#place;
    const fallback = transport ?? (isSecure ? 'tls' : 'udp');
    const itself = (): Promise<Server[]> => this.#hostItself(host, fallback);
    if (port !== undefined || !host.includes('.')) return nonEmpty([await itself()]);
    if (transport !== undefined) {
      const asksTcp = transport === 'udp' && this.#options.protocols().includes('tcp');
      const [service, plain, streams] = await Promise.all([
        this.#service(serviceName(transport, host), transport),
        itself(),
        asksTcp ? this.#service(serviceName('tcp', host), 'tcp') : [],
      ]);
      this.streams = streams;
      return nonEmpty([service.length > 0 ? service : plain]);
    }
    const wanted = this.#protocols();
    const [pointers, plain, ...services] = await Promise.all([
      this.#pointed(host, wanted),
      itself(),
      ...wanted.map((protocol) => this.#service(serviceName(protocol, host), protocol)),
    ]);
    const served = pointers.length > 0 ? pointers : nonEmpty(services);
    this.streams = served.flat().filter(({ protocol }) => protocol === 'tcp');
    return served.length > 0 ? served : nonEmpty([plain]);
  }

  /** Transports the URI may be served by, ours in order of preference. */
  #protocols(): TransportProtocol[] {
    const there = this.#options.protocols();
    return (['udp', 'tcp', 'tls'] as const).filter(
      (protocol) => there.includes(protocol) && (protocol === 'tls' || !this.#place.isSecure),
    );
  }

  /** What NAPTR records point to, in their order (§4.1). */
  async #pointed(host: string, wanted: readonly TransportProtocol[]): Promise<Server[][]> {
    const records = await this.#heard<PointerRecord>(this.#options.names.pointers(host));
    const usable = records
      .flatMap((record) => {
        const protocol = serviceTransports[record.service.toLowerCase()];
        return protocol !== undefined && wanted.includes(protocol) ? [{ ...record, protocol }] : [];
      })
      .sort((a, b) => a.order - b.order || a.preference - b.preference);
    const services = usable.map(({ flags, replacement, protocol }) =>
      flags.toLowerCase() === 'a'
        ? this.#hostItself(replacement, protocol)
        : this.#service(replacement, protocol),
    );
    return nonEmpty(await Promise.all(services));
  }

  async #service(name: string, protocol: TransportProtocol): Promise<Server[]> {
    const records = await this.#heard<ServiceRecord>(this.#options.names.services(name));
    // A single record for the root says that there is no such service (RFC 2782).
    const servers = records
      .filter((record) => record.name !== '' && record.name !== '.')
      .map(async ({ name: host, port, priority, weight }) => ({
        protocol,
        port,
        priority,
        weight,
        addresses: await this.#addresses(host),
      }));
    return (await Promise.all(servers)).filter((server) => server.addresses.length > 0);
  }

  async #hostItself(host: string, protocol: TransportProtocol): Promise<Server[]> {
    const addresses = await this.#addresses(host);
    const port = this.#place.port ?? defaultPort(protocol);
    return addresses.length === 0 ? [] : [{ protocol, port, priority: 0, weight: 0, addresses }];
  }

  async #addresses(host: string): Promise<string[]> {
    const { names, families } = this.#options;
    if (isIP(host) !== 0) return [host];
    const each = await Promise.all(
      families().map((family) => this.#heard<string>(names.addresses(host, family))),
    );
    return each.flat();
  }

  /** The records of an answer; none when nobody answers, which is noted. */
  async #heard<T>(answer: Promise<Found<T>>): Promise<T[]> {
    try {
      const { records, lifetimeMs } = await answer;
      this.lifetimeMs = Math.min(this.lifetimeMs, lifetimeMs);
      return records;
    } catch (error) {
      this.failure ??= error;
      return [];
    }
  }
}

export function defaultPort(protocol: TransportProtocol): number {
  return protocol === 'tls' ? 5061 : 5060;
}

function serviceName(protocol: TransportProtocol, host: string): string {
  return protocol === 'tls' ? `_sips._tcp.${host}` : `_sip._${protocol}.${host}`;
}

function targetsOf(services: readonly Server[][], name: string, seed: string): Target[] {
  return services.flatMap((servers) =>
    inServiceOrder(servers, seed).flatMap(({ protocol, port, addresses }) =>
      addresses.map((address) => ({ protocol, address, port, name })),
    ),
  );
}

function nonEmpty(services: readonly Server[][]): Server[][] {
  return services.filter((servers) => servers.length > 0);
}

function keyOf({ host, port, transport, isSecure }: Place): string {
  return `${host} ${port ?? ''} ${transport ?? ''} ${isSecure}`;
}
