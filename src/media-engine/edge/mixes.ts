/**
 * The mixes of one RTP thread. A leg of this thread has its port as peer and source; the packets of a leg on
 * another thread come and go by the line between the two.
 */
import type { MixRouting } from '../../codec/media-control.ts';
import { createRtpView } from '../../codec/rtp.ts';
import { Mixer } from '../dsp/mixer.ts';
import type { BridgePeer, EdgeLeg } from './edge-leg.ts';
import { MixPort, MixSender } from './mix-port.ts';
import { newSource } from './stream-source.ts';

interface Place {
  port: MixPort;
  /** Of this thread, or none. */
  leg: EdgeLeg | undefined;
  sender: MixSender | undefined;
}

interface Mix {
  mixer: Mixer;
  places: Map<string, Place>;
}

export class Mixes {
  readonly #mixes = new Map<string, Mix>();
  /** Ports of legs on other threads. */
  readonly #linked = new Map<string, MixPort>();
  readonly #view = createRtpView();

  get size(): number {
    return this.#mixes.size;
  }

  /** Where the packets of a leg on another thread go; undefined when it is in no mix here. */
  linkedPort(legId: string): MixPort | undefined {
    return this.#linked.get(legId);
  }

  /**
   * Takes a leg in, or changes its routing.
   * @param place the leg itself when it is on this thread, otherwise its stand-in
   */
  join(
    mixId: string,
    legId: string,
    routing: MixRouting,
    place: { leg: EdgeLeg } | { peer: BridgePeer },
  ): void {
    let mix = this.#mixes.get(mixId);
    if (!mix) {
      mix = { mixer: new Mixer(), places: new Map() };
      this.#mixes.set(mixId, mix);
    }
    const party = mix.mixer.set(legId, routing);
    if (mix.places.has(legId)) return;
    const port = new MixPort(party);
    if ('leg' in place) {
      mix.places.set(legId, { port, leg: place.leg, sender: undefined });
      place.leg.peer = port;
      place.leg.output.listenTo(port);
    } else {
      const sender = new MixSender({ port, peer: place.peer, source: newSource() });
      mix.places.set(legId, { port, leg: undefined, sender });
      this.#linked.set(legId, port);
    }
  }

  /** Lets a leg go. Idempotent. */
  leave(mixId: string, legId: string): void {
    const mix = this.#mixes.get(mixId);
    const place = mix?.places.get(legId);
    if (!mix || !place) return;
    mix.places.delete(legId);
    mix.mixer.remove(legId);
    if (place.leg) {
      place.leg.unbridge();
      place.leg.output.listenTo(undefined);
    } else this.#linked.delete(legId);
  }

  /** Lets all legs go. Idempotent. */
  close(mixId: string): void {
    const mix = this.#mixes.get(mixId);
    if (!mix) return;
    for (const legId of [...mix.places.keys()]) this.leave(mixId, legId);
    this.#mixes.delete(mixId);
  }

  /** One beat, before the legs send theirs. */
  tick(tick: number, nowMs: number): void {
    for (const { mixer, places } of this.#mixes.values()) {
      for (const { port } of places.values()) port.listen(tick);
      mixer.mix();
      for (const { sender } of places.values()) sender?.send(tick, this.#view, nowMs);
    }
  }
}
