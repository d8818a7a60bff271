/** What the lamps of a panel show that nobody has laid out, by the size of the office. */
import type { z } from 'zod';
import { type LampAssignment, type LampFact, lampFactSchema, lampSchema } from '../settings/lamps.ts';
import type { Settings } from '../settings.ts';

/** Lamps of the panel in `hardware/`. */
export const usualLampCount = 32;

type Office = Pick<Settings, 'agents' | 'queues' | 'extensions' | 'trunks' | 'campaigns' | 'schedules'>;

type FactInput = z.input<typeof lampFactSchema>;

/** One fact for each lamp, from the first on. */
export function laidOut(facts: readonly FactInput[]): LampAssignment[] {
  return facts.map((shows, lamp) => lampSchema.parse({ lamp, shows }));
}

const facts = (...inputs: FactInput[]): LampFact[] => inputs.map((input) => lampFactSchema.parse(input));

/**
 * Waiting, trunks and faults first, then the agents, then what else the office has. A group is shown whole or not at
 * all, so that a dark lamp is never mistaken for somebody left out; the more important groups choose first.
 */
export function suggestLayout(office: Office, lampCount = usualLampCount): LampAssignment[] {
  const { agents, queues, extensions, trunks, campaigns, schedules } = office;
  const withAgent = new Set(agents.map((agent) => agent.extensionId));
  const others = extensions.filter((extension) => !withAgent.has(extension.id));
  const active = trunks.filter((trunk) => trunk.enabled);
  const several = queues.length > 1;
  /** In the order of the lamps; `rank` 0 chooses first. */
  const groups: { rank: number; facts: LampFact[] }[] = [
    { rank: 0, facts: facts({ fact: 'waiting' }, { fact: 'trunks' }, { fact: 'faults' }) },
    { rank: 3, facts: facts(...agents.map(({ id }) => ({ fact: 'agent' as const, agentId: id }))) },
    {
      rank: 4,
      facts: several ? facts(...queues.map(({ id }) => ({ fact: 'waiting' as const, queueId: id }))) : [],
    },
    { rank: 5, facts: queues.length > 0 ? facts({ fact: 'longest-wait' }, { fact: 'service-level' }) : [] },
    {
      rank: 6,
      facts:
        active.length > 1 ? facts(...active.map(({ id }) => ({ fact: 'trunk' as const, trunkId: id }))) : [],
    },
    { rank: 7, facts: facts(...campaigns.map(({ id }) => ({ fact: 'campaign' as const, campaignId: id }))) },
    { rank: 8, facts: facts(...others.map(({ id }) => ({ fact: 'extension' as const, extensionId: id }))) },
    { rank: 2, facts: schedules.length > 0 ? facts({ fact: 'night' }) : [] },
    { rank: 1, facts: facts({ fact: 'emergency' }) },
  ];
  let free = lampCount;
  const chosen = new Set<unknown>();
  for (const group of [...groups].sort((a, b) => a.rank - b.rank)) {
    if (group.facts.length > free) continue;
    free -= group.facts.length;
    chosen.add(group);
  }
  // A panel with fewer than three lamps shows the first of the overview.
  if (chosen.size === 0 || !chosen.has(groups[0]))
    return laidOut((groups[0]?.facts ?? []).slice(0, lampCount));
  const layout = laidOut(groups.filter((group) => chosen.has(group)).flatMap((group) => group.facts));
  const isAlarm = ({ shows }: LampAssignment): boolean => shows.fact === 'emergency';
  return layout.map((lamp) => (isAlarm(lamp) ? { ...lamp, also: facts({ fact: 'guard' }) } : lamp));
}
