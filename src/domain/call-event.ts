/**
 * The call log's vocabulary: an append-only list of facts from which calls, figures and pages are derived
 * (`call.ts`, `live.ts`). Names are Asterisk's queue_log names where one exists.
 */

import type { QualityRecord } from '../codec/media-control.ts';
import type { DispositionKind } from './settings/desk.ts';
import type { Termination } from './termination.ts';

/** A reason in plain words: `code` is a key of the message catalogue `trace.*`, `params` fill its gaps. */
export interface TraceNote {
  code: string;
  params: Record<string, string | number>;
}

/** How a leg's signalling travels: SIP over one of these, or the pages' HTTPS (a browser). */
export type LegSignalling = 'udp' | 'tcp' | 'tls' | 'https';

export type CallDirection = 'inbound' | 'outbound' | 'internal';

/** Every event carries `at` (wall clock, ms since the epoch) and the call it belongs to. */
export type CallEvent = { at: number; callId: string } & CallFact;

export type CallFact =
  /** A call exists. `from` and `to` are numbers as dialled; names where known. */
  | {
      name: 'CALLSTART';
      direction: CallDirection;
      from: string;
      fromName?: string;
      to: string;
      trunkId?: string;
      /** A call of a campaign: for whom it is made, and to which lead. */
      campaignId?: string;
      leadId?: number;
      agentId?: string;
    }
  /** Why something was decided. */
  | ({ name: 'TRACE' } & TraceNote)
  /** A leg (SIP dialog or browser) joins; `sipCallId` finds its ladder. */
  | {
      name: 'LEGSTART';
      legId: string;
      role: 'caller' | 'agent' | 'callee';
      party: string;
      sipCallId?: string;
      signalling?: LegSignalling;
    }
  | { name: 'LEGANSWER'; legId: string; sipCallId?: string; signalling?: LegSignalling }
  | {
      name: 'LEGEND';
      legId: string;
      termination: Termination;
      quality?: QualityRecord;
      sipCallId?: string;
      signalling?: LegSignalling;
    }
  /** The caller's leg was answered (by a person or by the box). */
  | { name: 'ANSWER' }
  | { name: 'IVRENTER'; ivrMenuId: string }
  | { name: 'IVRDIGIT'; ivrMenuId: string; digit: string }
  | { name: 'IVREXIT'; ivrMenuId: string; cause: 'digit' | 'otherwise' | 'left' }
  | { name: 'ENTERQUEUE'; queueId: string; position: number }
  /** An agent's phone starts to ring. */
  | { name: 'OFFER'; queueId: string; agentId: string; offerId: string }
  | {
      name: 'RINGNOANSWER';
      queueId: string;
      agentId: string;
      offerId: string;
      ringMs: number;
      cause: 'no-answer' | 'rejected' | 'busy' | 'unreachable';
    }
  /** The offer was taken back: the caller left or another agent was faster. */
  | { name: 'RINGCANCELED'; queueId: string; agentId: string; offerId: string; ringMs: number }
  /** Caller and agent talk. */
  | { name: 'CONNECT'; queueId: string; agentId: string; offerId: string; waitMs: number; ringMs: number }
  | { name: 'ABANDON'; queueId: string; position: number; waitMs: number }
  | { name: 'EXITWITHTIMEOUT'; queueId: string; waitMs: number }
  | { name: 'COMPLETEAGENT'; queueId: string; agentId: string; waitMs: number; talkMs: number }
  | { name: 'COMPLETECALLER'; queueId: string; agentId: string; waitMs: number; talkMs: number }
  /** Two parties talk outside a queue. */
  | { name: 'BRIDGE'; legIds: [string, string] }
  | { name: 'HOLD'; legId: string }
  | { name: 'RESUME'; legId: string }
  | { name: 'RECORDSTART'; recordingId: string; file: string }
  | { name: 'RECORDEND'; recordingId: string; durationMs: number; bytes: number; sha256: string }
  | { name: 'RECORDFAIL'; recordingId: string; reason: string }
  /**
   * What an agent wrote down, the whole text each time: the last one of each agent counts. `by`: the user who wrote it
   * in the agent's stead. Comes after CALLEND too.
   */
  | { name: 'NOTE'; agentId?: string; by?: string; text: string }
  /** How the call ended for the office; the last one counts. Name and kind are those of that time. */
  | {
      name: 'DISPOSITION';
      agentId?: string;
      by?: string;
      code: string;
      label: string;
      kind: DispositionKind;
    }
  /** Its sound was removed: by a user, who said why, or (without `by`) because it was older than is kept. */
  | { name: 'RECORDDELETE'; recordingId: string; by?: string; reason: string }
  /**
   * `aliveAt`: the box failed while the call went on, and this was written at the next start; so long it surely ran.
   */
  | { name: 'CALLEND'; termination: Termination; aliveAt?: number };

/** What agents do, apart from any call. */
export type AgentEvent = { at: number; agentId: string } & (
  | { name: 'AGENTLOGIN' }
  | { name: 'AGENTLOGOFF' }
  | { name: 'PAUSE'; reason: string }
  | { name: 'UNPAUSE' }
  | { name: 'WRAPUPSTART'; callId: string }
  | { name: 'WRAPUPEND'; callId: string }
);

/** What goes into the log. */
export type LogEvent = CallEvent | AgentEvent;

export function isCallEvent(event: LogEvent): event is CallEvent {
  return (
    'callId' in event && !('agentId' in event && (event.name === 'WRAPUPSTART' || event.name === 'WRAPUPEND'))
  );
}
