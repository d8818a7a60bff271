/**
 * RTP ports bound before anybody needs them. An offer must name its port, and asking the media engine for one costs
 * two processes and a thread each way: with ports at hand an INVITE leaves in the same breath as the decision to
 * ring.
 */
import { randomId } from '../base/ids.ts';
import type { Logger } from '../base/log.ts';
import type { PortPlace } from '../codec/media-control.ts';
import type { MediaPort } from './media-port.ts';

/** As many legs as may begin while the next ports are bound: a ring-all counts once, its phones share the port. */
const kept = 4;

export interface ReadyPort extends PortPlace {
  reservationId: string;
}

export class ReadyPorts {
  readonly #media: MediaPort;
  readonly #log: Logger;
  /** By bind address; an address is kept ready from its first leg on. */
  readonly #ready = new Map<string, ReadyPort[]>();
  readonly #underWay = new Map<string, number>();
  #running = false;
  /** One more at each media engine: what an earlier one answers late is not ours any more. */
  #round = 0;

  constructor(options: { media: MediaPort; log: Logger }) {
    this.#media = options.media;
    this.#log = options.log;
  }

  /** The media engine is there. */
  start(): void {
    this.#running = true;
    for (const bindAddress of this.#ready.keys()) this.#fill(bindAddress);
  }

  /**
   * A pair for a leg, which must name it in `leg.create`; undefined when none is ready. One on the RTP thread asked
   * for if there is one, else any: a line between two threads costs less than a wait.
   */
  take(bindAddress: string, thread?: number): ReadyPort | undefined {
    const ready = this.#ready.get(bindAddress) ?? [];
    this.#ready.set(bindAddress, ready);
    const near = ready.findIndex((each) => each.thread === thread);
    const [taken] = ready.splice(Math.max(0, near), 1);
    // After what this turn still has to send: the leg's own messages go first.
    setImmediate(() => this.#fill(bindAddress));
    return taken;
  }

  /** The media engine is gone, and the ports with it. */
  forget(): void {
    this.#running = false;
    this.#round++;
    this.#underWay.clear();
    for (const ready of this.#ready.values()) ready.length = 0;
  }

  /** Gives all back. */
  async stop(): Promise<void> {
    const ready = [...this.#ready.values()].flat();
    this.forget();
    await Promise.all(ready.map((port) => this.#release(port.reservationId)));
  }

  #fill(bindAddress: string): void {
    const ready = this.#ready.get(bindAddress);
    if (!this.#running || !ready) return;
    const round = this.#round;
    let underWay = this.#underWay.get(bindAddress) ?? 0;
    for (; ready.length + underWay < kept; underWay++) {
      const reservationId = randomId();
      this.#media.call('ports.reserve', { reservationId, bindAddress }).then(
        (place) => {
          if (round !== this.#round) return void this.#release(reservationId);
          this.#underWay.set(bindAddress, (this.#underWay.get(bindAddress) ?? 1) - 1);
          ready.push({ reservationId, ...place });
        },
        (error) => {
          // No port to spare is no fault yet: a leg that needs one asks for it and says so.
          this.#log.debug('no port was reserved', { bindAddress, error });
          if (round === this.#round)
            this.#underWay.set(bindAddress, (this.#underWay.get(bindAddress) ?? 1) - 1);
        },
      );
    }
    this.#underWay.set(bindAddress, underWay);
  }

  async #release(reservationId: string): Promise<void> {
    // An engine that is gone has released it.
    await this.#media.call('ports.release', { reservationId }).catch(() => {});
  }
}
