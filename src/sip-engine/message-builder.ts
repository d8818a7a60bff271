/** Messages whose content follows from another message (RFC 3261 §8.2.6, §9.1, §17.1.1.3). */
import { randomId } from '../base/ids.ts';
import { withTag } from '../codec/sip-address.ts';
import { SipMessage } from '../codec/sip-message.ts';
import { reasonPhrase } from '../codec/sip-status.ts';

/** What every branch of RFC 3261 begins with (§8.1.1.7). */
export const branchCookie = 'z9hG4bK';

export function newBranch(): string {
  return branchCookie + randomId(20);
}

export function newTag(): string {
  return randomId(12);
}

/** CSeq to start from: high enough to be unlike anybody's, low enough never to reach 2^31. */
export function newCSeqNumber(): number {
  return 1 + Math.floor(Math.random() * 0x0fffffff);
}

/**
 * A response with what it takes from its request: Via, From, To (with `toTag` unless the request had one), Call-ID,
 * CSeq, and Record-Route where it may create a dialog.
 */
export function responseTo(
  request: SipMessage,
  status: number,
  toTag: string,
  reason = reasonPhrase(status),
): SipMessage {
  const response = SipMessage.response(status, reason);
  const createsDialog =
    status > 100 && status < 300 && (request.method === 'INVITE' || request.method === 'SUBSCRIBE');
  for (const [key, , value] of request.entries()) {
    if (key === 'via' || key === 'from' || key === 'call-id' || key === 'cseq') response.add(key, value);
    else if (key === 'to')
      response.add(
        key,
        status === 100 || request.toTag !== '' || toTag === '' ? value : withTag(value, toTag),
      );
    else if (key === 'record-route' && createsDialog) response.add(key, value);
  }
  return response;
}

/** The ACK of a non-2xx final, part of the INVITE's own transaction (§17.1.1.3). */
export function acknowledgeFailure(invite: SipMessage, response: SipMessage): SipMessage {
  const ack = sameTransaction('ACK', invite);
  const to = response.get('to');
  if (to !== undefined) ack.set('to', to);
  return ack;
}

/** The CANCEL of a request under way (§9.1). */
export function cancelOf(invite: SipMessage): SipMessage {
  return sameTransaction('CANCEL', invite);
}

function sameTransaction(method: string, invite: SipMessage): SipMessage {
  const message = SipMessage.request(method, invite.uri);
  const via = invite.get('via');
  if (via !== undefined) message.add('via', via);
  message.add('max-forwards', '70');
  for (const [key, , value] of invite.entries()) {
    if (key === 'route' || key === 'from' || key === 'to' || key === 'call-id') message.add(key, value);
  }
  message.add('cseq', `${invite.cseq?.number ?? 1} ${method}`);
  return message;
}

/** A final response nobody sent: what an application is told when no answer came. */
export function syntheticResponse(request: SipMessage, status: number, reason?: string): SipMessage {
  return responseTo(request, status, newTag(), reason);
}
