/**
 * One of G.722's two sub-bands: the adaptive predictor that encoder and decoder run alike (ITU-T G.722 section 6.2,
 * blocks 4L and 4H) and the adaptive scale of its quantizer. All arithmetic is 16 bit fixed point as the
 * recommendation lays down, so that both ends stay in step for ever.
 */

/** 2048 * 2^(i/32): the fraction of the logarithmic scale (table of block 3L, SCALEL). */
const antilog = Int32Array.from({ length: 32 }, (_, i) => Math.round(2048 * 2 ** (i / 32)));

/** Where the two bands differ. */
export interface BandShape {
  /** Scale at the beginning. */
  initialScale: number;
  /** Upper end of the logarithmic scale. */
  maxLogScale: number;
  /** Shift of the antilogarithm. */
  scaleShift: number;
}

/** Lower band, 0 to 4 kHz. */
export const lowBand: BandShape = { initialScale: 32, maxLogScale: 18_432, scaleShift: 8 };
/** Higher band, 4 to 7 kHz. */
export const highBand: BandShape = { initialScale: 8, maxLogScale: 22_528, scaleShift: 10 };

/** Limits to 16 bit. */
export function saturate16(value: number): number {
  return Math.max(-32_768, Math.min(32_767, value));
}

export class G722Band {
  readonly #shape: BandShape;
  /** Present step of the quantizer. */
  scale: number;
  /** What the predictor expects the next sample to be. */
  prediction = 0;
  #logScale = 0;
  #zeroPart = 0;
  // Two poles, with the latest two reconstructed samples and signs of partial reconstruction.
  #a1 = 0;
  #a2 = 0;
  #r1 = 0;
  #r2 = 0;
  #sign1 = 0;
  #sign2 = 0;
  /** Six zeros and the latest six differences. */
  readonly #b = new Int32Array(6);
  readonly #d = new Int32Array(6);

  constructor(shape: BandShape) {
    this.#shape = shape;
    this.scale = shape.initialScale;
  }

  /** Moves the quantizer's step by `weight` on the logarithmic scale, with a leak of 1/128. */
  adaptScale(weight: number): void {
    const { maxLogScale, scaleShift } = this.#shape;
    const log = ((this.#logScale * 127) >> 7) + weight;
    this.#logScale = Math.max(0, Math.min(maxLogScale, log));
    const fraction = antilog[(this.#logScale >> 6) & 31] as number;
    const shift = scaleShift - (this.#logScale >> 11);
    this.scale = (shift < 0 ? fraction << -shift : fraction >> shift) << 2;
  }

  /** Takes the quantized difference of the present sample and predicts the next. */
  advance(difference: number): void {
    const reconstructed = saturate16(this.prediction + difference);
    const sign0 = saturate16(this.#zeroPart + difference) >> 31;
    this.#adaptPoles(sign0);
    this.#sign2 = this.#sign1;
    this.#sign1 = sign0;
    this.#r2 = this.#r1;
    this.#r1 = reconstructed;
    this.#zeroPart = this.#adaptZeros(difference);
    const polePart = saturate16(
      ((this.#a1 * saturate16(2 * this.#r1)) >> 15) + ((this.#a2 * saturate16(2 * this.#r2)) >> 15),
    );
    this.prediction = saturate16(polePart + this.#zeroPart);
  }

  /** Blocks UPPOL2 and UPPOL1: sign-sign gradient with leak, kept stable by limits. */
  #adaptPoles(sign0: number): void {
    const steep = saturate16(4 * this.#a1);
    let a2 = Math.min(sign0 === this.#sign1 ? -steep : steep, 32_767) >> 7;
    a2 += sign0 === this.#sign2 ? 128 : -128;
    a2 += (this.#a2 * 32_512) >> 15;
    a2 = Math.max(-12_288, Math.min(12_288, a2));
    const limit = 15_360 - a2;
    const a1 = saturate16((sign0 === this.#sign1 ? 192 : -192) + ((this.#a1 * 32_640) >> 15));
    this.#a1 = Math.max(-limit, Math.min(limit, a1));
    this.#a2 = a2;
  }

  /** Blocks UPZERO, DELAYA and FILTEZ in one pass. */
  #adaptZeros(difference: number): number {
    const step = difference === 0 ? 0 : 128;
    const sign = difference >> 31;
    const b = this.#b;
    const d = this.#d;
    let newest = difference;
    let sum = 0;
    for (let i = 0; i < 6; i++) {
      const past = d[i] as number;
      const coefficient = (past >> 31 === sign ? step : -step) + (((b[i] as number) * 32_640) >> 15);
      const kept = saturate16(coefficient);
      b[i] = kept;
      d[i] = newest;
      sum += (kept * saturate16(2 * newest)) >> 15;
      newest = past;
    }
    return saturate16(sum);
  }
}
