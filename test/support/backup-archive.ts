/** Archives as a backup is, or as somebody who means harm would make one. */
import { createHash } from 'node:crypto';
import { tarEnd, tarHeader, tarPadding } from '../../src/codec/tar.ts';

export type ArchiveFile = readonly [name: string, content: Uint8Array];

export function archiveOf(files: readonly ArchiveFile[]): Buffer {
  const parts = files.flatMap(([name, content]) => [
    tarHeader({ name, bytes: content.length, modifiedAtS: 1_700_000_000 }),
    content,
    tarPadding(content.length),
  ]);
  return Buffer.concat([...parts, tarEnd()]);
}

/** With a manifest that fits the files, but for what `change` says. */
export function backupOf(files: readonly ArchiveFile[], change: Record<string, unknown> = {}): Buffer {
  const manifest = {
    format: 1,
    version: '1.0.0',
    officeName: 'Elsewhere',
    at: 1_700_000_000_000,
    hasKey: files.some(([name]) => name === 'secret.key'),
    hasRecordings: false,
    files: files.map(([name, content]) => ({
      name,
      bytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
    })),
    ...change,
  };
  return archiveOf([...files, ['manifest.json', Buffer.from(JSON.stringify(manifest))]]);
}
