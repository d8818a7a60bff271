import { z } from 'zod';
import type { Logger } from '../base/log.ts';
import type { AgentStatus } from '../domain/live.ts';
import { DurableFile } from '../store/durable-file.ts';

const fileSchema = z.record(
  z.string(),
  z.object({ status: z.enum(['available', 'on-break', 'logged-out']), reason: z.string() }),
);

/** What each agent last chose, kept over a restart: whoever was on break stays on break. */
export class AgentStatuses {
  readonly #file: DurableFile;
  readonly #log: Logger;
  #statuses = new Map<string, { status: AgentStatus; reason: string }>();

  constructor(deps: { path: string; log: Logger }) {
    this.#file = new DurableFile(deps.path);
    this.#log = deps.log;
  }

  /** Reads the file; a broken one is told and left out, since everybody can choose again. */
  async start(): Promise<void> {
    const text = await this.#file.read();
    if (text === null) return;
    try {
      this.#statuses = new Map(Object.entries(fileSchema.parse(JSON.parse(text))));
    } catch (error) {
      this.#log.warn('the agents\u2019 last statuses cannot be read', { error });
    }
  }

  load(): ReadonlyMap<string, { status: AgentStatus; reason: string }> {
    return this.#statuses;
  }

  save(agentId: string, status: AgentStatus, reason: string): void {
    this.#statuses.set(agentId, { status, reason });
    this.#file.write(JSON.stringify(Object.fromEntries(this.#statuses))).catch((error) => {
      this.#log.warn('an agent\u2019s status cannot be kept', { agentId, error });
    });
  }
}
