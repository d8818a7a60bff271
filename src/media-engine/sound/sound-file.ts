/**
 * Sound files as they may be played: WAV, mono, 8 kHz, linear 16 bit or G.711. Whatever else people have is
 * converted before it comes here.
 */
import { readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { CordboardError, errorMessage } from '../../base/errors.ts';
import { decodeG711, sampleRateHz } from '../../codec/g711.ts';
import { parseWav, type WavFormat } from '../../codec/wav.ts';
import type { SharedSound } from '../edge/player.ts';
import { allocateSound, encodeInto } from './sound.ts';

/** Encoded at a stretch before others get their turn: about 2 ms. */
const stretchSamples = 65_536;

/** @throws CordboardError `media.no-file` saying what is wrong with it */
export async function loadSoundFile(file: string): Promise<SharedSound> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new CordboardError('media.no-file', `${file}: ${errorMessage(error)}`, { cause: error });
  });
  const format = parseWav(bytes);
  const fault = typeof format === 'string' ? format : faultOf(format);
  if (typeof format === 'string' || fault) throw new CordboardError('media.no-file', `${file}: ${fault}`);
  const sampleBytes = format.bitsPerSample / 8;
  // A file still being written, or cut short, claims more than it has.
  const dataBytes = Math.min(format.dataBytes, bytes.length - format.dataOffset);
  const sound = allocateSound(Math.floor(dataBytes / sampleBytes));
  for (let at = 0; at < sound.samples; at += stretchSamples) {
    const count = Math.min(stretchSamples, sound.samples - at);
    const start = format.dataOffset + at * sampleBytes;
    encodeInto(sound, at, linearSamples(format, bytes.subarray(start, start + count * sampleBytes)));
    await setImmediate();
  }
  return sound;
}

function faultOf(format: WavFormat): string | undefined {
  if (format.channels !== 1) return `${format.channels} channels, not mono`;
  if (format.sampleRateHz !== sampleRateHz) return `${format.sampleRateHz} Hz, not ${sampleRateHz}`;
  const bits = format.encoding === 'linear' ? 16 : 8;
  return format.bitsPerSample === bits ? undefined : `${format.bitsPerSample} bits a sample, not ${bits}`;
}

function linearSamples(format: WavFormat, bytes: Buffer): Int16Array {
  if (format.encoding !== 'linear') return decodeG711(format.encoding, bytes);
  const samples = new Int16Array(bytes.length / 2);
  for (let at = 0; at < samples.length; at++) samples[at] = bytes.readInt16LE(at * 2);
  return samples;
}
