/**
 * A call as derived from its events, and nothing else: the live page, the stored list and the reports all fold
 * the same log with `foldCall`.
 *
 *     ringing -> ivr -> queued -> offering -> talking <-> held -> ended
 *        `--------------------------------------^
 */
import type { QualityRecord } from '../codec/media-control.ts';
import type { CallDirection, CallEvent, LegSignalling, TraceNote } from './call-event.ts';
import type { DispositionKind } from './settings/desk.ts';
import type { Termination } from './termination.ts';

export type CallPhase = 'ringing' | 'ivr' | 'queued' | 'offering' | 'talking' | 'held' | 'ended';

export interface CallLeg {
  legId: string;
  role: 'caller' | 'agent' | 'callee';
  party: string;
  sipCallId?: string;
  signalling?: LegSignalling;
  startedAt: number;
  answeredAt?: number;
  endedAt?: number;
  termination?: Termination;
  quality?: QualityRecord;
  held: boolean;
}

export interface CallRecording {
  recordingId: string;
  file: string;
  startedAt: number;
  state: 'running' | 'done' | 'failed';
  durationMs?: number;
  bytes?: number;
  sha256?: string;
  failure?: string;
  /** Its sound is gone. Without `by` its time was over. */
  deleted?: { at: number; by?: string; reason: string };
}

/** What one agent (or, without `agentId`, somebody of the office) wrote down. */
export interface CallNote {
  agentId?: string;
  /** The user who wrote it, when that was not the agent. */
  by?: string;
  at: number;
  text: string;
}

/** How the call ended for the office, as an agent saw it; how it ended technically is `termination`. */
export interface CallDisposition {
  agentId?: string;
  by?: string;
  at: number;
  code: string;
  label: string;
  kind: DispositionKind;
}

export interface Call {
  callId: string;
  direction: CallDirection;
  from: string;
  fromName?: string;
  to: string;
  trunkId?: string;
  /** A call of a campaign, and its lead. */
  campaignId?: string;
  leadId?: number;
  phase: CallPhase;
  /** Since when it is in this phase. */
  phaseSince: number;
  startedAt: number;
  answeredAt?: number;
  endedAt?: number;
  ivrMenuId?: string;
  queueId?: string;
  enteredQueueAt?: number;
  /** The agent offered or talking; under ring-all the one offered last. */
  agentId?: string;
  /** Phones of agents ringing for it now. */
  offers: { offerId: string; agentId: string }[];
  /** When the first talk began. */
  connectedAt?: number;
  /** When the talk that goes on now began. */
  talkSince?: number;
  /** Milliseconds waited in queue (final once connected, abandoned or timed out). */
  waitMs: number;
  /** All talks together, once each is over. */
  talkMs: number;
  abandoned: boolean;
  legs: CallLeg[];
  recordings: CallRecording[];
  trace: ({ at: number } & TraceNote)[];
  /** At most one of each agent; absent while nobody wrote any. */
  notes?: CallNote[];
  disposition?: CallDisposition;
  termination?: Termination;
}

/** A call as one line of what was with a caller before. */
export type PastCall = Pick<
  Call,
  | 'callId'
  | 'direction'
  | 'from'
  | 'fromName'
  | 'to'
  | 'startedAt'
  | 'queueId'
  | 'agentId'
  | 'connectedAt'
  | 'waitMs'
  | 'talkMs'
  | 'abandoned'
  | 'notes'
  | 'disposition'
>;

/**
 * The call after one more event. Returns a new object; `call` is not touched. Facts that arrive after CALLEND (a leg's
 * quality, a finished recording, a note) are added, but nothing brings an ended call back.
 * @throws RangeError when the first event of a call is not CALLSTART
 */
export function foldCall(call: Call | undefined, event: CallEvent): Call {
  const { at } = event;
  if (event.name === 'CALLSTART') {
    if (call) return call;
    return {
      callId: event.callId,
      direction: event.direction,
      from: event.from,
      ...(event.fromName === undefined ? {} : { fromName: event.fromName }),
      to: event.to,
      ...(event.trunkId === undefined ? {} : { trunkId: event.trunkId }),
      ...(event.campaignId === undefined ? {} : { campaignId: event.campaignId }),
      ...(event.leadId === undefined ? {} : { leadId: event.leadId }),
      ...(event.agentId === undefined ? {} : { agentId: event.agentId }),
      phase: 'ringing',
      phaseSince: at,
      startedAt: at,
      waitMs: 0,
      talkMs: 0,
      abandoned: false,
      offers: [],
      legs: [],
      recordings: [],
      trace: [],
    };
  }
  if (!call) throw new RangeError(`call ${event.callId} begins with ${event.name}`);
  const enter = (phase: CallPhase, more: Partial<Call> = {}): Call =>
    call.phase === 'ended' ? call : { ...call, phase, phaseSince: at, ...more };
  const leg = (legId: string, more: Partial<CallLeg>): CallLeg[] =>
    call.legs.map((l) => (l.legId === legId ? { ...l, ...more } : l));
  const recording = (recordingId: string, more: Partial<CallRecording>): CallRecording[] =>
    call.recordings.map((r) => (r.recordingId === recordingId ? { ...r, ...more } : r));

  switch (event.name) {
    case 'TRACE':
      return { ...call, trace: [...call.trace, { at, code: event.code, params: event.params }] };
    case 'LEGSTART':
      return {
        ...call,
        legs: [
          ...call.legs,
          {
            legId: event.legId,
            role: event.role,
            party: event.party,
            ...learnt(event),
            startedAt: at,
            held: false,
          },
        ],
      };
    case 'LEGANSWER':
      return { ...call, legs: leg(event.legId, { answeredAt: at, ...learnt(event) }) };
    case 'LEGEND':
      return {
        ...call,
        legs: leg(event.legId, {
          endedAt: at,
          termination: event.termination,
          held: false,
          ...(event.quality ? { quality: event.quality } : {}),
          ...learnt(event),
        }),
      };
    case 'ANSWER':
      return { ...call, answeredAt: call.answeredAt ?? at };
    case 'IVRENTER':
      return enter('ivr', { ivrMenuId: event.ivrMenuId });
    case 'IVRDIGIT':
    case 'IVREXIT':
      return call;
    case 'ENTERQUEUE':
      return enter('queued', { queueId: event.queueId, enteredQueueAt: at, waitMs: 0 });
    case 'OFFER':
      return enter('offering', {
        agentId: event.agentId,
        offers: [...call.offers, { offerId: event.offerId, agentId: event.agentId }],
      });
    case 'RINGNOANSWER':
    case 'RINGCANCELED': {
      const offers = withoutOffer(call, event.offerId);
      if (call.phase !== 'offering') return { ...call, offers };
      const still = offers.at(-1);
      return still
        ? { ...call, offers, agentId: still.agentId }
        : withoutAgent(enter('queued', { offers, phaseSince: call.enteredQueueAt ?? at }));
    }
    case 'CONNECT':
      return enter('talking', {
        agentId: event.agentId,
        offers: withoutOffer(call, event.offerId),
        connectedAt: call.connectedAt ?? at,
        talkSince: at,
        waitMs: event.waitMs,
      });
    case 'ABANDON':
      return { ...withoutAgent(call), offers: [], abandoned: true, waitMs: event.waitMs };
    case 'EXITWITHTIMEOUT':
      return withoutAgent(enter('ringing', { offers: [], waitMs: event.waitMs }));
    case 'COMPLETEAGENT':
    case 'COMPLETECALLER':
      return { ...withoutTalk(call), talkMs: call.talkMs + event.talkMs };
    case 'BRIDGE':
      return enter('talking', { connectedAt: call.connectedAt ?? at, talkSince: call.talkSince ?? at });
    case 'HOLD': {
      const legs = leg(event.legId, { held: true });
      return call.phase === 'talking' ? enter('held', { legs }) : { ...call, legs };
    }
    case 'RESUME': {
      const legs = leg(event.legId, { held: false });
      return call.phase !== 'held' || legs.some((l) => l.held)
        ? { ...call, legs }
        : enter('talking', { legs });
    }
    case 'RECORDSTART':
      return {
        ...call,
        recordings: [
          ...call.recordings,
          { recordingId: event.recordingId, file: event.file, startedAt: at, state: 'running' },
        ],
      };
    case 'RECORDEND':
      return {
        ...call,
        recordings: recording(event.recordingId, {
          state: 'done',
          durationMs: event.durationMs,
          bytes: event.bytes,
          sha256: event.sha256,
        }),
      };
    case 'RECORDFAIL':
      return {
        ...call,
        recordings: recording(event.recordingId, { state: 'failed', failure: event.reason }),
      };
    case 'NOTE': {
      const { agentId, by, text } = event;
      const others = (call.notes ?? []).filter((note) => note.agentId !== agentId);
      return text === ''
        ? withNotes(call, others)
        : withNotes(call, [...others, { ...writtenBy(agentId, by), at, text }]);
    }
    case 'DISPOSITION': {
      const { agentId, by, code, label, kind } = event;
      return { ...call, disposition: { ...writtenBy(agentId, by), at, code, label, kind } };
    }
    case 'RECORDDELETE': {
      const { by, reason } = event;
      const deleted = { at, ...(by === undefined ? {} : { by }), reason };
      return { ...call, recordings: recording(event.recordingId, { deleted }) };
    }
    case 'CALLEND': {
      if (call.phase === 'ended') return call;
      const waited = call.phase === 'queued' || call.phase === 'offering';
      // While the box was down nobody talked and nobody waited.
      const sinceThen = (since: number): number => Math.max(0, (event.aliveAt ?? at) - since);
      return withoutTalk(
        enter('ended', {
          offers: [],
          endedAt: at,
          termination: event.termination,
          talkMs: call.talkMs + (call.talkSince === undefined ? 0 : sinceThen(call.talkSince)),
          // Without an ABANDON (a process died) the wait ends here.
          waitMs:
            waited && !call.abandoned && call.enteredQueueAt !== undefined
              ? sinceThen(call.enteredQueueAt)
              : call.waitMs,
        }),
      );
    }
  }
}

function withNotes(call: Call, notes: CallNote[]): Call {
  const { notes: _, ...rest } = call;
  return notes.length === 0 ? rest : { ...rest, notes };
}

function writtenBy(agentId: string | undefined, by: string | undefined): { agentId?: string; by?: string } {
  return { ...(agentId === undefined ? {} : { agentId }), ...(by === undefined ? {} : { by }) };
}

function withoutOffer(call: Call, offerId: string): Call['offers'] {
  return call.offers.filter((offer) => offer.offerId !== offerId);
}

function withoutAgent(call: Call): Call {
  const { agentId: _, ...rest } = call;
  return rest;
}

function withoutTalk(call: Call): Call {
  const { talkSince: _, ...rest } = call;
  return rest;
}

/** An outgoing leg learns its Call-ID when the INVITE is out, after LEGSTART, and its transport from the answer. */
function learnt({ sipCallId, signalling }: Pick<CallLeg, 'sipCallId' | 'signalling'>) {
  return {
    ...(sipCallId === undefined ? {} : { sipCallId }),
    ...(signalling === undefined ? {} : { signalling }),
  };
}
