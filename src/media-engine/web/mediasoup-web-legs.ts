/** Browser legs by mediasoup: which there are, and what becomes of them when a browser or the worker goes. */
import { type Clock, systemClock, type Timer } from '../../base/clock.ts';
import { Emitter } from '../../base/emitter.ts';
import { CordboardError } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';
import type { WebDirection } from '../../codec/media-control.ts';
import type { EdgeLegs, WebConsumed, WebLegs, WebOpened } from '../web-legs.ts';
import { MediasoupHost } from './mediasoup-host.ts';
import { WebLeg } from './web-leg.ts';

/** A browser that opened a leg has so long to connect both directions. */
export const connectTimeoutMs = 30_000;

export class MediasoupWebLegs implements WebLegs {
  readonly events = new Emitter<{
    closed: [legId: string, reason: string];
    workerDied: [{ restarted: boolean }];
  }>();
  readonly #edge: EdgeLegs;
  readonly #bind: readonly string[];
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #host: MediasoupHost;
  readonly #legs = new Map<string, { leg: WebLeg; deadline: Timer }>();

  constructor(options: {
    edge: EdgeLegs;
    bind: readonly string[];
    webrtcPort: number;
    log: Logger;
    clock?: Clock;
  }) {
    this.#edge = options.edge;
    this.#bind = options.bind;
    this.#log = options.log;
    this.#clock = options.clock ?? systemClock;
    this.#host = new MediasoupHost({ ...options, clock: this.#clock });
    this.#host.events.on('lost', () => {
      for (const { leg } of this.#legs.values()) leg.lose('the mediasoup worker died');
    });
    this.#host.events.on('died', (outcome) => this.events.emit('workerDied', outcome));
  }

  get ready(): boolean {
    return this.#host.ready;
  }

  /** Rejects when the first try fails, and goes on trying. @throws CordboardError `port-in-use`, `media.worker-died` */
  start(): Promise<void> {
    return this.#host.start();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#legs.keys()].map((legId) => this.close(legId)));
    await this.#host.stop();
  }

  async open(args: { legId: string; announcedAddresses: string[] }): Promise<WebOpened> {
    const { legId } = args;
    const { router, server } = this.#host.running;
    if (this.#legs.has(legId)) throw new CordboardError('media.bad-state', `leg ${legId} is open already`);
    const leg = new WebLeg({
      legId,
      edge: this.#edge,
      bind: this.#bind,
      onClosed: (reason) => this.#lost(legId, reason),
    });
    const deadline = this.#clock.after(connectTimeoutMs, () => {
      if (!leg.connected) leg.lose('the browser did not connect');
    });
    this.#legs.set(legId, { leg, deadline });
    try {
      return await leg.open(router, server, args.announcedAddresses);
    } catch (error) {
      // Not by its id: a leg closed while it opened is gone from the table, and may have an edge leg by now.
      deadline.cancel();
      if (this.#legs.get(legId)?.leg === leg) this.#legs.delete(legId);
      await leg.close();
      throw error;
    }
  }

  async connect(args: { legId: string; direction: WebDirection; dtlsParameters: unknown }): Promise<void> {
    return this.#leg(args.legId).connect(args.direction, args.dtlsParameters);
  }

  async produce(args: { legId: string; rtpParameters: unknown }): Promise<{ producerId: string }> {
    return this.#leg(args.legId).produce(args.rtpParameters);
  }

  async consume(args: { legId: string; rtpCapabilities: unknown }): Promise<WebConsumed> {
    return this.#leg(args.legId).consume(args.rtpCapabilities);
  }

  async close(legId: string): Promise<void> {
    const entry = this.#legs.get(legId);
    if (!entry) return;
    this.#legs.delete(legId);
    entry.deadline.cancel();
    await entry.leg.close();
  }

  stats(): { webTransports: number; workerPids: number[] } {
    let webTransports = 0;
    for (const { leg } of this.#legs.values()) webTransports += leg.webTransportCount;
    return { webTransports, workerPids: this.#host.workerPids };
  }

  #lost(legId: string, reason: string): void {
    this.#log.info('browser leg lost', { legId, reason });
    this.#legs.get(legId)?.deadline.cancel();
    this.events.emit('closed', legId, reason);
  }

  #leg(legId: string): WebLeg {
    const entry = this.#legs.get(legId);
    if (!entry) throw new CordboardError('media.unknown-leg', `no browser leg ${legId}`);
    return entry.leg;
  }
}
