/**
 * Sounds by name of what they are made of, the least recently used given up first. A file is read again when it
 * has changed.
 */
import { stat } from 'node:fs/promises';
import { CordboardError, errorMessage } from '../../base/errors.ts';
import type { SharedSound } from '../edge/player.ts';
import { bytesOfSound, soundOf } from './sound.ts';
import { loadSoundFile } from './sound-file.ts';
import { synthesizeTone, type Tone } from './tone.ts';

/** A file is looked at for changes at most this often, ms: a busy menu asks for its greeting many times a second. */
const lookEveryMs = 1000;
const seenLimit = 1000;

export class SoundCache {
  readonly #limitBytes: number;
  readonly #nowMs: () => number;
  /** In order of use, the latest last. */
  readonly #sounds = new Map<string, Promise<SharedSound>>();
  readonly #bytes = new Map<string, number>();
  /** What files were found to be, and when. */
  readonly #seen = new Map<string, { key: string; atMs: number }>();
  #totalBytes = 0;

  /** @param options.nowMs a clock that only goes forward */
  constructor(options: { limitBytes: number; nowMs?: () => number }) {
    this.#limitBytes = options.limitBytes;
    this.#nowMs = options.nowMs ?? (() => performance.now());
  }

  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** @throws CordboardError `media.no-file` */
  async file(file: string): Promise<SharedSound> {
    const seen = this.#seen.get(file);
    if (seen && this.#nowMs() - seen.atMs < lookEveryMs && this.#sounds.has(seen.key))
      return this.#get(seen.key, () => loadSoundFile(file));
    const info = await stat(file).catch((error: unknown) => {
      throw new CordboardError('media.no-file', `${file}: ${errorMessage(error)}`, { cause: error });
    });
    const key = `file ${info.mtimeMs} ${info.size} ${file}`;
    if (this.#seen.size >= seenLimit) this.#seen.clear();
    this.#seen.set(file, { key, atMs: this.#nowMs() });
    return this.#get(key, () => loadSoundFile(file));
  }

  /** @throws CordboardError `control.bad-request` */
  tone(tone: Tone): Promise<SharedSound> {
    const key = `tone ${tone.frequenciesHz.join('+')} ${tone.durationMs} ${tone.levelDbm0}`;
    return this.#get(key, async () => soundOf(synthesizeTone(tone)));
  }

  #get(key: string, make: () => Promise<SharedSound>): Promise<SharedSound> {
    const known = this.#sounds.get(key);
    if (known) {
      this.#sounds.delete(key);
      this.#sounds.set(key, known);
      return known;
    }
    const made = make();
    this.#sounds.set(key, made);
    made.then(
      (sound) => this.#account(key, bytesOfSound(sound)),
      () => this.#sounds.delete(key),
    );
    return made;
  }

  #account(key: string, bytes: number): void {
    this.#bytes.set(key, bytes);
    this.#totalBytes += bytes;
    for (const oldest of this.#sounds.keys()) {
      if (this.#totalBytes <= this.#limitBytes) return;
      const oldBytes = this.#bytes.get(oldest);
      if (oldBytes === undefined) continue; // still being made
      this.#sounds.delete(oldest);
      this.#bytes.delete(oldest);
      this.#totalBytes -= oldBytes;
    }
  }
}
