/** A recording with its player, or what became of it. */
import type { VNode } from 'preact';
import type { CallRecording } from '../../src/domain/call.ts';
import { urlOf } from '../api/client.ts';
import { reasonText } from '../i18n/reasons.ts';
import { t } from '../i18n/translate.ts';
import { formatBytes, formatDuration } from './time.tsx';

export function RecordingPlayer({ recording }: { recording: CallRecording }): VNode {
  const url = urlOf('recording', { id: recording.recordingId });
  return (
    <section class="recording stack" aria-label={t('recording.one')}>
      {recording.state === 'running' && <p>{t('recording.running')}</p>}
      {recording.state === 'failed' && (
        <p>
          {t('recording.failed', {
            reason: reasonText(recording.failure ?? 'internal'),
          })}
        </p>
      )}
      {recording.state === 'done' && (
        <>
          {/* biome-ignore lint/a11y/useMediaCaption: nobody has written down what was said */}
          <audio controls preload="none" src={url} aria-label={t('recording.one')} />
          <div class="spread quiet">
            <span>
              {t('recording.channels')}
              {recording.durationMs !== undefined && ` · ${formatDuration(recording.durationMs)}`}
              {recording.bytes !== undefined && ` · ${formatBytes(recording.bytes)}`}
            </span>
            <a href={url} download={`${recording.recordingId}.wav`}>
              {t('action.download')}
            </a>
          </div>
        </>
      )}
    </section>
  );
}
