/** Is this request one that can be worked with? (RFC 3261 §8.2, §16.3) */
import { parseNameAddress, parseVia } from '../codec/sip-address.ts';
import { type SipMessage, tooManyHeaders } from '../codec/sip-message.ts';
import { hasUriHeaders, parseUri } from '../codec/sip-uri.ts';

export interface Refusal {
  status: number;
  reason?: string;
  headers?: [name: string, value: string][];
}

/** Option tags that a Require may name. */
const supportedOptions = new Set([
  '100rel',
  'timer',
  'replaces',
  'norefersub',
  'tdialog',
  'from-change',
  'histinfo',
]);

const mandatoryOnce = ['from', 'to', 'call-id', 'cseq'] as const;

/** True when a response to it will find its way. What else is missing is missing in the response, too. */
export function isAnswerable(request: SipMessage): boolean {
  // An answer would send back every header of what cannot be a message of a phone.
  return request.method !== 'ACK' && request.topVia !== null && request.problem !== tooManyHeaders;
}

/** What is wrong with a request as a message; null: nothing. Such a one counts as malformed. */
export function syntaxRefusal(request: SipMessage): Refusal | null {
  const bad = (problem: string): Refusal => ({ status: 400, reason: `Bad Request (${problem})` });
  if (request.problem === 'bad version') return { status: 505 };
  if (request.problem !== null) return bad(request.problem);
  for (const key of mandatoryOnce) {
    if (request.count(key) !== 1) return bad(`${key} must be there once`);
  }
  if (request.callId === '') return bad('empty Call-ID');
  if (request.cseq?.method !== request.method) return bad('CSeq');
  if (!parseNameAddress(request.get('from') ?? '')) return bad('From');
  if (!parseNameAddress(request.get('to') ?? '')) return bad('To');
  if (request.list('via').some((via) => !parseVia(via))) return bad('Via');
  if (request.list('contact').some((each) => each !== '' && each !== '*' && !parseNameAddress(each)))
    return bad('Contact');
  const maxForwards = request.get('max-forwards');
  if (maxForwards !== undefined && !/^0*\d{1,3}$/.test(maxForwards)) return bad('Max-Forwards');
  if (!request.uri.includes(':') || request.uri === '') return bad('Request-URI');
  const scheme = request.uri.slice(0, request.uri.indexOf(':')).toLowerCase();
  if ((scheme === 'sip' || scheme === 'sips') && !parseUri(request.uri)) return bad('Request-URI');
  // Headers in it would have to be obeyed or ignored, and peers disagree which (RFC 4475 §3.1.2.11).
  if (hasUriHeaders(request.uri)) return bad('headers in the Request-URI');
  return null;
}

/** What this server cannot or will not do of a well-formed request; null: nothing. */
export function semanticRefusal(request: SipMessage): Refusal | null {
  const { method } = request;
  if (method === 'ACK' || method === 'CANCEL') return null;
  if (!/^(?:sips?|tel):/i.test(request.uri)) return { status: 416 };
  if ((method === 'INVITE' || method === 'SUBSCRIBE') && request.fromTag === '')
    return { status: 400, reason: 'Bad Request (From without a tag)' };
  const unsupported = request.list('require').filter((each) => !supportedOptions.has(each.toLowerCase()));
  if (unsupported.length > 0) return { status: 420, headers: [['Unsupported', unsupported.join(', ')]] };
  if (method === 'REGISTER') {
    const contacts = request.list('contact');
    if (contacts.includes('*') && (contacts.length > 1 || request.get('expires') !== '0'))
      return { status: 400, reason: 'Bad Request (Contact: * needs Expires: 0)' };
  }
  return null;
}
