/**
 * Telephone events of one peer, RFC 4733: one press for each event timestamp, however its packets are lost,
 * doubled or late.
 *
 *     idle ── packet of a new timestamp ──► pressed ── E bit | a newer timestamp | silence ──► idle
 *              pressed ── same event, timestamp 0xffff on, no marker ──► pressed (next segment of a long event)
 */
import { type RtpView, timestampDelta } from '../../codec/rtp.ts';
import { maxEventDuration, parseTelephoneEvent, type TelephoneEvent } from '../../codec/telephone-event.ts';

/** An event without a packet for this long is over: its end packets were lost. */
export const lostEndMs = 170;
/** Segments of a long event may be cut a little short of the field's end; none is shorter than this (2 s). */
const shortestSegment = 16_000;
/** Packets out of order come within this time; an older timestamp after it means that the source began anew. */
const stragglerMs = 2000;

export interface EventListener {
  /** A press begins. */
  eventBegan(event: number, volume: number): void;
  /** It is over after `duration` timestamp units; told exactly once for each beginning. */
  eventEnded(event: number, duration: number): void;
}

export class EventDetector {
  readonly #listener: EventListener;
  readonly #packet: TelephoneEvent = { event: 0, end: false, volume: 0, duration: 0 };
  #running = false;
  /** Whether timestamp and SSRC below are those of an event at all. */
  #known = false;
  #ssrc = 0;
  #event = 0;
  /** Of the present segment. */
  #timestamp = 0;
  #duration = 0;
  /** Length of the segments before it. */
  #earlier = 0;
  #heardAtMs = 0;

  constructor(listener: EventListener) {
    this.#listener = listener;
  }

  get running(): boolean {
    return this.#running;
  }

  /** Takes a telephone-event packet; what is none is ignored. */
  receive(packet: Buffer, view: RtpView, nowMs: number): void {
    const said = this.#packet;
    if (!parseTelephoneEvent(packet, view.payloadOffset, view.payloadBytes, said)) return;
    const sameStream = this.#known && view.ssrc === this.#ssrc;
    const ahead = timestampDelta(view.timestamp, this.#timestamp);
    if (sameStream && ahead < 0 && nowMs - this.#heardAtMs < stragglerMs) return; // of an event told already
    if (sameStream && ahead === 0) {
      if (!this.#running) return; // an end packet said again
    } else if (sameStream && this.#continues(said, view, ahead)) {
      this.#earlier += ahead;
      this.#timestamp = view.timestamp;
      this.#duration = 0;
    } else {
      this.#begin(said, view);
    }
    this.#heardAtMs = nowMs;
    this.#duration = Math.max(this.#duration, said.duration);
    if (said.end) this.close();
  }

  /** To be called every now and then: ends an event whose packets have stopped coming. */
  expire(nowMs: number): void {
    if (this.#running && nowMs - this.#heardAtMs >= lostEndMs) this.close();
  }

  /** Ends the running event, if there is one. */
  close(): void {
    if (!this.#running) return;
    this.#running = false;
    this.#listener.eventEnded(this.#event, this.#earlier + this.#duration);
  }

  #begin(said: TelephoneEvent, view: RtpView): void {
    this.close();
    this.#known = true;
    this.#running = true;
    this.#ssrc = view.ssrc;
    this.#event = said.event;
    this.#timestamp = view.timestamp;
    this.#duration = 0;
    this.#earlier = 0;
    this.#listener.eventBegan(said.event, said.volume);
  }

  #continues(said: TelephoneEvent, view: RtpView, ahead: number): boolean {
    if (!this.#running || view.marker || said.event !== this.#event) return false;
    return ahead === maxEventDuration || (ahead === this.#duration && ahead >= shortestSegment);
  }
}
