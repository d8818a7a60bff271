/**
 * Registered phones, kept over a restart in a small file. Refreshes come every few seconds, so the file is written at
 * most once in `delayMs`; a phone whose registration is lost with a power cut registers again by itself.
 */
import { z } from 'zod';
import type { Clock, Timer } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { RegisteredContact, RegistrationStore } from '../telephony/registration-store.ts';
import { DurableFile } from './durable-file.ts';

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
  readonly #delayMs: number;
  #contacts: readonly RegisteredContact[] = [];
  #timer: Timer | undefined;
  #writing: Promise<void> = Promise.resolve();

  /** @param options.delayMs longest time a change waits for others, default 5000 ms */
  constructor(options: { file: string; clock: Clock; log: Logger; delayMs?: number }) {
    this.#file = new DurableFile(options.file);
    this.#clock = options.clock;
    this.#log = options.log;
    this.#delayMs = options.delayMs ?? 5_000;
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
  save(contacts: readonly RegisteredContact[]): void {
    this.#contacts = [...contacts];
    this.#timer ??= this.#clock.after(this.#delayMs, () => this.#write());
  }

  #write(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#writing = this.#file.write(`${JSON.stringify(this.#contacts)}\n`).catch((error: unknown) => {
      this.#log.warn('registrations not written; they are at the next change', { error });
    });
  }
}
