/** Opening hours: the schedules, and the night button that stands before them. */
import { z } from 'zod';
import { scheduleSchema } from '../../domain/settings/schedules.ts';
import { liveHoursSchema } from '../domain-schemas.ts';
import { crud, itemId } from './configuration.ts';
import type { Endpoint } from './endpoint.ts';

const schedules = crud(
  'schedules',
  'schedule',
  scheduleSchema,
  z.object(scheduleSchema.shape).extend({ id: itemId.optional() }),
);

/** Endpoints of opening hours. */
export const hoursEndpoints = {
  listSchedules: schedules.list,
  getSchedule: schedules.get,
  createSchedule: schedules.create,
  replaceSchedule: schedules.replace,
  deleteSchedule: schedules.remove,
  nightMode: {
    method: 'get',
    path: '/night-mode',
    access: 'agent',
    summary: 'The night button, and whether each schedule is open',
    response: liveHoursSchema,
  },
  pressNightButton: {
    method: 'put',
    path: '/night-mode',
    access: 'supervisor',
    summary: 'Closes or opens the whole office against its schedules, or gives them their say again. Audited',
    body: z.object({
      mode: z.enum(['auto', 'closed', 'open']),
      /** Left out: until the next opening of each schedule. */
      ends: z.enum(['next-opening', 'stays']).default('next-opening'),
    }),
    response: liveHoursSchema,
  },
} as const satisfies Record<string, Endpoint>;
