/** Requests of the network that an application is to answer. */
import { randomUUID } from 'node:crypto';
import type { Timer } from '../base/clock.ts';
import type { SipMessage } from '../codec/sip-message.ts';
import type { Dialog } from './dialog.ts';
import type { EngineParts } from './engine-parts.ts';
import type { Flow } from './flow.ts';
import { newTag, responseTo } from './message-builder.ts';
import type { ReliableProvisionals } from './reliable-provisionals.ts';
import type { Refusal } from './request-check.ts';
import type { AnyServerTransaction } from './transaction-layer.ts';
import type { WireClient } from './wire-client.ts';

export interface PendingRequest {
  transactionId: string;
  request: SipMessage;
  transaction: AnyServerTransaction;
  /** Where it came from and its answers go. */
  flow: Flow;
  /** Our tag in To, for a request that had none. */
  toTag: string;
  client: WireClient;
  /** The dialog it belongs to, or that its INVITE or SUBSCRIBE makes. */
  dialog: Dialog | undefined;
  /** It came within a dialog. */
  isInDialog: boolean;
  /** A new call that the application has not looked at yet. */
  isUndecided: boolean;
  reliable: ReliableProvisionals | undefined;
  /** Gives up on the application; for an INVITE that rings, repeats the provisional. */
  timer: Timer | undefined;
}

export class PendingRequests {
  readonly #parts: EngineParts;
  readonly #byId = new Map<string, PendingRequest>();
  readonly #byTransaction = new Map<AnyServerTransaction, PendingRequest>();

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  get count(): number {
    return this.#byId.size;
  }

  add(options: {
    request: SipMessage;
    transaction: AnyServerTransaction;
    flow: Flow;
    client: WireClient;
    dialog?: Dialog;
  }): PendingRequest {
    const pending: PendingRequest = {
      ...options,
      transactionId: randomUUID(),
      toTag: options.request.toTag === '' ? newTag() : '',
      dialog: options.dialog,
      isInDialog: options.dialog !== undefined,
      isUndecided: false,
      reliable: undefined,
      timer: undefined,
    };
    if (options.request.method === 'INVITE' && !pending.isInDialog) {
      pending.isUndecided = true;
      this.#parts.gate.handedIn();
    }
    this.#byId.set(pending.transactionId, pending);
    this.#byTransaction.set(pending.transaction, pending);
    const { clock, timing } = this.#parts;
    const patienceMs = timing.applicationTimeoutMs * (options.request.method === 'INVITE' ? 2 : 1);
    pending.timer = clock.after(patienceMs, () =>
      this.refuse(pending, { status: 500, reason: 'Application Did Not Answer' }),
    );
    return pending;
  }

  get(transactionId: string): PendingRequest | undefined {
    return this.#byId.get(transactionId);
  }

  find(matches: (pending: PendingRequest) => boolean): PendingRequest[] {
    return [...this.#byId.values()].filter(matches);
  }

  /** The request of this transaction, undefined when it has been answered. */
  ofTransaction(transaction: AnyServerTransaction): PendingRequest | undefined {
    return this.#byTransaction.get(transaction);
  }

  /** The application has begun to deal with it. */
  decide(pending: PendingRequest): void {
    if (!pending.isUndecided) return;
    pending.isUndecided = false;
    this.#parts.gate.decided();
  }

  /** It has its final response: nothing more may come. */
  settle(pending: PendingRequest): void {
    if (!this.#byId.delete(pending.transactionId)) return;
    this.decide(pending);
    this.#byTransaction.delete(pending.transaction);
    pending.timer?.cancel();
    pending.reliable?.stop();
    const { dialog, request } = pending;
    if (dialog && request.method === 'INVITE') dialog.incomingInvite = false;
    if (dialog && request.method === 'UPDATE') dialog.incomingUpdate = undefined;
  }

  /** The engine answers in place of the application. */
  refuse(pending: PendingRequest, refusal: Refusal): void {
    this.settle(pending);
    const { request, transaction, dialog, isInDialog, toTag } = pending;
    const response = responseTo(request, refusal.status, toTag, refusal.reason);
    for (const [name, value] of refusal.headers ?? []) response.add(name, value);
    transaction.respond(refusal.status, response.serialise());
    if (request.method === 'INVITE' && !isInDialog)
      this.#parts.records.stop('application', 'call-rejected', response);
    // A dialog that never came to be, or whose BYE nobody answered, is over.
    if (dialog && (!isInDialog || request.method === 'BYE')) this.#parts.dialogs.remove(dialog);
  }

  /** Stops all timers. */
  stop(): void {
    for (const pending of [...this.#byId.values()]) this.settle(pending);
  }
}
