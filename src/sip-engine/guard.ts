/**
 * Who may speak with this server, and how much: rules only, no sockets and no timers. A source is an address (IPv6:
 * its /64). It is in one of three positions:
 *
 *     stranger --right password, or answers a request of ours--> known --an hour without--> stranger
 *        +---- failed passwords, probing, scanning, flooding ----> banned --time is up--> stranger
 *
 * Sources on local networks are always known; loopback is left alone. A known source is only slowed down, so that an
 * office behind one address never locks itself out; a ban takes fifty times the failures of a stranger.
 */
import type { Clock } from '../base/clock.ts';
import type { GuardBan, GuardCounters, GuardReason } from '../codec/engine-control.ts';
import { isIpInNetworks } from '../codec/ip-network.ts';
import type { SipMessage } from '../codec/sip-message.ts';
import { type GuardLimits, guardLimits, isScanner } from './guard-limits.ts';

interface Source {
  isLocal: boolean;
  /** Monotonic; known until then. */
  knownUntilMs: number;
  tokens: number;
  filledAtMs: number;
  windowFromMs: number;
  failures: number;
  probes: number;
  scans: number;
  drops: number;
}

interface Ban {
  ban: GuardBan;
  /** Monotonic. */
  untilMs: number;
  level: number;
}

export interface GuardOptions {
  clock: Clock;
  localNetworks: string[];
  /** True: loopback is a stranger like any other; for tests. */
  guardsLoopback?: boolean;
  limits?: GuardLimits;
  /** A ban begins. */
  banned?: (ban: GuardBan) => void;
}

export class Guard {
  readonly #options: GuardOptions;
  readonly #limits: GuardLimits;
  #localNetworks: string[];
  /** In the order of their latest message, roughly: the first gives way. */
  readonly #sources = new Map<string, Source>();
  readonly #bans = new Map<string, Ban>();
  readonly #counters: GuardCounters = { banned: 0, limited: 0, scanners: 0, failures: 0, bans: 0 };

  constructor(options: GuardOptions) {
    this.#options = options;
    this.#limits = options.limits ?? guardLimits;
    this.#localNetworks = options.localNetworks;
  }

  /** Other local networks; who is known stays known. */
  configure(localNetworks: string[]): void {
    this.#localNetworks = localNetworks;
    for (const [key, source] of this.#sources) source.isLocal = this.#isLocal(key);
  }

  /** May this message be read at all? @param cost in messages */
  admits(address: string, cost = 1): boolean {
    if (this.#isExempt(address)) return true;
    const key = sourceKey(address);
    const nowMs = this.#options.clock.monotonic();
    const ban = this.#bans.get(key);
    if (ban && ban.untilMs > nowMs) {
      ban.ban.count++;
      this.#counters.banned++;
      return false;
    }
    const source = this.#source(key, nowMs);
    const known = isKnown(source, nowMs);
    const rate = known ? this.#limits.known : this.#limits.stranger;
    source.tokens = Math.min(
      rate.burst,
      source.tokens + ((nowMs - source.filledAtMs) / 1000) * rate.perSecond,
    );
    source.filledAtMs = nowMs;
    if (source.tokens >= cost) {
      source.tokens -= cost;
      return true;
    }
    this.#counters.limited++;
    if (!known && ++source.drops >= this.#limits.drops) this.#ban(key, source, 'flood');
    return false;
  }

  /** May this request be answered? Scanners get no answer, so that they learn not even that a server is here. */
  admitsRequest(request: SipMessage, address: string): boolean {
    if (this.#isExempt(address)) return true;
    const userAgent = request.get('user-agent');
    if (userAgent === undefined || !isScanner(userAgent)) return true;
    const key = sourceKey(address);
    const nowMs = this.#options.clock.monotonic();
    const source = this.#source(key, nowMs);
    this.#counters.scanners++;
    if (!isKnown(source, nowMs) && ++source.scans >= this.#limits.scans) this.#ban(key, source, 'scanner');
    return false;
  }

  /** A final answer goes out to a request from `address`. */
  answered(request: SipMessage, status: number, address: string): void {
    if (this.#isExempt(address)) return;
    const hasCredentials = request.has('authorization') || request.has('proxy-authorization');
    if (status < 300) {
      if (hasCredentials) this.proven(address);
      return;
    }
    const isChallenge = status === 401 || status === 407;
    const isFailure = hasCredentials && (isChallenge || status === 403);
    if (!isFailure && !isChallenge && !probeStatuses.has(status)) return;
    const key = sourceKey(address);
    const nowMs = this.#options.clock.monotonic();
    const source = this.#source(key, nowMs);
    const known = isKnown(source, nowMs);
    if (!isFailure) {
      if (!known && ++source.probes >= this.#limits.probes) this.#ban(key, source, 'probing');
      return;
    }
    // A nonce that has grown old is asked for again by every phone, and is no failure of one that is known.
    if (known && isChallenge) return;
    this.#counters.failures++;
    const limit = this.#limits.failures * (known ? this.#limits.knownFactor : 1);
    if (++source.failures >= limit) this.#ban(key, source, 'passwords');
  }

  /** `address` gave a right password, or an answer that only who got our request can give. */
  proven(address: string): void {
    if (this.#isExempt(address)) return;
    const nowMs = this.#options.clock.monotonic();
    const source = this.#source(sourceKey(address), nowMs);
    if (!isKnown(source, nowMs)) {
      source.tokens = this.#limits.known.burst;
      beginWindow(source, nowMs);
    }
    source.knownUntilMs = nowMs + this.#limits.knownForMs;
  }

  /** True for a source that has proven itself or is local. */
  isKnown(address: string): boolean {
    if (this.#isExempt(address)) return true;
    const source = this.#sources.get(sourceKey(address));
    return source !== undefined && isKnown(source, this.#options.clock.monotonic());
  }

  /** Bans in force, the latest first, and what was counted since the start. */
  list(): { bans: GuardBan[]; counters: GuardCounters } {
    const nowMs = this.#options.clock.monotonic();
    const bans = [...this.#bans.values()].filter((each) => each.untilMs > nowMs).map((each) => each.ban);
    return { bans: bans.sort((a, b) => b.since - a.since), counters: { ...this.#counters } };
  }

  /** Ends a ban, and forgets what led to it. @returns false when there was none */
  release(source: string): boolean {
    const ban = this.#bans.get(source);
    const isInForce = ban !== undefined && ban.untilMs > this.#options.clock.monotonic();
    this.#bans.delete(source);
    if (isInForce) this.#sources.delete(source);
    return isInForce;
  }

  #ban(key: string, source: Source, reason: GuardReason): void {
    const { clock, banned } = this.#options;
    const { banMs, maxBanMs, forgiveMs, maxBans } = this.#limits;
    const nowMs = clock.monotonic();
    beginWindow(source, nowMs);
    source.knownUntilMs = 0;
    const before = this.#bans.get(key);
    const level = before && nowMs - before.untilMs < forgiveMs ? before.level + 1 : 0;
    const lengthMs = Math.min(maxBanMs, banMs * 2 ** Math.min(level, 30));
    if (before === undefined && this.#bans.size >= maxBans) this.#forgetBan(nowMs);
    const since = clock.now();
    const ban = { source: key, reason, since, until: since + lengthMs, count: 0 };
    this.#bans.set(key, { ban, untilMs: nowMs + lengthMs, level });
    this.#counters.bans++;
    banned?.(ban);
  }

  #forgetBan(nowMs: number): void {
    let first: [key: string, untilMs: number] | undefined;
    for (const [key, { untilMs }] of this.#bans) {
      if (untilMs + this.#limits.forgiveMs < nowMs) this.#bans.delete(key);
      else if (!first || untilMs < first[1]) first = [key, untilMs];
    }
    if (this.#bans.size >= this.#limits.maxBans && first) this.#bans.delete(first[0]);
  }

  #source(key: string, nowMs: number): Source {
    const known = this.#sources.get(key);
    if (known) {
      if (nowMs - known.windowFromMs > this.#limits.windowMs) {
        beginWindow(known, nowMs);
        // To the young end, now and then: often enough to tell who is still there.
        this.#sources.delete(key);
        this.#sources.set(key, known);
      }
      return known;
    }
    if (this.#sources.size >= this.#limits.maxSources) {
      const oldest = this.#sources.keys().next();
      if (!oldest.done) this.#sources.delete(oldest.value);
    }
    const isLocal = this.#isLocal(key);
    const source: Source = {
      isLocal,
      knownUntilMs: 0,
      tokens: isLocal ? this.#limits.known.burst : this.#limits.stranger.burst,
      filledAtMs: nowMs,
      windowFromMs: nowMs,
      failures: 0,
      probes: 0,
      scans: 0,
      drops: 0,
    };
    this.#sources.set(key, source);
    return source;
  }

  #isLocal(address: string): boolean {
    return !isLoopback(address) && isIpInNetworks(address, this.#localNetworks);
  }

  #isExempt(address: string): boolean {
    return this.#options.guardsLoopback !== true && isLoopback(address);
  }
}

/** Refusals by which a stranger feels its way. */
const probeStatuses = new Set([400, 403, 404, 405, 416, 420, 481, 505]);

function isKnown(source: Source, nowMs: number): boolean {
  return source.isLocal || source.knownUntilMs > nowMs;
}

function beginWindow(source: Source, nowMs: number): void {
  source.windowFromMs = nowMs;
  source.failures = 0;
  source.probes = 0;
  source.scans = 0;
  source.drops = 0;
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

/** An IPv4 address as it is; of an IPv6 address its first four groups: who has one address there has all of them. */
export function sourceKey(address: string): string {
  if (!address.includes(':') || address === '::1') return address;
  const [left = ''] = address.split('::', 1);
  const groups = left.split(':').slice(0, 4);
  while (groups.length > 0 && (groups.at(-1) === '0' || groups.at(-1) === '')) groups.pop();
  return `${groups.join(':')}::`;
}
