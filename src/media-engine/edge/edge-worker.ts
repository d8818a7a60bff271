/**
 * Entry of an RTP thread: an {@link Edge} behind a message port.
 */
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { CordboardError, errorMessage } from '../../base/errors.ts';
import { Edge } from './edge.ts';
import {
  type EdgeOperations,
  type EdgeThreadConfig,
  Outbox,
  type TapChunk,
  type ThreadMessage,
  type ThreadRequest,
} from './edge-control.ts';
import { processClock } from './monotonic.ts';

const port = parentPort;
if (!port) throw new Error('the RTP edge runs as a worker thread');

try {
  setPriority(0, constants.priority.PRIORITY_HIGHEST); // 0: this thread
} catch {
  // Without the right to it we go on as we are: said once, by the main thread.
}

const outbox = new Outbox<ThreadMessage>((messages, transfer) => port.postMessage(messages, transfer));
const edge = new Edge({
  config: workerData as EdgeThreadConfig,
  clock: processClock,
  notify(event, args) {
    // Samples are handed over, not copied.
    const { chunks = [] } = args as { chunks?: TapChunk[] };
    outbox.add(
      { event, args },
      chunks.map(({ samples }) => samples.buffer),
    );
  },
});

async function answer({ id, op, args }: ThreadRequest): Promise<void> {
  try {
    // The main thread is compiled against the same operations: there is no other.
    const handler = edge.handlers[op as keyof EdgeOperations];
    outbox.add({ id, ok: true, result: await handler(args as never) });
  } catch (error) {
    const code = error instanceof CordboardError ? error.code : 'internal';
    outbox.add({ id, ok: false, code, message: errorMessage(error) });
  }
  if (op !== 'stop') return;
  outbox.flush();
  port?.close();
}

port.on('message', (requests: ThreadRequest[]) => {
  for (const request of requests) void answer(request);
});
edge.start();
