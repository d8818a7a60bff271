import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { RecordingResult } from '../codec/media-control.ts';
import { wavHeaderBytes } from '../codec/wav.ts';
import { repairRecording } from '../media-engine/recording/repair-recordings.ts';

const stereoBytesPerMs = 16;

/**
 * What is in a recording whose writer died: its header is mended, its length measured. To be called while nobody
 * writes to it. @returns null when there is no file, or nothing in it
 */
export async function salvageRecording(recordingId: string, file: string): Promise<RecordingResult | null> {
  try {
    await repairRecording(file);
    const { size } = await stat(file);
    if (size <= wavHeaderBytes) return null;
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
    return {
      recordingId,
      file,
      durationMs: Math.round((size - wavHeaderBytes) / stereoBytesPerMs),
      bytes: size,
      sha256: hash.digest('hex'),
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
