/** Courses, waveforms, deletion of recordings, and the list of calls for a spreadsheet. */
import type { Clock } from '../../base/clock.ts';
import { CordboardError } from '../../base/errors.ts';
import type { AuditAction } from '../../domain/audit.ts';
import type { Call } from '../../domain/call.ts';
import { courseOf } from '../../domain/call-course.ts';
import { roleReaches } from '../../domain/settings/roles.ts';
import { callsCsv } from '../calls-csv.ts';
import type { SessionUser } from '../contract.ts';
import { isOwnCall } from '../own-call.ts';
import type { ApiPorts, CallQuery } from '../ports.ts';
import { notFound } from '../problem.ts';
import type { HandlersOf } from '../routes.ts';

type Ports = Pick<ApiPorts, 'callLog' | 'recordings' | 'settings' | 'audit'>;
type Found = NonNullable<Awaited<ReturnType<ApiPorts['callLog']['findRecording']>>>;

export function callRecordHandlers(parts: {
  ports: Ports;
  clock: Clock;
}): HandlersOf<'exportCalls' | 'callCourse' | 'recordingPeaks' | 'deleteRecording'> {
  const { callLog, recordings, settings, audit } = parts.ports;
  /** Agents see calls of their own, past ones and their sound only where the office lets them. */
  const concerns = (
    user: SessionUser,
    call: Call,
    allowed: 'agentsSeeCalls' | 'agentsHearRecordings',
  ): boolean =>
    roleReaches(user.role, 'supervisor') ||
    (isOwnCall(settings.current, user, call) &&
      (settings.current.signIn[allowed] || (allowed === 'agentsSeeCalls' && call.endedAt === undefined)));
  const record = (user: SessionUser, source: string, action: AuditAction, target: string): void =>
    audit.record({ at: parts.clock.now(), who: user.name, source, action, target });
  const find = async (recordingId: string, user: SessionUser): Promise<Found> => {
    const found = await callLog.findRecording(recordingId);
    if (!found || !concerns(user, found.call, 'agentsHearRecordings'))
      throw notFound(`recording ${recordingId}`);
    return found;
  };

  return {
    exportCalls: ({ query }) =>
      callsCsv((page) => callLog.listCalls({ ...(query as CallQuery), ...page }), settings.current),
    callCourse: async ({ params, user }) => {
      const call = await callLog.getCall(params.id);
      if (!call || !concerns(user, call, 'agentsSeeCalls')) throw notFound(`call ${params.id}`);
      return { stretches: courseOf(await callLog.courseOf(params.id)) };
    },
    recordingPeaks: async ({ params, user }) => {
      const { recording } = await find(params.id, user);
      if (recording.state === 'running')
        throw new CordboardError(
          'recording.running',
          'The recording still runs; its sound is drawn afterwards.',
        );
      const peaks = await recordings.peaks(recording.file);
      if (!peaks) throw notFound(`sound of recording ${params.id}`);
      return peaks;
    },
    deleteRecording: async ({ params, body, user, source }) => {
      const { call, recording } = await find(params.id, user);
      if (recording.state === 'running')
        throw new CordboardError('recording.running', 'The recording still runs; end the call first.');
      if (recording.deleted) return undefined;
      await recordings.remove(recording.file);
      callLog.append({
        at: parts.clock.now(),
        callId: call.callId,
        name: 'RECORDDELETE',
        recordingId: params.id,
        by: user.name,
        reason: body.reason,
      });
      record(user, source, 'recording.deleted', params.id);
      return undefined;
    },
  };
}
