/**
 * Keeps the way to registered phones open and knows which still answer: OPTIONS every 25 s to phones behind a NAT
 * over UDP (consumer routers forget a mapping after 30 s), and expiry.
 */
import type { Clock, Timer } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { parsePartyUri } from '../codec/name-addr.ts';
import { nextHopOf } from './addressing.ts';
import type { Registrar } from './registrar.ts';
import type { RegisteredContact } from './registration-store.ts';
import { type SipPort, sendAndWait } from './sip-port.ts';

const tickMs = 5_000;
const probeEveryMs = 25_000;
/** One lost packet is no lost phone. */
const failuresToLose = 2;

interface Watch {
  probedAt: number;
  failures: number;
}

/** A contact, by where it is: a refresh from elsewhere begins a new watch. */
const keyOf = ({ uri, source }: RegisteredContact): string =>
  `${uri} ${source.transport}/${source.address}:${source.port}`;

/** Whether the Contact names another place than the packets came from. */
export function isBehindNat({ uri, source }: RegisteredContact): boolean {
  const contact = parsePartyUri(uri);
  return contact === undefined || contact.host !== source.address || (contact.port ?? 5060) !== source.port;
}

export class ContactKeeper {
  readonly events = new Emitter<{ changed: [] }>();
  readonly #deps: { clock: Clock; sip: SipPort; registrar: Registrar };
  readonly #watches = new Map<string, Watch>();
  #timer: Timer | undefined;

  constructor(deps: { clock: Clock; sip: SipPort; registrar: Registrar }) {
    this.#deps = deps;
  }

  start(): void {
    this.#timer = this.#deps.clock.after(tickMs, () => {
      this.start();
      this.tick();
    });
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  isReachable(contact: RegisteredContact): boolean {
    return (this.#watches.get(keyOf(contact))?.failures ?? 0) < failuresToLose;
  }

  /** One round: what has expired goes, what is due is probed. */
  tick(): void {
    const { clock, registrar, sip } = this.#deps;
    registrar.expire();
    const now = clock.monotonic();
    const known = new Set<string>();
    for (const contact of registrar.all()) {
      const key = keyOf(contact);
      known.add(key);
      if (contact.source.transport !== 'udp' || !isBehindNat(contact)) continue;
      const watch = this.#watches.get(key) ?? { probedAt: now, failures: 0 };
      this.#watches.set(key, watch);
      if (sip.isUp && now - watch.probedAt >= probeEveryMs) {
        watch.probedAt = now;
        void this.#probe(contact, watch);
      }
    }
    for (const key of this.#watches.keys()) if (!known.has(key)) this.#watches.delete(key);
  }

  async #probe(contact: RegisteredContact, watch: Watch): Promise<void> {
    const before = watch.failures < failuresToLose;
    let alive = true;
    try {
      const response = await sendAndWait(this.#deps.sip, {
        method: 'OPTIONS',
        uri: contact.uri,
        ...nextHopOf(contact.source),
      });
      // Whatever the phone says, it has said something; a synthetic answer has no source.
      alive = response.source !== undefined;
    } catch {
      return; // our own side failed: nothing is known of the phone
    }
    watch.failures = alive ? 0 : watch.failures + 1;
    if (before !== watch.failures < failuresToLose) this.events.emit('changed');
  }
}
