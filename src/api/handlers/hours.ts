/** Opening hours and the night button. */
import type { Schedule } from '../../domain/settings/schedules.ts';
import type { EndpointParsedBody } from '../contract.ts';
import type { HoursPort } from '../ports.ts';
import type { HandlersOf } from '../routes.ts';
import type { SettingsEditor } from '../settings-editor.ts';
import { listHandlers } from './list-handlers.ts';

export function hoursHandlers(parts: {
  hours: HoursPort;
  editor: SettingsEditor;
}): HandlersOf<
  | 'listSchedules'
  | 'getSchedule'
  | 'createSchedule'
  | 'replaceSchedule'
  | 'deleteSchedule'
  | 'nightMode'
  | 'pressNightButton'
> {
  const { hours, editor } = parts;
  const schedules = listHandlers<'schedules', EndpointParsedBody<'createSchedule'>, Schedule>(editor, {
    section: 'schedules',
    word: 'schedule',
    nameOf: (input) => input.name,
    view: (schedule) => schedule,
    item: (input, id) => ({ ...input, id }),
  });
  return {
    listSchedules: schedules.list,
    getSchedule: schedules.get,
    createSchedule: schedules.create,
    replaceSchedule: schedules.replace,
    deleteSchedule: schedules.remove,

    nightMode: () => hours.live(),
    pressNightButton: async (request) => {
      const { mode, ends } = request.body;
      const live = await hours.press(mode, ends, request.user.name);
      editor.record(request, 'night-mode.press', mode);
      return live;
    },
  };
}
