/**
 * From a destination of the settings to the place where the call really goes: opening hours are asked on the way, and
 * what was removed or leads in a circle is found. Call control and the dial-plan tester ask this same rule.
 */
import type { TraceNote } from './call-event.ts';
import { maxIvrHops } from './ivr.ts';
import { type NightMode, scheduleState } from './schedule.ts';
import type { Hours } from './settings/schedules.ts';
import type { Destination, Extension, IvrMenu, Language, Queue, Settings } from './settings.ts';
import { traceNote } from './trace-notes.ts';

export interface RouteContext {
  readonly settings: Pick<Settings, 'office' | 'schedules' | 'ivrMenus' | 'queues' | 'extensions'>;
  /** Wall clock, ms. */
  readonly at: number;
  readonly night: NightMode | null;
}

export type Stop =
  | { kind: 'ivr'; menu: IvrMenu }
  | { kind: 'queue'; queue: Queue }
  | { kind: 'extension'; extension: Extension }
  | { kind: 'announcement'; promptId: string }
  | { kind: 'hang-up' }
  /** What the settings name does not exist any more. */
  | { kind: 'gone'; what: 'ivr' | 'queue' | 'extension' }
  | { kind: 'loop' };

export interface Route {
  stop: Stop;
  /** Why, in the order of the decisions. */
  notes: TraceNote[];
  /** Menus entered so far, against circles. */
  ivrHops: number;
  /** What the caller is spoken to in from here on. */
  language: Language | undefined;
}

/**
 * @param hops menus the call went through already
 * @param hours of the number or trunk that the call came by
 */
export function route(context: RouteContext, to: Destination, hops: number, hours?: Hours): Route {
  const { settings } = context;
  const notes: TraceNote[] = [];
  let ivrHops = hops;
  let language: Language | undefined;
  const at = (stop: Stop): Route => ({ stop, notes, ivrHops, language });
  let destination = byHours(context, to, hours, notes);
  for (;;) {
    switch (destination.kind) {
      case 'hang-up':
        return at({ kind: 'hang-up' });
      case 'announcement':
        return at({ kind: 'announcement', promptId: destination.promptId });
      case 'queue': {
        const { queueId } = destination;
        const queue = settings.queues.find(({ id }) => id === queueId);
        if (queue) return at({ kind: 'queue', queue });
        notes.push(traceNote('route.gone', { queue: queueId }));
        return at({ kind: 'gone', what: 'queue' });
      }
      case 'extension': {
        const { extensionId } = destination;
        const extension = settings.extensions.find(({ id }) => id === extensionId);
        if (extension) return at({ kind: 'extension', extension });
        notes.push(traceNote('route.gone', { extension: extensionId }));
        return at({ kind: 'gone', what: 'extension' });
      }
      case 'ivr': {
        const { ivrMenuId } = destination;
        const menu = settings.ivrMenus.find(({ id }) => id === ivrMenuId);
        if (!menu) {
          notes.push(traceNote('route.gone', { menu: ivrMenuId }));
          return at({ kind: 'gone', what: 'ivr' });
        }
        if (++ivrHops > maxIvrHops) {
          notes.push(traceNote('ivr.loop', { menu: menu.name }));
          return at({ kind: 'loop' });
        }
        language = menu.language ?? language;
        const next = byHours(context, destination, menu.hours, notes);
        if (next === destination) return at({ kind: 'ivr', menu });
        destination = next;
      }
    }
  }
}

/** The destination, or the one for when it is closed. */
function byHours(
  { settings, at, night }: RouteContext,
  destination: Destination,
  hours: Hours | undefined,
  notes: TraceNote[],
): Destination {
  const schedule = hours && settings.schedules.find(({ id }) => id === hours.scheduleId);
  if (!hours || !schedule) return destination;
  const { open, note } = scheduleState(schedule, settings.office.timeZone, at, night);
  notes.push(note);
  return open ? destination : { ...hours.closed };
}
