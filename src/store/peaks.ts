/**
 * Computes what a recording looks like and keeps it beside the file (`NAME.peaks.json`). Reads and computes at once:
 * for a thread of its own.
 */
import {
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { CordboardError } from '../base/errors.ts';
import { decodeTable, sampleRateHz } from '../codec/g711.ts';
import { parseWav, type WavFormat } from '../codec/wav.ts';
import { coarser, drawnPeaks, silencesOf, usualSilence } from '../domain/silence-map.ts';

export interface RecordingPeaks {
  durationMs: number;
  stepMs: number;
  left: string;
  right: string;
  silences: [number, number][];
}

/** Silence is judged in steps of this. */
const fineMs = 20;
/** More steps than a wide screen has points are of no use. */
const mostSteps = 2000;
const chunkBytes = 1 << 20;

export type PeaksOperations = {
  peaks: { args: { file: string }; result: RecordingPeaks };
};

/** Where the peaks of a recording are kept. */
export function peaksFile(recording: string): string {
  return recording.replace(/\.wav$/, '.peaks.json');
}

/** @throws CordboardError media.no-file, disk.failed */
export function peaksOf(file: string): RecordingPeaks {
  const kept = readKept(peaksFile(file));
  if (kept) return kept;
  const peaks = compute(file);
  keep(peaksFile(file), peaks);
  return peaks;
}

function compute(file: string): RecordingPeaks {
  const descriptor = openSync(file, 'r');
  try {
    const head = Buffer.alloc(4096);
    const format = parseWav(head.subarray(0, readSync(descriptor, head, 0, head.length, 0)));
    if (typeof format === 'string') throw new CordboardError('media.no-file', `${file}: ${format}`);
    if (format.channels < 1 || format.channels > 2)
      throw new CordboardError('media.no-file', `${file}: ${format.channels} channels`);
    const bytes = Math.min(format.dataBytes, fstatSync(descriptor).size - format.dataOffset);
    const [left, right] = finePeaks(descriptor, format, bytes);
    const factor = Math.max(1, Math.ceil(left.length / mostSteps));
    const drawn = (peaks: Uint16Array): string =>
      Buffer.from(drawnPeaks(coarser(peaks, factor))).toString('base64');
    const rate = format.sampleRateHz || sampleRateHz;
    return {
      durationMs: Math.round((bytes / (format.channels * (format.bitsPerSample / 8)) / rate) * 1000),
      stepMs: fineMs * factor,
      left: drawn(left),
      right: drawn(right),
      silences: silencesOf(left, right, { ...usualSilence, stepMs: fineMs }),
    };
  } finally {
    closeSync(descriptor);
  }
}

/** The loudest sample of each step; a mono file is the same on both sides. */
function finePeaks(descriptor: number, format: WavFormat, bytes: number): [Uint16Array, Uint16Array] {
  const { channels, encoding, dataOffset } = format;
  const sampleBytes = encoding === 'linear' ? 2 : 1;
  const frameBytes = channels * sampleBytes;
  const stepFrames = Math.round(((format.sampleRateHz || sampleRateHz) * fineMs) / 1000);
  const frames = Math.floor(bytes / frameBytes);
  const steps = Math.ceil(frames / stepFrames);
  const peaks: [Uint16Array, Uint16Array] = [new Uint16Array(steps), new Uint16Array(steps)];
  const table = encoding === 'linear' ? undefined : decodeTable[encoding];
  const chunk = Buffer.alloc(chunkBytes - (chunkBytes % frameBytes));
  let frame = 0;
  while (frame < frames) {
    const wanted = Math.min(chunk.length, (frames - frame) * frameBytes);
    const read = readSync(descriptor, chunk, 0, wanted, dataOffset + frame * frameBytes);
    const got = Math.floor(read / frameBytes);
    if (got === 0) break;
    for (let at = 0; at < got; at++, frame++) {
      const step = Math.floor(frame / stepFrames);
      for (let channel = 0; channel < channels; channel++) {
        const offset = at * frameBytes + channel * sampleBytes;
        const sample = table ? (table[chunk[offset] ?? 0] ?? 0) : chunk.readInt16LE(offset);
        const loud = sample < 0 ? -sample : sample;
        const side = peaks[channel === 0 ? 0 : 1];
        if (loud > (side[step] ?? 0)) side[step] = Math.min(loud, 32_767);
      }
    }
  }
  if (channels === 1) peaks[1].set(peaks[0]);
  return peaks;
}

function readKept(file: string): RecordingPeaks | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as RecordingPeaks;
  } catch {
    return undefined; // not there yet, or half written by a power cut: it is computed again
  }
}

function keep(file: string, peaks: RecordingPeaks): void {
  const temporary = `${file}.tmp`;
  try {
    writeFileSync(temporary, JSON.stringify(peaks), { mode: 0o640 });
    renameSync(temporary, file);
  } catch {
    // A full disk (which has its own fault) costs computing it again the next time, nothing else.
    rmSync(temporary, { force: true });
  }
}
