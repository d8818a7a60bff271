/**
 * How a leg ends, in SIP's words and in ours: one table for both ways. A termination's `reason` is the stable word
 * that logs, pages and call control know; SIP status and Reason header (RFC 3326) are what peers see.
 */
import type { Termination, TerminationClass } from '../domain/termination.ts';

interface ReasonRow {
  class: TerminationClass;
  /** Status that rejects an unanswered incoming call for this reason. */
  status: number;
  /** ITU-T Q.850 cause of a BYE. */
  cause: number;
  /** Text of the Reason header; default: the reason itself. */
  text?: string;
}

/** Every reason that a leg gives of itself. */
const rows = {
  'hung-up': { class: 'success', status: 480, cause: 16, text: 'Normal call clearing' },
  /** The caller gave up before the answer. */
  cancelled: { class: 'client', status: 487, cause: 16 },
  'no-answer': { class: 'client', status: 480, cause: 19, text: 'No answer' },
  busy: { class: 'client', status: 486, cause: 17, text: 'User busy' },
  rejected: { class: 'client', status: 603, cause: 21, text: 'Call rejected' },
  'not-found': { class: 'client', status: 404, cause: 1, text: 'Unallocated number' },
  'bad-number': { class: 'client', status: 484, cause: 28 },
  unreachable: { class: 'client', status: 480, cause: 20 },
  'no-contact': { class: 'client', status: 480, cause: 20 },
  'no-common-codec': { class: 'client', status: 488, cause: 65 },
  /** Audio must be encrypted here, and the peer does not; the other way round; or it does in ways not spoken here. */
  'encryption-required': { class: 'client', status: 488, cause: 65, text: 'Encryption required' },
  'encryption-refused': { class: 'client', status: 488, cause: 65, text: 'Encryption is off here' },
  'encryption-unknown': { class: 'client', status: 488, cause: 65, text: 'Unknown encryption' },
  'bad-sdp': { class: 'client', status: 400, cause: 111 },
  'no-trunk': { class: 'server', status: 503, cause: 34 },
  'auth-failed': { class: 'upstream', status: 503, cause: 21 },
  'upstream-failed': { class: 'upstream', status: 502, cause: 38 },
  'answered-elsewhere': { class: 'success', status: 487, cause: 26, text: 'Call completed elsewhere' },
  'ack-timeout': { class: 'client', status: 408, cause: 102, text: 'ACK timeout' },
  'session-expired': { class: 'client', status: 408, cause: 102, text: 'Session expired' },
  'media-timeout': { class: 'client', status: 408, cause: 102, text: 'No media' },
  'sip-engine-failed': { class: 'server', status: 503, cause: 41, text: 'sip-engine failed' },
  'media-engine-failed': { class: 'server', status: 503, cause: 41, text: 'media-engine failed' },
  'appliance-failed': { class: 'server', status: 503, cause: 41, text: 'appliance restarted' },
  /** No RTP port left, or the media engine refused for another passing reason. */
  overloaded: { class: 'server', status: 503, cause: 42, text: 'Switching equipment congestion' },
  'shutting-down': { class: 'server', status: 503, cause: 41, text: 'shutting down' },
} satisfies Record<string, ReasonRow>;

export type LegReason = keyof typeof rows;

/** The termination for one of our own reasons. */
export function terminationOf(reason: LegReason, sipStatus?: number): Termination {
  return { class: rows[reason].class, reason, ...(sipStatus === undefined ? {} : { sipStatus }) };
}

/** What a final response >= 300 to an INVITE of ours means. */
export function terminationOfStatus(status: number): Termination {
  return terminationOf(reasonOfStatus(status), status);
}

function reasonOfStatus(status: number): LegReason {
  switch (status) {
    case 486:
    case 600:
      return 'busy';
    case 480:
      return 'no-answer'; // RFC 3398 §8.2.6.1: Q.850 18/19
    case 404:
    case 410:
    case 604:
      return 'not-found';
    case 484:
    case 485:
      return 'bad-number';
    case 487:
      return 'cancelled';
    case 415:
    case 488:
    case 606:
      return 'no-common-codec';
    case 401:
    case 407:
      return 'auth-failed';
    case 408:
    case 430:
    case 503:
    case 504:
      return 'unreachable';
    default:
      return status >= 500 && status < 600 ? 'upstream-failed' : 'rejected';
  }
}

const rowOf = (reason: string): ReasonRow | undefined =>
  Object.hasOwn(rows, reason) ? rows[reason as LegReason] : undefined;

const statusOfClass: Record<TerminationClass, number> = {
  success: 480,
  client: 480,
  server: 503,
  upstream: 480,
  indeterminate: 480,
};

/** The status that rejects an unanswered incoming call; reasons of call control are judged by their class. */
export function statusOf(termination: Termination): number {
  return rowOf(termination.reason)?.status ?? statusOfClass[termination.class];
}

/** Reason header of a BYE or of a rejection. */
export function reasonHeader(termination: Termination): string {
  const row = rowOf(termination.reason);
  const text = (row?.text ?? termination.reason).replace(/["\\\r\n]/g, '');
  return `Q.850;cause=${row?.cause ?? (termination.class === 'server' ? 41 : 16)};text="${text}"`;
}

/** Reason header of a CANCEL (RFC 3326): phones show no missed call when another phone took it. */
export function cancelReasonHeader(termination: Termination): string {
  return termination.reason === 'answered-elsewhere'
    ? 'SIP;cause=200;text="Call completed elsewhere"'
    : reasonHeader(termination);
}

/** Why the engine itself ended a dialog, from the text of its BYE's Reason. */
export function terminationOfEngineBye(reason: string | undefined): Termination {
  if (/ack/i.test(reason ?? '')) return terminationOf('ack-timeout');
  if (/session|timer|expire/i.test(reason ?? '')) return terminationOf('session-expired');
  return terminationOf('hung-up');
}
