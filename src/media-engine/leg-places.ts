/**
 * Which leg is on which RTP thread and which legs are joined. A leg is born before anybody knows whom it will talk
 * to, and sockets cannot move between threads: so legs go to the thread with the fewest, and a bridge between two
 * threads is two one-way lines by message port.
 */
import { CordboardError } from '../base/errors.ts';
import type { MixRouting, PortPlace, QualityRecord } from '../codec/media-control.ts';
import type { CreateLeg } from './edge/edge-control.ts';
import type { RtpThread } from './edge/edge-thread.ts';
import { MixPlaces } from './mix-places.ts';

/** A leg to be made. */
export interface PlacedLeg extends CreateLeg {
  /** The leg it will most likely talk to: the two share a thread if they can. */
  nearLegId?: string | undefined;
}

export class LegPlaces {
  readonly mixes = new MixPlaces({ threadOf: (legId) => this.threadOf(legId) });
  readonly #threads: RtpThread[];
  readonly #legs = new Map<string, RtpThread>();
  readonly #reservations = new Map<string, RtpThread>();
  readonly #bridges = new Map<string, [string, string]>();

  constructor(threads: RtpThread[]) {
    this.#threads = threads;
  }

  get legIds(): string[] {
    return [...this.#legs.keys()];
  }

  get bridgeCount(): number {
    return this.#bridges.size;
  }

  /** @throws CordboardError `media.unknown-leg` */
  threadOf(legId: string): RtpThread {
    const thread = this.#legs.get(legId);
    if (!thread) throw new CordboardError('media.unknown-leg', `no leg ${legId}`);
    return thread;
  }

  /** Binds ports for a leg to come. @throws CordboardError `ports-exhausted` */
  async reserve(reservationId: string, bindAddress: string): Promise<PortPlace> {
    if (this.#reservations.has(reservationId))
      throw new CordboardError('media.bad-state', `the reservation ${reservationId} exists already`);
    const thread = this.#leastLoaded();
    this.#reservations.set(reservationId, thread);
    try {
      const { port } = await thread.call('ports.reserve', { reservationId, bindAddress });
      return { port, thread: thread.index };
    } catch (error) {
      this.#reservations.delete(reservationId);
      throw error;
    }
  }

  /** Idempotent. */
  async release(reservationId: string): Promise<void> {
    const thread = this.#reservations.get(reservationId);
    this.#reservations.delete(reservationId);
    await thread?.call('ports.release', { reservationId });
  }

  async releaseAll(): Promise<void> {
    await Promise.all([...this.#reservations.keys()].map((reservationId) => this.release(reservationId)));
  }

  /**
   * Makes a leg.
   * @throws CordboardError `media.bad-state` when it exists or its reservation does not, `ports-exhausted`
   */
  async create({ nearLegId = '', ...args }: PlacedLeg): Promise<PortPlace & { ssrc: number }> {
    const { legId, reservationId } = args;
    if (this.#legs.has(legId)) throw new CordboardError('media.bad-state', `leg ${legId} exists already`);
    const thread =
      reservationId === undefined
        ? (this.#legs.get(nearLegId) ?? this.#leastLoaded())
        : this.#reservations.get(reservationId);
    if (!thread) throw new CordboardError('media.bad-state', `there is no reservation ${reservationId}`);
    if (reservationId !== undefined) this.#reservations.delete(reservationId);
    this.#legs.set(legId, thread);
    try {
      return { ...(await thread.call('leg.create', args)), thread: thread.index };
    } catch (error) {
      this.#legs.delete(legId);
      throw error;
    }
  }

  /** Ends its bridge or part in a mix, and the leg. Idempotent: null when there is none. */
  async close(legId: string): Promise<QualityRecord | null> {
    const thread = this.#legs.get(legId);
    if (!thread) return null;
    for (const [bridgeId, legIds] of this.#bridges) {
      if (legIds.includes(legId)) await this.leave(bridgeId);
    }
    const mixId = this.mixes.mixOf(legId);
    if (mixId !== undefined) await this.mixes.leave(mixId, legId);
    const { quality } = await thread.call('leg.close', { legId });
    this.#legs.delete(legId);
    return quality;
  }

  /** The bridge that a leg is in. */
  bridgeOf(legId: string): string | undefined {
    for (const [bridgeId, legIds] of this.#bridges) if (legIds.includes(legId)) return bridgeId;
    return undefined;
  }

  /** Takes a leg into a mix, or changes its routing. @throws CordboardError as {@link MixPlaces.join} */
  async joinMix(mixId: string, legId: string, routing: MixRouting): Promise<void> {
    const bridgeId = this.bridgeOf(legId);
    if (bridgeId !== undefined)
      throw new CordboardError('media.bad-state', `leg ${legId} is in bridge ${bridgeId}`);
    await this.mixes.join(mixId, legId, routing);
  }

  /** Joins two legs both ways. @throws CordboardError `media.unknown-leg`, or `media.bad-state` when one is taken */
  async join(bridgeId: string, legIds: [string, string]): Promise<void> {
    const [a, b] = legIds;
    const threadA = this.threadOf(a);
    const threadB = this.threadOf(b);
    if (a === b || this.#bridges.has(bridgeId))
      throw new CordboardError('media.bad-state', `bridge ${bridgeId} needs two legs and an id of its own`);
    for (const legId of legIds) {
      const taken = this.bridgeOf(legId) ?? this.mixes.mixOf(legId);
      if (taken !== undefined)
        throw new CordboardError('media.bad-state', `leg ${legId} of bridge ${bridgeId} is in ${taken}`);
    }
    this.#bridges.set(bridgeId, legIds);
    try {
      await Promise.all([
        threadA.call('bridge.send', { legId: a, peerLegId: b, peerThread: threadB.index }),
        threadB.call('bridge.send', { legId: b, peerLegId: a, peerThread: threadA.index }),
      ]);
    } catch (error) {
      await this.leave(bridgeId); // a leg was closed meanwhile: no half of a bridge may stay
      throw error;
    }
  }

  /** Parts them; both legs stay. Idempotent. */
  async leave(bridgeId: string): Promise<void> {
    const legIds = this.#bridges.get(bridgeId);
    if (!legIds) return;
    this.#bridges.delete(bridgeId);
    await Promise.all(legIds.map((legId) => this.#legs.get(legId)?.call('bridge.stop', { legId })));
  }

  #leastLoaded(): RtpThread {
    const load = new Map(this.#threads.map((thread) => [thread, 0]));
    for (const thread of [...this.#legs.values(), ...this.#reservations.values()])
      load.set(thread, (load.get(thread) ?? 0) + 1);
    let least = this.#threads[0] as RtpThread;
    for (const [thread, legs] of load) if (legs < (load.get(least) ?? 0)) least = thread;
    return least;
  }
}
