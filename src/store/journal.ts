/**
 * The journal of live SIP dialogs: what a new process needs to end those of one that died. One JSON object a line,
 * `{"add":{…}}` or `{"remove":"legId"}`, in order; rewritten when most of it is history.
 *
 * It is written without fsync, in the background: it protects from the death of the process (the kernel keeps what
 * was written), not from a power cut, after which no dialog of ours has a live peer process to speak for anyway.
 */
import { type FileHandle, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Logger } from '../base/log.ts';
import type { DialogJournal, JournalledDialog } from '../telephony/contract.ts';
import { diskError, makeDirectory } from './durable-file.ts';

const dialogSchema = z.object({
  legId: z.string(),
  callId: z.string(),
  dialogId: z.string(),
  sipCallId: z.string(),
  localUri: z.string(),
  localTag: z.string(),
  remoteUri: z.string(),
  remoteTag: z.string(),
  remoteTarget: z.string(),
  routeSet: z.array(z.string()),
  localCseq: z.number(),
  source: z.string(),
  startedAt: z.number(),
});
const lineSchema = z.union([z.object({ add: dialogSchema }), z.object({ remove: z.string() })]);

/** Lines of history beyond those of live dialogs before the file is rewritten. */
const maxHistoryLines = 1000;

export class DialogJournalFile implements DialogJournal {
  readonly #file: string;
  readonly #log: Logger;
  readonly #live = new Map<string, JournalledDialog>();
  readonly #orphans = new Set<string>();
  #handle: FileHandle | undefined;
  #unwritten: string[] = [];
  #writing: Promise<void> | undefined;
  #lines = 0;

  constructor(options: { file: string; log: Logger }) {
    this.#file = options.file;
    this.#log = options.log;
  }

  /** Reads what an earlier process left and begins a compact file. @throws CordboardError disk.full, disk.failed */
  async start(): Promise<void> {
    try {
      await makeDirectory(dirname(this.#file));
      const text = await readFile(this.#file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      });
      this.#replay(text);
      for (const legId of this.#live.keys()) this.#orphans.add(legId);
      await this.#compact();
    } catch (error) {
      throw diskError(this.#file, error);
    }
  }

  /** Writes what is left and closes the file. */
  async stop(): Promise<void> {
    await this.flush();
    await this.#handle?.close();
    this.#handle = undefined;
  }

  /** A dialog lives, or has changed (same leg: the newer one counts). */
  add(dialog: JournalledDialog): void {
    this.#live.set(dialog.legId, dialog);
    this.#orphans.delete(dialog.legId);
    this.#write(JSON.stringify({ add: dialog }));
  }

  remove(legId: string): void {
    if (!this.#live.delete(legId)) return;
    this.#orphans.delete(legId);
    this.#write(JSON.stringify({ remove: legId }));
  }

  /** Those of earlier processes that nobody has removed yet. */
  orphans(): JournalledDialog[] {
    return [...this.#orphans].flatMap((legId) => this.#live.get(legId) ?? []);
  }

  /** Resolves when the kernel has everything. */
  async flush(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  #replay(text: string): void {
    for (const line of text.split('\n')) {
      if (line === '') continue;
      const parsed = parseLine(line);
      if (!parsed) this.#log.warn('dialog journal: a line cannot be read', { line: line.slice(0, 200) });
      else if ('add' in parsed) this.#live.set(parsed.add.legId, parsed.add);
      else this.#live.delete(parsed.remove);
    }
  }

  #write(line: string): void {
    this.#unwritten.push(line);
    this.#writing ??= this.#drain().finally(() => {
      this.#writing = undefined;
    });
  }

  async #drain(): Promise<void> {
    // Yields first, so that what happens at once is written at once.
    await Promise.resolve();
    while (this.#unwritten.length > 0) {
      const lines = this.#unwritten.splice(0);
      try {
        if (this.#lines + lines.length > this.#live.size + maxHistoryLines) {
          await this.#compact(); // holds these lines too: it is written from what lives
        } else {
          await this.#handle?.appendFile(`${lines.join('\n')}\n`);
          this.#lines += lines.length;
        }
      } catch (error) {
        // The calls go on; at worst an orphan of a later crash is not known. What is half written is written anew.
        this.#lines = Number.POSITIVE_INFINITY;
        this.#log.error('dialog journal: not written', { error: diskError(this.#file, error) });
        return;
      }
    }
  }

  async #compact(): Promise<void> {
    const lines = [...this.#live.values()].map((dialog) => `${JSON.stringify({ add: dialog })}\n`);
    const temporary = `${this.#file}.tmp`;
    const handle = await open(temporary, 'w', 0o600);
    try {
      await handle.writeFile(lines.join(''));
      await rename(temporary, this.#file);
    } catch (error) {
      await handle.close();
      throw error;
    }
    await this.#handle?.close();
    this.#handle = handle;
    this.#lines = lines.length;
  }
}

function parseLine(line: string): z.infer<typeof lineSchema> | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined; // torn by the death of the process
  }
}
