/** Responses an application gives to pending requests, and what follows from a 2xx (RFC 3261 §12.1.1, §13.3.1.4). */
import { randomUUID } from 'node:crypto';
import { type ApplicationFrame, responseSentPayload } from '../codec/drachtio-wire.ts';
import { withTag } from '../codec/sip-address.ts';
import type { SipMessage } from '../codec/sip-message.ts';
import { reasonPhrase } from '../codec/sip-status.ts';
import { AcceptedInvite } from './accepted-invite.ts';
import { applicationContact, copyApplicationBody, copyApplicationHeaders } from './application-message.ts';
import { contactUri, Dialog, targetRefreshMethods } from './dialog.ts';
import type { DialogRequests } from './dialog-requests.ts';
import { type EngineParts, metaOf, ourContact, ourHostPort } from './engine-parts.ts';
import { responseTo } from './message-builder.ts';
import type { PendingRequest, PendingRequests } from './pending-requests.ts';
import { ReliableProvisionals } from './reliable-provisionals.ts';
import { SessionTimer } from './session-timer.ts';
import type { WireClient } from './wire-client.ts';

export interface ApplicationResponsesOptions {
  parts: EngineParts;
  pending: PendingRequests;
  dialogRequests: DialogRequests;
}

export class ApplicationResponses {
  readonly #options: ApplicationResponsesOptions;

  constructor(options: ApplicationResponsesOptions) {
    this.#options = options;
  }

  /** Sends what the application answered, and tells it the verdict. */
  send(client: WireClient, frame: ApplicationFrame, given: SipMessage): void {
    const pending = this.#options.pending.get(frame.tokens[0] ?? '');
    if (!pending) {
      client.verdict(frame, 'NOK', 'Response not sent due to unknown transaction');
      return;
    }
    const isReliable = given.status > 100 && given.status < 200 && given.lists('require', '100rel');
    if (isReliable && !takesReliable(pending.request)) {
      client.verdict(frame, 'NOK', 'Remote endpoint does not support 100rel');
      return;
    }
    const { parts } = this.#options;
    if (pending.toTag !== '' && given.toTag !== '' && !pending.dialog) pending.toTag = given.toTag;
    const rseq = isReliable ? this.#reliableOf(pending).takeRSeq() : 0;
    const response = this.#build(pending, given, rseq);
    const text = response.serialise();
    const dialog = this.#dialogOf(pending, response);
    const verdict = (): void =>
      client.send(
        responseSentPayload(
          randomUUID(),
          frame.id,
          metaOf(parts, pending.flow, text),
          pending.transactionId,
          dialog?.id ?? '',
          text,
        ),
      );
    if (response.status >= 200) {
      this.#final(pending, response, text, dialog, verdict);
      return;
    }
    if (rseq > 0) {
      if (dialog) dialog.reliable = pending.reliable;
      pending.reliable?.send(rseq, () => pending.transaction.respond(response.status, text));
    } else pending.transaction.respond(response.status, text);
    this.#repeatProvisional(pending, text);
    verdict();
  }

  #build(pending: PendingRequest, given: SipMessage, rseq: number): SipMessage {
    const { parts } = this.#options;
    const { request, flow } = pending;
    const { status } = given;
    const hostPort = ourHostPort(parts, flow);
    const response = responseTo(
      request,
      status,
      pending.toTag,
      given.reason === '' ? reasonPhrase(status) : given.reason,
    );
    const isSuccess = status >= 200 && status < 300;
    const needsContact =
      rseq > 0 || (isSuccess && (request.method === 'INVITE' || request.method === 'SUBSCRIBE'));
    if (needsContact && !given.has('contact'))
      response.add('contact', pending.dialog?.contact ?? ourContact(parts, flow));
    if (rseq > 0) response.add('rseq', String(rseq));
    copyApplicationHeaders(given, response, 'response', hostPort);
    const contact = given.get('contact');
    if (contact !== undefined) response.set('contact', applicationContact(contact, hostPort, flow));
    copyApplicationBody(given, response);
    return response;
  }

  /** The dialog the response belongs to; made by the first response with our tag (§12.1.1). */
  #dialogOf(pending: PendingRequest, response: SipMessage): Dialog | undefined {
    const { request, flow, client } = pending;
    const { status } = response;
    if (pending.dialog || status <= 100 || status >= 300) return pending.dialog;
    if (request.method !== 'INVITE' && request.method !== 'SUBSCRIBE') return undefined;
    const { parts } = this.#options;
    const contact = response.get('contact') ?? ourContact(parts, flow);
    const dialog = new Dialog({
      id: parts.dialogs.idFor(request, 'uas'),
      role: 'uas',
      kind: request.method,
      callId: request.callId,
      localTag: pending.toTag,
      remoteTag: request.fromTag,
      local: withTag(request.get('to') ?? '', pending.toTag),
      remote: request.get('from') ?? '',
      remoteTarget: contactUri(request) ?? request.uri,
      routeSet: request.list('record-route'),
      contact,
      flow,
      owner: client,
    });
    dialog.remoteCSeq = request.cseq?.number ?? -1;
    dialog.behindNat = request.list('via').length === 1 && dialog.routeSet.length === 0;
    dialog.incomingInvite = request.method === 'INVITE';
    pending.dialog = dialog;
    parts.dialogs.add(dialog);
    return dialog;
  }

  /** The verdict on a 2xx is told when it leaves: the application has its dialog only then. */
  #final(
    pending: PendingRequest,
    response: SipMessage,
    text: string,
    dialog: Dialog | undefined,
    verdict: () => void,
  ): void {
    const finish = (): void => {
      this.#settle(pending, response, text, dialog);
      verdict();
    };
    const { reliable, request } = pending;
    // The peer must have the session descriptions in order (RFC 3262 §3): a 2xx waits for the PRACK.
    if (response.status < 300 && reliable && request.method === 'INVITE') reliable.whenIdle(finish);
    else finish();
  }

  #settle(pending: PendingRequest, response: SipMessage, text: string, dialog: Dialog | undefined): void {
    const { parts, dialogRequests } = this.#options;
    const { request, transaction, flow, isInDialog } = pending;
    const isSuccess = response.status < 300;
    this.#options.pending.settle(pending);
    transaction.respond(response.status, text);
    if (isSuccess && request.method === 'REGISTER') parts.registered.learn(request, response, flow);
    if (!dialog) return;
    if (!isSuccess && !isInDialog) {
      parts.dialogs.remove(dialog);
      return;
    }
    if (isSuccess && targetRefreshMethods.has(request.method) && isInDialog)
      dialog.refreshTarget(request, flow);
    if (dialogRequests.endsDialog(dialog, request)) {
      parts.dialogs.remove(dialog);
      return;
    }
    if (!isSuccess) return;
    if (dialog.state === 'early') dialog.state = 'confirmed';
    if (request.method === 'INVITE') this.#awaitAck(pending, dialog, text);
    if (request.method === 'SUBSCRIBE') dialogRequests.limitSubscription(dialog, response, request);
    if (request.method === 'INVITE' || request.method === 'UPDATE') {
      if (response.body !== '') dialog.localSdp = response.body;
      SessionTimer.apply(dialogRequests, dialog, request, response, 'uas');
    }
  }

  #awaitAck(pending: PendingRequest, dialog: Dialog, text: string): void {
    const { parts, dialogRequests } = this.#options;
    const cseq = pending.request.cseq?.number ?? 0;
    const accepted = new AcceptedInvite({
      clock: parts.clock,
      timing: parts.timing,
      flow: pending.flow,
      callId: dialog.callId,
      text,
      transactionId: pending.isInDialog ? randomUUID() : pending.transactionId,
      timedOut: () => {
        const byeIsWaiting = dialog.isOver;
        dialog.acknowledged(cseq);
        if (!byeIsWaiting) dialogRequests.hangUp(dialog, 'ACK timeout');
      },
    });
    dialog.accepted.set(cseq, accepted);
    accepted.start();
  }

  #reliableOf(pending: PendingRequest): ReliableProvisionals {
    const { parts } = this.#options;
    pending.reliable ??= new ReliableProvisionals({
      clock: parts.clock,
      timing: parts.timing,
      gaveUp: () => this.#options.pending.refuse(pending, { status: 504, reason: 'PRACK Timeout' }),
    });
    return pending.reliable;
  }

  /** From now on the application may take its time; the caller's proxies hear from us regularly (§13.3.1.1). */
  #repeatProvisional(pending: PendingRequest, text: string): void {
    if (pending.request.method !== 'INVITE') return;
    const { clock, timing } = this.#options.parts;
    pending.timer?.cancel();
    pending.timer = clock.after(timing.provisionalRepeatMs, () => {
      // A reliable one must not be sent again under its RSeq; a bare 183 says the same.
      const again = pending.reliable ? responseTo(pending.request, 183, pending.toTag).serialise() : text;
      pending.transaction.respond(183, again);
      this.#repeatProvisional(pending, text);
    });
  }
}

function takesReliable(request: SipMessage): boolean {
  return (
    request.method === 'INVITE' &&
    (request.lists('supported', '100rel') || request.lists('require', '100rel'))
  );
}
