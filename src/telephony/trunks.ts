/**
 * All trunks: which are up, which one a call comes from, and how to call out over one. A trunk is known by the
 * addresses its calls come from: those its host resolves to, and those the admin named.
 */
import { isIP } from 'node:net';
import type { Clock, Timer } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import type { Logger } from '../base/log.ts';
import type { NameSource } from '../base/names.ts';
import type { TlsPeer } from '../codec/engine-control.ts';
import { isIpInNetworks } from '../codec/ip-network.ts';
import { parsePartyUri } from '../codec/name-addr.ts';
import { parseVia } from '../codec/sip-address.ts';
import { parameterOf, splitHeaderList } from '../codec/sip-headers.ts';
import type { LiveTrunk } from '../domain/live.ts';
import { mayUseTls, type Trunk } from '../domain/settings.ts';
import type { Addressing } from './addressing.ts';
import { DigestSession } from './digest-session.ts';
import type { SipPort, SipRequest, SipResponse } from './sip-port.ts';
import { trunkAddresses, trunkHosts, trunkPort } from './trunk-hosts.ts';
import { TrunkQualifier } from './trunk-qualifier.ts';
import { TrunkRegistration } from './trunk-registration.ts';
import { type TrunkWord, trunkText, trunkWord } from './trunk-words.ts';

/** Providers move; names are looked up again this often. */
const resolveEveryMs = 60_000;
/** Addresses of one trunk, those longest unheard of given up first. */
const maxAddresses = 64;
/** A trunk that is asked for the sake of a call has so long to answer. */
const checkPatienceMs = 4_000;

export interface TrunksDeps {
  clock: Clock;
  sip: SipPort;
  names: NameSource;
  addressing: Addressing;
  reveal: (secret: string) => string;
  log: Logger;
  /** Tells the SIP engine how certificates of these hosts are judged. Resolves when it knows. */
  trust: (peers: TlsPeer[]) => Promise<void>;
  /** 0..1, for the jitter of retries. */
  random: () => number;
}

/** A trunk as it runs. */
export interface TrunkLink {
  readonly trunk: Trunk;
  readonly digest: DigestSession | undefined;
  /** IP addresses of its outbound proxy and its host, where requests go to first; empty while unknown. */
  readonly hostAddresses: readonly string[];
  readonly watch: TrunkRegistration | TrunkQualifier | undefined;
}

interface RunningTrunk extends TrunkLink {
  hostAddresses: string[];
  state: LiveTrunk['state'];
  word: TrunkWord;
  /** When it became what it is. */
  since: number;
  lastReplyAt: number | undefined;
  latencyMs: number | undefined;
  watch: TrunkRegistration | TrunkQualifier | undefined;
  /** A question under way, for calls. */
  check: Promise<boolean> | undefined;
}

export class Trunks {
  readonly events = new Emitter<{ changed: [] }>();
  readonly #deps: TrunksDeps;
  #running = new Map<string, RunningTrunk>();
  #resolveTimer: Timer | undefined;
  #started = false;
  /** The engine was told of certificates, and is to be told when there are none any more. */
  #hasTrusted = false;

  constructor(deps: TrunksDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#started = true;
    void this.#resolveAll();
  }

  /** Resolves when the providers have answered that we are registered no more. */
  async stop(): Promise<void> {
    this.#started = false;
    this.#resolveTimer?.cancel();
    await Promise.all([...this.#running.values()].map(({ watch }) => watch?.stop()));
  }

  /** Trunks that did not change go on undisturbed. */
  configure(trunks: readonly Trunk[]): void {
    const before = this.#running;
    this.#running = new Map();
    for (const trunk of trunks) {
      const old = before.get(trunk.id);
      const same = old && JSON.stringify(old.trunk) === JSON.stringify(trunk);
      this.#running.set(trunk.id, same ? old : this.#make(trunk));
      if (same) before.delete(trunk.id);
    }
    for (const gone of before.values()) void gone.watch?.stop();
    if (this.#started) {
      if (this.#deps.sip.isUp) this.#begin([...before.values()]);
      void this.#resolveAll();
    }
    this.events.emit('changed');
  }

  /** The SIP engine is there: registers and asks. */
  onEngineUp(): void {
    this.#begin([]);
  }

  onEngineDown(): void {
    for (const running of this.#running.values()) {
      if (!running.watch) continue;
      running.watch.pause();
      this.#set(running, 'unknown', trunkWord('engine-down'));
    }
  }

  live(): LiveTrunk[] {
    return [...this.#running.values()].map(({ trunk, state, word, since, lastReplyAt, latencyMs }) => {
      const unproven = state === 'up' && isUnproven(trunk);
      const detail = trunkText(word);
      return {
        trunkId: trunk.id,
        name: trunk.name,
        state,
        detail: unproven ? `${detail}; its certificate is not checked` : detail,
        reason: unproven ? { ...word, params: { ...word.params, unproven: 1 } } : word,
        since,
        ...(lastReplyAt === undefined ? {} : { lastReplyAt }),
        ...(latencyMs === undefined ? {} : { latencyMs }),
      };
    });
  }

  /** Asks the trunk whether it is there, once for all calls that wait to know. */
  isThere(trunkId: string): Promise<boolean> {
    const running = this.#running.get(trunkId);
    if (!running?.watch) return Promise.resolve(false);
    running.check ??= running.watch.check(checkPatienceMs).finally(() => {
      running.check = undefined;
    });
    return running.check;
  }

  get(trunkId: string): TrunkLink | undefined {
    return this.#running.get(trunkId);
  }

  /**
   * The trunk a request comes from, by its source address; with several at one address the one whose port it comes
   * from, then the one whose user it is for.
   */
  matching(request: SipRequest): Trunk | undefined {
    const { address, port } = request.source;
    const candidates = [...this.#running.values()].filter(
      ({ trunk, hostAddresses }) =>
        trunk.enabled && (hostAddresses.includes(address) || isIpInNetworks(address, trunk.addresses)),
    );
    if (candidates.length <= 1) return candidates[0]?.trunk;
    const user = parsePartyUri(request.uri)?.user;
    const match =
      candidates.find(({ trunk }) => trunkPort(trunk) === port) ??
      candidates.find(({ trunk }) => trunk.username !== undefined && trunk.username === user) ??
      candidates[0];
    return match?.trunk;
  }

  /**
   * Sends what trunks send first. Over TLS the engine must know before whom to believe.
   * @param leaving trunks that are just saying good-bye
   */
  #begin(leaving: readonly TrunkLink[]): void {
    const begin = (): void => {
      for (const { watch } of this.#running.values()) watch?.start();
    };
    const peers = tlsPeers([...leaving, ...this.#running.values()]);
    if (peers.length === 0 && !this.#hasTrusted) {
      begin();
      return;
    }
    this.#hasTrusted = true;
    void this.#deps.trust(peers).then(() => {
      if (this.#started && this.#deps.sip.isUp) begin();
    });
  }

  #make(trunk: Trunk): RunningTrunk {
    const { reveal, clock, sip, random } = this.#deps;
    const digest =
      trunk.username !== undefined && trunk.secret !== undefined
        ? new DigestSession({ username: trunk.username, password: reveal(trunk.secret) })
        : undefined;
    const running: RunningTrunk = {
      trunk,
      digest,
      hostAddresses: isIP(trunk.host) === 0 ? [] : [trunk.host],
      state: trunk.enabled ? 'unknown' : 'disabled',
      word: trunkWord(trunk.enabled ? 'not-asked' : 'switched-off'),
      since: clock.now(),
      lastReplyAt: undefined,
      latencyMs: undefined,
      watch: undefined,
      check: undefined,
    };
    if (!trunk.enabled) return running;
    const told = {
      clock,
      sip,
      trunk,
      onState: (state: 'up' | 'down', word: TrunkWord, latencyMs?: number) => {
        running.latencyMs = state === 'up' ? latencyMs : undefined;
        this.#set(running, state, word);
      },
      onResponse: (response: SipResponse) => {
        running.lastReplyAt = clock.now();
        this.#learnAddress(response);
      },
    };
    running.watch =
      trunk.kind === 'register' && digest
        ? new TrunkRegistration({ ...told, digest, random })
        : new TrunkQualifier(told);
    return running;
  }

  #set(running: RunningTrunk, state: LiveTrunk['state'], word: TrunkWord): void {
    if (running.state !== state) {
      running.since = this.#deps.clock.now();
      const fields = { trunkId: running.trunk.id, state, detail: trunkText(word) };
      if (state === 'down') this.#deps.log.warn('a trunk is down', fields);
      else this.#deps.log.info('a trunk changed', fields);
    }
    running.state = state;
    running.word = word;
    if (this.#running.get(running.trunk.id) === running) this.events.emit('changed');
  }

  /** `received` and `rport` of our Via: how the outside sees us (RFC 3581). */
  #learnAddress(response: SipResponse): void {
    const via = parseVia(splitHeaderList(response.header('Via') ?? '')[0] ?? '');
    const received = via ? parameterOf(via.parameters, 'received') : undefined;
    if (received !== undefined) this.#deps.addressing.learn(received.replace(/^\[|\]$/g, ''));
  }

  async #resolveAll(): Promise<void> {
    this.#resolveTimer?.cancel();
    await Promise.all([...this.#running.values()].map((running) => this.#resolve(running)));
    if (this.#started)
      this.#resolveTimer = this.#deps.clock.after(resolveEveryMs, () => void this.#resolveAll());
  }

  async #resolve(running: RunningTrunk): Promise<void> {
    const { host, id } = running.trunk;
    const { addresses, failure } = await trunkAddresses(this.#deps.names, running.trunk);
    if (addresses.length === 0)
      this.#deps.log.warn('the host of a trunk cannot be resolved', { trunkId: id, host, error: failure });
    // What was known stays meanwhile: a name server's bad minute must not lock the trunk's calls out.
    const before = failure === undefined && addresses.length > 0 ? [] : running.hostAddresses;
    running.hostAddresses = [...new Set([...addresses, ...before])].slice(0, maxAddresses);
  }
}

function isUnproven({ transport, tlsVerify }: Trunk): boolean {
  return transport === 'tls' && !tlsVerify;
}

/** Hosts of trunks whose certificates are judged in a way of their own. */
function tlsPeers(links: readonly TrunkLink[]): TlsPeer[] {
  return links.flatMap(({ trunk }) => {
    const { enabled, tlsCa, tlsVerify } = trunk;
    if (!enabled || !mayUseTls(trunk) || (tlsCa === undefined && tlsVerify)) return [];
    return trunkHosts(trunk).map((host) => ({ host, ca: tlsCa ?? null, verify: tlsVerify }));
  });
}
