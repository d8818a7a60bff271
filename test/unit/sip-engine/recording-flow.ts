import type { VirtualClock } from '../../../src/base/clock.ts';
import type { Flow, TransportProtocol } from '../../../src/sip-engine/flow.ts';

/** A flow that goes nowhere and remembers what it was given, with the virtual time. */
export class RecordingFlow implements Flow {
  readonly protocol: TransportProtocol;
  readonly remoteAddress = '192.0.2.9';
  readonly remotePort = 5070;
  readonly localAddress = '192.0.2.1';
  readonly localPort = 5060;
  readonly sent: { atMs: number; text: string }[] = [];
  isAlive = true;
  readonly #clock: VirtualClock;
  readonly #listeners = new Set<(error: Error | undefined) => void>();
  #onFailure: ((error: Error) => void) | undefined;

  constructor(clock: VirtualClock, protocol: TransportProtocol = 'udp') {
    this.#clock = clock;
    this.protocol = protocol;
  }

  get reliable(): boolean {
    return this.protocol !== 'udp';
  }

  /** When each copy left, milliseconds of virtual time. */
  get times(): number[] {
    return this.sent.map((each) => each.atMs);
  }

  get last(): string {
    return this.sent.at(-1)?.text ?? '';
  }

  send(text: string, _callId: string, onFailure?: (error: Error) => void): void {
    this.sent.push({ atMs: this.#clock.monotonic(), text });
    this.#onFailure = onFailure;
  }

  onClose(listener: (error: Error | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The network refuses what was sent last. */
  fail(): void {
    this.#onFailure?.(new Error('refused'));
  }

  close(): void {
    this.isAlive = false;
    for (const listener of [...this.#listeners]) listener(undefined);
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }
}
