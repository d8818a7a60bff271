/** What of an earlier document comes back, and what stays as it is. */
import type { Settings } from '../settings.ts';

type Part = Pick<Settings, 'agents' | 'queues'>;

/**
 * An earlier document with the people, passwords and wallboard links of now: going back to last week's queues brings
 * back neither who was dismissed since nor a link that was taken back. Whom and what they name may have gone with the
 * rollback; then they do without.
 * @param earlier a whole document; it is checked when it is put in force
 */
export function withPeopleOf(earlier: unknown, now: Settings): unknown {
  const { agents = [], queues = [] } = earlier as Partial<Part>;
  const agentIds = new Set(agents.map((agent) => agent.id));
  const queueIds = new Set(queues.map((queue) => queue.id));
  const users = now.users.map(({ agentId, ...user }) =>
    agentId !== undefined && agentIds.has(agentId) ? { ...user, agentId } : user,
  );
  const wallboards = now.wallboards.flatMap((wall) => {
    const left = wall.queueIds.filter((id) => queueIds.has(id));
    // A link of one queue must not tell of all when that queue is gone.
    if (wall.queueIds.length > 0 && left.length === 0) return [];
    const tiles = wall.tiles.filter(({ queueId }) => queueId === undefined || queueIds.has(queueId));
    return [{ ...wall, queueIds: left, tiles }];
  });
  return { ...(earlier as object), users, wallboards };
}
