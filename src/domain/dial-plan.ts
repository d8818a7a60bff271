/**
 * What a dialled number means, from inside and from outside. Pure: the settings and the state of the trunks go
 * in, a decision with its reason comes out.
 *
 * Order of the decision for a number dialled inside (an emergency rule, when there is one, must stand before all
 * of them):
 *
 *     extension, queue or menu of this number -> outside number over a trunk -> rejected
 */
import type { TraceNote } from './call-event.ts';
import type { Hours } from './settings/schedules.ts';
import type { Destination, Settings, Trunk } from './settings.ts';
import type { Termination } from './termination.ts';
import { traceNote } from './trace-notes.ts';

export interface DialPlanContext {
  readonly settings: Pick<Settings, 'extensions' | 'queues' | 'ivrMenus' | 'trunks'>;
  /** Whether calls can go out over this trunk now. */
  readonly isTrunkUp: (trunkId: string) => boolean;
}

/** Fewest digits of an outside number; shorter ones are typing errors for an extension. */
export const shortestOutsideDigits = 3;

export type OutgoingPlan =
  | { kind: 'destination'; destination: Destination; note: TraceNote }
  /** `number` is what the trunk is asked for; `others` are asked in this order when it does not take the call. */
  | { kind: 'outside'; trunkId: string; others: readonly TrunkName[]; number: string; note: TraceNote }
  | { kind: 'reject'; reason: RejectReason; note: TraceNote };

export interface TrunkName {
  trunkId: string;
  name: string;
}

export type RejectReason = 'unknown-number' | 'no-trunk' | 'bad-number';

/** A number dialled by an extension, a browser or click to call. */
export function planOutgoing(context: DialPlanContext, dialled: string): OutgoingPlan {
  const number = dialled.trim();
  const internal = planInternal(context.settings, number);
  if (internal) return internal;
  const outside = outsideNumber(number);
  if (outside === undefined) {
    const wellFormed = /^[0-9*#]{1,24}$/.test(number);
    return wellFormed
      ? { kind: 'reject', reason: 'unknown-number', note: traceNote('dial.unknown-internal', { number }) }
      : { kind: 'reject', reason: 'bad-number', note: traceNote('dial.bad-number', { number }) };
  }
  return planTrunk(context, outside);
}

function planInternal(settings: DialPlanContext['settings'], number: string): OutgoingPlan | undefined {
  const extension = settings.extensions.find((e) => e.number === number);
  if (extension)
    return {
      kind: 'destination',
      destination: { kind: 'extension', extensionId: extension.id },
      note: traceNote('dial.extension', { number, name: extension.name }),
    };
  const queue = settings.queues.find((q) => q.number === number);
  if (queue)
    return {
      kind: 'destination',
      destination: { kind: 'queue', queueId: queue.id },
      note: traceNote('dial.queue', { number, name: queue.name }),
    };
  const menu = settings.ivrMenus.find((m) => m.number === number);
  if (menu)
    return {
      kind: 'destination',
      destination: { kind: 'ivr', ivrMenuId: menu.id },
      note: traceNote('dial.ivr', { number, name: menu.name }),
    };
  return undefined;
}

/** The number to ask a trunk for, without what people write between digits; undefined when it is none. */
function outsideNumber(dialled: string): string | undefined {
  const number = dialled.replace(/[\s()./-]/g, '');
  const digits = /^\+?([0-9]{1,23})$/.exec(number)?.[1];
  return digits !== undefined && digits.length >= shortestOutsideDigits ? number : undefined;
}

/**
 * The first enabled trunk that is up, in the order of the settings, and then the others that are. When none is, the
 * call may go through all the same: every enabled one is tried.
 */
function planTrunk({ settings, isTrunkUp }: DialPlanContext, number: string): OutgoingPlan {
  const enabled = settings.trunks.filter((trunk) => trunk.enabled);
  const allUp = enabled.filter((trunk) => isTrunkUp(trunk.id));
  const up = allUp[0];
  const [trunk, ...others] = up ? allUp : enabled;
  if (!trunk) return { kind: 'reject', reason: 'no-trunk', note: traceNote('dial.no-trunk', { number }) };
  const params = { number, trunk: trunk.name };
  const passedOver = up ? enabled.slice(0, enabled.indexOf(up)).map((t) => t.name) : [];
  return {
    kind: 'outside',
    trunkId: trunk.id,
    others: others.map(({ id, name }) => ({ trunkId: id, name })),
    number,
    note: !up
      ? traceNote('dial.trunk-not-up', params)
      : passedOver.length === 0
        ? traceNote('dial.trunk', params)
        : traceNote('dial.trunk-instead', { ...params, passedOver: passedOver.join(', ') }),
  };
}

/**
 * True when the trunk itself could not take the call, so that another one may: it was not reached, it failed, or it
 * did not let us in. What it says about the number or the person called would be the same elsewhere.
 */
export function isTrunkFailure({ reason }: Termination): boolean {
  return trunkFailures.has(reason);
}

const trunkFailures: ReadonlySet<string> = new Set([
  'unreachable',
  'upstream-failed',
  'auth-failed',
  'no-trunk',
]);

/** A call from a trunk: by the number it was dialled with, else where the trunk sends its calls. */
export function planIncoming(
  settings: Pick<Settings, 'numbers'>,
  trunk: Trunk,
  to: string,
): { destination: Destination; hours: Hours | undefined; note: TraceNote } {
  const wanted = withoutPrefix(to);
  const found =
    settings.numbers.find((n) => n.number === to) ??
    settings.numbers.find((n) => wanted !== '' && withoutPrefix(n.number) === wanted);
  return found
    ? {
        destination: found.destination,
        hours: found.hours,
        note: traceNote('dial.number', { number: to }),
      }
    : {
        destination: trunk.inbound,
        hours: trunk.hours,
        note: traceNote('dial.trunk-inbound', { number: to, trunk: trunk.name }),
      };
}

/** Carriers deliver the same number as +36…, 0036… or 36…. */
function withoutPrefix(number: string): string {
  return number.replace(/[\s()./-]/g, '').replace(/^(\+|00)/, '');
}
