/** Which opening hours a number, trunk or menu follows, and where its calls go when it is closed. */
import type { VNode } from 'preact';
import type { Hours as StoredHours } from '../../src/domain/settings/schedules.ts';
import type { Destination } from '../../src/domain/settings.ts';
import { t } from '../i18n/translate.ts';
import { useList } from '../state/load.ts';
import { DestinationField } from './destination.tsx';
import { SelectField } from './form.tsx';

const announcedClosed: Destination = { kind: 'announcement', promptId: 'closed' };

/** As sent: the destination may be left out. */
type Hours = Pick<StoredHours, 'scheduleId'> & { closed?: Destination | undefined };

export function HoursField(props: {
  value: Hours | undefined;
  onInput: (value: Hours | undefined) => void;
  errorAt: (path: string) => string | undefined;
}): VNode {
  const { value, onInput } = props;
  const schedules = useList('listSchedules').list?.items ?? [];
  const choices = [
    { value: '', label: t('hours.always') },
    ...schedules.map((schedule) => ({ value: schedule.id, label: schedule.name })),
  ];
  if (value && !choices.some((choice) => choice.value === value.scheduleId))
    choices.push({ value: value.scheduleId, label: value.scheduleId });
  return (
    <>
      <SelectField
        label={t('hours.follows')}
        help={schedules.length === 0 ? t('hours.followsNone') : t('hours.followsHelp')}
        value={value?.scheduleId ?? ''}
        choices={choices}
        onInput={(scheduleId) =>
          onInput(scheduleId === '' ? undefined : { closed: announcedClosed, ...value, scheduleId })
        }
        error={props.errorAt('hours.scheduleId')}
      />
      {value && (
        <DestinationField
          label={t('hours.closedTo')}
          value={value.closed ?? announcedClosed}
          onInput={(closed) => onInput({ ...value, closed })}
          error={props.errorAt('hours.closed')}
        />
      )}
    </>
  );
}
