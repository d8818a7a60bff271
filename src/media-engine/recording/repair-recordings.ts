/**
 * After a power cut: headers of recordings that were running are set right, so that what reached the disk plays.
 */
import type { Dirent } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { mendG711Header, wavHeaderBytes } from '../../codec/wav.ts';

export interface RepairedRecording {
  file: string;
  durationMs: number;
  /** Size now. */
  bytes: number;
}

/**
 * Repairs what is under `dir`, folders included. Files that are in order, or none of ours, stay untouched. To be
 * called while nothing records there.
 * @returns what was mended; a missing directory holds nothing
 */
export async function repairRecordings(dir: string): Promise<RepairedRecording[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(dir, { recursive: true, withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const repaired: RepairedRecording[] = [];
  for (const entry of entries) {
    if (!entry.isFile() || !entry.name.endsWith('.wav')) continue;
    const mended = await repairRecording(join(entry.parentPath, entry.name));
    if (mended) repaired.push(mended);
  }
  return repaired;
}

/** One file. @returns null when there was nothing to mend, or it is none of ours */
export async function repairRecording(file: string): Promise<RepairedRecording | null> {
  const handle = await open(file, 'r+');
  try {
    const { size } = await handle.stat();
    const start = Buffer.alloc(Math.min(size, wavHeaderBytes));
    await handle.read(start, 0, start.length, 0);
    const mended = mendG711Header(start, size);
    if (!mended) return null;
    await handle.truncate(mended.fileBytes);
    await handle.write(mended.header, 0, wavHeaderBytes, 0);
    await handle.sync();
    const channels = mended.header.readUInt16LE(22);
    return {
      file,
      durationMs: Math.round((mended.fileBytes - wavHeaderBytes) / channels / 8),
      bytes: mended.fileBytes,
    };
  } finally {
    await handle.close();
  }
}
