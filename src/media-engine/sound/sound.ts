/**
 * Sounds made ready to play: one byte a sample, in both codecs, in memory that all threads share.
 */
import { encodeTable } from '../../codec/g711.ts';
import type { SharedSound } from '../edge/player.ts';

/** Bytes that a sound occupies. */
export function bytesOfSound(sound: SharedSound): number {
  return sound.samples * 2;
}

/** An empty sound of `samples`, to be filled. */
export function allocateSound(samples: number): SharedSound {
  return { samples, PCMU: new SharedArrayBuffer(samples), PCMA: new SharedArrayBuffer(samples) };
}

/** Encodes linear samples into the sound, from its sample `at` on. */
export function encodeInto(sound: SharedSound, at: number, samples: Int16Array): void {
  const pcmu = new Uint8Array(sound.PCMU, at, samples.length);
  const pcma = new Uint8Array(sound.PCMA, at, samples.length);
  for (let i = 0; i < samples.length; i++) {
    const index = (samples[i] as number) & 0xffff;
    pcmu[i] = encodeTable.PCMU[index] as number;
    pcma[i] = encodeTable.PCMA[index] as number;
  }
}

/** A sound of linear samples. */
export function soundOf(samples: Int16Array): SharedSound {
  const sound = allocateSound(samples.length);
  encodeInto(sound, 0, samples);
  return sound;
}
