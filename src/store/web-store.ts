/**
 * What the web interface keeps: the audit (who did what; it only grows) and who is signed in, by the hash of a
 * token. Sessions are answered from memory; the file lets a restart log nobody out.
 */
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { AuditEntry, AuditPage, AuditQuery, SessionRecord, WebReads, WebWrite } from './web-database.ts';
import { WriteBehind } from './write-behind.ts';

export class WebStore {
  readonly #disk: WriteBehind<WebWrite, WebReads>;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #sessions = new Map<string, SessionRecord>();
  readonly #usedCodes = new Map<string, number>();

  constructor(options: { file: string; clock: Clock; log: Logger; retryMs?: number }) {
    const { file, clock, log, retryMs } = options;
    const script = new URL('./web-worker.ts', import.meta.url);
    this.#disk = new WriteBehind({ script, name: 'web-store', data: { file }, clock, log, retryMs });
    this.#clock = clock;
    this.#log = log;
  }

  /** One that is started. */
  static async open(options: ConstructorParameters<typeof WebStore>[0]): Promise<WebStore> {
    const store = new WebStore(options);
    await store.start();
    return store;
  }

  /** What hinders writing: `disk.full`, `disk.failed`, `web-store.lost`, `web-store.damaged`. */
  get events(): WriteBehind<WebWrite, WebReads>['events'] {
    return this.#disk.events;
  }

  /** Reads the sessions of before. When the disk refuses, people sign in anew. */
  async start(): Promise<void> {
    this.#disk.start();
    try {
      const sessions = await this.#disk.read('sessions', { now: this.#clock.now() });
      for (const session of sessions) this.#sessions.set(session.tokenHash, session);
      for (const { userId, step } of await this.#disk.read('usedCodes', null))
        this.#usedCodes.set(userId, step);
    } catch (error) {
      this.#log.error('the sessions cannot be read; everybody signs in anew', { error });
    }
  }

  /** Writes what is left and closes the file. */
  stop(): Promise<void> {
    return this.#disk.stop();
  }

  /** Resolves when everything so far is on disk. @throws CordboardError disk.full, disk.failed: not now */
  flush(): Promise<void> {
    return this.#disk.flush();
  }

  /** Adds to the audit: fire and forget, in order. */
  record(entry: AuditEntry): void {
    this.#disk.write({ op: 'audit', entry });
  }

  /** The audit, newest first. @throws CordboardError request.invalid for a strange cursor, disk.failed */
  audit(query: AuditQuery = {}): Promise<AuditPage> {
    return this.#disk.read('audit', query);
  }

  /** A session; undefined when there is none or it has expired. */
  get(tokenHash: string): SessionRecord | undefined {
    const session = this.#sessions.get(tokenHash);
    if (!session || session.expiresAt > this.#clock.now()) return session;
    this.remove(tokenHash);
    return undefined;
  }

  /** Adds or renews a session. */
  put(session: SessionRecord): void {
    this.#sessions.set(session.tokenHash, session);
    this.#disk.write({ op: 'session.put', session });
  }

  remove(tokenHash: string): void {
    if (this.#sessions.delete(tokenHash)) this.#disk.write({ op: 'session.remove', tokenHash });
  }

  /** All sessions of a user, but for the one named: after a change of password. */
  removeOfUser(userId: string, exceptTokenHash?: string): void {
    for (const { tokenHash, userId: owner } of [...this.#sessions.values()])
      if (owner === userId && tokenHash !== exceptTokenHash) this.#sessions.delete(tokenHash);
    this.#disk.write({ op: 'session.removeOfUser', userId, except: exceptTokenHash });
  }

  ofUser(userId: string): SessionRecord[] {
    return [...this.#sessions.values()].filter((session) => session.userId === userId);
  }

  /**
   * Takes note that a code of this time step was used; false when that one, or a later one, was used before.
   */
  useCode(userId: string, step: number): boolean {
    if (step <= (this.#usedCodes.get(userId) ?? -1)) return false;
    this.#usedCodes.set(userId, step);
    this.#disk.write({ op: 'code.used', userId, step });
    return true;
  }
}
