/** The line of a call with its recordings under it, on the same axis and led by each other. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { Call, CallRecording } from '../../../src/domain/call.ts';
import { api } from '../../api/client.ts';
import type { Playback } from '../../components/player/playback.ts';
import { RecordingPlayer } from '../../components/player/recording-player.tsx';
import { useTicking } from '../../components/time.tsx';
import { axisOf, placeOn, stretchesOfCall } from '../../components/timeline/stretches.ts';
import { Timeline } from '../../components/timeline/timeline.tsx';
import { t } from '../../i18n/translate.ts';
import { useLoad } from '../../state/load.ts';
import { useNames } from '../../state/names.ts';

export function CallCourse({ call, reload }: { call: Call; reload: () => void }): VNode {
  const now = Math.max(useTicking(), call.startedAt);
  const names = useNames();
  const { path, query } = useLocation();
  const [players, setPlayers] = useState<Record<string, Playback>>({});
  const [near, setNear] = useState(false);
  // The box's account is asked for anew at each turn of the call; what the call itself tells stands in until then.
  const told = useLoad(`${call.callId} ${call.phase} ${call.phaseSince}`, (signal) =>
    api('callCourse', { params: { id: call.callId }, signal }),
  );
  const stretches =
    told.value && told.value.stretches.length > 0 ? told.value.stretches : stretchesOfCall(call);
  const sounding = call.recordings.filter(({ state, deleted }) => state === 'done' && !deleted);
  const first = sounding[0];
  const whole = axisOf(stretches, now);
  const axis = near && first ? { from: first.startedAt, to: endOf(first) } : whole;
  const heard = sounding.find(({ recordingId }) => (players[recordingId]?.positionMs.value ?? 0) > 0);
  const cursor = heard && heard.startedAt + (players[heard.recordingId]?.positionMs.value ?? 0);
  const seek = (at: number): void => {
    const recording = sounding.find((each) => at >= each.startedAt && at < endOf(each));
    if (recording) players[recording.recordingId]?.seek(at - recording.startedAt);
  };
  const startAt = /^\d{1,6}$/.test(query.t ?? '') ? Number(query.t) : undefined;
  return (
    <section class="stack" aria-label={t('call.timeline')}>
      {first && (
        <fieldset class="course-zoom">
          <legend class="sr-only">{t('timeline.zoom')}</legend>
          {[false, true].map((value) => (
            <button
              key={String(value)}
              type="button"
              class="button button-small"
              aria-pressed={near === value}
              onClick={() => setNear(value)}
            >
              {value ? t('timeline.zoomTalk') : t('timeline.zoomCall')}
            </button>
          ))}
        </fieldset>
      )}
      <Timeline
        stretches={stretches}
        notes={call.trace}
        names={names}
        axis={axis}
        now={now}
        cursor={cursor}
        onSeek={sounding.length > 0 ? seek : undefined}
      />
      {call.recordings.map((recording, index) => {
        const left = placeOn(axis, recording.startedAt);
        return (
          <RecordingPlayer
            key={recording.recordingId}
            recording={recording}
            eager
            place={{ left, width: Math.max(2, placeOn(axis, endOf(recording)) - left) }}
            startAt={index === 0 ? startAt : undefined}
            linkTo={index === 0 ? (second) => `${path}?t=${second}` : undefined}
            onPlayer={(player) => setPlayers((known) => ({ ...known, [recording.recordingId]: player }))}
            onDeleted={reload}
          />
        );
      })}
    </section>
  );
}

function endOf(recording: CallRecording): number {
  return recording.startedAt + (recording.durationMs ?? 0);
}
