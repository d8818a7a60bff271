/**
 * What automatic call distribution hears (events) and what it wants done (effects). `acd.ts` turns the one into
 * the other; call-control runs the effects and feeds the events.
 *
 * Every event carries `at`, wall clock in milliseconds. Timers are effects: call-control arms them on its clock
 * and sends `timer` with the same key when they fall due; arming a key again replaces it.
 */
import type { LogEvent, TraceNote } from '../call-event.ts';
import type { AgentStatus } from '../live.ts';
import type { Agent, Destination, Queue } from '../settings.ts';
import type { AfterWork } from './wrap-up.ts';

/** The part of the settings that the rules read; `Settings` itself fits. */
export interface AcdRules {
  readonly queues: readonly Queue[];
  readonly agents: readonly Agent[];
}

/** Why a phone stopped ringing without being answered by its agent. */
export type OfferFailure = 'no-answer' | 'rejected' | 'busy' | 'unreachable';

export type AcdEvent = { readonly at: number } & AcdFact;

export type AcdFact =
  /** The settings in force, at start and after each change. Agents begin logged out and not reachable. */
  | { type: 'configured'; rules: AcdRules }
  /** The person chose a status. During a call it takes effect after it. `reason` goes with a break. */
  | { type: 'agent-status'; agentId: string; status: AgentStatus; reason?: string }
  /** A phone of the agent registered, or the last one left. */
  | { type: 'agent-reachable'; agentId: string; reachable: boolean }
  /** The agent's phone began or ended a call that is none of the queue's. */
  | { type: 'agent-busy'; agentId: string; busy: boolean; callId: string }
  /** The dialler takes a free agent; ignored when the agent is not free. */
  | { type: 'agent-reserved'; agentId: string }
  /** The reserved agent talks on a call of a campaign. */
  | { type: 'reserved-talk'; agentId: string; callId: string }
  /** The dialler needs the agent no more: after a talk comes the work, after a missed ring a pause. */
  | {
      type: 'agent-given-back';
      agentId: string;
      work: AfterWork;
      missed?: { cause: OfferFailure; pauseMs: number };
    }
  /** A caller comes to wait. */
  | { type: 'call-entered'; callId: string; queueId: string }
  /** The caller hung up, or was taken elsewhere; in a talk it ends the talk as `talk-ended` by the caller. */
  | { type: 'call-left'; callId: string }
  /** The agent's phone rings (180). */
  | { type: 'offer-ringing'; offerId: string }
  | { type: 'offer-answered'; offerId: string }
  | { type: 'offer-failed'; offerId: string; cause: OfferFailure }
  /** A `connect` is done, both hear each other: only now the log says CONNECT. */
  | { type: 'connected'; callId: string; offerId: string }
  /** A `connect` could not be done: the caller goes back to the place held before, the agent counts as unreachable. */
  | { type: 'connect-failed'; callId: string; offerId: string }
  | { type: 'talk-ended'; callId: string; by: 'caller' | 'agent' | 'system' }
  /** The agent is ready before wrap-up (or the pause after a missed call) is over. */
  | { type: 'wrap-up-done'; agentId: string }
  /** The agent needs more time for the work after the call. */
  | { type: 'wrap-up-more'; agentId: string }
  /** The agent said how the call ended, in the talk or after it. */
  | { type: 'disposition-set'; agentId: string; callId: string }
  | { type: 'timer'; key: string };

export type CancelCause =
  /** Another agent was faster. */
  | 'answered-elsewhere'
  | 'caller-left'
  /** The agent logged out, went on break, was removed, or took another call. */
  | 'agent-left'
  | 'agent-unreachable'
  /** The caller's longest wait is over, or the queue was removed. */
  | 'overflow'
  /** The phone said nothing within the ring time and its grace. */
  | 'timeout'
  /** It was answered after it had been taken back: hang up that phone. */
  | 'too-late';

export type AcdEffect =
  /** Ring this agent. Answered by `offer-ringing`, then `offer-answered` or `offer-failed`. */
  | {
      type: 'offer';
      offerId: string;
      callId: string;
      queueId: string;
      agentId: string;
      ringTimeoutMs: number;
    }
  /** Stop ringing; nothing needs to be reported about this offer any more. Harmless when it is gone already. */
  | { type: 'cancel-offer'; offerId: string; cause: CancelCause }
  /** Join caller and agent. Answered by `connected` or `connect-failed`; ends with `talk-ended` or `call-left`. */
  | {
      type: 'connect';
      offerId: string;
      callId: string;
      queueId: string;
      agentId: string;
      waitMs: number;
      ringMs: number;
    }
  /** The caller is no longer in the queue and goes there. */
  | { type: 'overflow'; callId: string; queueId: string; destination: Destination; waitMs: number }
  /** Tell the caller the position, 1 = next. Never worse than one told before. */
  | { type: 'announce-position'; callId: string; position: number }
  /** A fact for the log. */
  | { type: 'log'; event: LogEvent }
  /** Why something was decided; goes into the log as TRACE of that call. */
  | { type: 'trace'; callId: string; note: TraceNote }
  | { type: 'set-timer'; key: string; delayMs: number }
  | { type: 'clear-timer'; key: string }
  /** The event was not expected in this state and changed nothing; to be logged for the developer. */
  | { type: 'ignored'; event: AcdEvent; why: string };
