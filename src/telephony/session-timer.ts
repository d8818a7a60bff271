/**
 * Session timers (RFC 4028) as an answerer: the peer refreshes, because it asked. Where it insists that we refresh,
 * no timer is agreed unless it also requires the extension; then the SIP engine refreshes.
 */
import type { SipRequest } from './sip-port.ts';

/** RFC 4028 §4. */
const minimumS = 90;

/** Headers for the 2xx to this INVITE or UPDATE, or `tooBrief` for 422. */
export function sessionTimerReply(request: SipRequest): { headers: Record<string, string> } | 'too-brief' {
  const header = request.header('Session-Expires') ?? request.header('x');
  const match = /^\s*(\d+)\s*(.*)$/.exec(header ?? '');
  if (!match) return { headers: {} };
  const intervalS = Number(match[1]);
  if (intervalS < minimumS) return 'too-brief';
  const supports = lists(request.header('Supported') ?? request.header('k'), 'timer');
  const requires = lists(request.header('Require'), 'timer');
  if (!supports && !requires) return { headers: {} };
  if (/;\s*refresher\s*=\s*uas/i.test(match[2] ?? '')) {
    return requires ? { headers: { 'Session-Expires': `${intervalS};refresher=uas` } } : { headers: {} };
  }
  return { headers: { 'Session-Expires': `${intervalS};refresher=uac`, Require: 'timer' } };
}

/** For 422 (RFC 4028 §6). */
export const minSessionHeaders = { 'Min-SE': String(minimumS) } as const;

/** Whether a header that lists option tags has this one. */
export function lists(header: string | undefined, tag: string): boolean {
  return (header ?? '').split(',').some((part) => part.trim().toLowerCase() === tag);
}
