import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { SoundFile } from '../api/ports.ts';

/** A file as the API sends it; undefined when there is none. */
export async function openSoundFile(path: string): Promise<SoundFile | undefined> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!info?.isFile()) return undefined;
  return {
    bytes: info.size,
    modifiedAt: info.mtimeMs,
    read: (start, end) =>
      Readable.toWeb(createReadStream(path, { start, end })) as ReadableStream<Uint8Array>,
  };
}
