/** The thread that answers questions about the call log. */
import { workerData } from 'node:worker_threads';
import { CallLogQueries, type CallLogQueryOperations } from './call-log-queries.ts';
import { serveWorker } from './worker-server.ts';

const queries = new CallLogQueries((workerData as { file: string }).file);

serveWorker<CallLogQueryOperations>({
  listCalls: (args) => queries.listCalls(args),
  getCall: ({ callId }) => queries.getCall(callId),
  findRecording: ({ recordingId }) => queries.findRecording(recordingId),
  history: (query) => queries.history(query),
  eventsOf: ({ callId }) => queries.eventsOf(callId),
  courseOf: ({ callId }) => queries.courseOf(callId),
  agentEvents: (args) => queries.agentEvents(args),
  close: () => queries.close(),
});
