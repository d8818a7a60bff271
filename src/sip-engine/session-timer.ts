/**
 * Session timer of one dialog (RFC 4028): armed by a 2xx with Session-Expires, whoever negotiated it. The refresher
 * repeats the session as it is at half time; the other side ends the call when no refresh comes.
 *
 *     waiting --half time--> refreshing --2xx--> (armed anew by what it says)
 *        |                      |--422--> at once with the peer's Min-SE   --491, 5xx--> a little later
 *        |                      |--405, 501 to UPDATE--> by re-INVITE      --408, 481--> BYE
 *        |                      |--401, 407--> at half time again, and the end is the peer's to say
 *        `--peer refreshes, no refresh in time--> BYE         `--end of the interval--> BYE
 *
 * The application sees none of it but a BYE. So an answer that moves the peer's media in a refresh by re-INVITE is
 * not told either (as with drachtio-server); where the peer allows UPDATE no session description goes at all.
 */
import type { Timer } from '../base/clock.ts';
import { parameterOf } from '../codec/sip-headers.ts';
import type { SipMessage } from '../codec/sip-message.ts';
import type { Dialog } from './dialog.ts';
import type { DialogRequests } from './dialog-requests.ts';
import { ourVia } from './engine-parts.ts';
import type { Flow } from './flow.ts';
import { newBranch, syntheticResponse } from './message-builder.ts';
import type { FlowHop } from './next-hop.ts';
import { OutgoingInvite } from './outgoing-invite.ts';
import { withViaFor } from './request-attempts.ts';

export interface SessionExpires {
  seconds: number;
  refresher: 'uac' | 'uas' | undefined;
}

/** Another request of the same kind is under way: asked again after this. */
const busyRetryMs = 2_000;
/** A refusal that says nothing of time: asked again after this, at most. */
const refusedRetryMs = 32_000;

/** `1800;refresher=uas`; null when absent or broken. */
export function parseSessionExpires(value: string | undefined): SessionExpires | null {
  const match = /^\s*(\d{1,7})\s*(;.*)?$/.exec(value ?? '');
  if (!match) return null;
  const refresher = parameterOf(match[2] ?? '', 'refresher')?.toLowerCase();
  return {
    seconds: Number(match[1]),
    refresher: refresher === 'uac' || refresher === 'uas' ? refresher : undefined,
  };
}

/**
 * How long to wait after a 491, milliseconds (RFC 3261 §14.1): whoever chose the Call-ID 2.1 to 4 s, the other up to
 * 2 s, so that the two do not meet again. In steps of 10 ms.
 */
export function glareDelayMs(ownsCallId: boolean, random = Math.random): number {
  return ownsCallId ? 2100 + 10 * Math.floor(random() * 191) : 10 * Math.floor(random() * 201);
}

export class SessionTimer {
  readonly #requests: DialogRequests;
  readonly #dialog: Dialog;
  readonly #seconds: number;
  readonly #weRefresh: boolean;
  #timer: Timer | undefined;
  #deadline: Timer | undefined;
  /** What the next refresh asks for; the peer's Min-SE may raise it (§7.4). */
  #askedS: number;
  #minSe: string | undefined;
  #isOver = false;

  constructor(options: {
    requests: DialogRequests;
    dialog: Dialog;
    seconds: number;
    weRefresh: boolean;
  }) {
    this.#requests = options.requests;
    this.#dialog = options.dialog;
    this.#seconds = options.seconds;
    this.#askedS = options.seconds;
    this.#weRefresh = options.weRefresh;
  }

  /**
   * Arms, re-arms or stops the dialog's timer as the 2xx of an INVITE or UPDATE says.
   * @param ourRole in that transaction
   */
  static apply(
    requests: DialogRequests,
    dialog: Dialog,
    request: SipMessage,
    response: SipMessage,
    ourRole: 'uac' | 'uas',
  ): void {
    dialog.sessionTimer?.stop();
    dialog.sessionTimer = undefined;
    const agreed = parseSessionExpires(response.get('session-expires'));
    if (!agreed || agreed.seconds < 1 || dialog.isOver) return;
    const asked = parseSessionExpires(request.get('session-expires'));
    const refresher = agreed.refresher ?? asked?.refresher ?? 'uac';
    const timer = new SessionTimer({
      requests,
      dialog,
      seconds: agreed.seconds,
      weRefresh: refresher === ourRole,
    });
    dialog.sessionTimer = timer;
    timer.start();
  }

  start(): void {
    const { clock } = this.#requests.parts;
    const intervalMs = this.#seconds * 1000;
    // Early enough for the BYE to arrive before the peer's own timer runs out (§10).
    const marginMs = this.#weRefresh ? 0 : Math.min(32_000, intervalMs / 3);
    this.#deadline = clock.after(intervalMs - marginMs, () => this.#expire('Session timer expired'));
    if (this.#weRefresh) this.#refreshAfter(intervalMs / 2);
  }

  /** Idempotent. */
  stop(): void {
    this.#isOver = true;
    this.#timer?.cancel();
    this.#deadline?.cancel();
  }

  #expire(reason: string): void {
    if (this.#isOver) return;
    this.stop();
    this.#requests.hangUp(this.#dialog, reason);
  }

  #refreshAfter(delayMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#requests.parts.clock.after(delayMs, () => this.#refresh());
  }

  #refresh(): void {
    const dialog = this.#dialog;
    if (this.#isOver || dialog.isOver) return;
    if (dialog.isRenegotiating) {
      this.#refreshAfter(busyRetryMs);
      return;
    }
    const requests = this.#requests;
    const method = dialog.remoteAllowsUpdate || dialog.localSdp === '' ? 'UPDATE' : 'INVITE';
    const request = requests.build(dialog, method, undefined);
    request.add('supported', 'timer').add('session-expires', `${this.#askedS};refresher=uac`);
    if (this.#minSe !== undefined) request.add('min-se', this.#minSe);
    if (method === 'INVITE') {
      request.add('content-type', 'application/sdp');
      request.body = dialog.localSdp;
    }
    requests.flowFor(dialog, (hop) => {
      if (this.#isOver || dialog.isOver) return;
      if (hop.kind !== 'flow') {
        this.#answered(request, syntheticResponse(request, 503));
        return;
      }
      request.prepend('via', ourVia(requests.parts, hop.flow, newBranch()));
      if (method === 'INVITE') this.#refreshByInvite(request, hop);
      else this.#refreshByUpdate(request, hop.flow);
    });
  }

  #refreshByUpdate(request: SipMessage, flow: Flow): void {
    const dialog = this.#dialog;
    const requests = this.#requests;
    dialog.outgoingUpdate = request;
    const done = (response: SipMessage): void => {
      dialog.outgoingUpdate = undefined;
      this.#answered(request, response);
    };
    requests.parts.transactions.startClient({
      request,
      flow,
      response: (response, from) => {
        if (response.status < 200) return;
        if (response.status < 300 && !dialog.isOver) {
          dialog.refreshTarget(response, from);
          SessionTimer.apply(requests, dialog, request, response, 'uac');
        }
        done(response);
      },
      failed: (failure) => done(syntheticResponse(request, failure === 'timeout' ? 408 : 503)),
    });
  }

  #refreshByInvite(request: SipMessage, { flow, rest = [] }: FlowHop): void {
    const dialog = this.#dialog;
    const { parts } = this.#requests;
    const invite: OutgoingInvite = new OutgoingInvite({
      parts,
      dialogRequests: this.#requests,
      transactionId: '',
      dialogId: dialog.id,
      routed: {
        request,
        flow,
        rest,
        rebuild: (other) => withViaFor(parts, request, other),
        isInDialog: true,
      },
      client: undefined,
      dialog,
      settled: () => queueMicrotask(() => invite.acknowledge(undefined, () => {})),
      refused: (response) => this.#answered(request, response),
    });
    invite.start();
  }

  /** What follows from a refusal; a 2xx has armed a timer anew, and this one is over. */
  #answered(request: SipMessage, response: SipMessage): void {
    const dialog = this.#dialog;
    const { status } = response;
    if (this.#isOver || dialog.isOver || status < 300) return;
    if (status === 408 || status === 481) {
      // The peer is gone, or knows nothing of the call (§10, RFC 3261 §12.2.1.2).
      this.#expire('Session refresh failed');
    } else if (status === 422) {
      const minSeS = Number(/^\s*(\d{1,7})/.exec(response.get('min-se') ?? '')?.[1] ?? 0);
      if (minSeS <= this.#askedS) {
        this.#refreshAfter(this.#patienceMs);
        return;
      }
      this.#askedS = minSeS;
      this.#minSe = String(minSeS);
      this.#refreshAfter(0);
    } else if (status === 401 || status === 407) {
      // The credentials are the application's. The peer is there and knows the call; only it can tell whether it counts.
      this.#deadline?.cancel();
      this.#refreshAfter((this.#seconds * 1000) / 2);
    } else if (status === 491) {
      this.#refreshAfter(glareDelayMs(dialog.role === 'uac'));
    } else if ((status === 405 || status === 501) && request.method === 'UPDATE' && dialog.localSdp !== '') {
      dialog.remoteAllowsUpdate = false;
      this.#refreshAfter(0);
    } else {
      const afterS = Number(/^\s*(\d{1,4})/.exec(response.get('retry-after') ?? '')?.[1] ?? Number.NaN);
      this.#refreshAfter(Number.isNaN(afterS) ? this.#patienceMs : Math.max(busyRetryMs, afterS * 1000));
    }
  }

  /** Several tries are left before the interval ends. */
  get #patienceMs(): number {
    return Math.min(refusedRetryMs, (this.#seconds * 1000) / 8);
  }
}
