/**
 * Keeps what an agent types at a call until the box has it on disk: each keystroke goes into the browser's own store
 * first, so that neither a reload nor a lost connection takes a word of it. What was left over is sent at the next
 * start, and by nobody but who wrote it.
 */
import { type Signal, signal } from '@preact/signals';

export type NoteState = 'saved' | 'typing' | 'saving' | 'waiting' | 'refused';

export interface NoteKeeperParts {
  userId: string;
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;
  /** Resolves when it is on disk; rejects when not now, or never. */
  save: (callId: string, text: string) => Promise<void>;
  /** Whether trying again is of no use. */
  isFinal: (error: unknown) => boolean;
  later: (delayMs: number, action: () => void) => () => void;
}

const pauseMs = 800;
const retryMs = 3_000;
const prefix = 'cordboard.note.';

export class NoteKeeper {
  readonly #parts: NoteKeeperParts;
  readonly #states = new Map<string, Signal<NoteState>>();
  readonly #timers = new Map<string, () => void>();
  readonly #saving = new Set<string>();

  constructor(parts: NoteKeeperParts) {
    this.#parts = parts;
  }

  state(callId: string): Signal<NoteState> {
    let state = this.#states.get(callId);
    if (!state) {
      state = signal(this.draft(callId) === undefined ? 'saved' : 'waiting');
      this.#states.set(callId, state);
    }
    return state;
  }

  /** What is not on disk yet; undefined: nothing. */
  draft(callId: string): string | undefined {
    return this.#parts.storage.getItem(this.#key(callId)) ?? undefined;
  }

  typed(callId: string, text: string): void {
    this.#parts.storage.setItem(this.#key(callId), text);
    this.state(callId).value = 'typing';
    this.#arm(callId, pauseMs);
  }

  /** Sends at once what there is, and resolves when the box has it. @throws what `save` throws */
  async flush(callId: string): Promise<void> {
    this.#timers.get(callId)?.();
    this.#timers.delete(callId);
    if (this.draft(callId) !== undefined) await this.#save(callId);
  }

  /** Sends what an earlier page, or a time without connection, left over. */
  resume(): void {
    const { storage } = this.#parts;
    const own = this.#key('');
    for (let i = 0; i < storage.length; i++) {
      const key = storage.key(i);
      if (key?.startsWith(own)) this.#arm(key.slice(own.length), 0);
    }
  }

  #key(callId: string): string {
    return `${prefix}${this.#parts.userId}.${callId}`;
  }

  #arm(callId: string, delayMs: number): void {
    this.#timers.get(callId)?.();
    const cancel = this.#parts.later(delayMs, () => {
      this.#timers.delete(callId);
      void this.#save(callId).catch(() => undefined); // its state tells
    });
    this.#timers.set(callId, cancel);
  }

  async #save(callId: string): Promise<void> {
    const text = this.draft(callId);
    if (text === undefined) return;
    if (this.#saving.has(callId)) {
      this.#arm(callId, pauseMs);
      return;
    }
    const state = this.state(callId);
    this.#saving.add(callId);
    state.value = 'saving';
    try {
      await this.#parts.save(callId, text);
      this.#saving.delete(callId);
      if (this.draft(callId) === text) {
        this.#parts.storage.removeItem(this.#key(callId));
        state.value = 'saved';
      } else if (!this.#timers.has(callId)) this.#arm(callId, 0); // typed meanwhile
    } catch (error) {
      this.#saving.delete(callId);
      if (this.#parts.isFinal(error)) state.value = 'refused';
      else {
        state.value = 'waiting';
        if (!this.#timers.has(callId)) this.#arm(callId, retryMs);
      }
      throw error;
    }
  }
}
