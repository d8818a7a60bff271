/**
 * What stands in the way of one more line of a campaign, leads apart: asked before each line, and told on its page in
 * the same words.
 */
import type { NotFree } from '../acd/agent.ts';
import type { DiallerWorld, WorldAgent, WorldTrunk } from './dialler-events.ts';
import type { CampaignRecord, DiallerState } from './dialler-state.ts';
import type { CampaignAgents } from './live.ts';
import { type Why, why, whyOfState } from './why.ts';

/** Everything but the agents: those are looked at last, and one by one. */
export function obstacles(
  state: DiallerState,
  record: CampaignRecord,
  world: DiallerWorld,
  at: number,
): Why[] {
  const { campaign } = record.plan;
  const causes = whyOfState(state.stopped ?? null, {
    state: record.state,
    who: record.who,
    at: record.since,
  });
  if (world.boxFull !== undefined) causes.push(why('box-full', { what: world.boxFull }));
  causes.push(...trunkObstacles(state, record, world, at));
  const lines = linesOf(state, campaign.id);
  if (campaign.maxLines > 0 && lines >= campaign.maxLines) causes.push(why('lines-full', { lines }));
  const waiting = waitingFor(record, world);
  if (record.yielding && waiting > 0) causes.push(why('inbound-first', { waiting }));
  else if (record.yielding)
    causes.push(why('inbound-calm', { nextAt: (record.calmSince ?? at) + campaign.resumeAfterMs }));
  if (record.failure !== undefined) causes.push(why('store', { message: record.failure }));
  return causes;
}

/** Agents of the campaign, and why those who are not free are not. */
export function agentsOf(record: CampaignRecord, world: DiallerWorld): CampaignAgents {
  const notFree: Record<NotFree, number> = {
    loggedOut: 0,
    onBreak: 0,
    inCall: 0,
    offered: 0,
    wrapUp: 0,
    unreachable: 0,
    missed: 0,
  };
  let total = 0;
  let free = 0;
  for (const agentId of record.plan.agentIds) {
    const agent = world.agents.get(agentId);
    if (!agent) continue;
    total += 1;
    if (agent.notFree) notFree[agent.notFree] += 1;
    else free += 1;
  }
  return { total, free, notFree };
}

/** Nobody to talk, as a cause. */
export function whyOfAgents({ total, free, notFree }: CampaignAgents): Why[] {
  if (total === 0) return [why('no-agents')];
  return free > 0 ? [] : [why('no-agent-free', { total, ...notFree })];
}

/** Free agents of the campaign, the longest idle first. */
export function freeAgents(record: CampaignRecord, world: DiallerWorld): WorldAgent[] {
  return record.plan.agentIds
    .flatMap((agentId) => world.agents.get(agentId) ?? [])
    .filter((agent) => agent.notFree === undefined)
    .sort((a, b) => a.idleSince - b.idleSince);
}

/** The trunk for the next call: the first that is up, is not resting and has a line to spare. */
export function trunkFor(
  state: DiallerState,
  record: CampaignRecord,
  world: DiallerWorld,
  at: number,
): WorldTrunk | undefined {
  return allowedTrunks(record, world).find(
    (trunk) => trunk.isUp && !isResting(state, trunk, at) && !isFull(state, trunk),
  );
}

/** Callers who wait for agents of this campaign. */
export function waitingFor(record: CampaignRecord, world: DiallerWorld): number {
  return record.plan.queueIds.reduce((sum, queueId) => sum + (world.waiting.get(queueId) ?? 0), 0);
}

export function linesOf(state: DiallerState, campaignId: string): number {
  let lines = 0;
  for (const line of state.lines.values()) if (line.campaign.id === campaignId) lines += 1;
  return lines;
}

function allowedTrunks({ plan }: CampaignRecord, world: DiallerWorld): WorldTrunk[] {
  const { trunkIds } = plan.campaign;
  if (trunkIds.length === 0) return [...world.trunks];
  return trunkIds.flatMap((trunkId) => world.trunks.find((trunk) => trunk.trunkId === trunkId) ?? []);
}

function trunkObstacles(state: DiallerState, record: CampaignRecord, world: DiallerWorld, at: number): Why[] {
  if (trunkFor(state, record, world, at)) return [];
  const trunks = allowedTrunks(record, world);
  const up = trunks.filter((trunk) => trunk.isUp);
  if (up.length === 0) return [why('no-trunk', { count: trunks.length })];
  const causes: Why[] = [];
  const resting = up.filter((trunk) => isResting(state, trunk, at));
  if (resting.length > 0) {
    const nextAt = Math.min(...resting.map(({ trunkId }) => state.rests.get(trunkId)?.until ?? at));
    causes.push(why('trunk-rests', { trunk: resting[0]?.name ?? '', nextAt }));
  }
  const full = up.filter((trunk) => !isResting(state, trunk, at));
  if (full.length > 0)
    causes.push(why('trunk-full', { lines: full.reduce((sum, { maxCalls }) => sum + maxCalls, 0) }));
  return causes;
}

function isResting(state: DiallerState, { trunkId }: WorldTrunk, at: number): boolean {
  return (state.rests.get(trunkId)?.until ?? 0) > at;
}

/** Calls that are about to be dialled are not among those of the trunk yet. */
function isFull(state: DiallerState, { trunkId, calls, maxCalls }: WorldTrunk): boolean {
  if (maxCalls === 0) return false;
  let coming = 0;
  for (const line of state.lines.values())
    if (line.phase === 'committing' && line.trunkId === trunkId) coming += 1;
  return calls + coming >= maxCalls;
}
