/**
 * The one-time claim code: whoever can read it (start script, panel, label) may make the admin. It is kept in the
 * data directory, readable by its owner only, from the first start until the office is claimed.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { randomId } from '../base/ids.ts';
import type { ClaimPort } from './ports.ts';
import { readIfThere, writePrivateFile } from './private-file.ts';

const file = 'claim-code';

/** What people mistake or leave out when they read a code aloud (Crockford base 32). */
function normalised(code: string): string {
  return code.toLowerCase().replace(/[\s-]/g, '').replace(/[il]/g, '1').replace(/o/g, '0');
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export class ClaimCode implements ClaimPort {
  readonly #dataDir: string;
  #code: string | null = null;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  /**
   * Reads the code of an earlier start or makes one; removes it when the office is claimed.
   * @param claimed whether there is an admin
   */
  async start(claimed: boolean): Promise<void> {
    const path = join(this.#dataDir, file);
    if (claimed) return this.close();
    const kept = (await readIfThere(path))?.trim() ?? '';
    if (/^[0-9a-z]{4}-[0-9a-z]{4}$/.test(kept)) {
      this.#code = kept;
      return;
    }
    const code = `${randomId(4)}-${randomId(4)}`;
    await writePrivateFile(path, `${code}\n`);
    this.#code = code;
  }

  claimCode(): string | null {
    return this.#code;
  }

  matches(code: string): boolean {
    const given = digest(normalised(code));
    // Without a code the same work is done against something nobody can type.
    const wanted = digest(this.#code === null ? 'claimed!' : normalised(this.#code));
    return timingSafeEqual(given, wanted) && this.#code !== null;
  }

  async close(): Promise<void> {
    this.#code = null;
    await rm(join(this.#dataDir, file), { force: true });
  }
}
