/** Runs one task of the thread that reads tables. */
import { Worker } from 'node:worker_threads';
import { CordboardError } from '../base/errors.ts';
import type { BatchVerdict, JudgedRow, TableSaid, TableTask } from './table-task.ts';

export interface TableRun {
  /** The last thing said. @throws CordboardError import.unreadable with fault and line, disk.* */
  result: Promise<TableSaid>;
  /** Ends the thread; `result` rejects. */
  stop: () => void;
}

/** @param judge answers each batch; the thread waits for it */
export function runTableTask(
  task: TableTask,
  judge: (rows: JudgedRow[]) => Promise<BatchVerdict> = async () => ({ faults: [] }),
): TableRun {
  const worker = new Worker(new URL('./table-worker.ts', import.meta.url), {
    workerData: task,
    name: 'table-reader',
    // The file, its text and one batch.
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  const result = new Promise<TableSaid>((resolve, reject) => {
    let last: TableSaid | undefined;
    worker.on('message', (said: TableSaid) => {
      if (said.said === 'batch')
        judge(said.rows).then(
          (verdict) => worker.postMessage(verdict),
          (error: unknown) => {
            reject(error as Error);
            void worker.terminate();
          },
        );
      else last = said;
    });
    worker.on('error', reject);
    worker.on('exit', () => {
      if (last?.said === 'fault')
        reject(
          new CordboardError(
            'import.unreadable',
            `The file cannot be read on from line ${last.line}: ${last.code}.`,
            {
              details: { fault: { code: last.code, line: last.line } },
            },
          ),
        );
      else if (last) resolve(last);
      else reject(new CordboardError('import.gone', 'Reading the file was stopped.'));
    });
  });
  return { result, stop: () => void worker.terminate() };
}
