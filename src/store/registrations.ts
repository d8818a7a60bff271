/**
 * Registered phones, kept over a restart in a small file. Refreshes come every few seconds, so they are written at
 * most once in `refreshDelayMs`; a phone that came or moved is written at once, or it would not ring after a crash until
 * it registers again, up to an hour later.
 */
import { z } from 'zod';
import type { Clock, Timer } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { RegisteredContact, RegistrationStore } from '../telephony/registration-store.ts';
import { DurableFile } from './durable-file.ts';

/** A change of places waits so long for others, ms: an office that is switched on registers within seconds. */
const placesDelayMs = 100;

const contactSchema = z
  .object({
    extensionId: z.string(),
    uri: z.string(),
    instance: z.string().optional(),
    source: z.object({
      transport: z.enum(['udp', 'tcp', 'tls']),
      address: z.string(),
      port: z.number().int(),
    }),
    callId: z.string(),
    cseq: z.number().int(),
    registeredAt: z.number(),
    expiresAt: z.number(),
    userAgent: z.string(),
  })
  .transform((contact): RegisteredContact => ({ ...contact, instance: contact.instance }));

export class RegistrationFile implements RegistrationStore {
  readonly #file: DurableFile;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #refreshDelayMs: number;
  #contacts: readonly RegisteredContact[] = [];
  #timer: Timer | undefined;
  /** What waits may wait as long as a refresh. */
  #isPatient = true;
  #writing: Promise<void> = Promise.resolve();

  /** @param options.refreshDelayMs longest time a refresh waits for others, default 5000 ms */
  constructor(options: { file: string; clock: Clock; log: Logger; refreshDelayMs?: number }) {
    this.#file = new DurableFile(options.file);
    this.#clock = options.clock;
    this.#log = options.log;
    this.#refreshDelayMs = options.refreshDelayMs ?? 5_000;
  }

  /** Reads the file. One that cannot be read is left: the phones register again. */
  async start(): Promise<void> {
    try {
      const text = await this.#file.read();
      if (text === null) return;
      const found: unknown = JSON.parse(text);
      this.#contacts = z.array(contactSchema).parse(found);
    } catch (error) {
      this.#log.warn('registrations cannot be read; phones must register again', { error });
    }
  }

  /** Writes what waits. */
  async stop(): Promise<void> {
    if (this.#timer) this.#write();
    await this.#writing;
  }

  /** What was saved last, expired ones included. */
  load(): RegisteredContact[] {
    return [...this.#contacts];
  }

  /** Returns at once. */
  save(contacts: readonly RegisteredContact[], change: 'places' | 'expiry'): void {
    this.#contacts = [...contacts];
    if (change === 'places' && this.#isPatient) {
      this.#isPatient = false;
      this.#timer?.cancel();
      this.#timer = this.#clock.after(placesDelayMs, () => this.#write());
    }
    this.#timer ??= this.#clock.after(this.#refreshDelayMs, () => this.#write());
  }

  #write(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#isPatient = true;
    this.#writing = this.#file.write(`${JSON.stringify(this.#contacts)}\n`).catch((error: unknown) => {
      this.#log.warn('registrations not written; they are at the next change', { error });
    });
  }
}
