/**
 * Calls of the capacity test: two legs that dialled the same loop are answered, joined and recorded, as those of a
 * caller and an agent are. Nothing of them goes into the call log, the live page or the recordings.
 */
import { join } from 'node:path';
import { randomId } from '../base/ids.ts';
import type { Bridge, Leg, Recording, Telephony } from '../telephony/contract.ts';

interface Loop {
  legs: Map<'a' | 'b', Leg>;
  bridge?: Bridge;
  recording?: Recording;
  ended: boolean;
}

export class LoopCalls {
  readonly #telephony: Pick<Telephony, 'bridge' | 'record'>;
  /** Where their recordings are written; whoever runs the test makes and removes it. */
  readonly #dir: string;
  readonly #loops = new Map<string, Loop>();
  #failed = 0;

  constructor(options: { telephony: Pick<Telephony, 'bridge' | 'record'>; dir: string }) {
    this.#telephony = options.telephony;
    this.#dir = options.dir;
  }

  /** Loops that could not be joined or recorded. */
  get failed(): number {
    return this.#failed;
  }

  /** A leg that dialled `call` has come in. */
  take(leg: Leg, call: string, side: 'a' | 'b'): void {
    const loop = this.#loops.get(call) ?? { legs: new Map<'a' | 'b', Leg>(), ended: false };
    this.#loops.set(call, loop);
    loop.legs.set(side, leg);
    leg.events.on('over', () => void this.#end(call, loop));
    const [a, b] = [loop.legs.get('a'), loop.legs.get('b')];
    if (a && b) void this.#join(call, loop, a, b);
  }

  /** Hangs everything up; resolves when nothing is left of it. */
  async stop(): Promise<void> {
    await Promise.all([...this.#loops].map(([call, loop]) => this.#end(call, loop)));
  }

  async #join(call: string, loop: Loop, a: Leg, b: Leg): Promise<void> {
    try {
      await Promise.all([a.answer(), b.answer()]);
      loop.bridge = await this.#telephony.bridge(a, b);
      const recordingId = `test-${randomId(12)}`;
      const file = join(this.#dir, `${recordingId}.wav`);
      loop.recording = await this.#telephony.record({ recordingId, file, left: a, right: b });
      if (loop.ended) await loop.recording.stop();
    } catch {
      // The test is told by the count: what exactly gave way first is not the question.
      if (loop.ended) return;
      this.#failed++;
      await this.#end(call, loop);
    }
  }

  async #end(call: string, loop: Loop): Promise<void> {
    if (loop.ended) return;
    loop.ended = true;
    this.#loops.delete(call);
    const over = { class: 'success', reason: 'hung-up' } as const;
    await loop.recording?.stop().catch(() => null);
    await Promise.all([...loop.legs.values()].map((leg) => leg.hangUp(over)));
  }
}
