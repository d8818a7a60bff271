/**
 * The SIP messages of calls, for their ladders: in memory while a call lives, on disk afterwards, secrets crossed out
 * in both. The memory is bounded; a death of the process loses the ladders of the calls that lived.
 */
import type { Clock, Timer } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { TappedMessage } from '../codec/engine-control.ts';
import { maskSecrets } from './sip-mask.ts';
import type { TraceLimits, TraceReads, TraceWrite } from './trace-database.ts';
import { WriteBehind } from './write-behind.ts';

interface Dialogue {
  messages: TappedMessage[];
  bytes: number;
}

/** The first messages tell how a call began: when a dialogue outgrows its share, the ones after them go. */
const keptFromBeginning = 40;
const answerToInvite = /^cseq[ \t]*:[ \t]*\d+[ \t]+INVITE\b/im;
/** BYE's answer and late retransmissions come after the end of the call. */
const lingerMs = 5_000;
const writeTogetherMs = 500;

export class SipTrace {
  readonly #disk: WriteBehind<TraceWrite, TraceReads>;
  readonly #clock: Clock;
  readonly #maxBytesPerDialogue: number;
  /** Begun by INVITE, and all others (REGISTER, OPTIONS…), which may not push calls out. */
  readonly #calls: Pool;
  readonly #others: Pool;
  /** Ended calls whose last messages are awaited. */
  readonly #lingering = new Map<string, { sipCallIds: string[]; timer: Timer }>();

  constructor(options: {
    file: string;
    clock: Clock;
    log: Logger;
    /** Memory for messages of live calls; default 16 MB. */
    maxBytes?: number;
    /** Of one Call-ID; default 256 kB. */
    maxBytesPerDialogue?: number;
    /** On disk; default 200 MB and 14 days. */
    limits?: TraceLimits;
  }) {
    const { file, clock, log, limits } = options;
    this.#clock = clock;
    this.#disk = new WriteBehind({
      script: new URL('./trace-worker.ts', import.meta.url),
      name: 'sip-trace',
      data: { file, ...(limits ? { limits } : {}) },
      clock,
      log,
    });
    this.#maxBytesPerDialogue = options.maxBytesPerDialogue ?? 256_000;
    const maxBytes = options.maxBytes ?? 16_000_000;
    this.#calls = new Pool((maxBytes * 15) / 16);
    this.#others = new Pool(maxBytes / 16);
  }

  /** What hinders writing: `disk.full`, `disk.failed`, `sip-trace.lost`, `sip-trace.damaged`. */
  get events(): WriteBehind<TraceWrite, TraceReads>['events'] {
    return this.#disk.events;
  }

  /** Whether messages of this Call-ID are in memory. */
  holds(sipCallId: string): boolean {
    return this.#calls.has(sipCallId) || this.#others.has(sipCallId);
  }

  start(): void {
    this.#disk.start();
  }

  /** Writes what is awaited and closes the file. */
  async stop(): Promise<void> {
    for (const [callId, { timer }] of [...this.#lingering]) {
      timer.cancel();
      this.#write(callId);
    }
    await this.#disk.stop();
  }

  /** Bytes of message text in memory. */
  get bytesHeld(): number {
    return this.#calls.bytes + this.#others.bytes;
  }

  /** Takes a message as it was on the wire. */
  add(message: TappedMessage): void {
    const pool =
      this.#calls.has(message.callId) || message.text.startsWith('INVITE ') ? this.#calls : this.#others;
    pool.add({ ...message, text: maskSecrets(message.text) }, this.#maxBytesPerDialogue);
    // What was refused is no call that lives: any number of these may not push out those that do.
    if (pool !== this.#calls || finalOfInvite(message.text) !== 'refused') return;
    const { callId } = message;
    const refused = pool.of(callId);
    if (refused.some(({ text }) => finalOfInvite(text) === 'accepted')) return; // a re-INVITE was
    pool.forget(callId);
    for (const each of refused) this.#others.add(each, this.#maxBytesPerDialogue);
  }

  /** Keeps the messages of a call that has ended; what still comes within 5 s is kept too. Returns at once. */
  save(callId: string, sipCallIds: readonly string[]): void {
    this.#lingering.get(callId)?.timer.cancel();
    const all = new Set([...(this.#lingering.get(callId)?.sipCallIds ?? []), ...sipCallIds]);
    const timer = this.#clock.after(this.#untilWritten(), () => this.#write(callId));
    this.#lingering.set(callId, { sipCallIds: [...all], timer });
  }

  /** At least `lingerMs`; calls that end in the same half second are written together. */
  #untilWritten(): number {
    const now = this.#clock.monotonic();
    return Math.ceil(Math.ceil((now + lingerMs) / writeTogetherMs) * writeTogetherMs - now);
  }

  /**
   * The messages of a call in order of time; empty when none were kept.
   * @param sipCallIds of its legs, while the call lives
   */
  async ladder(callId: string, sipCallIds: readonly string[] = []): Promise<TappedMessage[]> {
    const live = new Set([...sipCallIds, ...(this.#lingering.get(callId)?.sipCallIds ?? [])]);
    const held = this.#held([...live]);
    const stored = await this.#disk.read('messages', { callId });
    return [...stored, ...held].sort((a, b) => a.atMs - b.atMs);
  }

  #held(sipCallIds: readonly string[]): TappedMessage[] {
    return sipCallIds.flatMap((id) => [...this.#calls.of(id), ...this.#others.of(id)]);
  }

  #write(callId: string): void {
    const lingering = this.#lingering.get(callId);
    this.#lingering.delete(callId);
    const sipCallIds = lingering?.sipCallIds ?? [];
    const messages = this.#held(sipCallIds);
    for (const id of sipCallIds) {
      this.#calls.forget(id);
      this.#others.forget(id);
    }
    if (messages.length > 0) this.#disk.write({ callId, at: this.#clock.now(), messages });
  }
}

/** What a message says of an INVITE; undefined: nothing, or nothing final. */
function finalOfInvite(text: string): 'accepted' | 'refused' | undefined {
  const status = text.startsWith('SIP/2.0 ') ? text.charCodeAt(8) - 48 : 0;
  if (status < 2 || !answerToInvite.test(text)) return undefined;
  return status === 2 ? 'accepted' : 'refused';
}

/** Dialogues by Call-ID within a number of bytes; the one that was silent for longest goes first. */
class Pool {
  readonly #maxBytes: number;
  readonly #dialogues = new Map<string, Dialogue>();
  bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  has(sipCallId: string): boolean {
    return this.#dialogues.has(sipCallId);
  }

  of(sipCallId: string): TappedMessage[] {
    return this.#dialogues.get(sipCallId)?.messages ?? [];
  }

  add(message: TappedMessage, maxBytesPerDialogue: number): void {
    const dialogue = this.#dialogues.get(message.callId) ?? { messages: [], bytes: 0 };
    // Deleted and set again, it is the youngest in the order of the map.
    this.#dialogues.delete(message.callId);
    this.#dialogues.set(message.callId, dialogue);
    dialogue.messages.push(message);
    this.#count(dialogue, message.text.length);
    while (dialogue.bytes > maxBytesPerDialogue && dialogue.messages.length > 1) {
      const index = Math.min(keptFromBeginning, dialogue.messages.length - 2);
      const [gone] = dialogue.messages.splice(index, 1);
      this.#count(dialogue, -(gone?.text.length ?? 0));
    }
    for (const oldest of this.#dialogues.keys()) {
      if (this.bytes <= this.#maxBytes) return;
      this.forget(oldest);
    }
  }

  forget(sipCallId: string): void {
    this.bytes -= this.#dialogues.get(sipCallId)?.bytes ?? 0;
    this.#dialogues.delete(sipCallId);
  }

  #count(dialogue: Dialogue, bytes: number): void {
    dialogue.bytes += bytes;
    this.bytes += bytes;
  }
}
