/** What an application gave, as a request that can leave (RFC 3261 §8.1.1; facts §5). */
import { withTag } from '../codec/sip-address.ts';
import { parseCSeq, SipMessage } from '../codec/sip-message.ts';
import {
  applicationContact,
  copyApplicationBody,
  copyApplicationHeaders,
  withHost,
} from './application-message.ts';
import { asksForSecurity, type EngineParts, ourContact, ourHostPort, ourVia } from './engine-parts.ts';
import type { Flow } from './flow.ts';
import { newBranch, newCSeqNumber, newTag } from './message-builder.ts';

/** Outside any dialog; Via and Contact are as the far end of `flow` reaches us. */
export function newRequest(parts: EngineParts, given: SipMessage, flow: Flow): SipMessage {
  const hostPort = ourHostPort(parts, flow);
  const { method } = given;
  const request = SipMessage.request(method, withHost(given.uri, hostPort));
  request.add('via', ourVia(parts, flow, newBranch())).add('max-forwards', '70');
  const from = withHost(given.get('from') ?? `<sip:${hostPort}>`, hostPort);
  request.add('from', given.fromTag === '' ? withTag(from, newTag()) : from);
  request.add('to', withHost(given.get('to') ?? `<${given.uri}>`, hostPort));
  request.add('call-id', given.callId);
  const cseq = parseCSeq(given.get('cseq') ?? '');
  request.add('cseq', `${cseq?.number ?? newCSeqNumber()} ${method}`);
  for (const contact of given.list('contact'))
    request.add('contact', applicationContact(contact, hostPort, flow, asksForSecurity(given)));
  if ((method === 'INVITE' || method === 'SUBSCRIBE') && !request.has('contact'))
    request.add('contact', ourContact(parts, flow, given));
  copyApplicationHeaders(given, request, 'request', hostPort);
  copyApplicationBody(given, request);
  return request;
}
