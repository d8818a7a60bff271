import { open, rename, rm, stat } from 'node:fs/promises';
import { randomId } from '../base/ids.ts';
import { sampleRateHz } from './level.ts';

const headerBytes = 44;
const bytesPerSample = 2;

/**
 * Writes mono 16-bit PCM at 8 kHz as a WAV file, whole or not at all: a temporary file beside it, flushed, then
 * renamed over what was there.
 */
export async function writeSoundFile(file: string, samples: Int16Array): Promise<void> {
  const data = Buffer.alloc(samples.length * bytesPerSample);
  for (let i = 0; i < samples.length; i++) data.writeInt16LE(samples[i] ?? 0, i * bytesPerSample);
  const temporary = `${file}.${randomId(8)}.tmp`;
  try {
    const handle = await open(temporary, 'wx', 0o640);
    try {
      await handle.writev([wavHeader(data.length), data]);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Duration of a file written by {@link writeSoundFile}, from its size. */
export async function soundFileDurationMs(file: string): Promise<number> {
  const { size } = await stat(file);
  return durationMsOf((size - headerBytes) / bytesPerSample);
}

export function durationMsOf(sampleCount: number): number {
  return Math.round((sampleCount * 1000) / sampleRateHz);
}

/** RIFF header of one `fmt ` and one `data` chunk: format 1 (PCM), 1 channel, 8000 Hz, 16 bit. */
function wavHeader(dataBytes: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(headerBytes - 8 + dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(sampleRateHz * bytesPerSample, 28);
  header.writeUInt16LE(bytesPerSample, 32);
  header.writeUInt16LE(8 * bytesPerSample, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(dataBytes, 40);
  return header;
}
