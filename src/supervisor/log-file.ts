import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Appends lines to a file and keeps it small: `x.log`, then `x.log.1` … `x.log.4` of up to `maxBytes` each. */
export class LogFile {
  readonly #path: string;
  readonly #maxBytes: number;
  #fd: number;
  #bytes: number;

  constructor(path: string, maxBytes = 10_000_000) {
    this.#path = path;
    this.#maxBytes = maxBytes;
    mkdirSync(dirname(path), { recursive: true });
    this.#fd = openSync(path, 'a', 0o600);
    this.#bytes = statSync(path).size;
  }

  /** A disk that refuses a line must not end the supervisor: the line is lost, and so it says on stderr. */
  write(line: string): void {
    try {
      if (this.#bytes > this.#maxBytes) this.#rotate();
      this.#bytes += writeSync(this.#fd, line);
    } catch (error) {
      process.stderr.write(`log file: ${error instanceof Error ? error.message : String(error)}\n${line}`);
    }
  }

  close(): void {
    closeSync(this.#fd);
  }

  #rotate(): void {
    closeSync(this.#fd);
    for (let i = 3; i >= 0; i--) {
      const from = i === 0 ? this.#path : `${this.#path}.${i}`;
      try {
        renameSync(from, `${this.#path}.${i + 1}`);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
    this.#fd = openSync(this.#path, 'a', 0o600);
    this.#bytes = 0;
  }
}
