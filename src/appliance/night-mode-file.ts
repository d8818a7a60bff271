import { z } from 'zod';
import { errorMessage } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { NightMode } from '../domain/schedule.ts';
import { DurableFile } from '../store/durable-file.ts';

const fileSchema = z
  .object({
    mode: z.enum(['closed', 'open']),
    since: z.number(),
    who: z.string(),
    ends: z.enum(['next-opening', 'stays']),
  })
  .nullable();

/** What the night button was last set to, kept over a restart. */
export class NightModeFile {
  readonly #file: DurableFile;
  readonly #log: Logger;
  #night: NightMode | null = null;

  constructor(deps: { path: string; log: Logger }) {
    this.#file = new DurableFile(deps.path);
    this.#log = deps.log;
  }

  /** Reads the file; of a broken one the hours of the schedules are the better guess. */
  async start(): Promise<void> {
    const text = await this.#file.read();
    if (text === null) return;
    try {
      this.#night = fileSchema.parse(JSON.parse(text));
    } catch (error) {
      this.#log.warn('what the night button was set to cannot be read', { error: errorMessage(error) });
    }
  }

  load(): NightMode | null {
    return this.#night;
  }

  /** @throws CordboardError disk.full, disk.failed */
  async save(night: NightMode | null): Promise<void> {
    this.#night = night;
    await this.#file.write(JSON.stringify(night));
  }
}
