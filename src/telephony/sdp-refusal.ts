/** How a session description that cannot be used is refused. */
import { CordboardError, type ErrorCode } from '../base/errors.ts';
import type { SipReply } from './sip-port.ts';
import type { LegReason } from './termination-map.ts';

export interface SdpRefusal {
  status: number;
  reason: LegReason;
  reply: SipReply;
}

const reasons = {
  'sdp.encryption-required': 'encryption-required',
  'sdp.encryption-refused': 'encryption-refused',
  'sdp.encryption-unknown': 'encryption-unknown',
} as const;

/** Warning 305: incompatible media format; 399: anything else (RFC 3261 §20.43). */
export function refuseSdp(error: unknown): SdpRefusal {
  const code: ErrorCode = error instanceof CordboardError ? error.code : 'internal';
  const text = error instanceof Error ? error.message.replace(/["\\\r\n]/g, "'").slice(0, 200) : '';
  switch (code) {
    case 'sdp.no-common-codec':
      return {
        status: 488,
        reason: 'no-common-codec',
        reply: { headers: { Warning: `305 cordboard "${text}"` } },
      };
    case 'sdp.encryption-required':
    case 'sdp.encryption-refused':
    case 'sdp.encryption-unknown':
      return {
        status: 488,
        reason: reasons[code],
        reply: { headers: { Warning: `399 cordboard "${text}"` } },
      };
    case 'sdp.invalid':
      return { status: 400, reason: 'bad-sdp', reply: { headers: { Warning: `399 cordboard "${text}"` } } };
    case 'control.disconnected':
      return { status: 503, reason: 'media-engine-failed', reply: { headers: { 'Retry-After': '5' } } };
    default:
      return { status: 503, reason: 'overloaded', reply: { headers: { 'Retry-After': '5' } } };
  }
}
