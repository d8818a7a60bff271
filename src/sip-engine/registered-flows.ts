/**
 * Connections that phones registered over: a phone behind a NAT can be reached on no other (in the spirit of
 * RFC 5626). UDP needs none of this, its flow is an address that the application knows.
 */
import type { Clock } from '../base/clock.ts';
import { parseNameAddress } from '../codec/sip-address.ts';
import { parameterOf } from '../codec/sip-headers.ts';
import type { SipMessage } from '../codec/sip-message.ts';
import { parseUri } from '../codec/sip-uri.ts';
import type { Flow } from './flow.ts';

interface Registered {
  flow: Flow;
  untilMs: number;
  forget: () => void;
}

export class RegisteredFlows {
  readonly #clock: Clock;
  /** By `user@host` of the Contact: port and parameters do not matter, a NAT changes them. */
  readonly #byContact = new Map<string, Registered>();

  constructor(options: { clock: Clock }) {
    this.#clock = options.clock;
  }

  get count(): number {
    return this.#byContact.size;
  }

  /** A REGISTER of this connection was answered with 2xx. */
  learn(request: SipMessage, response: SipMessage, flow: Flow): void {
    if (!flow.reliable) return;
    const fallback = Number(response.get('expires') ?? request.get('expires') ?? 3600);
    const granted = new Map<string, number>();
    for (const value of response.list('contact')) {
      const address = parseNameAddress(value);
      const expires = address && parameterOf(address.parameters, 'expires');
      const key = address && contactKey(address.uri);
      if (key) granted.set(key, expires === undefined ? fallback : Number(expires));
    }
    for (const value of request.list('contact')) {
      const address = parseNameAddress(value);
      if (!address || address.uri === '*') {
        this.#forgetFlow(flow);
        continue;
      }
      const key = contactKey(address.uri);
      if (!key) continue;
      // A Contact the response does not list has just been removed.
      const expiresS =
        granted.get(key) ??
        (granted.size > 0 || response.has('contact') ? 0 : requested(address.parameters, fallback));
      this.#byContact.get(key)?.forget();
      if (expiresS > 0 && flow.isAlive) this.#remember(key, flow, expiresS);
    }
  }

  /** The live connection of whoever registered this `user@host`; for a sips URI only over TLS (RFC 3261 §19.1). */
  find(uriText: string): Flow | undefined {
    if (this.#byContact.size === 0) return undefined;
    const key = contactKey(uriText);
    const registered = key === null ? undefined : this.#byContact.get(key);
    if (!registered) return undefined;
    if (registered.flow.protocol !== 'tls' && uriText.slice(0, 5).toLowerCase() === 'sips:') return undefined;
    if (registered.flow.isAlive && registered.untilMs > this.#clock.monotonic()) return registered.flow;
    registered.forget();
    return undefined;
  }

  #remember(key: string, flow: Flow, expiresS: number): void {
    const registered: Registered = {
      flow,
      untilMs: this.#clock.monotonic() + expiresS * 1000,
      forget: () => {
        stopListening();
        if (this.#byContact.get(key) === registered) this.#byContact.delete(key);
      },
    };
    const stopListening = flow.onClose(() => registered.forget());
    this.#byContact.set(key, registered);
  }

  #forgetFlow(flow: Flow): void {
    for (const registered of [...this.#byContact.values()]) if (registered.flow === flow) registered.forget();
  }
}

function requested(parameters: string, fallback: number): number {
  const own = parameterOf(parameters, 'expires');
  return own === undefined ? fallback : Number(own);
}

function contactKey(uriText: string): string | null {
  const uri = parseUri(uriText);
  return uri && uri.host !== '' ? `${uri.user}@${uri.host}` : null;
}
