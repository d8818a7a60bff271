/**
 * Imports of numbers into a list of leads or the do-not-call list: every row is looked at first, what would come of
 * it is shown, and only then, at a word, all of it is stored at once.
 */
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { Clock } from '../base/clock.ts';
import { CordboardError, errorMessage } from '../base/errors.ts';
import { randomId } from '../base/ids.ts';
import type { Logger } from '../base/log.ts';
import type { LeadBook } from '../domain/campaign/lead-store.ts';
import type { LeadRole } from '../domain/imports/lead-columns.ts';
import type { LeadImportView } from '../domain/imports/lead-import-view.ts';
import type { CellFault } from '../domain/imports/table.ts';
import type { TableChoices } from '../domain/imports/uploaded-table.ts';
import type { BatchVerdict, JudgedRow } from './table-task.ts';
import { runTableTask, type TableRun } from './table-thread.ts';
import type { Tables } from './tables.ts';

/** What an import needs of the lead store. */
export type ImportTarget = Pick<
  LeadBook,
  'beginImport' | 'addLeads' | 'commitImport' | 'discardImport' | 'addDoNotCall'
>;

export interface LeadImportRequest {
  fileId: string;
  choices: TableChoices;
  roles: (LeadRole | null)[];
  country: string;
  /** Where to: a list, or the do-not-call list with the reason kept there. */
  to: { listId: string; notInOtherLists: boolean } | { doNotCallReason: string };
  who: string;
  rows: number;
}

interface Job {
  view: LeadImportView;
  request: LeadImportRequest;
  run: TableRun | undefined;
  /** The store's own id of the import; with the do-not-call list there is none. */
  stagedId: string | undefined;
  numbers: Map<string, number>;
  problems: Map<string, { count: number; warning: boolean }>;
  at: number;
}

const batchRows = 500;
const sampleRows = 10;
const badSampleRows = 50;
const keptMs = 3_600_000;
const atOnce = 4;

export class LeadImports {
  readonly #tables: Tables;
  readonly #target: ImportTarget;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #jobs = new Map<string, Job>();

  constructor(parts: { tables: Tables; target: ImportTarget; clock: Clock; log: Logger }) {
    this.#tables = parts.tables;
    this.#target = parts.target;
    this.#clock = parts.clock;
    this.#log = parts.log;
  }

  /** Looks at every row; `view` tells how far it is. @throws CordboardError import.gone, import.busy, not-found */
  async begin(request: LeadImportRequest): Promise<LeadImportView> {
    await this.#forgetOld();
    const { name, path } = this.#tables.uploads.find(request.fileId);
    const { to, who } = request;
    const stagedId = 'listId' in to ? await this.#target.beginImport(to.listId, who) : undefined;
    const importId = randomId(16);
    const job: Job = {
      view: {
        importId,
        listId: 'listId' in to ? to.listId : '',
        fileName: name,
        state: 'checking',
        rowsDone: 0,
        rows: request.rows,
        leads: 0,
        doNotCall: 0,
        badRows: 0,
        problems: [],
        sample: [],
        badSample: [],
      },
      request,
      run: undefined,
      stagedId,
      numbers: new Map(),
      problems: new Map(),
      at: this.#clock.now(),
    };
    this.#jobs.set(importId, job);
    const { choices, roles, country } = request;
    job.run = runTableTask(
      {
        kind: 'leads',
        path,
        choices,
        language: this.#tables.language(),
        roles,
        country,
        batchRows,
        badRowsPath: this.#tables.uploads.badRowsPath(importId),
      },
      (rows) => this.#judge(job, rows),
    );
    job.run.result.then(
      () => {
        if (job.view.state === 'checking') job.view.state = 'ready';
      },
      (error: unknown) => this.#fail(job, error),
    );
    return job.view;
  }

  /** @throws CordboardError import.gone */
  view(importId: string): LeadImportView {
    return this.#find(importId).view;
  }

  /** Rows left out, as JSON lines. @throws CordboardError import.gone */
  async badRows(importId: string): Promise<ReadableStream<Uint8Array>> {
    this.#find(importId);
    const file = await open(this.#tables.uploads.badRowsPath(importId));
    return Readable.toWeb(file.createReadStream()) as ReadableStream<Uint8Array>;
  }

  /** Stores all of it at once. @throws CordboardError import.gone, import.busy, disk.* (then it can be tried again) */
  async commit(importId: string): Promise<LeadImportView> {
    const job = this.#find(importId);
    const { view, request } = job;
    if (view.state !== 'ready')
      throw new CordboardError('import.busy', `This import is ${view.state}; it cannot be stored now.`);
    view.state = 'importing';
    try {
      if (job.stagedId !== undefined) view.leads = (await this.#target.commitImport(job.stagedId)).added;
      else {
        const reason = 'doNotCallReason' in request.to ? request.to.doNotCallReason : '';
        const entries = [...job.numbers.keys()].map((number) => ({ number, reason }));
        const { added, known } = await this.#target.addDoNotCall(entries, {
          who: request.who,
          source: 'import',
        });
        view.leads = added;
        if (known > 0) {
          this.#count(job, { code: 'number-known' }, true, known);
          this.#order(job);
        }
      }
      view.state = 'done';
      await this.#tables.drop(request.fileId);
      return view;
    } catch (error) {
      view.state = 'ready';
      throw error;
    }
  }

  /** Forgets an import; what was not stored is not. */
  async discard(importId: string): Promise<void> {
    const job = this.#find(importId);
    this.#jobs.delete(importId);
    job.run?.stop();
    if (job.stagedId !== undefined && job.view.state !== 'done')
      await this.#target.discardImport(job.stagedId);
  }

  stop(): void {
    for (const job of this.#jobs.values()) job.run?.stop();
  }

  async #judge(job: Job, rows: JudgedRow[]): Promise<BatchVerdict> {
    const { view } = job;
    const faults: BatchVerdict['faults'] = [];
    const good = rows.flatMap(({ lead, row }, position) => (lead ? [{ lead, row, position }] : []));
    const column = job.request.roles.indexOf('number');
    const refuse = (position: number, code: string, line?: number): void => {
      const fault: CellFault = { column, code, ...(line === undefined ? {} : { params: { line } }) };
      rows[position]?.faults.push(fault);
      faults.push([position, fault]);
    };
    // Within the file first: then it can be said which line had it.
    const fresh = good.filter(({ lead, row, position }) => {
      const line = job.numbers.get(lead.number);
      if (line !== undefined) {
        refuse(position, 'number-twice', line);
        return false;
      }
      job.numbers.set(lead.number, row.line);
      return true;
    });
    let blocked = new Set<number>();
    if (job.stagedId !== undefined && fresh.length > 0) {
      const { to } = job.request;
      const { duplicates, doNotCall } = await this.#target.addLeads(
        job.stagedId,
        fresh.map(({ lead }) => lead),
        { notInOtherLists: 'listId' in to && to.notInOtherLists },
      );
      for (const { position, of } of duplicates) {
        const one = fresh[position];
        if (one) refuse(one.position, of === 'other-list' ? 'number-in-other-list' : 'number-in-list');
      }
      blocked = new Set(doNotCall.flatMap((position) => fresh[position]?.position ?? []));
    }
    rows.forEach(({ row, lead, faults: all, warnings }, position) => {
      for (const fault of all) this.#count(job, fault, false);
      if (all.length > 0) {
        view.badRows++;
        if (view.badSample.length < badSampleRows) view.badSample.push({ ...row, faults: all });
      } else if (lead) {
        for (const warning of warnings) this.#count(job, warning, true);
        view.leads++;
        const doNotCall = blocked.has(position);
        if (doNotCall) view.doNotCall++;
        if (view.sample.length < sampleRows) view.sample.push({ ...lead, line: row.line, doNotCall });
      }
    });
    view.rowsDone += rows.length;
    this.#order(job);
    return { faults };
  }

  #count(job: Job, { code }: CellFault, warning: boolean, times = 1): void {
    const known = job.problems.get(code) ?? { count: 0, warning };
    job.problems.set(code, { ...known, count: known.count + times });
  }

  #order(job: Job): void {
    job.view.problems = [...job.problems]
      .map(([code, { count, warning }]) => ({ code, count, warning }))
      .sort((a, b) => b.count - a.count);
  }

  #fail(job: Job, error: unknown): void {
    if (!this.#jobs.has(job.view.importId)) return;
    job.view.state = 'failed';
    const known = error instanceof CordboardError;
    if (!known) this.#log.error('an import failed unexpectedly', { error });
    const fault = known ? (error.details.fault as { code: string; line: number } | undefined) : undefined;
    job.view.failure = {
      code: fault?.code ?? (known ? error.code : 'internal'),
      message: errorMessage(error),
      ...(fault ? { line: fault.line } : {}),
    };
    if (job.stagedId !== undefined)
      this.#target.discardImport(job.stagedId).catch((cause) => {
        this.#log.warn('a failed import is not cleared away', { error: cause });
      });
  }

  #find(importId: string): Job {
    const job = this.#jobs.get(importId);
    if (!job) throw new CordboardError('import.gone', 'This import is no longer here. Begin it again.');
    return job;
  }

  async #forgetOld(): Promise<void> {
    const now = this.#clock.now();
    for (const [importId, job] of this.#jobs) if (job.at + keptMs <= now) await this.discard(importId);
    // Whoever begins anew has left the one before behind.
    const waiting = [...this.#jobs.values()].filter(
      ({ view }) => view.state !== 'done' && view.state !== 'failed',
    );
    if (waiting.length >= atOnce) {
      const idle = waiting.find(({ view }) => view.state === 'ready');
      if (!idle)
        throw new CordboardError('import.busy', 'Other imports are under way. Try again when they are done.');
      await this.discard(idle.view.importId);
    }
  }
}
