/**
 * All legs of one RTP thread, driven by one beat. Knows nothing of the other threads but their message ports.
 */
import type { MessagePort } from 'node:worker_threads';
import type { Clock } from '../../base/clock.ts';
import type { Handlers } from '../../base/control-socket.ts';
import { CordboardError } from '../../base/errors.ts';
import { randomId } from '../../base/ids.ts';
import type { QualityRecord } from '../../codec/media-control.ts';
import { ChannelTap, flushIntervalMs } from './channel-tap.ts';
import type {
  CreateLeg,
  EdgeNotices,
  EdgeOperations,
  EdgeThreadConfig,
  PlayContent,
} from './edge-control.ts';
import { EdgeLeg, type LegListener } from './edge-leg.ts';
import { Mixes } from './mixes.ts';
import { ListPlayer, MusicPlayer } from './player.ts';
import { SecureTransport } from './secure-transport.ts';
import { LinkedPeer, receiveFromLink } from './thread-link.ts';
import { Ticker, tickMs } from './ticker.ts';
import { bindUdpPair, type UdpPair } from './udp-pair.ts';

type Notify = <Name extends keyof EdgeNotices & string>(event: Name, args: EdgeNotices[Name]) => void;

const housekeepingTicks = 1000 / tickMs;
const flushTicks = flushIntervalMs / tickMs;

interface LegEntry {
  leg: EdgeLeg;
  secure: SecureTransport;
  sockets: UdpPair;
}

interface TapEntry {
  tap: ChannelTap;
  legId: string;
}

export class Edge {
  readonly handlers: Handlers<EdgeOperations>;
  readonly #config: EdgeThreadConfig;
  readonly #clock: Clock;
  readonly #notify: Notify;
  readonly #ticker: Ticker;
  readonly #legs = new Map<string, LegEntry>();
  readonly #reserved = new Map<string, UdpPair>();
  readonly #taps = new Map<number, TapEntry>();
  readonly #mixes = new Mixes();
  readonly #links = new Map<number, MessagePort>();
  readonly #listener: LegListener;
  readonly #cname = `${randomId(12)}@cordboard`; // random per start: RFC 7022 section 4.2
  readonly #unixAtZeroMs: number;
  #closing = 0;

  constructor(options: { config: EdgeThreadConfig; clock: Clock; notify: Notify }) {
    this.#config = options.config;
    this.#clock = options.clock;
    this.#notify = options.notify;
    this.#unixAtZeroMs = options.clock.now() - options.clock.monotonic();
    this.#ticker = new Ticker({ clock: options.clock, onTick: (tick, nowMs) => this.#tick(tick, nowMs) });
    this.#listener = {
      dtmf: (legId, digit, durationMs) => this.#notify('dtmf', { legId, digit, durationMs }),
      playEnded: (legId, playId) => this.#notify('play.done', { legId, playId, cause: 'ended' }),
      media: (legId, address, port) => this.#notify('leg.media', { legId, address, port }),
      silent: (legId, silentMs) => this.#notify('leg.silent', { legId, silentMs }),
    };
    this.handlers = {
      'thread.link': ({ threadIndex, port }) => this.#link(threadIndex, port),
      'ports.reserve': (args) => this.#reserve(args.reservationId, args.bindAddress),
      'ports.release': ({ reservationId }) => this.#release(reservationId),
      'leg.create': (args) => this.#create(args),
      'leg.remote': ({ legId, remote }) => {
        const { leg, secure } = this.#entry(legId);
        leg.setRemote(remote, this.#clock.monotonic());
        secure.configure(remote);
        return null;
      },
      'leg.close': async ({ legId }) => ({ quality: await this.#close(legId) }),
      'leg.quality': ({ legId }) => ({ quality: qualityOf(this.#entry(legId)) }),
      'play.start': (args) => this.#play(args.legId, args.playId, args.content),
      'play.stop': ({ legId, playId }) => this.#stopPlay(legId, playId),
      'bridge.send': (args) => this.#bridge(args.legId, args.peerLegId, args.peerThread),
      'bridge.stop': ({ legId }) => {
        this.#legs.get(legId)?.leg.unbridge();
        return null;
      },
      'mix.join': (args) => this.#joinMix(args),
      'mix.leave': ({ mixId, legId }) => {
        this.#mixes.leave(mixId, legId);
        return null;
      },
      'mix.close': ({ mixId }) => {
        this.#mixes.close(mixId);
        return null;
      },
      'dtmf.send': (args) => this.#dial(args.legId, args.events, args.durationMs),
      'tap.start': (args) => this.#startTap(args.tapId, args.legId, args.startMs),
      'tap.stop': ({ tapId }) => this.#stopTap(tapId),
      stats: () => this.#stats(),
      load: () => ({
        worstLateMs: this.#ticker.takeWorstLateMs(),
        portPairs: this.#legs.size + this.#reserved.size,
      }),
      stop: () => this.#stop(),
    };
  }

  start(): void {
    this.#ticker.start();
  }

  #tick(tick: number, nowMs: number): void {
    this.#mixes.tick(tick, nowMs);
    for (const { leg } of this.#legs.values()) leg.tick(tick, nowMs);
    // The second's work is spread over the beats, each leg at its own.
    let turn = tick % housekeepingTicks;
    for (const { leg } of this.#legs.values()) {
      if (turn === 0) leg.keepHouse(nowMs);
      turn = (turn + 1) % housekeepingTicks;
    }
    if (this.#taps.size > 0 && tick % flushTicks === 0) {
      const chunks = Array.from(this.#taps, ([tapId, { tap }]) => ({ tapId, samples: tap.take(nowMs) }));
      this.#notify('tap.audio', { chunks });
    }
  }

  #link(threadIndex: number, port: MessagePort): null {
    this.#links.set(threadIndex, port);
    receiveFromLink(
      port,
      (legId) => this.#mixes.linkedPort(legId) ?? this.#legs.get(legId)?.leg,
      () => this.#clock.monotonic(),
    );
    return null;
  }

  async #reserve(reservationId: string, bindAddress: string): Promise<{ port: number }> {
    const sockets = await bindUdpPair(bindAddress, this.#config.rtpPorts);
    this.#reserved.set(reservationId, sockets);
    return { port: sockets.port };
  }

  async #release(reservationId: string): Promise<null> {
    const sockets = this.#reserved.get(reservationId);
    this.#reserved.delete(reservationId);
    await sockets?.close();
    return null;
  }

  async #create({ legId, bindAddress, reservationId }: CreateLeg): Promise<{ port: number; ssrc: number }> {
    if (this.#legs.has(legId)) throw new CordboardError('media.bad-state', `leg ${legId} exists already`);
    const reserved = reservationId === undefined ? undefined : this.#reserved.get(reservationId);
    if (reservationId !== undefined) this.#reserved.delete(reservationId);
    const sockets = reserved ?? (await bindUdpPair(bindAddress, this.#config.rtpPorts));
    const secure = new SecureTransport(sockets);
    const leg = new EdgeLeg({
      legId,
      transport: secure,
      listener: this.#listener,
      cname: this.#cname,
      unixAtZeroMs: this.#unixAtZeroMs,
    });
    sockets.listen({
      rtp: (packet, address, port) => {
        const opened = leg.admits(address, port) ? secure.openRtp(packet) : undefined;
        if (opened) leg.receiveRtp(opened, address, port, this.#clock.monotonic());
      },
      rtcp: (packet, address, port) => {
        const opened = secure.openRtcp(packet);
        if (opened) leg.receiveRtcp(opened, address, port, this.#clock.monotonic());
      },
    });
    this.#legs.set(legId, { leg, secure, sockets });
    return { port: sockets.port, ssrc: leg.output.stream.ssrc };
  }

  async #close(legId: string) {
    const entry = this.#legs.get(legId);
    if (!entry) return null;
    const { leg, sockets } = entry;
    this.#legs.delete(legId);
    this.#endPlay(leg, 'stopped');
    leg.close(this.#clock.monotonic());
    const quality = qualityOf(entry);
    this.#closing++;
    await sockets.close();
    this.#closing--;
    return quality;
  }

  #play(legId: string, playId: string, content: PlayContent): null {
    const leg = this.#leg(legId);
    this.#endPlay(leg, 'replaced');
    leg.output.play(
      content.kind === 'list'
        ? new ListPlayer(playId, content.items, content.loop)
        : new MusicPlayer(playId, content.sound),
    );
    return null;
  }

  #stopPlay(legId: string, playId: string): null {
    const leg = this.#leg(legId);
    if (leg.output.player?.playId === playId) this.#endPlay(leg, 'stopped');
    return null;
  }

  #endPlay(leg: EdgeLeg, cause: 'stopped' | 'replaced'): void {
    const { player } = leg.output;
    if (!player) return;
    leg.output.play(undefined);
    this.#notify('play.done', { legId: leg.legId, playId: player.playId, cause });
  }

  #bridge(legId: string, peerLegId: string, peerThread: number): null {
    const leg = this.#leg(legId);
    if (peerThread === this.#config.threadIndex) {
      leg.peer = this.#leg(peerLegId);
      return null;
    }
    leg.peer = this.#linkedPeer(peerLegId, peerThread);
    return null;
  }

  #linkedPeer(legId: string, thread: number): LinkedPeer {
    const link = this.#links.get(thread);
    if (!link) throw new CordboardError('media.bad-state', `no link to RTP thread ${thread}`);
    return new LinkedPeer(link, legId);
  }

  #joinMix({ mixId, legId, legThread, routing }: EdgeOperations['mix.join']['args']): null {
    const place =
      legThread === this.#config.threadIndex
        ? { leg: this.#leg(legId) }
        : { peer: this.#linkedPeer(legId, legThread) };
    this.#mixes.join(mixId, legId, routing, place);
    return null;
  }

  #dial(legId: string, events: number[], durationMs: number): null {
    const { output } = this.#leg(legId);
    if (!output.maySend)
      throw new CordboardError('media.bad-state', `the peer of leg ${legId} takes no digits now`);
    for (const event of events) {
      if (!output.events.dial(event, durationMs))
        throw new CordboardError('media.bad-state', `too many digits wait on leg ${legId}`);
    }
    return null;
  }

  #startTap(tapId: number, legId: string, startMs: number): null {
    const leg = this.#leg(legId);
    const tap = new ChannelTap(startMs);
    this.#taps.set(tapId, { tap, legId });
    leg.addTap(tap);
    return null;
  }

  #stopTap(tapId: number): null {
    const entry = this.#taps.get(tapId);
    if (!entry) return null;
    this.#taps.delete(tapId);
    this.#legs.get(entry.legId)?.leg.removeTap(entry.tap);
    const samples = entry.tap.finish(this.#clock.monotonic());
    this.#notify('tap.audio', { chunks: [{ tapId, samples }] });
    return null;
  }

  #stats() {
    let players = 0;
    for (const { leg } of this.#legs.values()) if (leg.output.player) players++;
    return {
      legs: this.#legs.size,
      players,
      taps: this.#taps.size,
      sockets: (this.#legs.size + this.#closing) * 2,
      reservations: this.#reserved.size,
    };
  }

  async #stop(): Promise<null> {
    this.#ticker.stop();
    await Promise.all([...this.#legs.keys()].map((legId) => this.#close(legId)));
    await Promise.all([...this.#reserved.keys()].map((reservationId) => this.#release(reservationId)));
    for (const port of this.#links.values()) port.close();
    return null;
  }

  #leg(legId: string): EdgeLeg {
    return this.#entry(legId).leg;
  }

  #entry(legId: string): LegEntry {
    const entry = this.#legs.get(legId);
    if (!entry) throw new CordboardError('media.unknown-leg', `no leg ${legId}`);
    return entry;
  }
}

function qualityOf({ leg, secure }: LegEntry): QualityRecord {
  const srtp = secure.encryption;
  return { ...leg.quality(), ...(srtp ? { srtp } : {}) };
}
