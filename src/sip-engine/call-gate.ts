/**
 * The gate for new calls: the application says how many more it takes, and what exceeds that is refused here, for
 * the price of reading one message. So a flood far beyond what the application could even refuse leaves it alone.
 * Without a word of the application (somebody else's, over drachtio's protocol) everything is let through.
 */
import type { CallRoom } from '../codec/engine-control.ts';
import type { SipMessage } from '../codec/sip-message.ts';
import { parseUri } from '../codec/sip-uri.ts';
import type { Refusal } from './request-check.ts';

/** Calls handed to the application and not yet looked at by it; more would wait longer than a caller's patience. */
const maxUndecided = 64;

export class CallGate {
  #room: CallRoom | undefined;
  /** Calls handed in since the application last said how much room there is. */
  #handedIn = 0;
  #undecided = 0;
  /** Calls refused since the start. */
  refused = 0;

  /** In force from now on; calls handed in before it was said count as known. null: no gate. */
  configure(room: CallRoom | null): void {
    this.#room = room ?? undefined;
    this.#handedIn = 0;
  }

  /** How a new INVITE is refused; undefined when it may be handed in. */
  refusalOf(invite: SipMessage): Refusal | undefined {
    const room = this.#room;
    if (!room || (this.#handedIn < room.calls && this.#undecided < maxUndecided)) return undefined;
    const called = parseUri(invite.uri);
    if (called && room.alwaysFor.includes(called.user)) return undefined;
    this.refused++;
    return { status: 503, headers: [['Retry-After', String(room.retryAfterS)]] };
  }

  handedIn(): void {
    this.#handedIn++;
    this.#undecided++;
  }

  /** The application has answered it in some way, or it is over. */
  decided(): void {
    this.#undecided--;
  }
}
