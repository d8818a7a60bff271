/**
 * Questions to the name system, with how long their answers hold. It remembers nothing itself: what an answer is
 * good for, its asker knows.
 */
import { lookup, Resolver } from 'node:dns/promises';

export interface Found<T> {
  /** Empty: the name has none of this kind. */
  records: T[];
  /** For how long this holds, milliseconds. */
  lifetimeMs: number;
}

/** RFC 2782. */
export interface ServiceRecord {
  name: string;
  port: number;
  priority: number;
  weight: number;
}

/** RFC 3403, as far as RFC 3263 uses it. */
export interface PointerRecord {
  order: number;
  preference: number;
  flags: string;
  service: string;
  replacement: string;
}

export interface NameSource {
  /** Addresses of a host. @throws Error when nobody answers */
  addresses(host: string, family: 4 | 6): Promise<Found<string>>;
  services(name: string): Promise<Found<ServiceRecord>>;
  pointers(name: string): Promise<Found<PointerRecord>>;
}

/** Node tells the time to live of addresses only. */
const untoldLifetimeMs = 60_000;
/** A record that was missing a moment ago may be entered now. */
const absentLifetimeMs = 10_000;
const shortestLifetimeMs = 2_000;
const longestLifetimeMs = 3_600_000;

/** The name server says that there is no such record; all else is no answer. */
const absentCodes: ReadonlySet<unknown> = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);
/** It says, as routers do of SRV and NAPTR, that it knows no such kind. */
const unknownKindCodes: ReadonlySet<unknown> = new Set([...absentCodes, 'ENOTIMP', 'EFORMERR', 'EREFUSED']);

export class Names implements NameSource {
  readonly #resolver = new Resolver({ timeout: 1500, tries: 2 });
  readonly #isOwn: boolean;

  /**
   * @param options.servers `address[:port]` of the name servers; only they are asked then. Null: those of this
   * machine, and its hosts file for what they do not know.
   * @throws TypeError for what is no address
   */
  constructor(options: { servers: readonly string[] | null }) {
    this.#isOwn = options.servers !== null;
    if (options.servers) this.#resolver.setServers(options.servers);
  }

  /** Ends questions under way. */
  stop(): void {
    this.#resolver.cancel();
  }

  async addresses(host: string, family: 4 | 6): Promise<Found<string>> {
    // Names of the office's own network are in the hosts file or told by mDNS, which only the machine's own way asks.
    const isLocal = !host.includes('.') || host.endsWith('.local');
    if (isLocal && !this.#isOwn) return lookedUp(host, family);
    const asked = ask(
      family === 4
        ? this.#resolver.resolve4(host, { ttl: true })
        : this.#resolver.resolve6(host, { ttl: true }),
    );
    if (this.#isOwn) return found(await asked);
    const records = await asked.catch(() => []);
    return records.length > 0 ? found(records) : lookedUp(host, family);
  }

  async services(name: string): Promise<Found<ServiceRecord>> {
    return untold(await ask(this.#resolver.resolveSrv(name), unknownKindCodes));
  }

  async pointers(name: string): Promise<Found<PointerRecord>> {
    return untold(await ask(this.#resolver.resolveNaptr(name), unknownKindCodes));
  }
}

async function lookedUp(host: string, family: 4 | 6): Promise<Found<string>> {
  return untold((await ask(lookup(host, { family, all: true }))).map(({ address }) => address));
}

async function ask<T>(question: Promise<T[]>, absent = absentCodes): Promise<T[]> {
  try {
    return await question;
  } catch (error) {
    if (absent.has((error as NodeJS.ErrnoException).code)) return [];
    throw error;
  }
}

function found(records: readonly { address: string; ttl: number }[]): Found<string> {
  if (records.length === 0) return untold([]);
  const told = Math.min(...records.map(({ ttl }) => ttl)) * 1000;
  return {
    records: records.map(({ address }) => address),
    lifetimeMs: Math.min(longestLifetimeMs, Math.max(shortestLifetimeMs, told)),
  };
}

function untold<T>(records: T[]): Found<T> {
  return { records, lifetimeMs: records.length > 0 ? untoldLifetimeMs : absentLifetimeMs };
}
