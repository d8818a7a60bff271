/** The thread that computes what recordings look like. */
import { constants, setPriority } from 'node:os';
import { type PeaksOperations, peaksOf } from './peaks.ts';
import { serveWorker } from './worker-server.ts';

try {
  // On Linux this is the thread's own: audio of calls goes first.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
  // Not everywhere allowed; the system's scheduler then shares evenly.
}

serveWorker<PeaksOperations>({ peaks: ({ file }) => peaksOf(file) });
