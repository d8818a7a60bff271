/** Asks a peer trunk every 30 s by OPTIONS whether it is there; any answer of its own but 503 says yes. */
import type { Clock, Timer } from '../base/clock.ts';
import { formatSipUri } from '../codec/name-addr.ts';
import type { Trunk } from '../domain/settings.ts';
import type { SipPort, SipResponse } from './sip-port.ts';
import { trunkNextHop, trunkPort } from './trunk-hosts.ts';
import { type TrunkWord, trunkWord, wordOf } from './trunk-words.ts';

const everyMs = 30_000;
/** The stack gives up after 32 s; an admin shall know earlier. */
const patienceMs = 10_000;

export interface TrunkQualifierDeps {
  clock: Clock;
  sip: SipPort;
  trunk: Trunk;
  /** `latencyMs`: from question to answer. */
  onState: (state: 'up' | 'down', word: TrunkWord, latencyMs?: number) => void;
  /** Each answer of the peer; its Via says how it sees us. */
  onResponse: (response: SipResponse) => void;
}

export class TrunkQualifier {
  readonly #deps: TrunkQualifierDeps;
  #timer: Timer | undefined;
  #active = false;

  constructor(deps: TrunkQualifierDeps) {
    this.#deps = deps;
  }

  start(): void {
    if (this.#active) return;
    this.#active = true;
    this.#ask();
  }

  stop(): Promise<void> {
    this.pause();
    return Promise.resolve();
  }

  /** The SIP engine is gone; `start` begins anew. */
  pause(): void {
    this.#active = false;
    this.#timer?.cancel();
  }

  /** Asks now, for a call that waits. @returns whether it answered within `withinMs` */
  check(withinMs: number): Promise<boolean> {
    return new Promise((resolve) => this.#ask(withinMs, resolve));
  }

  #ask(withinMs = patienceMs, told: (isThere: boolean) => void = () => {}): void {
    const { clock, sip, trunk, onState, onResponse } = this.#deps;
    let open = true;
    const askedAtMs = clock.monotonic();
    const settle = (state: 'up' | 'down', word: TrunkWord, latencyMs?: number): void => {
      if (!open) return;
      open = false;
      told(state === 'up');
      if (!this.#active) return;
      this.#timer?.cancel();
      this.#timer = clock.after(everyMs, () => this.#ask());
      onState(state, word, latencyMs);
    };
    this.#timer?.cancel();
    this.#timer = clock.after(withinMs, () => settle('down', trunkWord('no-answer')));
    sip.send(
      {
        method: 'OPTIONS',
        uri: formatSipUri({ host: trunk.host, port: trunkPort(trunk) }),
        ...trunkNextHop(trunk),
      },
      {
        onResponse: (response) => {
          if (response.status < 200) return;
          if (response.source) onResponse(response);
          const alive = response.source !== undefined && response.status !== 503;
          const latencyMs = Math.round(clock.monotonic() - askedAtMs);
          if (alive) settle('up', trunkWord('answers'), latencyMs);
          else settle('down', wordOf(response));
        },
        onFailure: (error) => settle('down', trunkWord('failed', { text: error.message })),
      },
    );
  }
}
