import type { DeskPort } from '../api/ports.ts';
import type { CallControl } from '../call-control/call-control.ts';
import type { CallLog } from '../store/call-log.ts';

/** What agents write down: told to call control, and answered when it is on disk. */
export function deskPort(callControl: CallControl, callLog: CallLog): DeskPort {
  return {
    async write(callId, fact) {
      callControl.write(callId, fact);
      await callLog.flush();
    },
    moreWrapUp: async (agentId) => callControl.moreWrapUp(agentId),
  };
}
