/**
 * Which legs are in which mix, and on which RTP thread each mix is made: that of the first leg to join. Legs on
 * other threads are joined by the line between the two threads.
 */
import { CordboardError } from '../base/errors.ts';
import type { MixRouting } from '../codec/media-control.ts';
import type { RtpThread } from './edge/edge-thread.ts';

const maxGainDb = 20;
const minGainDb = -40;

interface MixPlace {
  /** Where it is mixed; unknown until somebody joins. */
  home: RtpThread | undefined;
  readonly legs: Map<string, RtpThread>;
}

export class MixPlaces {
  readonly #threadOf: (legId: string) => RtpThread;
  readonly #mixes = new Map<string, MixPlace>();

  /** @param options.threadOf throws CordboardError `media.unknown-leg` */
  constructor(options: { threadOf: (legId: string) => RtpThread }) {
    this.#threadOf = options.threadOf;
  }

  get count(): number {
    return this.#mixes.size;
  }

  /** The mix that a leg is in. */
  mixOf(legId: string): string | undefined {
    for (const [mixId, { legs }] of this.#mixes) if (legs.has(legId)) return mixId;
    return undefined;
  }

  /** @throws CordboardError `media.bad-state` when it exists */
  open(mixId: string): void {
    if (this.#mixes.has(mixId)) throw new CordboardError('media.bad-state', `mix ${mixId} exists already`);
    this.#mixes.set(mixId, { home: undefined, legs: new Map() });
  }

  /**
   * Takes a leg in, or changes its routing.
   * @throws CordboardError `not-found` without such a mix, `media.unknown-leg`, `control.bad-request` for what is no
   * routing, `media.bad-state` when another mix has the leg
   */
  async join(mixId: string, legId: string, routing: MixRouting): Promise<void> {
    const mix = this.#mixes.get(mixId);
    if (!mix) throw new CordboardError('not-found', `no mix ${mixId}`);
    const thread = this.#threadOf(legId);
    check(routing);
    const present = this.mixOf(legId);
    if (present !== undefined && present !== mixId)
      throw new CordboardError('media.bad-state', `leg ${legId} is in mix ${present}`);
    mix.home ??= thread;
    const { home } = mix;
    mix.legs.set(legId, thread);
    try {
      await home.call('mix.join', { mixId, legId, legThread: thread.index, routing });
      if (thread !== home && present === undefined)
        await thread.call('bridge.send', { legId, peerLegId: legId, peerThread: home.index });
    } catch (error) {
      await this.leave(mixId, legId); // the leg was closed meanwhile: no half of it may stay
      throw error;
    }
  }

  /** Lets a leg go. Idempotent. */
  async leave(mixId: string, legId: string): Promise<void> {
    const mix = this.#mixes.get(mixId);
    const thread = mix?.legs.get(legId);
    if (!mix || !thread) return;
    mix.legs.delete(legId);
    if (thread !== mix.home) await thread.call('bridge.stop', { legId });
    await mix.home?.call('mix.leave', { mixId, legId });
  }

  /** Lets all legs go. Idempotent. */
  async close(mixId: string): Promise<void> {
    const mix = this.#mixes.get(mixId);
    if (!mix) return;
    this.#mixes.delete(mixId);
    for (const [legId, thread] of mix.legs)
      if (thread !== mix.home) await thread.call('bridge.stop', { legId });
    await mix.home?.call('mix.close', { mixId });
  }
}

function check({ mode, gainDb = 0 }: MixRouting): void {
  if (mode !== 'full' && mode !== 'listen' && !/^whisper:./.test(mode))
    throw new CordboardError('control.bad-request', `${mode} is no way to take part in a mix`);
  if (!(gainDb >= minGainDb && gainDb <= maxGainDb))
    throw new CordboardError(
      'control.bad-request',
      `a gain of ${gainDb} dB is beyond ${minGainDb}..${maxGainDb}`,
    );
}
