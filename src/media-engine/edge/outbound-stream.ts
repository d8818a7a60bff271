/**
 * What one peer gets from us: a single RTP stream for the life of the leg, whatever feeds it. Each source has its
 * own numbering; at every switch the mapping to ours is set anew, so that sequence and timestamp go on where they
 * were and the marker is set. Within a source the mapping stays: its losses and pauses remain visible as gaps, and
 * its packets keep their distance in time.
 */
import {
  type RtpView,
  rtpHeaderBytes,
  sequenceDelta,
  timestampDelta,
  writeRtpHeader,
} from '../../codec/rtp.ts';
import {
  type TelephoneEvent,
  telephoneEventBytes,
  writeTelephoneEvent,
} from '../../codec/telephone-event.ts';
import { tickSamples } from './ticker.ts';

/** Sends `length` bytes from `offset`; the buffer is not touched again before it is on the wire. */
export type SendPacket = (packet: Buffer, offset: number, length: number) => void;

/** How the peer takes telephone events. */
export interface EventFormat {
  payloadType: number;
  /** Units of its durations in a sample of 8 kHz: 1, or 6 with a clock of 48 kHz. */
  unitsPerSample: number;
}

/** A source whose clock runs away from ours by more than this is anchored anew (1 s). */
const maxTimestampError = 8000;
/** Jumps in a source's sequence that RFC 3550 appendix A.1 takes for a restart. */
const maxDropout = 3000;
const maxMisorder = 100;
/** Room for 60 ms of G.711 behind the header. */
const frameBufferBytes = rtpHeaderBytes + 640;
/** The kernel may still hold a packet when the next is made; it never holds this many. */
const frameBuffers = 4;

/** Ids of sources; the beat (player, music, silence, own DTMF) is one source, every forwarded stream another. */
const noSource = 0;
const beatSource = -1;

export class OutboundStream {
  readonly ssrc: number;
  /** Of the first packet. */
  readonly firstSequence: number;
  readonly #send: SendPacket;
  readonly #frames: Buffer[] = [];
  #frameAt = 0;
  /** Bytes collected for the next own packet, when the packet time is not one beat. */
  #pending = 0;
  #pendingTimestamp = 0;
  #pendingMarker = false;

  #sequence: number;
  #timestamp: number;
  /** Samples the latest packet covers: the next source may not begin before its end. */
  #covered = 0;
  #sentAtMs = 0;
  #source = noSource;
  #sequenceOffset = 0;
  #timestampOffset = 0;
  #sourceSequence = 0;
  /** Packets of this source so far; tells late ones from before the switch. */
  #sourceCount = 0;
  #latestTick = 0;
  #eventTimestamp = 0;
  #eventStartMs = 0;

  packetsSent = 0;
  /** Payload bytes, as RTCP sender reports count them. */
  octetsSent = 0;

  /** @param options.sequence and timestamp: random beginnings, RFC 3550 section 5.1 */
  constructor(options: { ssrc: number; sequence: number; timestamp: number; send: SendPacket }) {
    this.ssrc = options.ssrc;
    this.firstSequence = options.sequence & 0xffff;
    this.#sequence = (options.sequence - 1) & 0xffff;
    this.#timestamp = options.timestamp >>> 0;
    this.#send = options.send;
  }

  /** The RTP timestamp of this moment, for sender reports. */
  timestampAt(nowMs: number): number {
    return (this.#timestamp + Math.round((nowMs - this.#sentAtMs) * 8)) >>> 0;
  }

  /**
   * Passes on a packet of another leg, rewriting its header in place: `packet` is the sender's from now on.
   * @param source a number above 0 that stands for that leg's stream and changes with its SSRC
   */
  forward(packet: Buffer, view: RtpView, payloadType: number, source: number, nowMs: number): void {
    let marker = view.marker;
    const jump = sequenceDelta(view.sequence, this.#sourceSequence);
    if (
      source !== this.#source ||
      jump > maxDropout ||
      jump < -maxMisorder ||
      Math.abs(timestampDelta(view.timestamp + this.#timestampOffset, this.timestampAt(nowMs))) >
        maxTimestampError
    ) {
      this.#switch(source, view.timestamp, nowMs);
      this.#sequenceOffset = this.#sequence + 1 - view.sequence;
      this.#sourceSequence = view.sequence;
      marker = true;
    } else if (jump <= 0 && this.#sourceCount + jump <= 0) {
      return; // a straggler from before the switch would repeat a number already used
    }
    const sequence = (view.sequence + this.#sequenceOffset) & 0xffff;
    const timestamp = (view.timestamp + this.#timestampOffset) >>> 0;
    if (jump > 0 || this.#sourceCount === 0) {
      this.#sourceCount += this.#sourceCount === 0 ? 1 : jump;
      this.#sourceSequence = view.sequence;
      this.#sequence = sequence;
      this.#timestamp = timestamp;
      this.#covered = view.payloadBytes;
      this.#sentAtMs = nowMs;
    }
    const start = view.payloadOffset - rtpHeaderBytes;
    writeRtpHeader(packet, start, marker, payloadType, sequence, timestamp, this.ssrc);
    this.#count(view.payloadBytes);
    this.#send(packet, start, rtpHeaderBytes + view.payloadBytes);
  }

  /** Whether the latest packet came from another leg, at most `withinMs` ago. */
  forwardedWithin(withinMs: number, nowMs: number): boolean {
    return this.#source > 0 && nowMs - this.#sentAtMs < withinMs;
  }

  /** The buffer and the place in it where the 160 bytes of a beat are to be written, before {@link sendFrame}. */
  prepareFrame(): { buffer: Buffer; offset: number } {
    const buffer = this.#frameBuffer();
    this.#slot.buffer = buffer;
    this.#slot.offset = rtpHeaderBytes + this.#pending;
    return this.#slot;
  }

  readonly #slot: { buffer: Buffer; offset: number } = { buffer: Buffer.alloc(0), offset: 0 };

  /**
   * Sends the beat just prepared, alone or with its neighbours as `packetSamples` asks.
   * @param tick the beat's number; beats left out show as a gap in the timestamp
   * @param talkspurt something new begins: marker, RFC 3551 section 4.1
   */
  sendFrame(
    tick: number,
    payloadType: number,
    packetSamples: number,
    talkspurt: boolean,
    nowMs: number,
  ): void {
    const beatTimestamp = (tick * tickSamples) >>> 0;
    let marker = talkspurt;
    if (this.#source !== beatSource) {
      this.#switch(beatSource, beatTimestamp, nowMs);
      this.#pending = this.#restartPending();
      marker = true;
    }
    marker ||= tick !== this.#latestTick + 1; // beats were left out: to the ear a new beginning
    this.#latestTick = tick;
    const timestamp = (beatTimestamp + this.#timestampOffset) >>> 0;
    if (this.#pending === 0) {
      this.#pendingTimestamp = timestamp;
      this.#pendingMarker = marker;
    }
    this.#pendingMarker ||= marker;
    const buffer = this.#frameBuffer();
    let available = this.#pending + tickSamples;
    let sent = 0;
    while (available - sent >= packetSamples) {
      // What precedes these samples has been sent, so that its place can take the header.
      this.#sendOwn(buffer, sent, packetSamples, payloadType, nowMs);
      sent += packetSamples;
    }
    available -= sent;
    if (sent > 0) this.#frameAt = (this.#frameAt + 1) % frameBuffers;
    if (sent > 0 && available > 0) {
      buffer.copy(
        this.#frameBuffer(),
        rtpHeaderBytes,
        rtpHeaderBytes + sent,
        rtpHeaderBytes + sent + available,
      );
    }
    this.#pending = available;
  }

  /** A telephone event begins now: audio gives way until it is over. */
  beginEvent(nowMs: number): void {
    this.#eventTimestamp = this.#nextTimestamp(nowMs);
    this.#eventStartMs = nowMs;
    this.#pending = 0;
  }

  /** The next segment of an event that outgrew the duration field, RFC 4733 section 2.5.1.3. */
  continueEvent(samples: number): void {
    this.#eventTimestamp = (this.#eventTimestamp + samples) >>> 0;
    this.#eventStartMs += samples / 8;
  }

  /** Sends one packet of the running event; `marker` on its very first, RFC 4733 section 2.1. */
  sendEvent(event: TelephoneEvent, format: EventFormat, marker: boolean): void {
    const buffer = this.#frameBuffer();
    this.#frameAt = (this.#frameAt + 1) % frameBuffers;
    writeTelephoneEvent(buffer, rtpHeaderBytes, event);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#timestamp = this.#eventTimestamp;
    this.#covered = event.duration / format.unitsPerSample;
    this.#sentAtMs = this.#eventStartMs;
    this.#source = noSource;
    writeRtpHeader(buffer, 0, marker, format.payloadType, this.#sequence, this.#timestamp, this.ssrc);
    this.#count(telephoneEventBytes);
    this.#send(buffer, 0, rtpHeaderBytes + telephoneEventBytes);
  }

  #sendOwn(buffer: Buffer, at: number, samples: number, payloadType: number, nowMs: number): void {
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#timestamp = this.#pendingTimestamp;
    this.#covered = samples;
    this.#sentAtMs = nowMs;
    const packet = at === 0 ? buffer : Buffer.from(buffer.subarray(at, at + rtpHeaderBytes + samples));
    writeRtpHeader(packet, 0, this.#pendingMarker, payloadType, this.#sequence, this.#timestamp, this.ssrc);
    this.#pendingMarker = false;
    this.#pendingTimestamp = (this.#pendingTimestamp + samples) >>> 0;
    this.#count(samples);
    this.#send(packet, 0, rtpHeaderBytes + samples);
  }

  /** Sets the mapping so that the source's `timestamp` falls on this moment, and never before what was sent. */
  #switch(source: number, timestamp: number, nowMs: number): void {
    this.#timestampOffset = (this.#nextTimestamp(nowMs) - timestamp) | 0;
    this.#source = source;
    this.#sourceCount = 0;
  }

  #nextTimestamp(nowMs: number): number {
    if (this.packetsSent === 0) return this.#timestamp;
    const earliest = (this.#timestamp + this.#covered) >>> 0;
    const atNow = this.timestampAt(nowMs);
    return timestampDelta(atNow, earliest) > 0 ? atNow : earliest;
  }

  /** Samples gathered before the switch are stale; the frame prepared for this beat moves to the front. */
  #restartPending(): number {
    if (this.#pending > 0) {
      const buffer = this.#frameBuffer();
      buffer.copyWithin(rtpHeaderBytes, this.#slot.offset, this.#slot.offset + tickSamples);
    }
    return 0;
  }

  #frameBuffer(): Buffer {
    let buffer = this.#frames[this.#frameAt];
    if (!buffer) {
      buffer = Buffer.alloc(frameBufferBytes);
      this.#frames[this.#frameAt] = buffer;
    }
    return buffer;
  }

  #count(bytes: number): void {
    this.packetsSent++;
    this.octetsSent += bytes;
  }
}
