/**
 * The course of a call as one line: what it went through, one stretch after the other, without gaps. Computed from its
 * events; the work after it is the agents' own.
 */
import type { LogEvent } from './call-event.ts';

export type StretchKind = 'ringing' | 'ivr' | 'waiting' | 'talking' | 'hold' | 'wrap-up';

export interface Stretch {
  kind: StretchKind;
  from: number;
  /** Absent while it lasts. */
  to?: number;
  /** The menu, queue or agent it was spent with. */
  id?: string;
}

/** Shorter than this is no stretch of its own: the moment between two others. */
const momentMs = 100;

/** @param events of one call and of agents about it, oldest first */
export function courseOf(events: readonly LogEvent[]): Stretch[] {
  const course: Stretch[] = [];
  const work: Stretch[] = [];
  const held = new Set<string>();
  let ended = false;
  const close = (at: number): void => {
    const last = course.at(-1);
    if (last && last.to === undefined) last.to = Math.max(at, last.from);
  };
  const enter = (kind: StretchKind, at: number, id?: string): void => {
    if (ended) return;
    close(at);
    const last = course.at(-1);
    const passing = last && last.to !== undefined && last.to - last.from < momentMs;
    const from = passing ? last.from : at;
    if (passing) course.pop();
    course.push({ kind, from, ...(id === undefined ? {} : { id }) });
  };
  for (const event of events) {
    const { at } = event;
    switch (event.name) {
      case 'CALLSTART':
      case 'IVREXIT':
      case 'EXITWITHTIMEOUT':
      case 'COMPLETEAGENT':
      case 'COMPLETECALLER':
        enter('ringing', at);
        break;
      case 'IVRENTER':
        enter('ivr', at, event.ivrMenuId);
        break;
      case 'ENTERQUEUE':
        enter('waiting', at, event.queueId);
        break;
      case 'CONNECT':
        enter('talking', at, event.agentId);
        break;
      case 'BRIDGE':
        if (course.at(-1)?.kind !== 'talking' && held.size === 0) enter('talking', at);
        break;
      case 'HOLD':
        held.add(event.legId);
        if (course.at(-1)?.kind === 'talking') enter('hold', at, course.at(-1)?.id);
        break;
      case 'RESUME':
        held.delete(event.legId);
        if (held.size === 0 && course.at(-1)?.kind === 'hold') enter('talking', at, course.at(-1)?.id);
        break;
      case 'CALLEND':
        close(event.aliveAt ?? at);
        ended = true;
        break;
      case 'WRAPUPSTART':
        work.push({ kind: 'wrap-up', from: at, id: event.agentId });
        break;
      case 'WRAPUPEND': {
        const begun = work.findLast(({ id, to }) => id === event.agentId && to === undefined);
        if (begun) begun.to = at;
        break;
      }
    }
  }
  // The moment between the end of the talk and the end of the call.
  const last = course.at(-1);
  const before = course.at(-2);
  if (ended && last?.kind === 'ringing' && before && (last.to ?? 0) - last.from < momentMs) {
    before.to = last.to ?? last.from;
    course.pop();
  }
  return [...course, ...afterCall(work, course.at(-1)?.to)];
}

/** Work begins with the end of the talk; the line shows it from the end of the call. */
function afterCall(work: Stretch[], endedAt: number | undefined): Stretch[] {
  if (endedAt === undefined) return []; // another agent has the call: it goes on
  return work
    .map((stretch) => ({ ...stretch, from: Math.max(stretch.from, endedAt) }))
    .filter(({ from, to }) => to === undefined || to > from);
}
