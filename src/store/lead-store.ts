/**
 * Leads, attempts and the do-not-call list: one SQLite file in a thread of its own. Unlike the call log nothing here
 * is written behind: the dialler waits for every intent to be on disk.
 */
import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { CordboardError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { LeadStore } from '../domain/campaign/lead-store.ts';
import type { LeadOperations } from './lead-operations.ts';
import { WorkerClient } from './worker-client.ts';

export type LeadWorkerOperations = LeadOperations & {
  /** Files moved aside since the last question. */
  damaged: { args: Record<string, never>; result: string[] };
  close: { args: Record<string, never>; result: null };
};

/** Every operation there is; the compiler refuses a list with one missing. */
const names: Record<keyof LeadStore, true> = {
  lists: true,
  createList: true,
  renameList: true,
  deleteList: true,
  leads: true,
  lead: true,
  changeLead: true,
  deleteLead: true,
  beginImport: true,
  addLeads: true,
  commitImport: true,
  discardImport: true,
  doNotCall: true,
  addDoNotCall: true,
  removeDoNotCall: true,
  attempts: true,
  decideUnknown: true,
  nextLead: true,
  commitIntent: true,
  attempt: true,
  recordResult: true,
  recordDisposition: true,
  supply: true,
  recover: true,
  runs: true,
  recordRun: true,
};

/** A lead store of anything that does the operations. */
export function leadStoreOf(
  call: (name: keyof LeadStore, args: readonly unknown[]) => Promise<unknown>,
): LeadStore {
  const entries = (Object.keys(names) as (keyof LeadStore)[]).map(
    (name) => [name, (...args: readonly unknown[]) => call(name, args)] as const,
  );
  return Object.fromEntries(entries) as unknown as LeadStore;
}

export class LeadStoreFile {
  /** Fault codes: `disk.full`, `disk.failed`, `leads.damaged` (until the next start). */
  readonly events = new Emitter<{
    problem: [{ code: string; message: string }];
    recovered: [code: string];
  }>();
  readonly leads: LeadStore;
  readonly #worker: WorkerClient<LeadWorkerOperations>;
  readonly #log: Logger;
  #failing: string | undefined;

  constructor(options: { file: string; clock: Clock; log: Logger }) {
    const { file, clock, log } = options;
    this.#log = log;
    this.#worker = new WorkerClient({
      script: new URL('./lead-worker.ts', import.meta.url),
      name: 'leads',
      data: { file },
      clock,
      log,
    });
    this.leads = leadStoreOf((name, args) => this.#call(name, args));
  }

  /** Opens the file when it is first asked something. A file that cannot be opened is told by `problem`. */
  async start(): Promise<void> {
    this.#worker.start();
    await this.leads.lists().catch(() => []);
    await this.#tellDamaged();
  }

  async stop(): Promise<void> {
    await this.#worker.call('close', {}).catch(() => null);
    await this.#worker.stop();
  }

  async #call(name: keyof LeadStore, args: readonly unknown[]): Promise<unknown> {
    try {
      const result: unknown = await this.#worker.call(name, args as never);
      if (this.#failing !== undefined) this.events.emit('recovered', this.#failing);
      this.#failing = undefined;
      return result;
    } catch (error) {
      if (error instanceof CordboardError && (error.code === 'disk.full' || error.code === 'disk.failed')) {
        await this.#tellDamaged();
        if (this.#failing !== error.code) {
          this.#failing = error.code;
          this.#log.error('leads cannot be written; nothing is dialled meanwhile', { error });
          this.events.emit('problem', { code: error.code, message: error.message });
        }
      }
      throw error;
    }
  }

  async #tellDamaged(): Promise<void> {
    const paths = await this.#worker.call('damaged', {}).catch(() => []);
    for (const path of paths) {
      this.#log.error('the file of leads was damaged; a new one was begun, and dialling is stopped', {
        path,
      });
      this.events.emit('problem', {
        code: 'leads.damaged',
        message: `leads, attempts and the do-not-call list are gone; the damaged file is kept as ${path}, and dialling is stopped`,
      });
    }
  }
}
