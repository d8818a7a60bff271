/** What lies on the agent's desk: the call they are offered, talk on or wrap up, and the last one until the next. */
import { computed, effect, signal } from '@preact/signals';
import type { Call } from '../../../src/domain/call.ts';
import type { LiveAgent } from '../../../src/domain/live.ts';
import { ApiError, api } from '../../api/client.ts';
import type { DeskView } from '../../state/desk-view.ts';
import { live, silentSince } from '../../state/live.ts';
import { user } from '../../state/session.ts';
import { NoteKeeper } from './note-keeper.ts';

/** Who sits here, as the box sees them now. */
export const ownAgent = computed<LiveAgent | undefined>(() => {
  const agentId = user.value?.agentId;
  return agentId === undefined
    ? undefined
    : live.value?.agents.find((candidate) => candidate.agentId === agentId);
});

/** The call on the desk, as last heard of; it stays after its end. */
export const deskCall = signal<Call | undefined>(undefined);
/** Grows with each call that ended or was written at: lists of past calls are read again. */
export const pastChanged = signal(0);

/** Puts the answer of the box on the desk, if that call still lies there. */
export function heardOf(call: Call): void {
  if (deskCall.value?.callId === call.callId) deskCall.value = call;
  pastChanged.value += 1;
}

/** Takes the last call off the desk, or puts an earlier one on it. */
export function putOnDesk(call: Call | undefined): void {
  deskCall.value = call;
}

/** The dispositions for a call of this queue. */
export function dispositionsFor(view: DeskView | undefined, queueId: string | undefined) {
  const own = view?.queues.find((queue) => queue.queueId === queueId)?.dispositions ?? [];
  return own.length > 0 ? own : (view?.dispositions ?? []);
}

let keeper: NoteKeeper | undefined;
let ownerId: string | undefined;

export function notes(): NoteKeeper {
  const owner = user.value?.id ?? '';
  keeper ??= new NoteKeeper({
    userId: owner,
    storage: localStorage,
    save: async (id, text) => {
      // Somebody else sits here meanwhile: what was typed waits for who typed it.
      if (user.value?.id !== owner) throw new Error('signed out');
      heardOf(await api('setNote', { params: { id }, body: { text } }));
    },
    isFinal: (error) => error instanceof ApiError && [403, 404, 422].includes(error.status),
    later: (delayMs, action) => {
      const timer = setTimeout(action, delayMs);
      return () => clearTimeout(timer);
    },
  });
  return keeper;
}

async function refresh(callId: string): Promise<void> {
  try {
    heardOf(await api('getCall', { params: { id: callId } }));
  } catch {
    // What was heard last stays; the list of past calls has the rest.
  }
}

/** Follows the live picture while the page is open; returns how to stop. */
export function followDesk(): () => void {
  if (ownerId !== user.value?.id) {
    keeper = undefined;
    deskCall.value = undefined;
    ownerId = user.value?.id;
  }
  const stops = [
    effect(() => {
      const now = live.value;
      const callId = ownAgent.value?.callId;
      const before = deskCall.peek();
      const call = now?.calls.find((each) => each.callId === (callId ?? before?.callId));
      if (call) deskCall.value = call;
      else if (callId !== undefined && callId !== before?.callId) void fetchCall(callId);
      else if (before && before.phase !== 'ended') {
        // Gone from the live picture: it is over, and the log has it.
        deskCall.value = { ...before, phase: 'ended' };
        void refresh(before.callId);
      }
    }),
    effect(() => {
      if (silentSince.value === undefined && live.value) notes().resume();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** The page was opened in wrap-up: the call is over already. */
async function fetchCall(callId: string): Promise<void> {
  try {
    const call = await api('getCall', { params: { id: callId } });
    if (ownAgent.value?.callId === callId) deskCall.value = call;
  } catch {
    // Not in the log yet: the next change of the live picture asks again.
  }
}
