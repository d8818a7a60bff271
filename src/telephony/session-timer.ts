/**
 * Session timers (RFC 4028) as our calls agree on them: who refreshes, and how often. What was agreed is kept by the
 * SIP engine, ours and drachtio-server alike: it reads Session-Expires in the 2xx, refreshes or watches, and ends a
 * call that expires. So nothing here has a clock.
 */
import type { SipRequest, SipResponse } from './sip-port.ts';

/** What we ask for, seconds: RFC 4028 §4 recommends it. */
const intervalS = 1800;
/** The least we take, seconds (RFC 4028 §4). */
const minimumS = 90;

export interface TimerWishes {
  /** The peer may challenge requests within a dialog, which only telephony can answer: the peer is to refresh. */
  peerRefreshes?: boolean;
}

/**
 * Headers for an INVITE of ours.
 * @param minimumAskedS what a 422 wanted
 */
export function sessionTimerOffer(wishes: TimerWishes = {}, minimumAskedS = 0): Record<string, string> {
  const seconds = Math.max(intervalS, minimumAskedS);
  return {
    'Session-Expires': wishes.peerRefreshes ? `${seconds};refresher=uas` : String(seconds),
    'Min-SE': String(Math.max(minimumS, minimumAskedS)),
  };
}

/** What a 422 wants instead, seconds; undefined when it wants nothing that could be granted (RFC 4028 §7.3). */
export function intervalWanted(response: SipResponse): number | undefined {
  const minSeS = secondsOf(response.header('Min-SE'));
  return minSeS !== undefined && minSeS <= 86_400 ? minSeS : undefined;
}

/** Headers for the 2xx to this INVITE or UPDATE, or `too-brief` for 422 (RFC 4028 §9, table 2). */
export function sessionTimerReply(
  request: SipRequest,
  wishes: TimerWishes = {},
): { headers: Record<string, string> } | 'too-brief' {
  const header = request.header('Session-Expires');
  const askedS = secondsOf(header);
  const peerHasTimer =
    lists(request.header('Supported'), 'timer') || lists(request.header('Require'), 'timer');
  if (askedS === undefined) {
    if (!peerHasTimer) return { headers: {} };
    const seconds = Math.max(intervalS, secondsOf(request.header('Min-SE')) ?? 0);
    return { headers: agreed(seconds, wishes.peerRefreshes ? 'uac' : 'uas', true) };
  }
  if (!peerHasTimer) {
    // A proxy asked. Who knows no timer cannot refresh, nor understand a 422.
    return { headers: askedS < minimumS ? {} : agreed(askedS, 'uas', false) };
  }
  if (askedS < minimumS) return 'too-brief';
  const refresher = /;\s*refresher\s*=\s*uas/i.test(header ?? '') ? 'uas' : 'uac';
  return { headers: agreed(askedS, refresher, true) };
}

function agreed(seconds: number, refresher: 'uac' | 'uas', peerHasTimer: boolean): Record<string, string> {
  return {
    'Session-Expires': `${seconds};refresher=${refresher}`,
    ...(peerHasTimer ? { Require: 'timer' } : {}),
  };
}

function secondsOf(header: string | undefined): number | undefined {
  const match = /^\s*(\d{1,9})/.exec(header ?? '');
  return match ? Number(match[1]) : undefined;
}

/** For 422 (RFC 4028 §6). */
export const minSessionHeaders = { 'Min-SE': String(minimumS) } as const;

/** Whether a header that lists option tags has this one. */
export function lists(header: string | undefined, tag: string): boolean {
  return (header ?? '').split(',').some((part) => part.trim().toLowerCase() === tag);
}
