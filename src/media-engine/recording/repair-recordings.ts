/**
 * After a power cut: headers of recordings that were running are set right, so that what reached the disk plays. The
 * last writes may have reached it in part and in any order; what is missing between them reads as zeros, which in
 * G.711 is the loudest sound there is, and becomes silence.
 */
import type { Dirent } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { silenceByte } from '../../codec/g711.ts';
import { mendG711Header, wavHeaderBytes } from '../../codec/wav.ts';

/** Disks write whole sectors: a hole ends where one does, and begins there or where a write began. */
const sectorBytes = 512;
/** So many zeros at once are no talk wherever they are: 2 ms of both channels at their loudest. */
const holeBytes = 32;
/** Only the end of a file can have holes, all before was synced: four seconds in stereo. */
const unsafeBytes = 65_536;

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
    const isOurs = mended !== null || isRecording(start, size);
    const filled = isOurs && (await fillHoles(handle, mended?.fileBytes ?? size));
    if (!mended && !filled) return null;
    if (mended) {
      await handle.truncate(mended.fileBytes);
      await handle.write(mended.header, 0, wavHeaderBytes, 0);
    }
    await handle.sync();
    const bytes = mended?.fileBytes ?? size;
    const channels = (mended?.header ?? start).readUInt16LE(22);
    return { file, durationMs: Math.round((bytes - wavHeaderBytes) / channels / 8), bytes };
  } finally {
    await handle.close();
  }
}

/** A recording of ours whose header is in order: the one that its size asks for. */
function isRecording(start: Buffer, size: number): boolean {
  return start.length === wavHeaderBytes && mendG711Header(start, size + 2) !== null;
}

/** Makes silence of what never reached the disk. @returns whether there was any */
async function fillHoles(handle: FileHandle, size: number): Promise<boolean> {
  const from = Math.max(wavHeaderBytes, size - unsafeBytes);
  const bytes = Buffer.alloc(Math.max(0, size - from));
  await handle.read(bytes, 0, bytes.length, from);
  let filled = false;
  for (let start = bytes.indexOf(0); start >= 0; ) {
    let end = start + 1;
    while (bytes[end] === 0) end++;
    const touchesSector = (from + start) % sectorBytes === 0 || (from + end) % sectorBytes === 0;
    if (end - start >= holeBytes || (touchesSector && end - start > 1)) {
      bytes.fill(silenceByte.PCMU, start, end);
      filled = true;
    }
    start = bytes.indexOf(0, end);
  }
  if (filled) await handle.write(bytes, 0, bytes.length, from);
  return filled;
}
