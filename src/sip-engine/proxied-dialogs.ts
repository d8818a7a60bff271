/** Dialogs of others in whose way we stay: only their requests are passed on, so that nobody uses us as a relay. */
import type { SipMessage } from '../codec/sip-message.ts';
import type { Flow } from './flow.ts';

/** Remembered at once; the one longest unused gives way. */
const maxDialogs = 10_000;

interface ProxiedDialog {
  callerTag: string;
  /** Tag of each callee that answered, and how it is reached. */
  callees: Map<string, Flow>;
  caller: Flow;
}

export class ProxiedDialogs {
  readonly #byCallId = new Map<string, ProxiedDialog>();

  get count(): number {
    return this.#byCallId.size;
  }

  /** A response with a To tag has come by for a request that we record-routed. */
  learn(response: SipMessage, caller: Flow, callee: Flow): void {
    if (response.toTag === '') return;
    const known = this.#byCallId.get(response.callId);
    const dialog = known ?? { callerTag: response.fromTag, callees: new Map<string, Flow>(), caller };
    dialog.callees.set(response.toTag, callee);
    this.#byCallId.set(response.callId, dialog);
    if (this.#byCallId.size <= maxDialogs) return;
    const [oldest] = this.#byCallId.keys();
    if (oldest !== undefined) this.#byCallId.delete(oldest);
  }

  /** The flow on which the other side of the request's dialog was last heard; undefined: no dialog of this kind. */
  otherSide(request: SipMessage, flow: Flow): Flow | undefined {
    const dialog = this.#byCallId.get(request.callId);
    if (!dialog) return undefined;
    let other: Flow | undefined;
    if (request.fromTag === dialog.callerTag && dialog.callees.has(request.toTag)) {
      other = dialog.callees.get(request.toTag);
      dialog.caller = flow;
    } else if (request.toTag === dialog.callerTag && dialog.callees.has(request.fromTag)) {
      other = dialog.caller;
      dialog.callees.set(request.fromTag, flow);
    }
    if (!other) return undefined;
    this.#byCallId.delete(request.callId);
    this.#byCallId.set(request.callId, dialog);
    return other;
  }

  forget(callId: string): void {
    this.#byCallId.delete(callId);
  }
}
