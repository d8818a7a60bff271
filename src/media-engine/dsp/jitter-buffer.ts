/**
 * Packets in as the network brings them, beats of 20 ms out. Each packet waits until the target delay has passed
 * since it should have come; what is missing is made up, what pauses is background noise.
 *
 *     insert ─► timeline ─► store ─► decode ─┐
 *                  └─► delay estimate        ├─► line ─► read: as it is, stretched, cut or repeated
 *                               concealment ─┘
 *
 * The delay grows at once where a packet comes late (what is made up simply lasts longer). Otherwise it moves by
 * stretching, one unit a beat, which follows the peer's clock as well, or in one piece where it is quiet.
 * In steady state nothing is allocated.
 */
import type { CodecName } from '../../codec/media-control.ts';
import type { RtpView } from '../../codec/rtp.ts';
import { frameUnits, PacketDecoder, rateOf, type SampleRateHz, unitsPerMs } from './audio-codec.ts';
import { ComfortNoise } from './comfort-noise.ts';
import { Concealment } from './concealment.ts';
import { DelayEstimator, type DelayLimits } from './delay-estimator.ts';
import { lookahead, readStretched } from './fractional-reader.ts';
import { maxPayloadBytes, PacketStore } from './packet-store.ts';
import { copyRepeating, copySkipping, isQuiet } from './quiet-edit.ts';
import { SampleLine } from './sample-line.ts';
import { StreamTimeline } from './stream-timeline.ts';

/** 20..200 ms, with 8 ms of play for the stretching at the lower end. */
export const defaultLimits: DelayLimits = { minMs: 28, maxMs: 200, initialMs: 40 };

const frameMs = 20;
/** Further off than this, stretching begins, and goes on until this little is left. */
const stretchFromMs = 3;
const stretchUntilMs = 0.5;
/** Where it is quiet, this much is worth a cut or a repetition, of at most so many units a beat. */
const editFromMs = 8;
const maxEditUnits = 80;
/** More than the target alone can have fallen: this cannot wait. */
const skipFromMs = 180;
/** A gap is lengthened or shortened when the delay is off by this. */
const gapAdjustMs = 10;
/** A late packet may still be played when that makes the delay longer than the target by no more than this. */
const lateToleranceMs = 15;

/** What happened so far. */
export interface JitterStats {
  received: number;
  /** Came after their place was over, or would have made the delay too long. */
  late: number;
  duplicates: number;
  /** Timelines begun: the first, and every change of SSRC or jump. */
  anchors: number;
  /** Made up for what was lost or late, milliseconds; pauses of the peer do not count. */
  concealedMs: number;
  /** Left out at once because the delay had grown too long, milliseconds. */
  skippedMs: number;
  /** Units (1/8 ms) taken out (below 0: put in) by stretching. */
  stretchedUnits: number;
}

export class JitterBuffer {
  readonly rateHz: SampleRateHz;
  readonly stats: JitterStats = {
    received: 0,
    late: 0,
    duplicates: 0,
    anchors: 0,
    concealedMs: 0,
    skippedMs: 0,
    stretchedUnits: 0,
  };
  /** Samples of a timestamp unit. */
  readonly #perUnit: number;
  readonly #delay: DelayEstimator;
  readonly #timeline: StreamTimeline;
  readonly #store = new PacketStore();
  readonly #decoder = new PacketDecoder();
  readonly #line: SampleLine;
  readonly #noise = new ComfortNoise();
  readonly #concealment: Concealment;
  #tickMs = 0;
  /** The lowest sequence that may still be played. */
  #nextSequence = 0;
  /** Timestamp of what will be appended to the line next. */
  #playAt = 0;
  /** Nothing of this talkspurt or timeline has been played: its first packet is timed by the target alone. */
  #fresh = true;
  /** The peer said that it pauses. */
  #paused = false;
  #skip = false;
  #stretching = 0;
  /** Made up since the latest packet: a loss or a pause, as the next one tells. */
  #madeUpUnits = 0;

  constructor(codec: CodecName, limits: DelayLimits = defaultLimits) {
    this.rateHz = rateOf(codec);
    this.#perUnit = this.rateHz / 8000;
    this.#delay = new DelayEstimator(limits);
    this.#timeline = new StreamTimeline(this.#delay, limits.maxMs);
    this.#line = new SampleLine(this.#perUnit * unitsPerMs);
    this.#concealment = new Concealment(this.#perUnit * unitsPerMs, this.#noise);
  }

  /** Samples of a beat. */
  get frameSamples(): number {
    return frameUnits * this.#perUnit;
  }

  /** How long the next sample will have waited, milliseconds. */
  get delayMs(): number {
    return this.#fresh ? this.#delay.targetMs : this.#delayOf(this.#playAt);
  }

  get targetMs(): number {
    return this.#delay.targetMs;
  }

  /** Takes a packet of audio, or of comfort noise (`noise`); its payload is copied. */
  insert(packet: Uint8Array, view: RtpView, codec: CodecName | 'noise', arrivalMs: number): void {
    const { stats } = this;
    stats.received++;
    if (view.payloadBytes === 0 || view.payloadBytes > maxPayloadBytes) return;
    const line = this.#timeline;
    const placed = line.place(view, arrivalMs);
    if (placed === 'suspect') return;
    if (placed === 'anchored') this.#anchor();
    const { sequence, timestamp } = line;
    if (sequence < this.#nextSequence) {
      if (this.#fresh && this.#store.state(sequence) === 'empty') this.#nextSequence = sequence;
      else {
        if (this.#store.state(sequence) === 'played') stats.duplicates++;
        else this.#late(arrivalMs);
        return;
      }
    }
    if (this.#store.state(sequence) === 'held') {
      stats.duplicates++;
      return;
    }
    if (!this.#fresh && timestamp < this.#playAt) this.#delay.late(line.delayMs, arrivalMs);
    this.#store.put(sequence, timestamp, codec, packet, view.payloadOffset, view.payloadBytes);
  }

  /**
   * Writes the next beat.
   * @param tickMs the moment it belongs to, on the 20 ms grid of the clock that packets arrive by
   * @returns false, with silence written, as long as no packet ever came
   */
  read(tickMs: number, into: Int16Array, at: number): boolean {
    const count = this.frameSamples;
    if (!this.#timeline.known) {
      into.fill(0, at, at + count);
      return false;
    }
    this.#tickMs = tickMs;
    this.#delay.relax(frameMs, tickMs);
    this.#fill(count);
    const used = this.#copy(into, at, count); // may move the line
    this.#line.readAt += used;
    this.#tickMs += frameMs;
    return true;
  }

  /** Writes the beat in the way that brings the delay to its target. @returns samples used up */
  #copy(into: Int16Array, at: number, count: number): number {
    const line = this.#line;
    const excessMs = this.#excessMs();
    if (excessMs > skipFromMs) this.#skip = true;
    else if (
      Math.abs(excessMs) >= editFromMs &&
      isQuiet(line.samples, line.readAt, count, this.#noise.level)
    ) {
      return this.#edit(into, at, count, Math.round(excessMs * unitsPerMs));
    } else {
      const step = this.#stretch(excessMs) * this.#perUnit;
      if (step !== 0 && this.#decodeAhead(count + step + lookahead) >= count + step + lookahead) {
        readStretched(line.samples, line.readAt, into, at, count, step);
        this.stats.stretchedUnits += step / this.#perUnit;
        return count + step;
      }
    }
    return copySkipping(line.samples, line.readAt, into, at, count, 0);
  }

  #edit(into: Int16Array, at: number, count: number, excessUnits: number): number {
    const line = this.#line;
    const wanted = Math.min(maxEditUnits, Math.abs(excessUnits)) * this.#perUnit;
    if (excessUnits < 0) return copyRepeating(line.samples, line.readAt, into, at, count, wanted);
    const cut = Math.min(wanted, this.#decodeAhead(count + wanted) - count);
    return copySkipping(line.samples, line.readAt, into, at, count, cut);
  }

  /** Whether to read a unit more (1) or less (-1) than a beat. */
  #stretch(excessMs: number): number {
    const off = Math.abs(excessMs);
    const direction = Math.sign(excessMs);
    if (off > stretchFromMs) this.#stretching = direction;
    else if (off < stretchUntilMs || direction !== this.#stretching) this.#stretching = 0;
    return this.#stretching;
  }

  /** How much longer than the target the delay is; 0 where nothing true is being played. */
  #excessMs(): number {
    if (this.#fresh || this.#concealment.active) return 0;
    return this.#delayOf(this.#playAt) - this.#delay.targetMs;
  }

  /** Delay of `timestamp` if it were appended now. */
  #delayOf(timestamp: number): number {
    const waiting = this.#line.available / this.#perUnit;
    return this.#tickMs - this.#delay.baseMs + (waiting - timestamp) / unitsPerMs;
  }

  #fill(count: number): void {
    const line = this.#line;
    while (line.available < count) {
      this.#append(Math.ceil((count - line.available) / this.#perUnit));
    }
  }

  /** Decodes what follows without a gap until `count` samples wait. @returns how many do */
  #decodeAhead(count: number): number {
    const line = this.#line;
    while (line.available < count) {
      const next = this.#nextSequence;
      if (this.#store.state(next) !== 'held' || this.#store.codec(next) === 'noise') break;
      if (this.#store.timestamp(next) !== this.#playAt) break;
      this.#decode(next);
    }
    return line.available;
  }

  /** Appends something: a packet, or at most `units` of what is made up. */
  #append(units: number): void {
    const head = this.#store.first(this.#nextSequence, this.#timeline.highestSequence);
    if (this.#skip && !this.#concealment.active) this.#beginCover();
    if (head < 0) {
      this.#cover(units);
      this.#playAt += units;
      return;
    }
    if (this.#store.codec(head) === 'noise') {
      this.#noise.setLevel(this.#store.bytes[this.#store.offset(head)] as number);
      this.#store.release(head);
      this.#nextSequence = head + 1;
      this.#paused = true;
      return;
    }
    const timestamp = this.#store.timestamp(head);
    const gap = timestamp - this.#playAt;
    // In sequence but later: the peer paused. The pause is ours to lengthen or shorten.
    if (gap > 0 && head === this.#nextSequence) this.#rest();
    if (this.#fresh) {
      const wait = Math.round((this.#delay.targetMs - this.#delayOf(timestamp)) * unitsPerMs);
      if (wait > 0) this.#cover(Math.min(wait, units));
      else this.#decode(head);
    } else if (this.#tooLate(timestamp, gap)) {
      this.stats.late++;
      if (this.#skip) this.stats.skippedMs += this.#store.length(head) / unitsPerMs;
      this.#store.release(head);
      this.#nextSequence = head + 1;
      if (this.#skip) this.#playAt = timestamp + this.#store.length(head);
    } else if (gap > 0) this.#coverGap(gap, units);
    else this.#decode(head);
  }

  #tooLate(timestamp: number, gap: number): boolean {
    const tolerance = this.#skip ? 0 : lateToleranceMs;
    if (gap >= 0 && !this.#skip) return false;
    return this.#delayOf(timestamp) > this.#delay.targetMs + tolerance;
  }

  /** Fills the place of lost packets; a delay that is off is set right on this occasion. */
  #coverGap(gap: number, units: number): void {
    const excess = Math.round((this.#delayOf(this.#playAt) - this.#delay.targetMs) * unitsPerMs);
    if (excess < -gapAdjustMs * unitsPerMs) {
      this.#cover(Math.min(units, -excess));
      return;
    }
    if (excess > gapAdjustMs * unitsPerMs) {
      this.#playAt += Math.min(gap, excess);
      return;
    }
    const covered = Math.min(gap, units);
    this.#cover(covered);
    this.#playAt += covered;
  }

  #cover(units: number): void {
    const line = this.#line;
    const count = units * this.#perUnit;
    line.reserve(count);
    if (!this.#concealment.active) this.#beginCover();
    this.#concealment.fill(line.samples, line.writeAt, count);
    line.writeAt += count;
    if (!this.#paused && !this.#fresh) this.#madeUpUnits += units;
  }

  #beginCover(): void {
    this.#concealment.begin(this.#line.samples, this.#line.writeAt);
  }

  #decode(sequence: number): void {
    const line = this.#line;
    const store = this.#store;
    const units = store.length(sequence);
    const count = units * this.#perUnit;
    line.reserve(count);
    this.#decoder.decode(
      store.codec(sequence) as CodecName,
      store.bytes,
      store.offset(sequence),
      units,
      line.samples,
      line.writeAt,
    );
    this.#noise.learn(line.samples, line.writeAt, count);
    if (this.#concealment.active) this.#concealment.end(line.samples, line.writeAt, count);
    line.writeAt += count;
    this.stats.concealedMs += this.#madeUpUnits / unitsPerMs;
    this.#madeUpUnits = 0;
    this.#playAt = store.timestamp(sequence) + units;
    this.#nextSequence = sequence + 1;
    this.#fresh = false;
    this.#paused = false;
    this.#skip = false;
    store.release(sequence);
  }

  /** A new timeline: what is left of the old one is not worth waiting for. */
  #anchor(): void {
    this.stats.anchors++;
    this.#store.clear();
    this.#nextSequence = this.#timeline.sequence;
    this.#playAt = this.#timeline.timestamp;
    this.#paused = false;
    this.#rest();
  }

  #rest(): void {
    this.#fresh = true;
    this.#skip = false;
    this.#madeUpUnits = 0;
  }

  #late(nowMs: number): void {
    this.stats.late++;
    this.#delay.late(this.#timeline.delayMs, nowMs);
  }
}
