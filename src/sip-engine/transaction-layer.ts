/** Tables of all transactions, and which one a message belongs to (RFC 3261 §17.1.3, §17.2.3). */
import type { Clock } from '../base/clock.ts';
import type { SipMessage } from '../codec/sip-message.ts';
import { formatHostPort } from '../codec/sip-uri.ts';
import { ClientTransaction } from './client-transaction.ts';
import type { Flow } from './flow.ts';
import { type ClientFailure, InviteClientTransaction } from './invite-client-transaction.ts';
import { InviteServerTransaction } from './invite-server-transaction.ts';
import { branchCookie } from './message-builder.ts';
import { ServerTransaction } from './server-transaction.ts';
import type { SipTiming } from './timing.ts';

export type AnyServerTransaction = InviteServerTransaction | ServerTransaction;
export type AnyClientTransaction = InviteClientTransaction | ClientTransaction;

export interface ClientRequest {
  request: SipMessage;
  flow: Flow;
  response(response: SipMessage, flow: Flow): void;
  failed(failure: ClientFailure, reason?: string): void;
  ended?(): void;
}

export class TransactionLayer {
  readonly #clock: Clock;
  readonly #timing: SipTiming;
  readonly #servers = new Map<string, AnyServerTransaction>();
  readonly #clients = new Map<string, AnyClientTransaction>();
  /** Key of the transaction that first brought a request, by what all copies of it share (§8.2.2.2). */
  readonly #originals = new Map<string, string>();

  constructor(options: { clock: Clock; timing: SipTiming }) {
    this.#clock = options.clock;
    this.#timing = options.timing;
  }

  get count(): number {
    return this.#servers.size + this.#clients.size;
  }

  get settledCount(): number {
    let count = 0;
    for (const transaction of this.#servers.values()) if (transaction.isSettled) count++;
    for (const transaction of this.#clients.values()) if (transaction.isSettled) count++;
    return count;
  }

  /** The transaction a request repeats, or that its ACK or CANCEL is about (`method` INVITE). */
  findServer(request: SipMessage, method: string): AnyServerTransaction | undefined {
    return this.#servers.get(serverKey(request, method));
  }

  /** True when the same request has come by another way already and is still remembered (§8.2.2.2). */
  isMerged(request: SipMessage): boolean {
    const original = this.#originals.get(mergeKey(request));
    return original !== undefined && original !== serverKey(request, request.method);
  }

  createServer(request: SipMessage, flow: Flow): AnyServerTransaction {
    const key = serverKey(request, request.method);
    const merge = request.toTag === '' ? mergeKey(request) : '';
    const options = {
      clock: this.#clock,
      timing: this.#timing,
      callId: request.callId,
      flow,
      ended: () => {
        this.#servers.delete(key);
        if (merge !== '' && this.#originals.get(merge) === key) this.#originals.delete(merge);
      },
    };
    const transaction =
      request.method === 'INVITE' ? new InviteServerTransaction(options) : new ServerTransaction(options);
    this.#servers.set(key, transaction);
    if (merge !== '') this.#originals.set(merge, key);
    return transaction;
  }

  /** Starts a client transaction: sends the request, whose top Via has a branch of ours. */
  startClient(options: ClientRequest): AnyClientTransaction {
    const { request } = options;
    const key = clientKey(request.topVia?.branch ?? '', request.method);
    const full = {
      clock: this.#clock,
      timing: this.#timing,
      request,
      flow: options.flow,
      response: options.response,
      failed: options.failed,
      ended: () => {
        this.#clients.delete(key);
        options.ended?.();
      },
    };
    const transaction =
      request.method === 'INVITE' ? new InviteClientTransaction(full) : new ClientTransaction(full);
    this.#clients.set(key, transaction);
    transaction.start();
    return transaction;
  }

  /** Hands a response to its transaction. @returns false when there is none */
  receiveResponse(response: SipMessage, flow: Flow): boolean {
    const transaction = this.#clients.get(
      clientKey(response.topVia?.branch ?? '', response.cseq?.method ?? ''),
    );
    transaction?.receive(response, flow);
    return transaction !== undefined;
  }

  /** Ends everything; nothing is told to anybody. */
  stop(): void {
    for (const transaction of [...this.#servers.values(), ...this.#clients.values()]) transaction.terminate();
  }
}

function clientKey(branch: string, method: string): string {
  return `${branch} ${method}`;
}

function serverKey(request: SipMessage, method: string): string {
  const via = request.topVia;
  // The cookie alone is what a faulty peer sends every time (RFC 4475 §3.2.1).
  if (via?.branch.startsWith(branchCookie) && via.branch.length > branchCookie.length)
    return `${via.branch} ${formatHostPort(via.host, via.port)} ${method}`;
  // RFC 2543 peers: no unique branch, so what identifies the request is compared instead (§17.2.3).
  return `${request.uri} ${request.fromTag} ${request.callId} ${request.cseq?.number} ${request.get('via')} ${method}`;
}

function mergeKey(request: SipMessage): string {
  return `${request.callId} ${request.fromTag} ${request.cseq?.number} ${request.method}`;
}
