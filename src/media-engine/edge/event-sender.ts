/**
 * Telephone events to one peer, paced by the beat: our own digits, and those of the other leg of a bridge made
 * anew, so that what that leg's network did to its packets does not reach this peer. A peer that has not
 * negotiated telephone-event hears the digit as its two tones (ITU-T Q.23).
 */
import { maxEventDuration, type TelephoneEvent } from '../../codec/telephone-event.ts';
import type { EventFormat, OutboundStream } from './outbound-stream.ts';
import { tickSamples } from './ticker.ts';

/** The end is said three times, RFC 4733 section 2.5.1.4. */
const endPackets = 3;
/** No digit shorter than 40 ms is understood everywhere (ITU-T Q.24). */
const shortestSamples = 320;
/** Pause between digits that we dial ourselves, 100 ms. */
const pauseTicks = 5;
/** An event whose end is never told is cut (30 s): its leg closes it long before. */
const longestSamples = 240_000;
const queueLimit = 64;

interface QueuedEvent {
  event: number;
  volume: number;
  /** How long it is to last, samples; undefined while the key is still pressed. */
  samples: number | undefined;
  pauseTicks: number;
}

/** Where an event goes when the peer takes no telephone-event: one beat of the digit's tones. */
export type SendDigitTone = (event: number, beat: number) => void;

export class EventSender {
  readonly #stream: OutboundStream;
  readonly #queue: QueuedEvent[] = [];
  readonly #packet: TelephoneEvent = { event: 0, end: false, volume: 10, duration: 0 };
  #current: QueuedEvent | undefined;
  /** Samples of the whole event so far, and where its present segment begins. */
  #elapsed = 0;
  #segmentStart = 0;
  #endsSent = 0;
  #pause = 0;

  constructor(stream: OutboundStream) {
    this.#stream = stream;
  }

  /** Whether the next beat belongs to an event, so that audio must give way. */
  get busy(): boolean {
    return this.#current !== undefined || (this.#queue.length > 0 && this.#pause === 0);
  }

  /** Whether anything is to be done at the next beat. */
  get active(): boolean {
    return this.#current !== undefined || this.#queue.length > 0;
  }

  /** Dials a digit of ours. False when too many wait. */
  dial(event: number, durationMs: number): boolean {
    if (this.#queue.length >= queueLimit) return false;
    this.#queue.push({ event, volume: 10, samples: Math.max(shortestSamples, durationMs * 8), pauseTicks });
    return true;
  }

  /** The other leg's peer presses a key. */
  begin(event: number, volume: number): void {
    if (this.#queue.length >= queueLimit) return;
    this.#queue.push({ event, volume, samples: undefined, pauseTicks: 0 });
  }

  /** It lets go after `samples`. */
  end(samples: number): void {
    const open =
      this.#current?.samples === undefined && this.#current
        ? this.#current
        : this.#queue.find((queued) => queued.samples === undefined);
    if (open) open.samples = Math.max(shortestSamples, samples);
  }

  /** Forgets everything, mid-digit if need be. */
  clear(): void {
    this.#queue.length = 0;
    this.#current = undefined;
  }

  /**
   * One beat.
   * @param format undefined when the peer takes no telephone-event
   */
  tick(format: EventFormat | undefined, sendTone: SendDigitTone, nowMs: number): void {
    if (!this.#current) {
      if (this.#pause > 0) {
        this.#pause--;
        return;
      }
      this.#start(nowMs);
    }
    const current = this.#current;
    if (!current) return;
    const last = Math.min(current.samples ?? longestSamples, longestSamples);
    const ended = this.#elapsed >= last;
    if (!ended) this.#elapsed += tickSamples;
    if (!format) {
      if (ended) this.#finish(current);
      else sendTone(current.event, this.#elapsed / tickSamples - 1);
      return;
    }
    this.#send(current, format, ended);
    if (ended && ++this.#endsSent === endPackets) this.#finish(current);
  }

  #start(nowMs: number): void {
    this.#current = this.#queue.shift();
    this.#elapsed = 0;
    this.#segmentStart = 0;
    this.#endsSent = 0;
    this.#stream.beginEvent(nowMs);
  }

  #finish(current: QueuedEvent): void {
    this.#current = undefined;
    this.#pause = current.pauseTicks;
  }

  #send(current: QueuedEvent, format: EventFormat, end: boolean): void {
    const { unitsPerSample } = format;
    const packet = this.#packet;
    const maxSamples = Math.floor(maxEventDuration / unitsPerSample);
    packet.event = current.event;
    packet.volume = current.volume;
    packet.end = false;
    if (this.#elapsed - this.#segmentStart > maxSamples) {
      packet.duration = maxSamples * unitsPerSample;
      this.#stream.sendEvent(packet, format, false);
      this.#segmentStart += maxSamples;
      this.#stream.continueEvent(maxSamples);
    }
    packet.end = end;
    packet.duration = (this.#elapsed - this.#segmentStart) * unitsPerSample;
    this.#stream.sendEvent(packet, format, this.#elapsed === tickSamples && !end);
  }
}
