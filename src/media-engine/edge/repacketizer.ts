/**
 * One stream of packets cut anew, for a peer that wants another packet time. Losses stay visible: the number of a
 * lost packet is left out, and what came before it is sent as a shorter packet. What comes out of order is too late,
 * because its place has been passed.
 */
import {
  createRtpView,
  type RtpView,
  rtpHeaderBytes,
  sequenceDelta,
  timestampDelta,
} from '../../codec/rtp.ts';
import { newSource } from './stream-source.ts';

/** Older than this is no straggler but another timeline (1 s). */
const stragglerUnits = 8000;

/** Takes a packet over; `source` names the stream that it belongs to. */
export type TakePacket = (packet: Buffer, view: RtpView, source: number) => void;

export class Repacketizer {
  /** The stream that is cut. */
  readonly from: number;
  readonly #source = newSource();
  readonly #view = createRtpView();
  #begun = false;
  #packet = Buffer.alloc(0);
  /** Bytes of it that are filled, and where they begin in time. */
  #filled = 0;
  #timestamp = 0;
  #marker = false;
  #sequence = 0;
  #heardSequence = 0;

  constructor(from: number) {
    this.from = from;
  }

  /** Takes a packet, which may be used again afterwards, and gives what is complete. */
  push(packet: Buffer, view: RtpView, packetBytes: number, take: TakePacket): void {
    const ahead = sequenceDelta(view.sequence, this.#heardSequence);
    const gap = timestampDelta(view.timestamp, this.#timestamp + this.#filled);
    if (this.#begun && (ahead <= 0 || gap < 0) && gap > -stragglerUnits) return;
    if (!this.#begun || gap !== 0 || ahead !== 1 || view.marker) {
      this.#flush(take);
      if (this.#begun && ahead > 1) this.#sequence += Math.max(1, Math.round(gap / packetBytes));
      this.#timestamp = view.timestamp;
      this.#marker = view.marker;
    }
    this.#begun = true;
    this.#heardSequence = view.sequence;
    for (let at = 0; at < view.payloadBytes; ) {
      if (this.#filled === 0) this.#packet = Buffer.allocUnsafe(rtpHeaderBytes + packetBytes);
      const room = this.#packet.length - rtpHeaderBytes - this.#filled;
      const count = Math.min(room, view.payloadBytes - at);
      const start = view.payloadOffset + at;
      packet.copy(this.#packet, rtpHeaderBytes + this.#filled, start, start + count);
      this.#filled += count;
      at += count;
      if (count === room) this.#flush(take);
    }
  }

  /** Gives what has been gathered, if anything. */
  #flush(take: TakePacket): void {
    if (this.#filled === 0) return;
    const view = this.#view;
    view.marker = this.#marker;
    view.sequence = this.#sequence & 0xffff;
    view.timestamp = this.#timestamp >>> 0;
    view.payloadBytes = this.#filled;
    this.#timestamp = (this.#timestamp + this.#filled) >>> 0;
    this.#filled = 0;
    this.#marker = false;
    this.#sequence++;
    take(this.#packet, view, this.#source);
  }
}
