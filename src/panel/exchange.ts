import type { Clock, Timer } from '../base/clock.ts';
import { decodePanelAnswer } from '../codec/panel-answer.ts';
import { PanelFrameParser } from '../codec/panel-frame.ts';
import type { PanelAnswer, PanelRequest } from '../codec/panel-message.ts';
import { encodePanelRequest } from '../codec/panel-request.ts';

/** An answer is awaited for this long, then the request is sent again. */
export const answerTimeoutMs = 100;
/** A request is sent this often before the panel counts as gone. */
export const maxAttempts = 3;

export interface ExchangeStats {
  /** Bytes of the line that belonged to no frame. */
  discardedBytes: number;
  /** Requests sent again. */
  retries: number;
  /** Whole frames that answered nothing we had asked. */
  strayFrames: number;
}

interface UnderWay {
  bytes: Uint8Array;
  type: PanelRequest['type'];
  attempts: number;
  timer: Timer;
  done: (answer: PanelAnswer | undefined) => void;
}

/** One request at a time to one panel, with its retries; `hardware/panel-protocol.md` section 5. */
export class PanelExchange {
  readonly #address: number;
  readonly #clock: Clock;
  readonly #write: (bytes: Uint8Array) => void;
  #parser = new PanelFrameParser();
  #sequence: number;
  #underWay: UnderWay | undefined;
  #discardedBefore = 0;
  #retries = 0;
  #strayFrames = 0;

  /** @param options.firstSequence differs between starts, so that a restarted host is not taken for a repeat */
  constructor(options: {
    address: number;
    clock: Clock;
    write: (bytes: Uint8Array) => void;
    firstSequence: number;
  }) {
    this.#address = options.address;
    this.#clock = options.clock;
    this.#write = options.write;
    this.#sequence = options.firstSequence & 0xff;
  }

  get busy(): boolean {
    return this.#underWay !== undefined;
  }

  get stats(): ExchangeStats {
    return {
      discardedBytes: this.#discardedBefore + this.#parser.discardedBytes,
      retries: this.#retries,
      strayFrames: this.#strayFrames,
    };
  }

  /** Asks; `done` is given undefined when no answer came. Only when not `busy`. */
  ask(request: PanelRequest, done: (answer: PanelAnswer | undefined) => void): void {
    this.#sequence = (this.#sequence + 1) & 0xff;
    const bytes = encodePanelRequest({ address: this.#address, sequence: this.#sequence }, request);
    this.#underWay = { bytes, type: request.type, attempts: 1, timer: this.#armTimeout(), done };
    this.#write(bytes);
  }

  /** Bytes that came over the line. */
  receive(chunk: Uint8Array): void {
    for (const frame of this.#parser.push(chunk)) this.#take(frame);
  }

  /** The line is gone: what was asked stays unanswered and untold. */
  reset(): void {
    this.#underWay?.timer.cancel();
    this.#underWay = undefined;
    this.#discardedBefore += this.#parser.discardedBytes + this.#parser.pendingBytes;
    this.#parser = new PanelFrameParser();
  }

  #armTimeout(): Timer {
    return this.#clock.after(answerTimeoutMs, () => this.#timedOut());
  }

  #timedOut(): void {
    for (const frame of this.#parser.giveUp()) this.#take(frame);
    const asked = this.#underWay;
    if (!asked) return;
    if (asked.attempts >= maxAttempts) {
      this.#underWay = undefined;
      asked.done(undefined);
      return;
    }
    asked.attempts += 1;
    this.#retries += 1;
    asked.timer = this.#armTimeout();
    this.#write(asked.bytes);
  }

  #take(frame: ReturnType<PanelFrameParser['push']>[number]): void {
    const asked = this.#underWay;
    const answer = decodePanelAnswer(frame);
    const isOurs = asked && frame.address === this.#address && frame.sequence === this.#sequence;
    if (!isOurs || !answer || (answer.type !== asked.type && answer.type !== 'refused')) {
      this.#strayFrames += 1;
      return;
    }
    asked.timer.cancel();
    this.#underWay = undefined;
    asked.done(answer);
  }
}
