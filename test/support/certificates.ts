/** Certificates as the product's own authority makes them, also those that are of no use. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalCa } from '../../src/api/local-ca.ts';
import { type Clock, systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import type { TlsCertificate } from '../../src/codec/engine-control.ts';

const dayMs = 86_400_000;

export class TestAuthority {
  readonly #dataDir: string;
  readonly #authority: LocalCa;

  private constructor(dataDir: string, clock: Clock) {
    this.#dataDir = dataDir;
    this.#authority = new LocalCa({ dataDir, clock, log: silentLogger });
  }

  /** @param ageDays how long ago it and its certificates were made */
  static async open(ageDays = 0): Promise<TestAuthority> {
    const clock: Clock = {
      now: () => systemClock.now() - ageDays * dayMs,
      monotonic: () => systemClock.monotonic(),
      after: (delayMs, action) => systemClock.after(delayMs, action),
    };
    const made = new TestAuthority(mkdtempSync(join(tmpdir(), 'cordboard-authority-')), clock);
    await made.#authority.open();
    return made;
  }

  /** PEM. */
  get ca(): string {
    return this.#authority.caCertificate ?? '';
  }

  /** The same as before unless the names are others. */
  async issue(names: { dns?: string[]; ips?: string[] }): Promise<TlsCertificate> {
    const { key, certificate } = await this.#authority.server({ dns: names.dns ?? [], ips: names.ips ?? [] });
    return { key, certificate };
  }

  remove(): void {
    rmSync(this.#dataDir, { recursive: true, force: true });
  }
}
