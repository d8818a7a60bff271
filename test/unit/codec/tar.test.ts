import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TarReader, tarEnd, tarHeader, tarPadding } from '../../../src/codec/tar.ts';

const dir = mkdtempSync(join(tmpdir(), 'cordboard-tar-'));
afterAll(() => rmSync(dir, { recursive: true }));

const longName = `${'directory/'.repeat(11)}${'n'.repeat(60)}.wav`;
const contents: Record<string, Buffer> = {
  'manifest.json': Buffer.from('{"a":1}'),
  'empty.db': Buffer.alloc(0),
  'block.db': Buffer.alloc(512, 7),
  'more.db': Buffer.alloc(1025, 9),
  [longName]: Buffer.from('deep'),
};

function archiveOf(files: Record<string, Buffer>): Buffer {
  const parts = Object.entries(files).flatMap(([name, content]) => [
    tarHeader({ name, bytes: content.length, modifiedAtS: 1_700_000_000 }),
    content,
    tarPadding(content.length),
  ]);
  return Buffer.concat([...parts, tarEnd()]);
}

function read(
  archive: Uint8Array,
  pieceBytes = archive.length,
): { files: Record<string, Buffer>; ended: boolean } {
  const reader = new TarReader();
  const files: Record<string, Buffer> = {};
  let open: { name: string; parts: Buffer[] } | undefined;
  for (let at = 0; at < archive.length; at += pieceBytes) {
    for (const part of reader.read(archive.subarray(at, at + pieceBytes))) {
      if (part.kind === 'file') open = { name: part.name, parts: [] };
      else if (part.kind === 'data') open?.parts.push(Buffer.from(part.data));
      else if (open) files[open.name] = Buffer.concat(open.parts);
    }
  }
  return { files, ended: reader.isEnded };
}

describe('tar', () => {
  it('is read by the tar of the system, long names included', () => {
    const path = join(dir, 'ours.tar');
    writeFileSync(path, archiveOf(contents));
    const out = join(dir, 'out');
    mkdirSync(out);
    execFileSync('tar', ['-xf', path, '-C', out]);
    for (const [name, content] of Object.entries(contents))
      expect(readFileSync(join(out, name)).equals(content), name).toBe(true);
  });

  it('reads what the tar of the system writes, cut at any place', () => {
    for (const [name, content] of Object.entries(contents)) {
      mkdirSync(dirname(join(dir, 'in', name)), { recursive: true });
      writeFileSync(join(dir, 'in', name), content);
    }
    for (const format of ['ustar', 'gnu', 'v7']) {
      const names = Object.keys(contents).filter((name) => format === 'ustar' || name.length < 100);
      const archive = execFileSync('tar', [
        `--format=${format}`,
        '-cf',
        '-',
        '-C',
        join(dir, 'in'),
        ...names,
      ]);
      for (const piece of [archive.length, 1, 511, 513])
        expect(read(archive, piece), `${format} in pieces of ${piece}`).toEqual({
          files: Object.fromEntries(names.map((name) => [name, contents[name]])),
          ended: true,
        });
    }
  });

  it('writes and reads a size beyond 8 GiB', () => {
    const bytes = 8 ** 11 + 5;
    const [part] = new TarReader().read(tarHeader({ name: 'call-log.db', bytes, modifiedAtS: 0 }));
    expect(part).toEqual({ kind: 'file', name: 'call-log.db', bytes });
  });

  it('knows an archive that was cut off', () => {
    const archive = archiveOf(contents);
    for (const cut of [0, 100, 512, 600, archive.length - 1024])
      expect(read(archive.subarray(0, cut)).ended, String(cut)).toBe(false);
  });

  it('refuses random bytes, a damaged header, links, directories and a size that is none', () => {
    const header = (change: (bytes: Uint8Array) => void): Uint8Array => {
      const bytes = tarHeader({ name: 'settings.json', bytes: 4, modifiedAtS: 0 });
      change(bytes);
      const sum = bytes.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
      bytes.set(Buffer.from(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
      return bytes;
    };
    const noise = Uint8Array.from({ length: 2048 }, (_, i) => (i * 197 + 13) % 251);
    expect(() => read(noise)).toThrow('no tar archive');
    const damaged = tarHeader({ name: 'settings.json', bytes: 4, modifiedAtS: 0 });
    damaged[0] = 0x41;
    expect(() => read(damaged)).toThrow('damaged');
    for (const type of ['1', '2', '5', 'L', 'x'])
      expect(() => read(header((bytes) => bytes.set(Buffer.from(type), 156))), type).toThrow(
        'link, directory',
      );
    expect(() => read(header((bytes) => bytes.set(Buffer.from('99999999999'), 124)))).toThrow('size');
    expect(() => read(header((bytes) => bytes.fill(0xff, 124, 136)))).toThrow('size');
    const huge = header((bytes) => {
      bytes.fill(0xff, 124, 136);
      bytes[124] = 0x80;
    });
    expect(() => read(huge)).toThrow('size');
  });
});
