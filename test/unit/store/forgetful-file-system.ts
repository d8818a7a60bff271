import type { DurableFileSystem } from '../../../src/store/durable-file.ts';

/** What a power cut may do at the moment it happens. */
export class PowerCut extends Error {}

/**
 * A file system in memory that keeps nothing it was not told to sync, and loses power before a chosen operation:
 * `afterPowerCut` is what a fresh start finds.
 */
export class ForgetfulFileSystem implements DurableFileSystem {
  /** As running programs see it. */
  #seen = new Map<string, string>();
  /** As the platter has it. */
  #durable = new Map<string, string>();
  /** Renames not yet synced. */
  #renames: { from: string; to: string; text: string }[] = [];
  #stepsLeft = Number.POSITIVE_INFINITY;
  steps = 0;

  /** The power goes `steps` operations from now; null: it stays. */
  cutAfter(steps: number | null): void {
    this.#stepsLeft = steps ?? Number.POSITIVE_INFINITY;
  }

  /** @param renamesReachedDisk whether unsynced renames happen to have been written: both must do */
  afterPowerCut(renamesReachedDisk: boolean): ForgetfulFileSystem {
    const next = new ForgetfulFileSystem();
    for (const [path, text] of this.#durable) next.#durable.set(path, text);
    if (renamesReachedDisk) {
      for (const { from, to, text } of this.#renames) {
        next.#durable.delete(from);
        next.#durable.set(to, text);
      }
    }
    next.#seen = new Map(next.#durable);
    return next;
  }

  async writeSynced(path: string, data: string | Uint8Array): Promise<void> {
    const text = typeof data === 'string' ? data : Buffer.from(data).toString('latin1');
    this.#durable.delete(path); // truncated
    this.#seen.set(path, '');
    this.#step();
    this.#durable.set(path, text.slice(0, text.length / 2)); // half of it was written
    this.#step();
    this.#durable.set(path, text);
    this.#seen.set(path, text);
    this.#step();
  }

  async rename(from: string, to: string): Promise<void> {
    const text = this.#seen.get(from);
    if (text === undefined) throw Object.assign(new Error(`no ${from}`), { code: 'ENOENT' });
    this.#seen.delete(from);
    this.#seen.set(to, text);
    this.#renames.push({ from, to, text: this.#durable.get(from) ?? '' });
    this.#step();
  }

  async syncDirectory(_path: string): Promise<void> {
    this.#step();
    for (const { from, to, text } of this.#renames) {
      this.#durable.delete(from);
      this.#durable.set(to, text);
    }
    this.#renames = [];
    this.#step();
  }

  async read(path: string): Promise<string | null> {
    return this.#seen.get(path) ?? null;
  }

  async remove(path: string): Promise<void> {
    this.#seen.delete(path);
  }

  #step(): void {
    this.steps++;
    if (this.#stepsLeft-- <= 0) throw new PowerCut('power cut');
  }
}
