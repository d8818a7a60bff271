/** Uploaded tables: kept, looked at, read. */
import type { Clock } from '../base/clock.ts';
import { CordboardError } from '../base/errors.ts';
import type { TableChoices, TableRow, UploadedTable } from '../domain/imports/uploaded-table.ts';
import { runTableTask } from './table-thread.ts';
import { type Upload, Uploads } from './uploads.ts';

export class Tables {
  readonly uploads: Uploads;
  /** The office's language. */
  readonly language: () => string;

  constructor(parts: { dir: string; clock: Clock; language: () => string }) {
    this.uploads = new Uploads(parts);
    this.language = parts.language;
  }

  start(): Promise<void> {
    return this.uploads.start();
  }

  /** Keeps a file for an hour and says what is in it. @throws CordboardError disk.* */
  async keep(name: string, content: Uint8Array): Promise<UploadedTable> {
    return this.#inspect(await this.uploads.keep(name, content), {});
  }

  /** The same file read another way. @throws CordboardError import.gone */
  view(fileId: string, choices: TableChoices): Promise<UploadedTable> {
    return this.#inspect(this.uploads.find(fileId), choices);
  }

  /** The first rows. @throws CordboardError import.gone, import.unreadable */
  async rows(
    fileId: string,
    choices: TableChoices,
    maxRows: number,
  ): Promise<{ columns: string[]; rows: TableRow[]; more: boolean }> {
    const { path } = this.uploads.find(fileId);
    const task = { kind: 'rows', path, choices, language: this.language(), maxRows } as const;
    const said = await runTableTask(task).result;
    if (said.said !== 'rows') throw unexpected();
    return said;
  }

  drop(fileId: string): Promise<void> {
    return this.uploads.drop(fileId);
  }

  async #inspect({ fileId, name, bytes, path }: Upload, choices: TableChoices): Promise<UploadedTable> {
    const task = { kind: 'inspect', path, choices, language: this.language() } as const;
    const said = await runTableTask(task).result;
    if (said.said !== 'table') throw unexpected();
    return { fileId, name, bytes, ...said.table };
  }
}

function unexpected(): CordboardError {
  return new CordboardError('internal', 'The table reader said something unexpected.');
}
