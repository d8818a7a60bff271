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

export class SoundCache {
  readonly #limitBytes: number;
  /** In order of use, the latest last. */
  readonly #sounds = new Map<string, Promise<SharedSound>>();
  readonly #bytes = new Map<string, number>();
  #totalBytes = 0;

  constructor(options: { limitBytes: number }) {
    this.#limitBytes = options.limitBytes;
  }

  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** @throws CordboardError `media.no-file` */
  async file(file: string): Promise<SharedSound> {
    const info = await stat(file).catch((error: unknown) => {
      throw new CordboardError('media.no-file', `${file}: ${errorMessage(error)}`, { cause: error });
    });
    return this.#get(`file ${info.mtimeMs} ${info.size} ${file}`, () => loadSoundFile(file));
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
