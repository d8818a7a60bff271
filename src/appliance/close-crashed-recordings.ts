import type { Clock } from '../base/clock.ts';
import type { ControlClient } from '../base/control-socket.ts';
import type { MediaNotices, MediaOperations } from '../codec/media-control.ts';
import type { Call } from '../domain/call.ts';
import type { LogEvent } from '../domain/call-event.ts';
import { salvageRecording } from './salvage-recording.ts';

/**
 * Puts the recordings of calls that an earlier process left behind in order: the media engine, when it lived on,
 * still writes them and is asked to finish; else what is on disk is mended. Their end goes into the log.
 */
export async function closeCrashedRecordings(deps: {
  calls: readonly Call[];
  media: ControlClient<MediaOperations, MediaNotices>;
  append: (event: LogEvent) => void;
  clock: Clock;
}): Promise<void> {
  const { calls, media, append, clock } = deps;
  for (const { callId, recordings } of calls) {
    for (const { recordingId, file, state } of recordings) {
      if (state !== 'running') continue;
      const stopped = await media.call('record.stop', { recordingId }).catch(() => ({ recording: null }));
      const kept = stopped.recording ?? (await salvageRecording(recordingId, file));
      const at = clock.now();
      if (kept) {
        const { durationMs, bytes, sha256 } = kept;
        append({ at, callId, name: 'RECORDEND', recordingId, durationMs, bytes, sha256 });
      } else {
        append({ at, callId, name: 'RECORDFAIL', recordingId, reason: 'nothing-kept' });
      }
    }
  }
}
