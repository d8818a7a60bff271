/** The thread that reads uploaded tables: one task, then it ends. Calls never wait for a file. */

import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { CsvError } from '../codec/csv.ts';
import { judgeLead } from '../domain/imports/lead-import.ts';
import type { BadRow } from '../domain/imports/lead-import-view.ts';
import { inspectTable, openTable } from './read-table.ts';
import type { BatchVerdict, JudgedRow, LeadsTask, RowsTask, TableSaid, TableTask } from './table-task.ts';

const port = parentPort;
if (!port) throw new Error('this is started as a worker only');
const say = (said: TableSaid): void => port.postMessage(said);

function sayRows(bytes: Uint8Array, task: RowsTask): void {
  const table = openTable(bytes, task.choices, task.language);
  const rows = [];
  let more = false;
  for (const row of table.rows()) {
    if (rows.length >= task.maxRows) {
      more = true;
      break;
    }
    rows.push(row);
  }
  say({ said: 'rows', columns: table.columns, rows, more });
}

async function sayLeads(bytes: Uint8Array, task: LeadsTask): Promise<void> {
  const table = openTable(bytes, task.choices, task.language);
  const options = { roles: task.roles, headers: table.columns, country: task.country };
  const badRows = openSync(task.badRowsPath, 'w', 0o600);
  let batch: JudgedRow[] = [];
  const settle = async (): Promise<void> => {
    if (batch.length === 0) return;
    say({ said: 'batch', rows: batch });
    const [verdict] = (await once(port as NonNullable<typeof port>, 'message')) as [BatchVerdict];
    for (const [position, fault] of verdict.faults) batch[position]?.faults.push(fault);
    const lines = batch
      .filter(({ faults }) => faults.length > 0)
      .map(({ row, faults }) => `${JSON.stringify({ ...row, faults } satisfies BadRow)}\n`);
    writeSync(badRows, lines.join(''));
    batch = [];
  };
  try {
    for (const row of table.rows()) {
      batch.push({ row, ...judgeLead(row.cells, options) });
      if (batch.length >= task.batchRows) await settle();
    }
    await settle();
  } finally {
    closeSync(badRows);
  }
  say({ said: 'end' });
}

const task = workerData as TableTask;
try {
  const bytes = readFileSync(task.path);
  if (task.kind === 'inspect')
    say({ said: 'table', table: inspectTable(bytes, task.choices, task.language) });
  else if (task.kind === 'rows') sayRows(bytes, task);
  else await sayLeads(bytes, task);
} catch (error) {
  if (!(error instanceof CsvError)) throw error;
  say({ said: 'fault', code: error.fault, line: error.line });
}
