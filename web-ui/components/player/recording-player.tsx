/** A recording with its player, or what became of it. */
import { useComputed } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { CallRecording } from '../../../src/domain/call.ts';
import { api, errorText, urlOf } from '../../api/client.ts';
import { reasonText } from '../../i18n/reasons.ts';
import { language, t } from '../../i18n/translate.ts';
import { useLoad } from '../../state/load.ts';
import { isAdmin } from '../../state/session.ts';
import { toast } from '../feedback.tsx';
import { formatBytes, formatDuration, Moment } from '../time.tsx';
import { DeleteRecording } from './delete-recording.tsx';
import { Listeners } from './listeners.tsx';
import { Playback, speeds } from './playback.ts';
import { Waveform } from './waveform.tsx';

export interface RecordingPlayerProps {
  recording: CallRecording;
  /** The address that opens this recording at a second; absent where there is none. */
  linkTo?: ((second: number) => string) | undefined;
  /** Second to begin at. */
  startAt?: number | undefined;
  /** Drawn at once; a list draws what is played only. */
  eager?: boolean;
  /** Where on an axis the waveform lies, percent. */
  place?: { left: number; width: number } | undefined;
  /** Told the player, so that a timeline can lead it. */
  onPlayer?: (playback: Playback) => void;
  onDeleted?: () => void;
}

export function RecordingPlayer(props: RecordingPlayerProps): VNode {
  const { recording } = props;
  const { deleted } = recording;
  return (
    <section class="recording stack" aria-label={t('recording.one')}>
      {deleted ? (
        <p>
          {deleted.by
            ? t('recording.deletedBy', { who: deleted.by, reason: deleted.reason })
            : t('recording.expired')}{' '}
          <span class="quiet">
            <Moment at={deleted.at} />
          </span>
        </p>
      ) : recording.state === 'running' ? (
        <p>{t('recording.running')}</p>
      ) : recording.state === 'failed' ? (
        <p>{t('recording.failed', { reason: reasonText(recording.failure ?? 'internal') })}</p>
      ) : (
        <Player key={recording.recordingId} {...props} />
      )}
    </section>
  );
}

function Player(props: RecordingPlayerProps): VNode {
  const { recording, place } = props;
  const params = { id: recording.recordingId };
  const playback = useMemo(() => new Playback(recording.durationMs ?? 0), [recording.recordingId]);
  const audio = useRef<HTMLAudioElement>(null);
  const [wanted, setWanted] = useState(props.eager ?? false);
  const peaks = useLoad(`${recording.recordingId} ${wanted}`, async (signal) =>
    wanted ? api('recordingPeaks', { params, signal }) : undefined,
  );
  playback.silences = peaks.value?.silences ?? [];
  useEffect(() => {
    playback.attach(audio.current);
    if (props.startAt !== undefined) playback.seek(props.startAt * 1000);
    props.onPlayer?.(playback);
    return () => playback.attach(null);
  }, [playback]);
  const play = (): void => {
    setWanted(true);
    playback.toggle();
  };
  const copyLink = async (): Promise<void> => {
    const path = props.linkTo?.(Math.floor(playback.positionMs.value / 1000));
    if (path === undefined) return;
    await navigator.clipboard.writeText(new URL(path, location.href).href);
    toast(t('player.linkCopied'));
  };
  const clock = useComputed(() => formatDuration(playback.positionMs.value));
  const drawn = <Waveform peaks={peaks.value} playback={playback} label={t('recording.one')} />;
  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: nobody has written down what was said */}
      <audio ref={audio} preload="none" src={urlOf('recording', params)} aria-label={t('recording.one')} />
      <div class="wave-axis" hidden={!wanted}>
        <div style={place ? { marginInlineStart: `${place.left}%`, width: `${place.width}%` } : {}}>
          {drawn}
        </div>
      </div>
      {(playback.failed.value || peaks.error !== undefined) && (
        <p class="field-error" role="alert">
          {playback.failed.value ? t('player.cannotPlay') : errorText(peaks.error)}
        </p>
      )}
      <div class="player-bar">
        <button type="button" class="button" onClick={play}>
          {playback.playing.value ? t('player.pause') : t('player.play')}
        </button>
        <span class="player-clock">
          {clock} / {formatDuration(playback.durationMs)}
        </span>
        {wanted && <Choices playback={playback} />}
        {!wanted && (
          <a
            class="button button-small"
            href={urlOf('recording', params)}
            download={`${recording.recordingId}.wav`}
          >
            {t('action.download')}
          </a>
        )}
      </div>
      {wanted && (
        <div class="spread quiet">
          <span>
            {t('recording.lanes')}
            {recording.bytes !== undefined && ` · ${formatBytes(recording.bytes)}`}
          </span>
          <span class="actions">
            {props.linkTo && (
              <button type="button" class="button button-small" onClick={() => void copyLink()}>
                {t('player.copyLink')}
              </button>
            )}
            <a
              class="button button-small"
              href={urlOf('recording', params)}
              download={`${recording.recordingId}.wav`}
            >
              {t('action.download')}
            </a>
            {isAdmin.value && (
              <DeleteRecording recordingId={recording.recordingId} onDeleted={() => props.onDeleted?.()} />
            )}
          </span>
        </div>
      )}
      {isAdmin.value && props.eager && <Listeners recordingId={recording.recordingId} />}
    </>
  );
}

/** How it is heard: fast or slow, without the pauses, one party alone. */
function Choices({ playback }: { playback: Playback }): VNode {
  return (
    <>
      <label class="player-choice">
        {t('player.speed')}
        <select
          class="select"
          value={String(playback.speed.value)}
          onChange={(event) => playback.setSpeed(Number(event.currentTarget.value))}
        >
          {speeds.map((speed) => (
            <option key={speed} value={String(speed)} selected={speed === playback.speed.value}>
              {new Intl.NumberFormat(language.value).format(speed)} ×
            </option>
          ))}
        </select>
      </label>
      <Toggle
        label={t('player.skipSilence')}
        value={playback.skipping.value}
        onInput={(skip) => {
          playback.skipping.value = skip;
        }}
      />
      {([0, 1] as const).map((side) => (
        <Toggle
          key={side}
          label={side === 0 ? t('player.muteCaller') : t('player.muteAgent')}
          value={playback.muted.value[side]}
          onInput={(muted) => playback.mute(side, muted)}
        />
      ))}
    </>
  );
}

function Toggle(props: { label: string; value: boolean; onInput: (value: boolean) => void }): VNode {
  return (
    <label class="player-choice">
      <input
        type="checkbox"
        checked={props.value}
        onChange={(event) => props.onInput(event.currentTarget.checked)}
      />
      {props.label}
    </label>
  );
}
