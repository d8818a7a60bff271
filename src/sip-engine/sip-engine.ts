/** The engine put together: network on one side, applications on the other. Speaks drachtio-server's admin protocol. */
import type { Clock } from '../base/clock.ts';
import { CordboardError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { Names } from '../base/names.ts';
import type { ApplicationFrame } from '../codec/drachtio-wire.ts';
import type {
  CallRoom,
  EngineAddressing,
  EngineOperations,
  EngineStats,
  GuardBan,
  TappedMessage,
  TlsCertificate,
  TlsPeer,
} from '../codec/engine-control.ts';
import { parseApplicationMessage, type SipMessage } from '../codec/sip-message.ts';
import { formatHostPort } from '../codec/sip-uri.ts';
import { ApplicationResponses } from './application-responses.ts';
import { CallGate } from './call-gate.ts';
import { CallRecords } from './call-records.ts';
import { CountingClock } from './counting-clock.ts';
import { DialogRequests } from './dialog-requests.ts';
import { DialogStore } from './dialog-store.ts';
import type { EngineParts } from './engine-parts.ts';
import type { Flow } from './flow.ts';
import { Guard } from './guard.ts';
import { IncomingRequests } from './incoming-requests.ts';
import { StreamPeers } from './large-requests.ts';
import { LocalAddresses } from './local-addresses.ts';
import { NextHops } from './next-hop.ts';
import { OutgoingRequests } from './outgoing-requests.ts';
import { PendingRequests } from './pending-requests.ts';
import { Proxies } from './proxies.ts';
import { RegisteredFlows } from './registered-flows.ts';
import { ServerLocation } from './server-location.ts';
import { TargetHealth } from './target-health.ts';
import { probe } from './target-probe.ts';
import { type SipTiming, standardTiming } from './timing.ts';
import { TransactionLayer } from './transaction-layer.ts';
import { TransportSet } from './transport-set.ts';
import type { WireClient } from './wire-client.ts';
import { WireServer } from './wire-server.ts';

/** What we say we are; applications ask for features by it (at least v0.8.2 gives them pings). */
const version = 'v0.9.10-cordboard';

/** In force until `configure` says otherwise: everything private is local, no public side. */
export const defaultAddressing: EngineAddressing = {
  publicAddress: null,
  localNetworks: [
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '127.0.0.0/8',
    '169.254.0.0/16',
    'fc00::/7',
    'fe80::/10',
    '::1/128',
  ],
};

export interface SipEngineOptions {
  bind: readonly string[];
  /** UDP and TCP. */
  sipPort: number;
  /** TLS; null: none. */
  sipsPort?: number | null;
  drachtioPort: number;
  /** Not empty. */
  drachtioSecret: string;
  clock: Clock;
  log: Logger;
  timing?: SipTiming;
  /** Name servers, `address[:port]`; null: those of this machine. */
  dnsServers?: readonly string[] | null;
  /** An application that is connected to for each new request, instead of those that connected. */
  handler?: { host: string; port: number } | null;
  addressing?: EngineAddressing;
  /** Called for each SIP message on the wire while `isTapped()`. */
  tap?: (message: TappedMessage) => void;
  isTapped?: () => boolean;
  /** True: the guard watches loopback too; for tests. */
  guardsLoopback?: boolean;
  /** A source is banned from now on. */
  banned?: (ban: GuardBan) => void;
}

export class SipEngine {
  readonly #log: Logger;
  readonly #clock: CountingClock;
  readonly #parts: EngineParts;
  readonly #wire: WireServer;
  readonly #pending: PendingRequests;
  readonly #dialogRequests: DialogRequests;
  readonly #incoming: IncomingRequests;
  readonly #outgoing: OutgoingRequests;
  readonly #proxies: Proxies;
  readonly #responses: ApplicationResponses;
  readonly #names: Names;
  #malformed = 0;

  constructor(options: SipEngineOptions) {
    const { log, bind } = options;
    const clock = new CountingClock(options.clock);
    const timing = options.timing ?? standardTiming;
    const addresses = new LocalAddresses({
      bind,
      clock,
      addressing: options.addressing ?? defaultAddressing,
    });
    const guard = new Guard({
      clock,
      localNetworks: (options.addressing ?? defaultAddressing).localNetworks,
      guardsLoopback: options.guardsLoopback ?? false,
      banned: (ban) => {
        log.warn('a source is banned', { source: ban.source, reason: ban.reason, until: ban.until });
        options.banned?.(ban);
      },
    });
    const transports = new TransportSet({
      bind,
      port: options.sipPort,
      tlsPort: options.sipsPort ?? null,
      clock,
      upkeepClock: options.clock,
      log,
      localAddressFor: (remote) => addresses.forDestination(remote),
      events: {
        admits: (address, cost) => guard.admits(address, cost),
        message: (message, flow) => this.#receive(message, flow),
        isKnown: (address) => guard.isKnown(address),
        malformed: (problem) => this.#countMalformed(problem),
        tap: (direction, flow, callId, text) =>
          options.tap?.(tapped(options.clock.now(), direction, flow, callId, text)),
        isTapped: options.isTapped ?? (() => options.tap !== undefined),
      },
    });
    this.#log = log;
    this.#clock = clock;
    this.#names = new Names({ servers: options.dnsServers ?? null });
    const location = new ServerLocation({
      clock,
      names: this.#names,
      protocols: () => transports.protocols,
      families: () => transports.families,
    });
    const health = new TargetHealth({ clock, probe: (target, over) => probe(this.#parts, target, over) });
    const parts: EngineParts = {
      clock,
      timing,
      log,
      transports,
      addresses,
      nextHops: new NextHops({ transports, addresses, location, health }),
      health,
      streamPeers: new StreamPeers(),
      transactions: new TransactionLayer({ clock, timing }),
      dialogs: new DialogStore(),
      registered: new RegisteredFlows({ clock }),
      records: new CallRecords({ clock, pick: (verb) => this.#wire.takerOf(verb) }),
      guard,
      gate: new CallGate(),
    };
    this.#parts = parts;
    this.#wire = new WireServer({
      port: options.drachtioPort,
      secret: options.drachtioSecret,
      clock,
      log,
      greeting: () => this.#greeting(),
      sip: (client, frame) => this.#receiveFrame(client, frame),
      proxy: (client, frame) => this.#proxies.order(client, frame),
      gone: (client) => this.#applicationGone(client),
    });
    this.#dialogRequests = new DialogRequests(parts);
    this.#pending = new PendingRequests(parts);
    this.#proxies = new Proxies({ parts, pending: this.#pending });
    this.#incoming = new IncomingRequests({
      parts,
      wire: this.#wire,
      pending: this.#pending,
      dialogRequests: this.#dialogRequests,
      proxies: this.#proxies,
      handler: options.handler ?? null,
      malformed: (problem) => this.#countMalformed(problem),
    });
    this.#outgoing = new OutgoingRequests({ parts, dialogRequests: this.#dialogRequests });
    this.#responses = new ApplicationResponses({
      parts,
      pending: this.#pending,
      dialogRequests: this.#dialogRequests,
    });
  }

  /** Listens for SIP and for applications. @throws CordboardError port-in-use, port-refused */
  async start(): Promise<void> {
    await this.#parts.transports.start();
    try {
      await this.#wire.start();
    } catch (error) {
      await this.#parts.transports.stop();
      throw error;
    }
  }

  /** Closes everything, without a word to peers. Idempotent. */
  async stop(): Promise<void> {
    this.#names.stop();
    await this.#wire.stop();
    this.#pending.stop();
    this.#proxies.stop();
    this.#parts.dialogs.stop();
    this.#parts.transactions.stop();
    await this.#parts.transports.stop();
  }

  /** New public address or local networks; calls in progress keep what they announced. */
  configure(addressing: EngineAddressing): void {
    this.#parts.addresses.configure(addressing);
    this.#parts.guard.configure(addressing.localNetworks);
  }

  /** Takes addresses for proven, as an engine before this one found them. */
  know(sources: readonly string[]): void {
    for (const source of sources) this.#parts.guard.proven(source);
  }

  /** How many new calls the application takes from now on. @returns calls refused for want of room since the start */
  setRoom(room: CallRoom): number {
    const { gate } = this.#parts;
    gate.configure(room);
    return gate.refused;
  }

  /** The certificate for TLS connections from now on; those there are go on. @throws CordboardError control.bad-request */
  present(certificate: TlsCertificate): void {
    try {
      this.#parts.transports.present(certificate);
    } catch (cause) {
      throw new CordboardError('control.bad-request', 'key or certificate cannot be read', { cause });
    }
  }

  /** Hosts whose TLS certificates are judged by settings of their own. */
  trust(peers: readonly TlsPeer[]): void {
    this.#parts.transports.trust(peers);
  }

  /** Who is banned, and what the guard counted. */
  guarded(): EngineOperations['guard.list']['result'] {
    return this.#parts.guard.list();
  }

  /** Ends a ban. @returns false when there was none */
  release(source: string): boolean {
    return this.#parts.guard.release(source);
  }

  stats(): EngineStats {
    const { transactions, dialogs, transports } = this.#parts;
    return {
      transactions: transactions.count,
      settledTransactions: transactions.settledCount,
      dialogs: dialogs.count,
      timers: this.#clock.armed,
      connections: transports.connectionCount,
      wireClients: this.#wire.clientCount,
      malformed: this.#malformed,
      pid: process.pid,
    };
  }

  #greeting(): string[] {
    const { transports, addresses } = this.#parts;
    const list = (address: string): string =>
      transports.protocols
        .map((protocol) => `${protocol}/${formatHostPort(address, transports.portOf(protocol))}`)
        .join(',');
    return [list(addresses.main()), version, list(addresses.local())];
  }

  #receive(message: SipMessage, flow: Flow): void {
    try {
      this.#parts.streamPeers.learn(message, flow);
      if (message.isRequest) this.#incoming.receive(message, flow);
      else if (message.problem !== null || message.topVia === null || message.cseq === null)
        this.#countMalformed(message.problem ?? 'response without Via or CSeq');
      else {
        this.#parts.health.heard(flow);
        if (this.#parts.transactions.receiveResponse(message, flow))
          this.#parts.guard.proven(flow.remoteAddress);
      }
    } catch (error) {
      // A message must never end the server; what it broke is a fault of ours.
      this.#log.error('message could not be handled', { error, callId: message.callId });
    }
  }

  #receiveFrame(client: WireClient, frame: ApplicationFrame): void {
    const given = parseApplicationMessage(frame.text);
    if (!given) {
      client.verdict(frame, 'NOK', 'unable to parse SIP message');
      return;
    }
    try {
      if (given.isRequest) this.#outgoing.send(client, frame, given);
      else if (frame.tokens[0] === undefined || frame.tokens[0] === '')
        client.verdict(frame, 'NO', 'transaction id missing');
      else this.#responses.send(client, frame, given);
    } catch (error) {
      this.#log.error('application frame could not be handled', { error, callId: given.callId });
      client.verdict(frame, 'NOK', 'Server error: internal failure');
    }
  }

  #applicationGone(client: WireClient): void {
    const orphaned = this.#pending.find((each) => each.client === client);
    for (const pending of orphaned) this.#pending.refuse(pending, { status: 503 });
    // Whoever comes next says anew what it takes.
    if (this.#wire.clientCount === 0) this.#parts.gate.configure(null);
    this.#outgoing.abandon(client);
    const dialogs = this.#parts.dialogs.ownedBy(client);
    for (const dialog of dialogs) this.#dialogRequests.orphan(dialog);
    this.#log.info('application disconnected', { refused: orphaned.length, orphanedDialogs: dialogs.length });
  }

  #countMalformed(problem: string): void {
    this.#malformed++;
    this.#log.debug('malformed message', { problem });
  }
}

function tapped(
  atMs: number,
  direction: 'in' | 'out',
  flow: Flow,
  callId: string,
  text: string,
): TappedMessage {
  return {
    atMs,
    direction,
    transport: flow.protocol,
    localAddress: flow.localAddress,
    localPort: flow.localPort,
    remoteAddress: flow.remoteAddress,
    remotePort: flow.remotePort,
    callId,
    text,
  };
}
