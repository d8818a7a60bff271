/** How long recordings are kept and how much room they may take, with what they take now. */
import type { VNode } from 'preact';
import type { EndpointResponse } from '../../src/api/contract.ts';
import { api, errorText } from '../api/client.ts';
import { t } from '../i18n/translate.ts';
import { settingsRevision } from '../state/live.ts';
import { useLoad } from '../state/load.ts';
import { useDraft } from './draft.ts';
import { toast } from './feedback.tsx';
import { DraftForm, NumberField } from './form.tsx';
import { LoadFailed, Skeleton } from './page.tsx';
import { formatBytes } from './time.tsx';

export function RecordingForm({ recording }: { recording: EndpointResponse<'getRecordingSettings'> }): VNode {
  const draft = useDraft(recording, async (body) => {
    await api('replaceRecordingSettings', { body });
    toast(t('form.saved', { thing: t('place.recordings') }));
  });
  const { keepDays } = draft.value;
  return (
    <DraftForm
      draft={draft}
      effect={
        keepDays > 0 && keepDays !== recording.keepDays
          ? t('recording.keepEffect', { count: keepDays })
          : undefined
      }
    >
      <NumberField
        label={t('recording.keep')}
        help={t('recording.keepHelp')}
        unit={t('recording.days')}
        min={0}
        max={3650}
        value={keepDays}
        onInput={(days) => draft.set({ keepDays: days })}
        error={draft.errorAt('keepDays')}
      />
      <NumberField
        label={t('recording.minFree')}
        help={t('recording.minFreeHelp')}
        unit="MB"
        scale={1_000_000}
        min={0}
        value={draft.value.minFreeBytes}
        onInput={(minFreeBytes) => draft.set({ minFreeBytes })}
        error={draft.errorAt('minFreeBytes')}
      />
    </DraftForm>
  );
}

/** What recordings take of the disk, and the form. */
export function RecordingRoom(): VNode {
  const loaded = useLoad(`room ${settingsRevision.value}`, async (signal) => {
    const [recording, { disk }] = await Promise.all([
      api('getRecordingSettings', { signal }),
      api('health', { signal }),
    ]);
    return { recording, disk };
  });
  if (!loaded.value)
    return loaded.error ? (
      <LoadFailed text={errorText(loaded.error)} retry={loaded.reload} />
    ) : (
      <Skeleton lines={4} />
    );
  const { recording, disk } = loaded.value;
  return (
    <div class="stack retention">
      <p>
        {t('recording.roomOf', {
          used: formatBytes(disk.recordingsBytes),
          free: formatBytes(disk.freeBytes),
          total: formatBytes(disk.totalBytes),
        })}
      </p>
      <meter min={0} max={disk.totalBytes} value={disk.recordingsBytes} aria-label={t('recording.room')} />
      <RecordingForm recording={recording} />
    </div>
  );
}
