import type { CallLogPort } from '../api/ports.ts';
import type { TappedMessage } from '../codec/engine-control.ts';
import type { Call } from '../domain/call.ts';
import type { CallLog } from '../store/call-log.ts';

/**
 * The call log as the API wants it. A call in progress is answered from memory, so that the page that follows it
 * is never behind.
 */
export function callLogPort(
  callLog: CallLog,
  live: { call(callId: string): Call | undefined },
  messages: (callId: string) => Promise<TappedMessage[]>,
): CallLogPort {
  const getCall = async (callId: string): Promise<Call | undefined> =>
    live.call(callId) ?? (await callLog.getCall(callId)) ?? undefined;
  return {
    async listCalls({ until, abandoned, ...query }) {
      const { calls, nextCursor } = await callLog.listCalls({
        ...query,
        ...(until === undefined ? {} : { to: until }),
        ...(abandoned === undefined ? {} : { abandoned: abandoned === 'true' }),
      });
      return { items: calls, next: nextCursor };
    },
    getCall,
    async findRecording(recordingId) {
      const call = await getCall(recordingId.slice(0, recordingId.lastIndexOf('-')));
      const recording = call?.recordings.find((r) => r.recordingId === recordingId);
      return call && recording ? { call, recording } : undefined;
    },
    messages,
  };
}
