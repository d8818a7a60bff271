/**
 * Session timer of one dialog (RFC 4028): armed by a 2xx with Session-Expires. The refresher repeats its session
 * description at half time; the other side ends the call when no refresh comes.
 */
import type { Timer } from '../base/clock.ts';
import { parameterOf } from '../codec/sip-headers.ts';
import type { SipMessage } from '../codec/sip-message.ts';
import type { Dialog } from './dialog.ts';
import type { DialogRequests } from './dialog-requests.ts';
import { ourVia } from './engine-parts.ts';
import { newBranch } from './message-builder.ts';
import type { FlowHop } from './next-hop.ts';
import { OutgoingInvite } from './outgoing-invite.ts';
import { withViaFor } from './request-attempts.ts';

/** Least interval taken, seconds (§4). */
export const minSessionExpiresS = 90;

export interface SessionExpires {
  seconds: number;
  refresher: 'uac' | 'uas' | undefined;
}

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

export class SessionTimer {
  readonly #requests: DialogRequests;
  readonly #dialog: Dialog;
  readonly #seconds: number;
  readonly #weRefresh: boolean;
  #timer: Timer | undefined;

  constructor(options: {
    requests: DialogRequests;
    dialog: Dialog;
    seconds: number;
    weRefresh: boolean;
  }) {
    this.#requests = options.requests;
    this.#dialog = options.dialog;
    this.#seconds = options.seconds;
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
    if (!agreed || agreed.seconds < 1) return;
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
    if (this.#weRefresh) {
      this.#timer = clock.after(intervalMs / 2, () => this.#refresh());
      return;
    }
    // Early enough for the BYE to arrive before the peer's own timer runs out (§10).
    const marginMs = Math.min(32_000, intervalMs / 3);
    this.#timer = clock.after(intervalMs - marginMs, () =>
      this.#requests.hangUp(this.#dialog, 'Session timer expired'),
    );
  }

  /** Idempotent. */
  stop(): void {
    this.#timer?.cancel();
  }

  /** A re-INVITE with the session as it is; the application does not see it. */
  #refresh(): void {
    const dialog = this.#dialog;
    const requests = this.#requests;
    const { clock, transactions } = requests.parts;
    if (dialog.isOver) return;
    if (dialog.outgoingInvite || dialog.incomingInvite || dialog.unacknowledged) {
      this.#timer = clock.after(2000, () => this.#refresh());
      return;
    }
    // If nothing comes of it the session is over at the end of the interval.
    this.#timer = clock.after((this.#seconds * 1000) / 2, () =>
      requests.hangUp(dialog, 'Session timer expired'),
    );
    const method = dialog.localSdp === '' ? 'UPDATE' : 'INVITE';
    const request = requests.build(dialog, method, undefined);
    request.add('supported', 'timer');
    request.add('session-expires', `${this.#seconds};refresher=uac`);
    if (method === 'INVITE') {
      request.add('content-type', 'application/sdp');
      request.body = dialog.localSdp;
    }
    requests.flowFor(dialog, (hop) => {
      if (hop.kind !== 'flow' || dialog.isOver) return;
      request.prepend('via', ourVia(requests.parts, hop.flow, newBranch()));
      if (method === 'INVITE') this.#refreshByInvite(request, hop);
      else
        transactions.startClient({
          request,
          flow: hop.flow,
          response: (response) => {
            if (response.status >= 200 && response.status < 300)
              SessionTimer.apply(requests, dialog, request, response, 'uac');
          },
          failed: () => {},
        });
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
      routed: { request, flow, rest, rebuild: (other) => withViaFor(parts, request, other) },
      client: undefined,
      dialog,
      settled: () => queueMicrotask(() => invite.acknowledge(undefined, () => {})),
    });
    invite.start();
  }
}
