/** Requests from the network: checked, matched to transaction and dialog, and given to an application (RFC 3261 §8.2, §12.2.2). */
import { randomUUID } from 'node:crypto';
import { messagePayload, newRequestPayload } from '../codec/drachtio-wire.ts';
import { withReceived } from '../codec/sip-address.ts';
import { splitHeaderList } from '../codec/sip-headers.ts';
import type { SipMessage } from '../codec/sip-message.ts';
import type { Dialog } from './dialog.ts';
import { type DialogRequests, rseqOf } from './dialog-requests.ts';
import { type EngineParts, metaOf } from './engine-parts.ts';
import type { Flow } from './flow.ts';
import { InviteServerTransaction } from './invite-server-transaction.ts';
import { newTag, responseTo } from './message-builder.ts';
import type { PendingRequest, PendingRequests } from './pending-requests.ts';
import type { Proxies } from './proxies.ts';
import { isAnswerable, type Refusal, semanticRefusal, syntaxRefusal } from './request-check.ts';
import type { AnyServerTransaction } from './transaction-layer.ts';
import type { WireClient } from './wire-client.ts';
import type { WireServer } from './wire-server.ts';

/** Beyond this many transactions new requests are refused: better some callers served than none. */
const maxTransactions = 60_000;

/** Methods that mean nothing outside a dialog. */
const dialogOnlyMethods = new Set(['BYE', 'UPDATE', 'PRACK']);

/** Methods every application server is expected to take: none there means a fault, not a refusal. */
const ordinaryMethods = new Set([
  'INVITE',
  'REGISTER',
  'MESSAGE',
  'OPTIONS',
  'INFO',
  'NOTIFY',
  'SUBSCRIBE',
  'PUBLISH',
]);

export interface IncomingRequestsOptions {
  parts: EngineParts;
  wire: WireServer;
  pending: PendingRequests;
  dialogRequests: DialogRequests;
  proxies: Proxies;
  /** An application that is connected to for each new request (drachtio's outbound mode). */
  handler: { host: string; port: number } | null;
  /** Counts a message that could not be used. */
  malformed(problem: string): void;
}

export class IncomingRequests {
  readonly #options: IncomingRequestsOptions;

  constructor(options: IncomingRequestsOptions) {
    this.#options = options;
  }

  receive(request: SipMessage, flow: Flow): void {
    const { parts, malformed } = this.#options;
    if (!parts.guard.admitsRequest(request, flow.remoteAddress)) return;
    const [topVia = '', ...otherVias] = splitHeaderList(request.get('via') ?? '');
    request.setFirst(
      'via',
      [withReceived(topVia, flow.remoteAddress, flow.remotePort), ...otherVias].join(', '),
    );
    const syntax = syntaxRefusal(request);
    if (syntax || request.topVia === null) {
      malformed(syntax?.reason ?? 'Via');
      if (syntax && isAnswerable(request)) this.#refuseStateless(request, flow, syntax);
      return;
    }
    if (request.method === 'ACK') {
      this.#acknowledge(request, flow);
      return;
    }
    const existing = parts.transactions.findServer(request, request.method);
    if (existing) {
      repeat(existing);
      return;
    }
    if (parts.transactions.count >= maxTransactions) {
      this.#refuseStateless(request, flow, { status: 503, headers: [['Retry-After', '5']] });
      return;
    }
    const noRoom =
      request.method === 'INVITE' && request.toTag === '' ? parts.gate.refusalOf(request) : undefined;
    if (noRoom) {
      this.#refuseStateless(request, flow, noRoom);
      return;
    }
    if (request.method === 'CANCEL') {
      this.#cancel(request, flow);
      return;
    }
    this.#handle(request, flow);
  }

  #handle(request: SipMessage, flow: Flow): void {
    const { parts, wire } = this.#options;
    const isMerged = request.toTag === '' && parts.transactions.isMerged(request);
    const transaction = this.#begin(request, flow);
    if (isMerged) {
      this.#refuse(transaction, request, flow, { status: 482 });
      return;
    }
    const refusal = semanticRefusal(request);
    if (refusal) {
      this.#refuse(transaction, request, flow, refusal);
      return;
    }
    if (request.toTag !== '') {
      const dialog =
        parts.dialogs.forRequest(request) ?? this.#options.dialogRequests.expectedBy(request, flow);
      if (dialog) {
        this.#handleInDialog(request, flow, transaction, dialog);
        return;
      }
      if (this.#options.proxies.pass(request, flow, transaction)) return;
      // A REGISTER may carry a tag by habit; it has no dialog (§10.2).
      if (request.method !== 'REGISTER') {
        this.#refuse(transaction, request, flow, { status: 481 });
        return;
      }
    } else if (dialogOnlyMethods.has(request.method)) {
      this.#refuse(transaction, request, flow, { status: 481 });
      return;
    }
    const { handler } = this.#options;
    if (handler) {
      this.#dial(handler, request, flow, transaction);
      return;
    }
    const client = wire.pick(request.method);
    if (!client) {
      this.#refuse(transaction, request, flow, this.#noTaker(request.method));
      return;
    }
    this.#deliver(this.#take(request, flow, transaction, client));
  }

  /** Connects to the application, which gets the request once it has authenticated. */
  #dial(
    handler: { host: string; port: number },
    request: SipMessage,
    flow: Flow,
    transaction: AnyServerTransaction,
  ): void {
    const { wire, pending: all } = this.#options;
    const client = wire.dial(handler, {
      ready: () => {
        if (all.get(pending.transactionId)) this.#deliver(pending);
        else client?.close(); // cancelled meanwhile
      },
      failed: () => {
        if (all.get(pending.transactionId)) all.refuse(pending, { status: 480 });
      },
    });
    if (!client) {
      this.#refuse(transaction, request, flow, { status: 503, headers: [['Retry-After', '5']] });
      return;
    }
    const pending = this.#take(request, flow, transaction, client);
  }

  #take(
    request: SipMessage,
    flow: Flow,
    transaction: AnyServerTransaction,
    client: WireClient,
  ): PendingRequest {
    const { parts, pending } = this.#options;
    parts.addresses.learnRoute(flow.remoteAddress);
    if (request.method === 'INVITE') parts.records.attempt('network', request);
    return pending.add({ request, transaction, flow, client });
  }

  #deliver({ request, flow, transactionId, client }: PendingRequest): void {
    const { parts } = this.#options;
    const text = request.serialise();
    const receivedOn = { address: flow.localAddress, port: flow.localPort };
    client.send(newRequestPayload(randomUUID(), metaOf(parts, flow, text), transactionId, receivedOn, text));
  }

  /** A transaction; an INVITE gets its 100 at once, whatever comes of it. */
  #begin(request: SipMessage, flow: Flow): AnyServerTransaction {
    const { parts } = this.#options;
    const transaction = parts.transactions.createServer(request, parts.transports.replyFlow(request, flow));
    if (request.method === 'INVITE') transaction.respond(100, responseTo(request, 100, '').serialise());
    return transaction;
  }

  #noTaker(method: string): Refusal {
    const { wire } = this.#options;
    if (wire.clientCount === 0 || ordinaryMethods.has(method))
      return { status: 503, headers: [['Retry-After', '5']] };
    const taken = [...ordinaryMethods].filter((each) => wire.isTaken(each));
    return { status: 405, headers: [['Allow', [...taken, 'ACK', 'BYE', 'CANCEL'].join(', ')]] };
  }

  #handleInDialog(request: SipMessage, flow: Flow, transaction: AnyServerTransaction, dialog: Dialog): void {
    const { dialogRequests } = this.#options;
    const refusal = dialogRequests.accept(request, flow, dialog);
    if (refusal) {
      this.#refuse(transaction, request, flow, refusal);
      return;
    }
    if (request.method === 'BYE') {
      this.#endInvites(dialog, request, flow);
      this.#options.parts.records.end('network', 'normal-release', request, dialog);
    }
    const client = dialog.owner;
    if (!client?.isOpen) {
      if (request.method === 'BYE') this.#options.parts.dialogs.remove(dialog);
      this.#refuse(transaction, request, flow, { status: 481 });
      return;
    }
    if (request.method === 'BYE' && dialog.state === 'early') {
      // The caller hung up before the answer: to the application that is a CANCEL (§15.1.2).
      this.#refuse(transaction, request, flow, { status: 200 });
      this.#options.parts.dialogs.remove(dialog);
      return;
    }
    this.#deliverInDialog(request, flow, transaction, dialog, client);
    // After it, because what waits for the PRACK may be the answer that makes the dialog.
    if (request.method === 'PRACK') dialog.reliable?.acknowledge(rseqOf(request));
  }

  #deliverInDialog(
    request: SipMessage,
    flow: Flow,
    transaction: AnyServerTransaction,
    dialog: Dialog,
    client: WireClient,
  ): void {
    const { parts, pending } = this.#options;
    const added = pending.add({ request, transaction, flow, client, dialog });
    if (request.method === 'INVITE') dialog.incomingInvite = true;
    if (request.method === 'UPDATE') dialog.incomingUpdate = request;
    if (request.method === 'NOTIFY') this.#options.dialogRequests.limitByNotify(dialog, request);
    if (request.method === 'BYE') dialog.state = 'ending';
    const text = request.serialise();
    client.send(
      messagePayload(randomUUID(), metaOf(parts, flow, text), added.transactionId, dialog.id, text),
    );
  }

  /** BYE ends what INVITEs of theirs are still open (§15.1.2). */
  #endInvites(dialog: Dialog, bye: SipMessage, flow: Flow): void {
    if (!dialog.incomingInvite) return;
    const { pending } = this.#options;
    for (const invite of pending.find((each) => each.dialog === dialog && each.request.method === 'INVITE')) {
      const wasInitial = !invite.isInDialog;
      pending.settle(invite);
      invite.transaction.respond(487, responseTo(invite.request, 487, invite.toTag).serialise());
      if (wasInitial) this.#tellCancelled(invite, cancelLike(invite.request, bye), flow);
    }
  }

  #acknowledge(request: SipMessage, flow: Flow): void {
    const { parts } = this.#options;
    const transaction = parts.transactions.findServer(request, 'INVITE');
    if (transaction instanceof InviteServerTransaction && transaction.state !== 'accepted') {
      transaction.receiveAck();
      return;
    }
    const dialog = parts.dialogs.forRequest(request);
    if (!dialog) {
      this.#options.proxies.passAck(request, flow);
      return;
    }
    const cseq = request.cseq?.number ?? 0;
    const accepted = dialog.accepted.get(cseq);
    if (!accepted) return; // repeated: it has been told before
    accepted.stop();
    const text = request.serialise();
    dialog.owner?.send(
      messagePayload(randomUUID(), metaOf(parts, flow, text), accepted.transactionId, dialog.id, text),
    );
    dialog.acknowledged(cseq);
  }

  #cancel(request: SipMessage, flow: Flow): void {
    const { parts, pending } = this.#options;
    const invite = parts.transactions.findServer(request, 'INVITE');
    const transaction = this.#begin(request, flow);
    if (!invite) {
      this.#refuse(transaction, request, flow, { status: 481 });
      return;
    }
    const cancelled = pending.ofTransaction(invite);
    // The same To tag as the INVITE's answer (§9.2).
    const answered = invite instanceof InviteServerTransaction ? invite.toTag : '';
    const answer = responseTo(request, 200, cancelled?.toTag || answered || newTag());
    transaction.respond(200, answer.serialise());
    if (!cancelled) {
      // Else a final response is out already: CANCEL changes nothing (§9.2).
      this.#options.proxies.cancel(invite, request);
      return;
    }
    pending.settle(cancelled);
    invite.respond(487, responseTo(cancelled.request, 487, cancelled.toTag).serialise());
    this.#tellCancelled(cancelled, request, flow);
    if (cancelled.dialog && !cancelled.isInDialog) parts.dialogs.remove(cancelled.dialog);
  }

  #tellCancelled(invite: PendingRequest, cancel: SipMessage, flow: Flow): void {
    const { parts } = this.#options;
    const text = cancel.serialise();
    parts.records.stop('network', 'call-canceled', cancel);
    invite.client.send(
      messagePayload(
        randomUUID(),
        metaOf(parts, flow, text),
        invite.transactionId,
        invite.dialog?.id ?? '',
        text,
      ),
    );
  }

  #refuse(transaction: AnyServerTransaction, request: SipMessage, flow: Flow, refusal: Refusal): void {
    this.#options.parts.guard.answered(request, refusal.status, flow.remoteAddress);
    transaction.respond(refusal.status, refusalResponse(request, refusal, newTag()));
  }

  /** For what is not worth a transaction. The tag follows from the branch, so that a repetition gets the same answer (§8.2.7). */
  #refuseStateless(request: SipMessage, flow: Flow, refusal: Refusal): void {
    this.#options.parts.guard.answered(request, refusal.status, flow.remoteAddress);
    const tag = (request.topVia?.branch ?? '').replace(/[^A-Za-z0-9]/g, '').slice(-16) || 'none';
    flow.send(refusalResponse(request, refusal, tag), request.callId);
  }
}

function refusalResponse(request: SipMessage, refusal: Refusal, tag: string): string {
  const response = responseTo(request, refusal.status, tag, refusal.reason);
  for (const [name, value] of refusal.headers ?? []) response.add(name, value);
  return response.serialise();
}

function repeat(transaction: AnyServerTransaction): void {
  if (transaction instanceof InviteServerTransaction) transaction.receiveInvite();
  else transaction.receiveRequest();
}

/** A CANCEL as it would have come instead of the BYE, with the BYE's Reason. */
function cancelLike(invite: SipMessage, bye: SipMessage): SipMessage {
  const cancel = responseTo(invite, 100, '');
  cancel.status = 0;
  cancel.method = 'CANCEL';
  cancel.uri = invite.uri;
  cancel.set('cseq', `${invite.cseq?.number ?? 1} CANCEL`);
  for (const reason of bye.list('reason')) cancel.add('reason', reason);
  return cancel;
}
