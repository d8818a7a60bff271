/**
 * The media engine's face: operations of the contract, spread over RTP threads, sounds, recordings and browser
 * legs. Legs and bridges outlive the control connection, so that audio survives an appliance that dies.
 */
import type { Clock } from '../base/clock.ts';
import { ControlServer, type Handlers } from '../base/control-socket.ts';
import { CordboardError } from '../base/errors.ts';
import { randomId } from '../base/ids.ts';
import type { Logger } from '../base/log.ts';
import type {
  MediaLoad,
  MediaNotices,
  MediaOperations,
  MediaStats,
  PlaySource,
} from '../codec/media-control.ts';
import { eventOfDigit } from '../codec/telephone-event.ts';
import type { EdgeNotices, PlayContent } from './edge/edge-control.ts';
import { type EdgeNotice, EdgeThread, linkThreads } from './edge/edge-thread.ts';
import type { PlayItem } from './edge/player.ts';
import { type PortRange, pairsIn } from './edge/udp-pair.ts';
import { LegPlaces } from './leg-places.ts';
import { Recordings } from './recording/recordings.ts';
import type { MusicLibrary } from './sound/music-library.ts';
import type { SoundCache } from './sound/sound-cache.ts';
import type { EdgeLegs, WebLegs } from './web-legs.ts';

export interface MediaEngineOptions {
  socketPath: string;
  rtpPorts: PortRange;
  /** How many RTP threads; 1 carries some hundred calls. */
  threads: number;
  sounds: SoundCache;
  music: MusicLibrary;
  clock: Clock;
  log: Logger;
  /** Makes the browser legs, joined to the edge it is given; null: there are none in this process. */
  createWebLegs: ((edge: EdgeLegs) => WebLegs) | null;
  /** An RTP thread died: nothing sensible can be done but to end the process. */
  onFatal: (error: Error) => void;
}

export class MediaEngine {
  readonly #options: MediaEngineOptions;
  readonly #log: Logger;
  readonly #engineId = randomId();
  readonly #threads: EdgeThread[];
  readonly #places: LegPlaces;
  readonly #recordings: Recordings;
  readonly #web: WebLegs | null;
  readonly #server: ControlServer<MediaOperations, MediaNotices>;
  /** The latest play asked for on each leg: one overtaken while its sounds were loaded must not begin. */
  readonly #latestPlay = new Map<string, string>();

  constructor(options: MediaEngineOptions) {
    this.#options = options;
    this.#log = options.log;
    this.#threads = Array.from(
      { length: options.threads },
      (_, threadIndex) =>
        new EdgeThread({
          config: { threadIndex, rtpPorts: options.rtpPorts },
          onNotice: (...notice) => this.#relay(notice),
          onFailure: options.onFatal,
        }),
    );
    this.#places = new LegPlaces(this.#threads);
    this.#recordings = new Recordings({
      taps: {
        start: async (tapId, legId, startMs) => {
          await this.#places.threadOf(legId).call('tap.start', { tapId, legId, startMs });
        },
        // The leg may be gone by now, its tap is not: every thread is asked, and one knows it.
        stop: async (tapId) => {
          await Promise.all(this.#threads.map((thread) => thread.call('tap.stop', { tapId })));
        },
      },
      clock: options.clock,
      log: options.log,
      onFailure: (failure) => this.#server.notify('record.failed', failure),
    });
    this.#web = options.createWebLegs?.(this.#edgeLegs()) ?? null;
    this.#server = new ControlServer({
      path: options.socketPath,
      handlers: this.#handlers(),
      log: options.log,
    });
  }

  /** Starts threads and browser legs, then listens for the appliance. */
  async start(): Promise<void> {
    for (const thread of this.#threads) thread.start();
    for (const [index, thread] of this.#threads.entries()) {
      for (const other of this.#threads.slice(index + 1)) await linkThreads(thread, other);
    }
    this.#web?.events.on('closed', (legId, reason) => this.#server.notify('web.closed', { legId, reason }));
    this.#web?.events.on('workerDied', (args) => this.#server.notify('worker.died', args));
    await this.#web?.start().catch((error: unknown) => {
      // Phones need no browser legs: the office goes on without, and `hello` says so.
      this.#log.error('browser legs are not available', { error });
    });
    await this.#server.start();
  }

  /** Finalises recordings, says good-bye to every peer and frees everything. */
  async stop(): Promise<void> {
    await this.#server.stop();
    await this.#recordings.stopAll();
    await this.#web?.stop();
    await Promise.all(this.#threads.map((thread) => thread.stop()));
  }

  #handlers(): Handlers<MediaOperations> {
    return {
      hello: async ({ clientId }) => {
        await this.#places.releaseAll();
        this.#log.info('appliance connected', { clientId, legs: this.#places.legIds.length });
        return {
          engineId: this.#engineId,
          legIds: this.#places.legIds,
          recordingIds: this.#recordings.ids,
          webReady: this.#web?.ready ?? false,
        };
      },
      'ports.reserve': (args) => this.#places.reserve(args.reservationId, args.bindAddress),
      'ports.release': async ({ reservationId }) => {
        await this.#places.release(reservationId);
        return null;
      },
      'leg.create': async (args) => {
        const { port, thread } = await this.#places.create(args);
        return { port, thread };
      },
      'leg.remote': (args) => this.#places.threadOf(args.legId).call('leg.remote', args),
      'leg.close': ({ legId }) => this.#close(legId),
      'leg.quality': (args) => this.#places.threadOf(args.legId).call('leg.quality', args),
      'play.start': ({ legId, playId, sources, loop }) =>
        this.#play(legId, playId, async () => ({ kind: 'list', items: await this.#items(sources), loop })),
      'music.start': ({ legId, playId, file }) =>
        this.#play(legId, playId, async () => ({
          kind: 'music',
          sound: await (file === undefined ? this.#options.music.builtIn() : this.#options.sounds.file(file)),
        })),
      'play.stop': async ({ legId, playId }) => {
        const thread = this.#places.threadOf(legId);
        if (this.#latestPlay.get(legId) === playId) this.#latestPlay.delete(legId);
        return thread.call('play.stop', { legId, playId });
      },
      'bridge.join': async ({ bridgeId, legIds }) => {
        await this.#places.join(bridgeId, legIds);
        return null;
      },
      'bridge.leave': async ({ bridgeId }) => {
        await this.#places.leave(bridgeId);
        return null;
      },
      'mix.open': ({ mixId }) => {
        this.#places.mixes.open(mixId);
        return null;
      },
      'mix.join': async ({ mixId, legId, ...routing }) => {
        await this.#places.joinMix(mixId, legId, { mode: 'full', ...routing });
        return null;
      },
      'mix.leave': async ({ mixId, legId }) => {
        await this.#places.mixes.leave(mixId, legId);
        return null;
      },
      'mix.close': async ({ mixId }) => {
        await this.#places.mixes.close(mixId);
        return null;
      },
      'dtmf.send': ({ legId, digits, durationMs }) => this.#dial(legId, digits, durationMs),
      'record.start': async ({ recordingId, file, leftLegId, rightLegId }) => {
        for (const legId of [leftLegId, rightLegId]) this.#places.threadOf(legId);
        await this.#recordings.start(recordingId, file, [leftLegId, rightLegId]);
        return null;
      },
      'record.stop': async ({ recordingId }) => ({ recording: await this.#recordings.stop(recordingId) }),
      'web.open': (args) => this.#webLegs().open(args),
      'web.connect': async (args) => {
        await this.#webLegs().connect(args);
        return null;
      },
      'web.produce': (args) => this.#webLegs().produce(args),
      'web.consume': (args) => this.#webLegs().consume(args),
      stats: () => this.#stats(),
      load: () => this.#load(),
    };
  }

  async #close(legId: string) {
    const quality = await this.#places.close(legId);
    this.#latestPlay.delete(legId);
    await this.#web?.close(legId);
    return { quality };
  }

  async #play(legId: string, playId: string, content: () => Promise<PlayContent>): Promise<null> {
    const thread = this.#places.threadOf(legId);
    const overtaken = this.#latestPlay.get(legId);
    this.#latestPlay.set(legId, playId);
    const ready = await content().catch((error: unknown) => {
      if (this.#latestPlay.get(legId) === playId) {
        if (overtaken === undefined) this.#latestPlay.delete(legId);
        else this.#latestPlay.set(legId, overtaken);
      }
      throw error;
    });
    if (this.#latestPlay.get(legId) !== playId) {
      const cause = this.#latestPlay.has(legId) ? 'replaced' : 'stopped';
      this.#server.notify('play.done', { legId, playId, cause });
      return null;
    }
    return thread.call('play.start', { legId, playId, content: ready });
  }

  #items(sources: PlaySource[]): Promise<PlayItem[]> {
    const { sounds } = this.#options;
    return Promise.all(
      sources.map(async (source): Promise<PlayItem> => {
        if (source.kind === 'silence') return { kind: 'silence', samples: Math.round(source.durationMs * 8) };
        return {
          kind: 'sound',
          sound: await (source.kind === 'file' ? sounds.file(source.file) : sounds.tone(source)),
        };
      }),
    );
  }

  async #dial(legId: string, digits: string, durationMs: number): Promise<null> {
    const events = [...digits].map((digit) => {
      const event = eventOfDigit(digit);
      if (event === undefined) throw new CordboardError('control.bad-request', `${digit} is no digit`);
      return event;
    });
    return this.#places.threadOf(legId).call('dtmf.send', { legId, events, durationMs });
  }

  /** What browser legs use of the edge. */
  #edgeLegs(): EdgeLegs {
    return {
      createLeg: (legId, bindAddress) => this.#places.create({ legId, bindAddress }),
      setRemote: async (legId, remote) => {
        await this.#places.threadOf(legId).call('leg.remote', { legId, remote });
      },
      closeLeg: async (legId) => {
        await this.#places.close(legId);
      },
    };
  }

  #webLegs(): WebLegs {
    if (!this.#web?.ready)
      throw new CordboardError('media.worker-died', 'no mediasoup worker runs: no browser calls');
    return this.#web;
  }

  #relay([event, args]: EdgeNotice): void {
    switch (event) {
      case 'tap.audio': {
        this.#recordings.receive((args as EdgeNotices['tap.audio']).chunks);
        return;
      }
      default:
        this.#server.notify(event as never, args as never);
    }
  }

  async #load(): Promise<MediaLoad> {
    const threads = await Promise.all(this.#threads.map((thread) => thread.call('load', {})));
    const bound = threads.reduce((sum, { portPairs }) => sum + portPairs, 0);
    return {
      audioLateMs: Math.max(...threads.map(({ worstLateMs }) => worstLateMs)),
      portPairsFree: Math.max(0, pairsIn(this.#options.rtpPorts) - bound),
      recordingLagMs: this.#recordings.lagMs,
    };
  }

  async #stats(): Promise<MediaStats> {
    const threads = await Promise.all(this.#threads.map((thread) => thread.call('stats', {})));
    const sum = (value: (stats: (typeof threads)[number]) => number): number =>
      threads.reduce((total, stats) => total + value(stats), 0);
    const web = this.#web?.stats() ?? { webTransports: 0, workerPids: [] };
    return {
      legs: sum((stats) => stats.legs),
      bridges: this.#places.bridgeCount,
      mixes: this.#places.mixes.count,
      players: sum((stats) => stats.players),
      recordings: this.#recordings.ids.length,
      socketsBound: sum((stats) => stats.sockets),
      reservations: sum((stats) => stats.reservations),
      webTransports: web.webTransports,
      pid: process.pid,
      workerPids: web.workerPids,
    };
  }
}
