import type { CallLogPort } from '../api/ports.ts';
import type { TappedMessage } from '../codec/engine-control.ts';
import type { Call } from '../domain/call.ts';
import type { CallLog } from '../store/call-log.ts';
import type { CallQuery } from '../store/call-log-queries.ts';

/**
 * The call log as the API wants it. A call in progress is answered from memory, so that the page that follows it
 * is never behind.
 */
export function callLogPort(
  callLog: CallLog,
  live: { call(callId: string): Call | undefined },
  ladder: (callId: string, sipCallIds: string[]) => Promise<TappedMessage[]>,
): CallLogPort {
  const getCall = async (callId: string): Promise<Call | undefined> =>
    live.call(callId) ?? (await callLog.getCall(callId));
  return {
    listCalls: (query) => callLog.listCalls(query as CallQuery),
    getCall,
    history: (query) => callLog.history(query),
    async courseOf(callId) {
      // What has just happened is part of it; a disk that refuses is told elsewhere.
      await callLog.flush().catch(() => undefined);
      return callLog.courseOf(callId);
    },
    append: (event) => callLog.append(event),
    findRecording: (recordingId) => callLog.findRecording(recordingId),
    async messages(callId) {
      const call = await getCall(callId);
      return ladder(
        callId,
        (call?.legs ?? []).flatMap((leg) => leg.sipCallId ?? []),
      );
    },
  };
}
