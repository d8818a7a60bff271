/**
 * Digits in sound (ITU-T Q.23), told from speech and noise by the limits of Q.24: each tone within 2.5 % of its
 * frequency (1.5 % must do, 3.5 % must not), levels from 0 to -25 dBm0, the high tone at most 4 dB stronger or 8 dB
 * weaker than the low one, 40 ms long and 40 ms apart, gaps of 10 ms bridged.
 *
 *     samples ─► 8 Goertzel filters a hop of 8 ms ─► blocks of two hops ─► strongest of each group ─┐
 *                                            press ◄── two blocks that agree ◄── level, twist, ◄────┘
 *                                                                    frequency by the phase between
 *                                                                    blocks, share of all the sound
 *
 * A voice fails by the last two: what it has at two frequencies does not stand still, and is not nearly all there is.
 */
import { amplitudeOfDbm0, sampleRateHz } from '../../codec/g711.ts';
import { highHz, keypad, lowHz } from './dtmf-tone.ts';

const hopSamples = 64;
const blockSamples = 2 * hopSamples;
const frequencies = [...lowHz, ...highHz];
const filters = frequencies.length;
const half = lowHz.length;

/** Mean square of the weakest tone accepted, -29 dBm0: some margin below what Q.24 asks for. */
const leastPower = amplitudeOfDbm0(-29) ** 2 / 2;
/** Power of the high tone over the low one: 6 dB stronger to 10 dB weaker, again with margin. */
const mostTwist = 10 ** 0.6;
const leastTwist = 10 ** -1;
/** How far off a frequency may be. */
const frequencyTolerance = 0.025;
/** Share of the two tones in all that sounds. */
const leastShare = 0.8;
/** A block of which the one before has less than this share of its power was only half filled by then. */
const leastSteady = 0.5;
/** A press goes on for as long as its tones have this share; what goes on may be disturbed. */
const leastShareHeld = 0.4;
/** Blocks that must agree for a press, and fail for its end. */
const blocksToBegin = 2;
const blocksToEnd = 3;

/** Hertz of a turn between two blocks. */
const hertzPerRadian = sampleRateHz / (2 * Math.PI * hopSamples);

const omega = frequencies.map((hertz) => (2 * Math.PI * hertz) / sampleRateHz);
const coefficient = Float64Array.from(omega, (each) => 2 * Math.cos(each));
const cosine = Float64Array.from(omega, Math.cos);
const sine = Float64Array.from(omega, Math.sin);
/** How far a clock of each frequency turns backwards in a hop. */
const stepRe = Float64Array.from(omega, (each) => Math.cos(each * hopSamples));
const stepIm = Float64Array.from(omega, (each) => -Math.sin(each * hopSamples));

/** Two filters, and what each shows of a tone as far off its frequency as the one found, 0..1. */
interface TonePair {
  low: number;
  high: number;
  lowGain: number;
  highGain: number;
}

/** One row of complex values, a filter each. */
class Spectrum {
  readonly re = new Float64Array(filters);
  readonly im = new Float64Array(filters);
  energy = 0;
}

export class DtmfDetector {
  readonly #onDigit: (event: number, durationMs: number) => void;
  readonly #state1 = new Float64Array(filters);
  readonly #state2 = new Float64Array(filters);
  /** Turns each hop to the phase of one clock that runs through all. */
  readonly #turn = new Spectrum();
  #hop = new Spectrum();
  #hopBefore = new Spectrum();
  #block = new Spectrum();
  #blockBefore = new Spectrum();
  #energy = 0;
  #collected = 0;
  #hops = 0;
  /** What the latest blocks agree upon, -1 nothing; and how many of them. */
  #candidate = -1;
  #agreed = 0;
  /** What was found latest, and the press that goes on; its event code, -1 when there is none. */
  #found: TonePair = { low: 0, high: 0, lowGain: 1, highGain: 1 };
  #held = this.#found;
  #event = -1;
  #began = 0;
  #heard = 0;
  #missed = 0;

  /** @param onDigit told once for each press, at its end: event code 0..15 and length in milliseconds */
  constructor(onDigit: (event: number, durationMs: number) => void) {
    this.#onDigit = onDigit;
    this.#turn.re.fill(1);
  }

  /** Takes `count` samples at 8 kHz, each following the one before. */
  process(samples: Int16Array, at: number, count: number): void {
    const [s1, s2] = [this.#state1, this.#state2];
    for (let n = at; n < at + count; n++) {
      const sample = samples[n] as number;
      this.#energy += sample * sample;
      for (let f = 0; f < filters; f++) {
        const before = s1[f] as number;
        s1[f] = sample + (coefficient[f] as number) * before - (s2[f] as number);
        s2[f] = before;
      }
      if (++this.#collected === hopSamples) this.#endHop();
    }
  }

  /** Forgets what it heard; a press that goes on is told. */
  reset(): void {
    this.#end();
    this.#candidate = -1;
    this.#agreed = 0;
    for (const each of [this.#hop, this.#hopBefore, this.#block, this.#blockBefore]) {
      each.re.fill(0);
      each.im.fill(0);
      each.energy = 0;
    }
  }

  #endHop(): void {
    this.#readHop();
    const block = this.#blockBefore;
    this.#blockBefore = this.#block;
    this.#block = block;
    const [hop, before] = [this.#hop, this.#hopBefore];
    for (let f = 0; f < filters; f++) {
      block.re[f] = (hop.re[f] as number) + (before.re[f] as number);
      block.im[f] = (hop.im[f] as number) + (before.im[f] as number);
    }
    block.energy = hop.energy + before.energy;
    this.#hops++;
    this.#judge();
  }

  /** Takes what the filters gathered, turned to the common phase, and empties them. */
  #readHop(): void {
    const hop = this.#hopBefore;
    this.#hopBefore = this.#hop;
    this.#hop = hop;
    const turn = this.#turn;
    for (let f = 0; f < filters; f++) {
      const cos = cosine[f] as number;
      const sin = sine[f] as number;
      const s2 = this.#state2[f] as number;
      // s1 - s2 e^-jω is the sum over the hop as seen from its last sample; the turn takes it to the common clock.
      const re = (this.#state1[f] as number) - s2 * cos;
      const im = s2 * sin;
      const turnRe = turn.re[f] as number;
      const turnIm = turn.im[f] as number;
      hop.re[f] = re * turnRe - im * turnIm;
      hop.im[f] = re * turnIm + im * turnRe;
      turn.re[f] = turnRe * (stepRe[f] as number) - turnIm * (stepIm[f] as number);
      turn.im[f] = turnRe * (stepIm[f] as number) + turnIm * (stepRe[f] as number);
    }
    hop.energy = this.#energy;
    this.#state1.fill(0);
    this.#state2.fill(0);
    this.#energy = 0;
    this.#collected = 0;
  }

  #judge(): void {
    const found = this.#find();
    if (found >= 0 && found === this.#candidate) this.#agreed++;
    else {
      this.#candidate = found;
      this.#agreed = found < 0 ? 0 : 1;
    }
    if (this.#event >= 0) {
      if (this.#goesOn()) {
        this.#heard = this.#hops;
        this.#missed = 0;
      } else if (++this.#missed >= blocksToEnd) this.#end();
    }
    if (this.#agreed >= blocksToBegin && found !== this.#event) this.#begin(found);
  }

  /** The digit that this block and the one before it speak for; -1: none. */
  #find(): number {
    const low = this.#strongest(0);
    const high = this.#strongest(half);
    const lowGain = this.#gainAt(low);
    const highGain = this.#gainAt(high);
    if (lowGain === 0 || highGain === 0) return -1;
    const lowPower = this.#power(low) / lowGain;
    const highPower = this.#power(high) / highGain;
    if (lowPower < leastPower || highPower < leastPower) return -1;
    if (highPower > lowPower * mostTwist || highPower < lowPower * leastTwist) return -1;
    if (lowPower + highPower < (leastShare * this.#block.energy) / blockSamples) return -1;
    this.#found = { low, high, lowGain, highGain };
    return (keypad[low] as number[])[high - half] as number;
  }

  #strongest(from: number): number {
    let best = from;
    for (let f = from + 1; f < from + half; f++) if (this.#power(f) > this.#power(best)) best = f;
    return best;
  }

  /** Mean square of a sine at a filter's very frequency. */
  #power(filter: number): number {
    const re = this.#block.re[filter] as number;
    const im = this.#block.im[filter] as number;
    return (2 * (re * re + im * im)) / blockSamples ** 2;
  }

  /** What a filter shows of a tone at the frequency found, 0..1; 0 when that is too far off, or has just begun. */
  #gainAt(filter: number): number {
    const { re, im } = this.#block;
    const { re: reBefore, im: imBefore } = this.#blockBefore;
    const [a, b] = [re[filter] as number, im[filter] as number];
    const [c, d] = [reBefore[filter] as number, imBefore[filter] as number];
    if (c * c + d * d < leastSteady * (a * a + b * b)) return 0;
    const off = Math.atan2(b * c - a * d, a * c + b * d) * hertzPerRadian;
    if (Math.abs(off) > frequencyTolerance * (frequencies[filter] as number)) return 0;
    const x = (Math.PI * off * blockSamples) / sampleRateHz;
    return x === 0 ? 1 : (Math.sin(x) / x) ** 2;
  }

  /** Whether the press that was begun is still heard. */
  #goesOn(): boolean {
    const { low, high, lowGain, highGain } = this.#held;
    const power = this.#power(low) / lowGain + this.#power(high) / highGain;
    return power >= leastPower / 2 && power >= (leastShareHeld * this.#block.energy) / blockSamples;
  }

  #begin(event: number): void {
    this.#end();
    this.#event = event;
    this.#held = this.#found;
    this.#began = this.#hops - blocksToBegin - 1;
    this.#heard = this.#hops;
    this.#missed = 0;
  }

  #end(): void {
    const event = this.#event;
    if (event < 0) return;
    this.#event = -1;
    this.#onDigit(event, ((this.#heard - this.#began) * hopSamples * 1000) / sampleRateHz);
  }
}
