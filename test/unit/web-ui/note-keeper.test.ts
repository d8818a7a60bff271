import { beforeEach, describe, expect, it } from 'vitest';
import { NoteKeeper } from '../../../web-ui/pages/desk/note-keeper.ts';

class MemoryStorage {
  readonly items = new Map<string, string>();
  get length(): number {
    return this.items.size;
  }
  key(index: number): string | null {
    return [...this.items.keys()][index] ?? null;
  }
  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }
  removeItem(key: string): void {
    this.items.delete(key);
  }
}

let storage: MemoryStorage;
let saved: string[];
let waiting: { delayMs: number; action: () => void }[];
/** What the box says to a save: nothing, or an error. */
let answer: () => Promise<void>;

function keeper(userId = 'anna'): NoteKeeper {
  return new NoteKeeper({
    userId,
    storage,
    save: async (callId, text) => {
      await answer();
      saved.push(`${callId}: ${text}`);
    },
    isFinal: (error) => (error as Error).message === 'refused',
    later: (delayMs, action) => {
      const timer = { delayMs, action };
      waiting.push(timer);
      return () => {
        waiting = waiting.filter((each) => each !== timer);
      };
    },
  });
}

/** Lets the timers armed so far run, and what they begin. */
async function run(): Promise<void> {
  for (const { action } of waiting.splice(0)) action();
  await new Promise((resolve) => setImmediate(resolve));
}

beforeEach(() => {
  storage = new MemoryStorage();
  saved = [];
  waiting = [];
  answer = async () => undefined;
});

describe('a note', () => {
  it('is saved once, after the typing paused', async () => {
    const notes = keeper();
    notes.typed('c1', 'a');
    notes.typed('c1', 'ab');
    expect([notes.state('c1').value, waiting.length]).toEqual(['typing', 1]);
    await run();
    expect(saved).toEqual(['c1: ab']);
    expect([notes.state('c1').value, storage.length]).toEqual(['saved', 0]);
  });

  it('waits while the box is away, and goes out when it is back', async () => {
    const notes = keeper();
    answer = () => Promise.reject(new Error('away'));
    notes.typed('c1', 'a');
    await run();
    expect([notes.state('c1').value, notes.draft('c1'), waiting[0]?.delayMs]).toEqual(['waiting', 'a', 3000]);
    answer = async () => undefined;
    await run();
    expect([notes.state('c1').value, saved]).toEqual(['saved', ['c1: a']]);
  });

  it('that a reload left behind is sent by the next page of the same person only', async () => {
    keeper().typed('c1', 'left');
    waiting = [];
    keeper('ben').resume();
    await run();
    expect(saved).toEqual([]);
    const next = keeper();
    expect([next.draft('c1'), next.state('c1').value]).toEqual(['left', 'waiting']);
    next.resume();
    await run();
    expect([saved, storage.length]).toEqual([['c1: left'], 0]);
  });

  it('typed on while an earlier text is being saved is saved after it', async () => {
    const notes = keeper();
    let release: () => void = () => undefined;
    answer = () => new Promise((resolve) => (release = resolve));
    notes.typed('c1', 'a');
    await run();
    notes.typed('c1', 'ab');
    answer = async () => undefined;
    release();
    await new Promise((resolve) => setImmediate(resolve));
    expect([saved, notes.draft('c1')]).toEqual([['c1: a'], 'ab']);
    await run();
    expect([saved.at(-1), notes.state('c1').value]).toEqual(['c1: ab', 'saved']);
  });

  it('that is refused for good stays to be read, and is not tried again', async () => {
    const notes = keeper();
    answer = () => Promise.reject(new Error('refused'));
    notes.typed('c1', 'a');
    await run();
    expect([notes.state('c1').value, notes.draft('c1'), waiting]).toEqual(['refused', 'a', []]);
  });

  it('is sent at once when that is asked for, and the answer waited for', async () => {
    const notes = keeper();
    notes.typed('c1', 'a');
    await notes.flush('c1');
    expect([saved, waiting]).toEqual([['c1: a'], []]);
    answer = () => Promise.reject(new Error('away'));
    notes.typed('c1', 'b');
    await expect(notes.flush('c1')).rejects.toThrow('away');
  });
});
