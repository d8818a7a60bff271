/** What no request may ask of us, whatever it is for (RFC 3261 §8.2). */
import { allowedMethods, type SipReply, type SipRequest, supportedOptions } from './sip-port.ts';

export interface RequestRefusal {
  status: number;
  reply: SipReply;
}

/** An extension to SIP that we do not speak (RFC 3261 §8.2.2.3). */
export function refuseRequired(request: SipRequest): RequestRefusal | undefined {
  const unknown = (request.header('Require') ?? '')
    .split(',')
    .map((tag) => tag.trim().toLowerCase())
    .filter((tag) => tag !== '' && !supportedOptions.includes(tag));
  if (unknown.length === 0) return undefined;
  return { status: 420, reply: { headers: { Unsupported: unknown.join(', ') } } };
}

/**
 * A body, where a session description is expected, that is none or that is packed (RFC 3261 §8.2.3). A body that the
 * sender calls optional is let pass.
 */
export function refuseBody(request: SipRequest): RequestRefusal | undefined {
  if (request.body === '') return undefined;
  const encoding = request.header('Content-Encoding')?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== '')
    return { status: 415, reply: { headers: { 'Accept-Encoding': 'identity' } } };
  const type = request.header('Content-Type') ?? 'application/sdp';
  if (/^\s*(application\/sdp|multipart\/mixed)\s*(;|$)/i.test(type)) return undefined;
  return { status: 415, reply: { headers: { Accept: 'application/sdp', Allow: allowedMethods } } };
}

/** A request outside any dialog that makes sense in one only (481), or not here at all. */
export function refuseStray(method: string): RequestRefusal {
  switch (method) {
    case 'BYE':
    case 'UPDATE':
    case 'INFO':
    case 'PRACK':
      return { status: 481, reply: {} };
    case 'SUBSCRIBE':
    case 'NOTIFY':
      return { status: 489, reply: { headers: { Allow: allowedMethods } } };
    default:
      return { status: 405, reply: { headers: { Allow: allowedMethods } } };
  }
}
