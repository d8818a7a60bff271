/**
 * An INVITE of ours until it is settled (RFC 3261 §13.2): forks, provisionals, the ACK of its 2xx, CANCEL. The
 * application gives ACK and CANCEL; the engine repeats ACKs, ends forks that lost, and cleans up behind an
 * application that went away.
 */
import { randomUUID } from 'node:crypto';
import type { Timer } from '../base/clock.ts';
import { messagePayload } from '../codec/drachtio-wire.ts';
import type { SipMessage } from '../codec/sip-message.ts';
import { parseUri } from '../codec/sip-uri.ts';
import { contactUri, Dialog } from './dialog.ts';
import type { DialogRequests } from './dialog-requests.ts';
import { type EngineParts, metaOf, syntheticMeta } from './engine-parts.ts';
import type { Flow } from './flow.ts';
import type { ClientFailure } from './invite-client-transaction.ts';
import { cancelOf, syntheticResponse } from './message-builder.ts';
import { RequestAttempts, type RoutedRequest } from './request-attempts.ts';
import { SessionTimer } from './session-timer.ts';
import { transactionTimeoutMs } from './timing.ts';
import type { WireClient } from './wire-client.ts';

export interface OutgoingInviteOptions {
  parts: EngineParts;
  dialogRequests: DialogRequests;
  transactionId: string;
  dialogId: string;
  routed: RoutedRequest;
  client: WireClient | undefined;
  /** For a re-INVITE. */
  dialog?: Dialog;
  /** Next hop the application chose, for the dialog's later requests. */
  nextHop?: string;
  /** No CANCEL can reach it any more. */
  settled(): void;
  /** For an INVITE of the engine's own: its final response, true or synthetic, other than a 2xx. */
  refused?(response: SipMessage): void;
}

/** Counts the reliable provisionals told, over all calls. */
let told = 0;

export class OutgoingInvite {
  readonly #options: OutgoingInviteOptions;
  readonly #attempts: RequestAttempts;
  readonly #forks = new Map<string, Dialog>();
  #state: 'calling' | 'proceeding' | 'accepted' | 'failed' = 'calling';
  #isCancelled = false;
  /** CANCEL that waits for the first provisional (§9.1). */
  #heldCancel: SipMessage | undefined;
  #cancelLimit: Timer | undefined;
  #winner: Dialog | undefined;
  #ack: { text: string; flow: Flow } | undefined;
  #isAcknowledged = false;
  #lacksContact = false;

  constructor(options: OutgoingInviteOptions) {
    this.#options = options;
    this.#attempts = new RequestAttempts({
      parts: options.parts,
      routed: options.routed,
      response: (response, flow) => this.#receive(response, flow),
      failed: (failure, reason) => this.#transactionFailed(failure, reason),
      movedOn: () => {
        this.#state = 'calling';
      },
      late: (response, flow, request) => this.#endStray(response, flow, request),
      ended: () => this.#transactionEnded(),
    });
  }

  get client(): WireClient | undefined {
    return this.#options.client;
  }

  /** As it left for the target it is at. */
  get request(): SipMessage {
    return this.#attempts.request;
  }

  /** Sends the INVITE. */
  start(): void {
    const { parts, dialog } = this.#options;
    if (dialog) dialog.outgoingInvite = true;
    else parts.records.attempt('application', this.request);
    this.#attempts.start();
  }

  /** Tells the application a failure found on this machine, a little later. */
  failLocally(status: number, reason?: string): void {
    const { clock, timing } = this.#options.parts;
    clock.after(timing.localFailureDelayMs, () => this.#failSynthetic(status, reason));
  }

  /** Cancels it. @returns the CANCEL (sent, or held until a provisional comes), null when it is too late */
  cancel(decorate: (cancel: SipMessage) => void): SipMessage | null {
    if (this.#state === 'accepted' || this.#state === 'failed' || this.#isCancelled) return null;
    this.#isCancelled = true;
    this.#attempts.stay();
    const cancel = cancelOf(this.request);
    decorate(cancel);
    if (this.#state === 'proceeding') this.#sendCancel(cancel);
    else this.#heldCancel = cancel;
    return cancel;
  }

  /**
   * Acknowledges the 2xx, with the application's headers and body where it gave any.
   * @returns false when no 2xx waits for it
   */
  acknowledge(given: SipMessage | undefined, sent: (text: string, flow: Flow) => void): boolean {
    const dialog = this.#winner;
    if (!dialog || this.#isAcknowledged) return false;
    this.#isAcknowledged = true;
    if (dialog.unacknowledged === this) dialog.unacknowledged = undefined;
    const { dialogRequests, parts } = this.#options;
    if (given && given.body !== '') dialog.localSdp = given.body;
    dialogRequests.sendAck(dialog, this.request, given, (text, flow) => {
      this.#ack = { text, flow };
      sent(text, flow);
    });
    // The answer overtook the CANCEL (§9.1), or no dialog can be had of it: it is ended instead.
    const reason = this.#isCancelled ? 'Request cancelled' : this.#lacksContact ? 'No Contact in answer' : '';
    if (reason !== '')
      parts.clock.after(parts.timing.localFailureDelayMs, () => {
        if (!dialog.isOver) dialogRequests.hangUp(dialog, reason);
      });
    return true;
  }

  /** The application went away: nobody is there to take an answer. */
  abandon(): void {
    const reason = 'SIP ;cause=503 ;text="Application went away"';
    this.cancel((cancel) => cancel.add('reason', reason));
    this.#isCancelled = true;
  }

  #receive(response: SipMessage, flow: Flow): void {
    if (response.status < 200) this.#provisional(response, flow);
    else if (response.status < 300) this.#success(response, flow);
    else this.#failure(response, metaPayload(this.#options.parts, flow, response));
  }

  #provisional(response: SipMessage, flow: Flow): void {
    if (this.#state === 'calling') this.#state = 'proceeding';
    const held = this.#heldCancel;
    this.#heldCancel = undefined;
    if (held) this.#sendCancel(held);
    if (response.status === 100) return;
    if (response.toTag !== '') {
      const dialog = this.#options.dialog ?? this.#fork(response, flow);
      dialog.learnAllow(response);
      const rseq = Number(response.get('rseq') ?? 0);
      if (rseq > 0) {
        // Repeated, or ahead of one that is still to come, which the peer will repeat (RFC 3262 §4).
        if (dialog.remoteRSeq !== 0 && rseq !== dialog.remoteRSeq + 1) return;
        dialog.remoteRSeq = rseq;
        dialog.prackOwedSince = ++told;
      }
    }
    this.#tell(response, metaPayload(this.#options.parts, flow, response));
  }

  #success(response: SipMessage, flow: Flow): void {
    const { dialog: inDialog, parts, dialogRequests } = this.#options;
    const { request } = this;
    const winner = this.#winner;
    if (winner) {
      if (winner.remoteTag !== response.toTag) this.#endStray(response, flow, request);
      else if (this.#ack) this.#ack.flow.send(this.#ack.text, winner.callId);
      return;
    }
    this.#state = 'accepted';
    const dialog = inDialog ?? this.#fork(response, flow);
    this.#winner = dialog;
    this.#settle();
    for (const fork of this.#forks.values()) if (fork !== dialog) parts.dialogs.remove(fork);
    this.#confirm(dialog, response, flow);
    if (!dialog.owner?.isOpen && !inDialog) {
      this.acknowledge(undefined, () => {});
      if (!this.#isCancelled) dialogRequests.hangUp(dialog, 'Application went away');
      return;
    }
    if (dialog.isOver) this.acknowledge(undefined, () => {});
    else {
      dialog.unacknowledged = this;
      if (request.body !== '') dialog.localSdp = request.body;
      SessionTimer.apply(dialogRequests, dialog, request, response, 'uac');
    }
    this.#tell(response, metaPayload(parts, flow, response));
  }

  #confirm(dialog: Dialog, response: SipMessage, flow: Flow): void {
    const { dialog: inDialog } = this.#options;
    dialog.refreshTarget(response, flow);
    dialog.outgoingInvite = false;
    if (inDialog) return;
    this.#options.parts.records.start('network', 'uac', response, dialog);
    this.#lacksContact = !response.has('contact');
    dialog.state = 'confirmed';
    dialog.routeSet = response.list('record-route').reverse();
    dialog.behindNat = isBehindNat(dialog, flow);
  }

  #failure(response: SipMessage, payload: MetaPayload): void {
    const { dialog, parts } = this.#options;
    if (this.#state === 'accepted' || this.#state === 'failed') return;
    this.#state = 'failed';
    this.#settle();
    if (dialog) dialog.outgoingInvite = false;
    else parts.records.stop('network', this.#isCancelled ? 'call-canceled' : 'call-rejected', response);
    for (const fork of this.#forks.values()) parts.dialogs.remove(fork);
    this.#tell(response, payload);
    this.#options.refused?.(response);
  }

  #transactionFailed(failure: ClientFailure, reason: string | undefined): void {
    if (failure === 'timeout') this.#failSynthetic(408);
    else this.failLocally(503, reason);
  }

  #failSynthetic(status: number, reason?: string): void {
    const response = syntheticResponse(this.request, status, reason);
    this.#failure(response, { meta: syntheticMeta(this.#options.parts) });
  }

  /** 64*T1 after the 2xx nothing can be acknowledged any more. */
  #transactionEnded(): void {
    const dialog = this.#winner;
    if (!dialog) return;
    if (dialog.unacknowledged === this) dialog.unacknowledged = undefined;
    if (this.#isAcknowledged || dialog.isOver) return;
    this.acknowledge(undefined, () => {});
    this.#options.dialogRequests.hangUp(dialog, 'ACK timeout');
  }

  #sendCancel(cancel: SipMessage): void {
    const { parts } = this.#options;
    const { flow } = this.#attempts;
    parts.transactions.startClient({ request: cancel, flow, response: () => {}, failed: () => {} });
    // A peer that answers the CANCEL but never the INVITE is not waited for (§9.1).
    this.#cancelLimit = parts.clock.after(transactionTimeoutMs(parts.timing), () => {
      this.#failSynthetic(487);
      this.#attempts.terminate();
    });
  }

  #fork(response: SipMessage, flow: Flow): Dialog {
    const known = this.#forks.get(response.toTag);
    if (known) return known;
    const dialog = this.#newDialog(response, flow, this.request);
    this.#forks.set(response.toTag, dialog);
    this.#options.parts.dialogs.add(dialog);
    return dialog;
  }

  #newDialog(response: SipMessage, flow: Flow, request: SipMessage): Dialog {
    const { dialogId, client, nextHop } = this.#options;
    const dialog = new Dialog({
      id: dialogId,
      role: 'uac',
      kind: 'INVITE',
      callId: request.callId,
      localTag: request.fromTag,
      remoteTag: response.toTag,
      local: request.get('from') ?? '',
      remote: response.get('to') ?? '',
      remoteTarget: contactUri(response) ?? request.uri,
      routeSet: response.list('record-route').reverse(),
      contact: request.get('contact') ?? '',
      flow,
      owner: client,
    });
    dialog.localCSeq = request.cseq?.number ?? 0;
    dialog.nextHop = nextHop;
    dialog.behindNat = isBehindNat(dialog, flow);
    return dialog;
  }

  /** A second phone answered the same INVITE: acknowledged and ended at once (§13.2.2.4). */
  #endStray(response: SipMessage, flow: Flow, request: SipMessage): void {
    const { dialogRequests, parts } = this.#options;
    if (parts.dialogs.find(request.callId, request.fromTag, response.toTag)) return; // its BYE is under way
    const dialog = this.#newDialog(response, flow, request);
    dialog.owner = undefined;
    dialog.state = 'confirmed';
    dialogRequests.sendAck(dialog, request, undefined, () => {});
    dialogRequests.hangUp(dialog, 'Answered elsewhere');
  }

  #tell(response: SipMessage, { meta }: MetaPayload): void {
    const { client, transactionId, dialogId } = this.#options;
    if (client?.isOpen)
      client.send(messagePayload(randomUUID(), meta, transactionId, dialogId, response.serialise()));
  }

  #settle(): void {
    this.#heldCancel = undefined;
    this.#cancelLimit?.cancel();
    this.#options.settled();
  }
}

interface MetaPayload {
  meta: ReturnType<typeof metaOf>;
}

function metaPayload(parts: EngineParts, flow: Flow, response: SipMessage): MetaPayload {
  return { meta: metaOf(parts, flow, response.serialise()) };
}

/** Without a route, a Contact that is not where the answer came from is behind a NAT (facts §5). */
function isBehindNat(dialog: Dialog, flow: Flow): boolean {
  return dialog.routeSet.length === 0 && parseUri(dialog.remoteTarget)?.host !== flow.remoteAddress;
}
