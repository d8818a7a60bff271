/**
 * Which targets failed of late, so that the next request does not wait for them again (RFC 3263 §4.3). A failed
 * target is tried last until its time is over, and then asked by OPTIONS, not by a call; each failure doubles its
 * time, any message from it clears it.
 */
import type { Clock } from '../base/clock.ts';
import type { Flow, TransportProtocol } from './flow.ts';
import type { Target } from './server-location.ts';

const firstRestMs = 30_000;
const longestRestMs = 300_000;
const maxRemembered = 1000;

type Place = Pick<Target, 'protocol' | 'address' | 'port'>;

interface Failed {
  /** Not tried before others until then, by the monotonic clock. */
  untilMs: number;
  restMs: number;
  isProbed: boolean;
}

export interface TargetHealthOptions {
  clock: Clock;
  /** Asks whether it is there again; `over` is called when the answer, or the lack of one, has been told here. */
  probe(target: Target, over: () => void): void;
}

export class TargetHealth {
  readonly #options: TargetHealthOptions;
  readonly #failed = new Map<string, Failed>();

  constructor(options: TargetHealthOptions) {
    this.#options = options;
  }

  /** These targets with those that failed of late at the end. */
  inOrder(targets: readonly Target[]): Target[] {
    if (this.#failed.size === 0 || targets.length <= 1) return [...targets];
    const good: Target[] = [];
    const bad: Target[] = [];
    for (const target of targets) {
      const failed = this.#failed.get(keyOf(target.protocol, target.address, target.port));
      if (!failed) {
        good.push(target);
        continue;
      }
      bad.push(target);
      if (this.#options.clock.monotonic() >= failed.untilMs) this.#probe(failed, target);
    }
    return [...good, ...bad];
  }

  /** Whether it failed of late and its time is not over. */
  isFailing({ protocol, address, port }: Place): boolean {
    const failed = this.#failed.size > 0 ? this.#failed.get(keyOf(protocol, address, port)) : undefined;
    return failed !== undefined && this.#options.clock.monotonic() < failed.untilMs;
  }

  /** It was not reached, gave no answer, or asked for a pause of `restMs`. */
  failed({ protocol, remoteAddress: address, remotePort: port }: Flow, restMs = 0): void {
    const key = keyOf(protocol, address, port);
    const nowMs = this.#options.clock.monotonic();
    const before = this.#failed.get(key);
    // Requests that were under way together fail together: that is one failure.
    const isNew = !before || before.isProbed || nowMs >= before.untilMs;
    const doubled = before ? Math.min(longestRestMs, before.restMs * 2) : firstRestMs;
    const nextMs = isNew ? doubled : before.restMs;
    if (!before && this.#failed.size >= maxRemembered) this.#failed.clear();
    this.#failed.set(key, {
      untilMs: Math.max(nowMs + Math.min(longestRestMs, restMs), isNew ? nowMs + nextMs : before.untilMs),
      restMs: nextMs,
      isProbed: false,
    });
  }

  /** A response came from there. */
  heard(flow: Flow): void {
    if (this.#failed.size > 0) this.#failed.delete(keyOf(flow.protocol, flow.remoteAddress, flow.remotePort));
  }

  #probe(failed: Failed, target: Target): void {
    if (failed.isProbed) return;
    failed.isProbed = true;
    this.#options.probe(target, () => {
      failed.isProbed = false;
    });
  }
}

function keyOf(protocol: TransportProtocol, address: string, port: number): string {
  return `${protocol} ${address} ${port}`;
}
