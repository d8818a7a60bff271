/**
 * Telephony: phones, trunks and calls made of legs, over a SIP engine (by the drachtio protocol) and the media
 * engine. Puts the parts together; each has its own file.
 */
import type { Clock } from '../base/clock.ts';
import type { ControlClient } from '../base/control-socket.ts';
import { Emitter } from '../base/emitter.ts';
import { errorMessage } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { Names } from '../base/names.ts';
import type { EngineNotices, EngineOperations, TlsPeer } from '../codec/engine-control.ts';
import { formatHostPort } from '../codec/sip-uri.ts';
import type { InstanceConfig } from '../config.ts';
import type { CallOrigin } from '../domain/admission.ts';
import type { LivePhone, LiveTrunk } from '../domain/live.ts';
import type { DtmfMode, MediaEncryption, Settings } from '../domain/settings.ts';
import { Addressing } from './addressing.ts';
import { joinLegs, recordLegs } from './bridges.ts';
import { BrowserLegs } from './browser-legs.ts';
import { ContactKeeper } from './contact-keeper.ts';
import type {
  Bridge,
  DialOptions,
  DialogJournal,
  IncomingCall,
  Leg,
  Recording,
  Telephony,
  TelephonyEvents,
} from './contract.ts';
import { planDial } from './dial-plan.ts';
import { DigestServer } from './digest-server.ts';
import { EngineGreeting } from './engine-greeting.ts';
import { EngineLosses } from './engine-losses.ts';
import { Farewell } from './farewell.ts';
import { InboundLeg } from './inbound-leg.ts';
import { IncomingCalls } from './incoming-calls.ts';
import { LegBase } from './leg-base.ts';
import type { MediaNotice, MediaPort } from './media-port.ts';
import { OutboundLeg } from './outbound-leg.ts';
import { ReadyPorts } from './ready-ports.ts';
import { Registrar } from './registrar.ts';
import { memoryRegistrationStore, type RegistrationStore } from './registration-store.ts';
import { refuseRequired, refuseStray } from './request-refusal.ts';
import type { SipDialog } from './sip-dialog.ts';
import { SipLeg, type SipLegDeps } from './sip-leg.ts';
import { allowedMethods, type SipPort, type SipRequest, supportedOptions } from './sip-port.ts';
import { SrfPort } from './srf-port.ts';
import { terminationOf } from './termination-map.ts';
import { endWhenSilent } from './trunk-silence.ts';
import { Trunks } from './trunks.ts';

export interface TelephonyDeps {
  config: InstanceConfig;
  settings: Settings;
  /** Plain text of a secret of the settings, sealed or plain. */
  reveal: (secret: string) => string;
  journal: DialogJournal;
  /** Client of the media engine; started and stopped by its owner. */
  media: MediaPort;
  /** Client of the embedded SIP engine's control socket; absent with a real drachtio-server. */
  engine?: Pick<ControlClient<EngineOperations, EngineNotices>, 'call' | 'events' | 'isUp'>;
  /** Keeps registered phones over a restart; default: forgets. */
  registrations?: RegistrationStore;
  /** The SIP stack; default: drachtio-srf connected as config and settings say. */
  sip?: SipPort;
  /** Admission of new calls; default: all are taken. */
  admission?: {
    /** What there is too little of to take a call from there. */
    refuses(origin: CallOrigin): string | undefined;
    isEmergency(number: string): boolean;
    /** Whether a call from this address to this number is one of the capacity test. */
    isLoop(number: string, address: string): boolean;
  };
  clock: Clock;
  log: Logger;
  /** 0..1, for jitter; default Math.random. */
  random?: () => number;
}

/** How long `start` waits for the engines; it returns all the same, and they are joined when they come. */
const startPatienceMs = 5_000;
/** How long `stop` waits for answers to its BYEs and un-REGISTERs. */
const stopPatienceMs = 1_500;

export function createTelephony(deps: TelephonyDeps): Telephony {
  return new TelephonyRoom(deps);
}

/** What the settings say of the peer that calls. */
function traitsOf(source: IncomingCall['source']): { encryption: MediaEncryption; dtmf: DtmfMode } {
  if (source.kind === 'browser' || source.kind === 'loop') return { encryption: 'off', dtmf: 'auto' };
  const { mediaEncryption, dtmf } = source.kind === 'trunk' ? source.trunk : source.extension;
  return { encryption: mediaEncryption, dtmf };
}

class TelephonyRoom implements Telephony {
  readonly events = new Emitter<TelephonyEvents>();
  readonly browser: BrowserLegs;
  readonly #deps: TelephonyDeps;
  readonly #sip: SipPort;
  readonly #addressing: Addressing;
  readonly #digest: DigestServer;
  readonly #registrar: Registrar;
  readonly #keeper: ContactKeeper;
  readonly #trunks: Trunks;
  readonly #names: Names;
  readonly #farewell: Farewell;
  readonly #incoming: IncomingCalls;
  readonly #legDeps: SipLegDeps;
  readonly #ports: ReadyPorts;
  readonly #losses: EngineLosses;
  readonly #dialogs = new Map<string, SipDialog>();
  readonly #legs = new Map<string, LegBase>();
  readonly #legsOnTrunks = new Map<string, number>();
  #settings: Settings;
  #stopping = false;
  readonly #unsubscribe: (() => void)[] = [];

  constructor(deps: TelephonyDeps) {
    const { clock, config, settings, reveal, media, journal, log } = deps;
    this.#deps = deps;
    this.#settings = settings;
    const drachtio = settings.network.drachtio;
    this.#sip =
      deps.sip ??
      new SrfPort({
        host: drachtio?.host ?? '127.0.0.1',
        port: drachtio?.port ?? config.drachtioPort,
        secret: drachtio ? reveal(drachtio.secret) : config.drachtioSecret,
        log,
      });
    const sip = this.#sip;
    this.#addressing = new Addressing({ bind: config.bind, clock });
    this.#digest = new DigestServer({ clock, reveal });
    this.#registrar = new Registrar({
      clock,
      digest: this.#digest,
      store: deps.registrations ?? memoryRegistrationStore,
      log,
    });
    this.#keeper = new ContactKeeper({ clock, sip, registrar: this.#registrar });
    this.#names = new Names({ servers: config.dnsServers });
    this.#trunks = new Trunks({
      clock,
      sip,
      names: this.#names,
      addressing: this.#addressing,
      reveal,
      log,
      trust: (peers) => this.#trustPeers(peers),
      random: deps.random ?? Math.random,
    });
    this.#farewell = new Farewell({ sip, journal, log });
    this.#incoming = new IncomingCalls({
      digest: this.#digest,
      registrar: this.#registrar,
      trunks: this.#trunks,
      log,
      closedBecause: () => (this.#stopping ? 'shutting down' : media.isUp ? undefined : 'no media engine'),
      overload: (origin) => deps.admission?.refuses(origin),
      isLoop: (number, address) => deps.admission?.isLoop(number, address) ?? false,
      isEmergency: (number) => deps.admission?.isEmergency(number) ?? false,
    });
    this.browser = new BrowserLegs({ media, addressing: this.#addressing });
    this.#ports = new ReadyPorts({ media, log });
    this.#losses = new EngineLosses({
      media,
      ports: this.#ports,
      farewell: this.#farewell,
      trunks: this.#trunks,
      dialogs: this.#dialogs,
      log,
      allLegs: () => this.#allLegs(),
      isStopping: () => this.#stopping,
      tell: (...change) => this.events.emit('engine', ...change),
    });
    this.#legDeps = {
      sip,
      journal,
      farewell: this.#farewell,
      log,
      dialogs: this.#dialogs,
      clock,
      media,
      addressing: this.#addressing,
      ports: this.#ports,
    };
  }

  async start(): Promise<void> {
    const { media, engine, journal, log } = this.#deps;
    this.#listen();
    this.configure(this.#settings);
    this.#registrar.start();
    for (const orphan of journal.orphans()) this.#farewell.owe(orphan, terminationOf('appliance-failed'));
    if (media.isUp) void this.#losses.mediaUp();
    const greeting = { engine, addressing: this.#addressing, registrar: this.#registrar, log };
    this.#unsubscribe.push(new EngineGreeting(greeting).start());
    this.#sip.start();
    this.#keeper.start();
    this.#trunks.start();
    await this.#enginesUp();
    log.info('telephony is ready', { sip: this.#sip.isUp, media: media.isUp });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.#keeper.stop();
    const ended = this.#allLegs().map((leg) => leg.hangUp(terminationOf('shutting-down')));
    let unregistered = false;
    void this.#trunks.stop().then(() => {
      unregistered = true;
    });
    await Promise.all(ended);
    const isQuiet = (): boolean => !this.#sip.isUp || (unregistered && this.#dialogs.size === 0);
    await this.#until(isQuiet, stopPatienceMs);
    for (const stop of this.#unsubscribe.splice(0)) stop();
    await this.#ports.stop();
    this.#sip.stop();
    this.#names.stop();
  }

  configure(settings: Settings): void {
    this.#settings = settings;
    this.#addressing.configure(settings.network);
    this.#digest.configure(settings.extensions);
    this.#registrar.configure(settings.extensions);
    this.#trunks.configure(settings.trunks);
  }

  dial(options: DialOptions): Leg {
    const { target } = options;
    const plan = planDial(
      { settings: this.#settings, registrar: this.#registrar, keeper: this.#keeper, trunks: this.#trunks },
      options,
    );
    const { forLeg, timeoutMs } = options;
    const leg = new OutboundLeg(this.#legDeps, {
      ...plan,
      timeoutMs,
      forLeg: forLeg instanceof LegBase ? forLeg : undefined,
    });
    this.#keep(leg);
    const nowhere = plan.nowhere ?? (this.#stopping ? 'shutting-down' : undefined);
    if (target.kind === 'trunk') this.#countOn(target.trunkId, leg);
    void (nowhere ? leg.startNowhere(nowhere) : leg.start());
    if (!nowhere && target.kind === 'trunk')
      endWhenSilent(leg, this.#deps.clock, () => this.#trunks.isThere(target.trunkId));
    return leg;
  }

  bridge(a: Leg, b: Leg): Promise<Bridge> {
    return joinLegs(this.#deps.media, a, b);
  }

  record(options: { recordingId: string; file: string; left: Leg; right: Leg }): Promise<Recording> {
    return recordLegs(this.#deps.media, options);
  }

  phones(): LivePhone[] {
    return this.#settings.extensions.map(({ id, number }) => ({
      extensionId: id,
      number,
      contacts: this.#registrar
        .contactsOf(id)
        .filter((contact) => this.#keeper.isReachable(contact))
        .map(({ uri, source, expiresAt, userAgent }) => ({
          uri,
          source: formatHostPort(source.address, source.port),
          transport: source.transport,
          expiresAt,
          userAgent,
        })),
    }));
  }

  trunks(): LiveTrunk[] {
    return this.#trunks.live();
  }

  callsOn(trunkId: string): number {
    return this.#legsOnTrunks.get(trunkId) ?? 0;
  }

  legs(): Leg[] {
    return [...this.#legs.values()];
  }

  #listen(): void {
    const { media } = this.#deps;
    this.#unsubscribe.push(
      this.#sip.events.on('request', (request) => this.#onRequest(request)),
      this.#sip.events.on('up', () => this.#losses.sipUp()),
      this.#sip.events.on('down', () => this.#losses.sipDown()),
      media.events.on('up', () => void this.#losses.mediaUp()),
      media.events.on('down', () => this.#losses.mediaDown()),
      media.events.on('notice', (...notice) => this.#onNotice(notice as MediaNotice)),
      this.#registrar.events.on('changed', () => this.events.emit('phones')),
      this.#keeper.events.on('changed', () => this.events.emit('phones')),
      this.#trunks.events.on('changed', () => this.events.emit('trunks')),
      this.browser.events.on('dialled', (leg, userName, to) => {
        this.#keep(leg);
        const source = { kind: 'browser' as const, userName };
        this.events.emit('incoming', { leg, source, from: userName, fromName: userName, to });
      }),
    );
  }

  #onRequest(request: SipRequest): void {
    const dialog = request.dialogId === undefined ? undefined : this.#dialogs.get(request.dialogId);
    if (dialog && request.method !== 'REGISTER') {
      dialog.receive(request);
      return;
    }
    if (request.unsolicited || request.method === 'ACK') return;
    this.#answerOutside(request).catch((error) =>
      this.#deps.log.debug('a request was not answered', {
        method: request.method,
        error: errorMessage(error),
      }),
    );
  }

  async #answerOutside(request: SipRequest): Promise<unknown> {
    // An INVITE first says who it is.
    const refusal = request.method === 'INVITE' ? undefined : refuseRequired(request);
    if (refusal) return request.respond(refusal.status, refusal.reply);
    switch (request.method) {
      case 'REGISTER':
        return this.#registrar.handle(request);
      case 'INVITE':
        return this.#invite(request);
      case 'OPTIONS':
        return request.respond(200, {
          headers: {
            Allow: allowedMethods,
            Accept: 'application/sdp',
            Supported: supportedOptions.join(', '),
          },
        });
      default: {
        const { status, reply } = refuseStray(request.method);
        return request.respond(status, reply);
      }
    }
  }

  async #invite(request: SipRequest): Promise<void> {
    // In a dialog that nobody has (any more), e.g. one that this process began before it died.
    if (/;\s*tag\s*=/i.test(request.header('To') ?? '')) return void (await request.respond(481));
    const admitted = this.#incoming.admit(request);
    if ('refuse' in admitted) return void (await request.respond(admitted.refuse, admitted.reply));
    const leg = new InboundLeg(this.#legDeps, {
      request,
      party: admitted.from,
      peerKind: admitted.source.kind === 'trunk' ? 'trunk' : 'phone',
      ...traitsOf(admitted.source),
    });
    this.#keep(leg);
    if (admitted.source.kind === 'trunk') this.#countOn(admitted.source.trunk.id, leg);
    leg.start();
    this.events.emit('incoming', { leg, ...admitted });
    leg.checkOffer();
  }

  #keep(leg: LegBase): void {
    this.#legs.set(leg.legId, leg);
    leg.events.on('ended', () => this.#legs.delete(leg.legId));
  }

  #countOn(trunkId: string, leg: LegBase): void {
    const count = (by: number): void => void this.#legsOnTrunks.set(trunkId, this.callsOn(trunkId) + by);
    count(1);
    leg.events.on('ended', () => count(-1));
  }

  /** Dialled browser legs and all others, and browsers that have only opened their media. */
  #allLegs(): LegBase[] {
    return [...new Set<LegBase>([...this.#legs.values(), ...this.browser.all()])];
  }

  #onNotice([name, args]: MediaNotice): void {
    switch (name) {
      case 'dtmf':
        this.#legs.get(args.legId)?.onDigit(args.digit, 'rtp');
        break;
      case 'leg.media':
        this.#legs.get(args.legId)?.onMedia();
        break;
      case 'play.done':
        this.#legs.get(args.legId)?.onPlayDone(args.playId, args.cause);
        break;
      case 'leg.silent': {
        const leg = this.#legs.get(args.legId);
        if (leg instanceof SipLeg) void leg.checkAlive(args.silentMs);
        break;
      }
      case 'web.closed': {
        const leg = this.browser.all().find(({ legId }) => legId === args.legId);
        void leg?.hangUp(terminationOf(leg.state === 'up' ? 'hung-up' : 'cancelled'));
        break;
      }
      case 'record.failed':
        this.events.emit('recording-failed', args.recordingId, args.code, args.recording);
        break;
      default: // worker.died: nobody here needs it
    }
  }

  /** Resolves when the engine knows, or cannot be told. */
  async #trustPeers(peers: TlsPeer[]): Promise<void> {
    const { engine, log } = this.#deps;
    if (!engine) return;
    // Its control socket comes a moment after its admin port.
    if (!engine.isUp) await this.#until(() => engine.isUp, startPatienceMs);
    await engine.call('tls.peers', { peers }).catch((error: unknown) => {
      log.warn('the SIP engine did not take the certificates of trunks', { error });
    });
  }

  #enginesUp(): Promise<void> {
    return this.#until(() => this.#sip.isUp && this.#deps.media.isUp, startPatienceMs);
  }

  async #until(condition: () => boolean, patienceMs: number): Promise<void> {
    const { clock } = this.#deps;
    const deadlineMs = clock.monotonic() + patienceMs;
    while (!condition() && clock.monotonic() < deadlineMs) {
      await new Promise<void>((resolve) => clock.after(10, resolve));
    }
  }
}
