/**
 * Registers one trunk at its provider and keeps it registered (RFC 3261 §10.2).
 *
 *     idle --> registering --200--> registered --before expiry--> registering
 *                  `--refused, silent--> waiting (5..120 s, doubled each time, ±20 %) --> registering
 */
import type { Clock, Timer } from '../base/clock.ts';
import { randomId } from '../base/ids.ts';
import { formatSipUri, nameAddrParameter, parseContacts, parsePartyUri } from '../codec/name-addr.ts';
import { splitHeaderList } from '../codec/sip-headers.ts';
import type { Trunk } from '../domain/settings.ts';
import { type DigestSession, sendWithDigest } from './digest-session.ts';
import type { SipOutgoingHandlers, SipPort, SipResponse } from './sip-port.ts';
import { trunkNextHop, trunkTransport } from './trunk-hosts.ts';
import { type TrunkWord, trunkWord, wordOf } from './trunk-words.ts';

const firstRetryMs = 5_000;
const longestRetryMs = 120_000;
/** Before the expiry by a quarter of it, at most this much. */
const refreshMarginMs = 60_000;

export interface TrunkRegistrationDeps {
  clock: Clock;
  sip: SipPort;
  digest: DigestSession;
  trunk: Trunk;
  /** 0..1, for the jitter of retries. */
  random: () => number;
  onState: (state: 'up' | 'down', word: TrunkWord) => void;
  /** Each answer of the provider; its Via says how it sees us. */
  onResponse: (response: SipResponse) => void;
}

export class TrunkRegistration {
  readonly #deps: TrunkRegistrationDeps;
  readonly #callId = randomId(24);
  readonly #localTag = randomId(12);
  #cseq = 0;
  #expiresS: number;
  #retryMs = firstRetryMs;
  #serviceRoute: string[] = [];
  #timer: Timer | undefined;
  #active = false;
  #registered = false;

  constructor(deps: TrunkRegistrationDeps) {
    this.#deps = deps;
    this.#expiresS = deps.trunk.registerExpiresS;
  }

  /** Route that requests through the provider are to take while we are registered (RFC 3608). */
  get serviceRoute(): readonly string[] {
    return this.#registered ? this.#serviceRoute : [];
  }

  start(): void {
    if (this.#active) return;
    this.#active = true;
    this.#retryMs = firstRetryMs;
    this.#timer?.cancel();
    this.#register(this.#expiresS);
  }

  /** Stops refreshing, and takes back the registration there is. Resolves when the provider has answered. */
  stop(): Promise<void> {
    this.pause();
    if (!this.#registered || !this.#deps.sip.isUp) return Promise.resolve();
    this.#registered = false;
    return new Promise((resolve) => {
      this.#send(0, {
        onResponse: ({ status }) => {
          if (status >= 200) resolve();
        },
        onFailure: () => resolve(),
      });
    });
  }

  /** The SIP engine is gone; `start` begins anew. */
  pause(): void {
    this.#active = false;
    this.#timer?.cancel();
  }

  /**
   * Registers now, for a call that waits: some registrars answer nothing else.
   * @returns whether there was an answer within `withinMs`
   */
  check(withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const limit = this.#deps.clock.after(withinMs, () => {
        this.#failed(trunkWord('no-answer'));
        resolve(false);
      });
      const told = (isThere: boolean): void => {
        limit.cancel();
        resolve(isThere);
      };
      this.#register(this.#expiresS, told);
    });
  }

  /** `told` hears whether somebody answered. */
  #register(expiresS: number, told: (isThere: boolean) => void = () => {}): void {
    this.#send(expiresS, {
      onResponse: (response) => {
        if (response.status >= 200) told(response.source !== undefined);
        this.#onResponse(response);
      },
      onFailure: (error) => {
        told(false);
        this.#failed(trunkWord('failed', { text: error.message }));
      },
    });
  }

  #send(expiresS: number, handlers: SipOutgoingHandlers): void {
    const { trunk, sip, digest } = this.#deps;
    const user = trunk.username ?? '';
    const { host } = trunk;
    const transport = trunkTransport(trunk);
    const registrar = formatSipUri({ host });
    const addressOfRecord = formatSipUri({ user, host });
    sendWithDigest(
      sip,
      {
        method: 'REGISTER',
        uri: registrar,
        ...trunkNextHop(trunk),
        headers: {
          From: `<${addressOfRecord}>;tag=${this.#localTag}`,
          To: `<${addressOfRecord}>`,
          'Call-ID': this.#callId,
          CSeq: `${++this.#cseq} REGISTER`,
          Contact: `<${formatSipUri({ user, host: 'localhost', ...(transport === undefined ? {} : { transport }) })}>`,
          Expires: String(expiresS),
        },
      },
      {
        onSent: (sent) => {
          this.#cseq = Number.parseInt(sent.header('CSeq') ?? '', 10) || this.#cseq;
        },
        ...handlers,
      },
      digest,
      registrar,
    );
  }

  #onResponse(response: SipResponse): void {
    const { status } = response;
    if (status < 200 || !this.#active) return;
    this.#deps.onResponse(response);
    if (status < 300) {
      this.#succeeded(response);
      return;
    }
    const minimumS = Number(response.header('Min-Expires'));
    if (status === 423 && minimumS > this.#expiresS && minimumS <= 86_400) {
      this.#expiresS = minimumS;
      this.#register(minimumS);
      return;
    }
    this.#failed(wordOf(response));
  }

  #succeeded(response: SipResponse): void {
    this.#registered = true;
    this.#serviceRoute = splitHeaderList(response.header('Service-Route') ?? '').filter(Boolean);
    this.#retryMs = firstRetryMs;
    const grantedMs = grantedSeconds(response, this.#deps.trunk.username ?? '', this.#expiresS) * 1000;
    this.#after(Math.max(1000, grantedMs - Math.min(refreshMarginMs, grantedMs / 4)));
    this.#deps.onState('up', trunkWord('registered', { expiresS: Math.round(grantedMs / 1000) }));
  }

  #failed(word: TrunkWord): void {
    if (!this.#active) return;
    this.#registered = false;
    const waitMs = this.#retryMs * (0.8 + 0.4 * this.#deps.random());
    this.#retryMs = Math.min(longestRetryMs, this.#retryMs * 2);
    this.#after(waitMs);
    const retryS = Math.round(waitMs / 1000);
    this.#deps.onState('down', { ...word, params: { ...word.params, retryS } });
  }

  #after(delayMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#deps.clock.after(delayMs, () => {
      if (this.#active) this.#register(this.#expiresS);
    });
  }
}

/** What the registrar granted: its Contact of ours, else Expires, else what was asked. */
function grantedSeconds(response: SipResponse, user: string, askedS: number): number {
  const contacts = parseContacts(response.header('Contact') ?? '');
  for (const contact of Array.isArray(contacts) ? contacts : []) {
    const expires = nameAddrParameter(contact, 'expires');
    if (parsePartyUri(contact.uri)?.user === user && expires !== undefined && Number(expires) > 0)
      return Number(expires);
  }
  const expires = Number(response.header('Expires'));
  return expires > 0 ? expires : askedS;
}
