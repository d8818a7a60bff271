/** The thread that copies databases for a backup and looks into those of one: seconds for a long call log. */
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { type BackupTask, runBackupTask } from './backup-task.ts';
import { failureReply, type WorkerReply } from './worker-client.ts';

try {
  // On Linux this is the thread's own: audio of calls goes first.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
  // Not everywhere allowed; the system's scheduler then shares evenly.
}

let reply: WorkerReply;
try {
  reply = { id: 0, ok: true, result: await runBackupTask(workerData as BackupTask) };
} catch (error) {
  reply = failureReply(0, error);
}
parentPort?.postMessage(reply);
