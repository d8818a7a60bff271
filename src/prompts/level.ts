/**
 * Levels of telephone sound: every prompt is brought to one loudness, whoever recorded it. Samples are 16 bit at
 * 8 kHz. 0 dBm0 is 6.18 dB below digital overload (ITU-T G.711: a full-scale sine is +3.17 dBm0).
 */
export const sampleRateHz = 8000;

/** Where full scale (an overloading square wave, 0 dBov) lies above 0 dBm0. */
const dbm0OfFullScale = 6.18;
/** Below this a telephone plays nothing but noise. */
const inaudibleDbm0 = -65;
const frameSamples = 160; // 20 ms
/** No sample leaves above this: 3 dB below full scale leaves room for peaks between the samples. */
const peakLimit = 23_197;
const lookaheadSamples = 16; // 2 ms

/** Level of a whole block in dBm0; -Infinity for digital silence. */
export function levelDbm0(samples: Int16Array): number {
  return toDbm0(power(samples, 0, samples.length));
}

/**
 * Level of the speech alone, pauses left out: mean power of the 20 ms frames within 16 dB of the louder ones
 * (the margin of ITU-T P.56). -Infinity when nothing is there.
 */
export function activeLevelDbm0(samples: Int16Array): number {
  const powers = framePowers(samples);
  let level = mean(powers);
  // Each round leaves out what is a pause beside the speech found so far; it settles in a few.
  for (let round = 0; round < 4 && level > 0; round++) {
    const floor = level / 10 ** 1.59;
    level = mean(powers.filter((framePower) => framePower >= floor));
  }
  return toDbm0(level);
}

/** Cuts silence (35 dB below the speech, or below -65 dBm0) off both ends; `leadMs` and `tailMs` of silence are put in its place. */
export function trimSilence(samples: Int16Array, leadMs: number, tailMs: number): Int16Array {
  const powers = framePowers(samples);
  const floorDbm0 = Math.max(inaudibleDbm0, activeLevelDbm0(samples) - 35);
  const floor = 10 ** ((floorDbm0 - dbm0OfFullScale) / 10);
  const heard = (framePower: number): boolean => framePower >= floor;
  const first = powers.findIndex(heard);
  if (first < 0) return new Int16Array(0);
  // One frame more on each side keeps soft onsets; a short fade avoids a click at the cut.
  const from = Math.max(0, first - 1) * frameSamples;
  const to = Math.min(samples.length, (powers.findLastIndex(heard) + 2) * frameSamples);
  const lead = Math.round((leadMs * sampleRateHz) / 1000);
  const tail = Math.round((tailMs * sampleRateHz) / 1000);
  const result = new Int16Array(lead + (to - from) + tail);
  result.set(samples.subarray(from, to), lead);
  const fadeSamples = Math.min(frameSamples >> 1, (to - from) >> 1);
  for (let i = 0; i < fadeSamples; i++) {
    const gain = i / fadeSamples;
    result[lead + i] = Math.round((result[lead + i] ?? 0) * gain);
    const last = lead + (to - from) - 1 - i;
    result[last] = Math.round((result[last] ?? 0) * gain);
  }
  return result;
}

/** Brings the active level to `targetDbm0`, and holds peaks below 3 dB under full scale with a 2 ms look-ahead limiter. */
export function normalise(samples: Int16Array, targetDbm0: number): Int16Array {
  const level = activeLevelDbm0(samples);
  if (level === Number.NEGATIVE_INFINITY) return samples.slice();
  const gain = 10 ** ((targetDbm0 - level) / 20);
  return limit(Float32Array.from(samples, (sample) => sample * gain));
}

/** A sine at `levelDbm0`, with 10 ms fades against clicks. */
export function sine(frequencyHz: number, durationMs: number, level: number): Int16Array {
  const length = Math.round((durationMs * sampleRateHz) / 1000);
  const amplitude = 32_768 * Math.SQRT2 * 10 ** ((level - dbm0OfFullScale) / 20);
  const fade = Math.min(sampleRateHz / 100, length / 2);
  return Int16Array.from({ length }, (_, i) => {
    const gain = Math.min(1, i / fade, (length - 1 - i) / fade);
    return Math.round(amplitude * gain * Math.sin((2 * Math.PI * frequencyHz * i) / sampleRateHz));
  });
}

function limit(samples: Float32Array): Int16Array {
  const length = samples.length;
  const needed = samples.map((sample) => Math.min(1, peakLimit / Math.max(1, Math.abs(sample))));
  // The least gain needed ahead, then its running mean: smooth, and never above what any sample needs.
  const ahead = needed.map((_, i) => {
    let least = 1;
    for (let k = i; k <= i + lookaheadSamples && k < length; k++) least = Math.min(least, needed[k] ?? 1);
    return least;
  });
  return Int16Array.from(samples, (sample, i) => {
    let sum = 0;
    for (let k = i - lookaheadSamples; k <= i; k++) sum += ahead[Math.max(0, k)] ?? 1;
    return Math.round((sample * sum) / (lookaheadSamples + 1));
  });
}

function framePowers(samples: Int16Array): number[] {
  const powers: number[] = [];
  for (let at = 0; at < samples.length; at += frameSamples)
    powers.push(power(samples, at, Math.min(samples.length, at + frameSamples)));
  return powers;
}

/** Mean square of samples from..to-1, 1 being full scale. */
function power(samples: Int16Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += (samples[i] ?? 0) ** 2;
  return to > from ? sum / (to - from) / 32_768 ** 2 : 0;
}

function mean(values: number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function toDbm0(meanSquare: number): number {
  return 10 * Math.log10(meanSquare) + dbm0OfFullScale;
}
