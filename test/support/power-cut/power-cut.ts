/**
 * What a power cut leaves of a program's files: the program runs with recorder.c preloaded, and from the record of its
 * writes the disk is made again as it may have been at any moment. Kept is what had been synced by then; of what had
 * not, any part may have reached the disk, sector by sector and in no order, and of what was done to a directory any
 * first part. So this is harsher than a journalling file system, and no harsher than POSIX.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import type { Random } from '../../../scripts/fuzzers/random.ts';

const headBytes = 29;
const sectorBytes = 512;
const createFlag = 0o100;
const truncateFlag = 0o1000;

/** Compiles the recorder. @returns the file to preload */
export function buildRecorder(): string {
  const library = join(tmpdir(), `cordboard-recorder-${process.pid}.so`);
  const source = join(import.meta.dirname, 'recorder.c');
  execFileSync('gcc', ['-shared', '-fPIC', '-O2', '-Wall', '-Werror', '-o', library, source, '-ldl']);
  return library;
}

/** Environment of the program to be recorded. */
export function recorded(options: {
  library: string;
  /** Folder whose files are watched. */
  root: string;
  trace: string;
  syncMs?: number;
}): NodeJS.ProcessEnv {
  return {
    LD_PRELOAD: options.library,
    POWER_CUT_ROOT: options.root,
    POWER_CUT_TRACE: options.trace,
    POWER_CUT_SYNC_MS: String(options.syncMs ?? 0),
    UV_USE_IO_URING: '0', // what goes past libc is not seen
  };
}

export interface TraceRecord {
  kind: string;
  /** CLOCK_MONOTONIC, as of `process.hrtime`. */
  atMs: number;
  a: number;
  b: number;
  bytes: Buffer;
}

/** The record of a run, in order. */
export function readTrace(file: string): TraceRecord[] {
  const all = readFileSync(file);
  const records: TraceRecord[] = [];
  for (let at = 0; at + headBytes <= all.length; ) {
    const end = at + headBytes + all.readUInt32LE(at + 25);
    if (end > all.length) break; // killed while it was written
    records.push({
      kind: String.fromCharCode(all[at] as number),
      atMs: Number(all.readBigUInt64LE(at + 1)) / 1e6,
      a: Number(all.readBigInt64LE(at + 9)),
      b: Number(all.readBigInt64LE(at + 17)),
      bytes: all.subarray(at + headBytes, end),
    });
    at = end;
  }
  return records;
}

type Change = { order: number } & ({ at: number; data: Buffer } | { length: number });

/** Bytes that grow in place. */
class Content {
  #bytes: Buffer;
  #length: number;

  constructor(bytes: Buffer = Buffer.alloc(0)) {
    this.#bytes = bytes;
    this.#length = bytes.length;
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  apply(change: Change): void {
    if ('length' in change) {
      this.#reach(change.length);
      this.#bytes.fill(0, change.length, this.#length);
      this.#length = change.length;
    } else {
      this.#reach(change.at + change.data.length);
      change.data.copy(this.#bytes, change.at);
    }
  }

  #reach(length: number): void {
    if (length > this.#bytes.length) {
      const larger = Buffer.alloc(2 * length);
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    this.#length = Math.max(this.#length, length);
  }
}

class Inode {
  readonly #safe = new Content();
  pending: Change[] = [];

  /** All up to `order` is safe. */
  settle(order: number): void {
    for (const change of this.pending) if (change.order <= order) this.#safe.apply(change);
    this.pending = this.pending.filter((change) => change.order > order);
  }

  /** As programs see it. */
  get seen(): Buffer {
    const seen = new Content(Buffer.from(this.#safe.bytes));
    for (const change of this.pending) seen.apply(change);
    return seen.bytes;
  }

  /** As a power cut leaves it. */
  cut(random: Random): Buffer {
    const left = new Content(Buffer.from(this.#safe.bytes));
    const fate = random.below(4); // nothing, all, or some of it reached the disk
    for (const change of this.pending) {
      if (fate === 0) continue;
      if (fate === 1 || 'length' in change) {
        if (fate === 1 || random.oneIn(2)) left.apply(change);
        continue;
      }
      const { at, data, order } = change;
      for (let from = at; from < at + data.length; ) {
        const to = Math.min(at + data.length, from - (from % sectorBytes) + sectorBytes);
        if (random.oneIn(2)) left.apply({ order, at: from, data: data.subarray(from - at, to - at) });
        from = to;
      }
    }
    return left.bytes;
  }
}

interface Directory {
  safe: Map<string, Inode>;
  pending: { order: number; act: (names: Map<string, Inode>) => void }[];
}

/** The disk while the record is played. */
export class ReplayedDisk {
  readonly #root: string;
  readonly #names = new Map<string, Inode>();
  readonly #directories = new Map<string, Directory>();
  readonly #open = new Map<number, { inode: Inode } | { directory: string }>();
  /** By descriptor: what came before its sync began. */
  readonly #syncing = new Map<number, number>();
  #order = 0;
  /** All that was said on standard output. */
  said = '';

  constructor(root: string) {
    this.#root = root;
  }

  play(record: TraceRecord): void {
    const order = ++this.#order;
    const { kind, a: descriptor, b, bytes } = record;
    const opened = this.#open.get(descriptor);
    switch (kind) {
      case 'A':
        this.said += bytes.toString('utf8');
        break;
      case 'O':
        this.#opened(descriptor, b, bytes.toString('utf8'));
        break;
      case 'W':
        if (opened && 'inode' in opened) opened.inode.pending.push({ order, at: b, data: bytes });
        break;
      case 'T':
        if (opened && 'inode' in opened) opened.inode.pending.push({ order, length: b });
        break;
      case 'B':
        this.#syncing.set(descriptor, order);
        break;
      case 'S':
        this.#synced(descriptor);
        break;
      case 'R':
        this.#renamed(...(bytes.toString('utf8').split('\0') as [string, string]));
        break;
      case 'U':
        this.#unlinked(bytes.toString('utf8'));
        break;
      default:
        throw new Error(`no record is of kind ${kind}`);
    }
  }

  /** Writes the files into `target` as a power cut at this moment may leave them. */
  cut(target: string, random: Random): void {
    for (const [path, { safe, pending }] of this.#directories) {
      const names = new Map(safe);
      for (const { act } of pending.slice(0, random.below(pending.length + 1))) act(names);
      const folder = join(target, relative(this.#root, path));
      mkdirSync(folder, { recursive: true });
      for (const [name, inode] of names) writeFileSync(join(folder, name), inode.cut(random));
    }
  }

  /** What programs see at this moment, by the path of the file. */
  seen(): Map<string, Buffer> {
    return new Map([...this.#names].map(([path, inode]) => [path, inode.seen]));
  }

  #opened(descriptor: number, flags: number, path: string): void {
    let inode = this.#names.get(path);
    if (!inode && (flags & createFlag) === 0) {
      this.#open.set(descriptor, { directory: path });
      return;
    }
    if (!inode) {
      const made = new Inode();
      inode = made;
      this.#names.set(path, made);
      this.#change(path, (names) => names.set(basename(path), made));
    } else if (flags & truncateFlag) inode.pending.push({ order: this.#order, length: 0 });
    this.#open.set(descriptor, { inode });
  }

  #synced(descriptor: number): void {
    const opened = this.#open.get(descriptor);
    const order = this.#syncing.get(descriptor) ?? 0;
    if (!opened) return;
    if ('inode' in opened) {
      opened.inode.settle(order);
      return;
    }
    const directory = this.#directoryOf(opened.directory);
    for (const change of directory.pending) if (change.order <= order) change.act(directory.safe);
    directory.pending = directory.pending.filter((change) => change.order > order);
  }

  #renamed(from: string, to: string): void {
    const inode = this.#names.get(from);
    if (!inode) return;
    this.#names.delete(from);
    this.#names.set(to, inode);
    // Within a directory it is one step; between two nothing of ours renames.
    this.#change(to, (names) => {
      names.delete(basename(from));
      names.set(basename(to), inode);
    });
  }

  #unlinked(path: string): void {
    this.#names.delete(path);
    this.#change(path, (names) => names.delete(basename(path)));
  }

  #change(path: string, act: (names: Map<string, Inode>) => void): void {
    this.#directoryOf(dirname(path)).pending.push({ order: this.#order, act });
  }

  #directoryOf(path: string): Directory {
    let directory = this.#directories.get(path);
    if (!directory) {
      directory = { safe: new Map(), pending: [] };
      this.#directories.set(path, directory);
    }
    return directory;
  }
}
