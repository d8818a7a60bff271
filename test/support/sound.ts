/** Sound as tests make and judge it: 16-bit mono samples at 8 kHz. */
import { readFileSync, writeFileSync } from 'node:fs';

export const sampleRateHz = 8000;

/** A sine of `frequencyHz`, half of full scale. */
export function sine(
  frequencyHz: number,
  durationMs: number,
  amplitude = 0.3,
  rateHz = sampleRateHz,
): Int16Array {
  const samples = new Int16Array(Math.round((durationMs * rateHz) / 1000));
  for (let i = 0; i < samples.length; i++)
    samples[i] = Math.round(32767 * amplitude * Math.sin((2 * Math.PI * frequencyHz * i) / rateHz));
  return samples;
}

/** Relative power (0..1) of one frequency in the samples, by Goertzel's algorithm: 1 = nothing but this tone. */
export function toneShare(samples: Int16Array, frequencyHz: number, rateHz = sampleRateHz): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * frequencyHz) / rateHz);
  let s1 = 0;
  let s2 = 0;
  let energy = 0;
  for (const sample of samples) {
    const s0 = sample + coefficient * s1 - s2;
    s2 = s1;
    s1 = s0;
    energy += sample * sample;
  }
  if (energy === 0) return 0;
  const power = s1 * s1 + s2 * s2 - coefficient * s1 * s2;
  return Math.min(1, (2 * power) / (samples.length * energy));
}

/**
 * The purest stretch of `windowMs`: how clearly one frequency is somewhere in the samples. For sound whose speaker may
 * have been kept from speaking for a moment, as on a busy machine.
 */
export function clearest(
  samples: Int16Array,
  frequencyHz: number,
  windowMs = 400,
  rateHz = sampleRateHz,
): number {
  const window = (windowMs * rateHz) / 1000;
  let best = 0;
  for (let at = 0; at + window <= samples.length; at += rateHz / 50)
    best = Math.max(best, toneShare(samples.subarray(at, at + window), frequencyHz, rateHz));
  return best;
}

/** Root mean square as a share of full scale. */
export function level(samples: Int16Array): number {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  return samples.length === 0 ? 0 : Math.sqrt(energy / samples.length) / 32768;
}

/** First index at which `frequencyHz` is heard, in windows of 10 ms; -1 when never. */
export function onsetOf(samples: Int16Array, frequencyHz: number, rateHz = sampleRateHz): number {
  const window = rateHz / 100;
  for (let at = 0; at + 2 * window <= samples.length; at += window / 10) {
    const part = samples.subarray(at, at + 2 * window);
    if (level(part) > 0.02 && toneShare(part, frequencyHz, rateHz) > 0.6) return at;
  }
  return -1;
}

export function writeWav(file: string, samples: Int16Array, rateHz = sampleRateHz): void {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(36 + samples.byteLength, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(rateHz, 24);
  header.writeUInt32LE(rateHz * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36);
  header.writeUInt32LE(samples.byteLength, 40);
  writeFileSync(
    file,
    Buffer.concat([header, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)]),
  );
}

/** All channels of a WAV file (PCM 16 bit or µ-law), also of one that is still being written. */
export function readWav(file: string): { rateHz: number; channels: Int16Array[] } {
  const bytes = readFileSync(file);
  let at = 12;
  let format = 1;
  let channelCount = 1;
  let rateHz = sampleRateHz;
  while (at + 8 <= bytes.length) {
    const id = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const body = at + 8;
    if (id === 'fmt ') {
      format = bytes.readUInt16LE(body);
      channelCount = bytes.readUInt16LE(body + 2);
      rateHz = bytes.readUInt32LE(body + 4);
    } else if (id === 'data') {
      const width = format === 7 ? 1 : 2;
      // A writer that was cut off leaves a size of 0 or beyond the end: what is there counts.
      const end = size === 0 ? bytes.length : Math.min(bytes.length, body + size);
      const frames = Math.floor((end - body) / (width * channelCount));
      const channels = Array.from({ length: channelCount }, () => new Int16Array(frames));
      for (let i = 0; i < frames; i++) {
        for (let c = 0; c < channelCount; c++) {
          const offset = body + (i * channelCount + c) * width;
          const channel = channels[c];
          if (channel) channel[i] = format === 7 ? mulaw(bytes[offset] ?? 0xff) : bytes.readInt16LE(offset);
        }
      }
      return { rateHz, channels };
    }
    at = body + size + (size & 1);
  }
  return { rateHz, channels: [] };
}

/** ITU-T G.711 table 2a, written apart from the product's own table so that each checks the other. */
function mulaw(code: number): number {
  const inverted = ~code & 0xff;
  const magnitude = (((inverted & 0x0f) << 3) + 0x84) << ((inverted & 0x70) >> 4);
  return inverted & 0x80 ? 0x84 - magnitude : magnitude - 0x84;
}
