/** The worker's end of `WorkerClient`: answers one request after the other, in order. */
import { parentPort } from 'node:worker_threads';
import type { Operations } from '../base/control-socket.ts';
import { CordboardError } from '../base/errors.ts';
import { failureReply, type WorkerReply, type WorkerRequest } from './worker-client.ts';

export type SyncHandlers<Ops extends Operations> = {
  [Op in keyof Ops]: (args: Ops[Op]['args']) => Ops[Op]['result'];
};

/** Serves until the thread is ended. Call once, at the end of the worker's script. */
export function serveWorker<Ops extends Operations>(handlers: SyncHandlers<Ops>): void {
  const port = parentPort;
  if (!port) throw new CordboardError('internal', 'this script runs in a worker thread only');
  port.on('message', (request: WorkerRequest) => {
    let reply: WorkerReply;
    try {
      const handler = Object.hasOwn(handlers, request.op) ? handlers[request.op] : undefined;
      if (!handler) throw new CordboardError('internal', `no operation ${request.op}`);
      reply = { id: request.id, ok: true, result: handler(request.args as never) };
    } catch (error) {
      reply = failureReply(request.id, error);
    }
    port.postMessage(reply);
  });
}
