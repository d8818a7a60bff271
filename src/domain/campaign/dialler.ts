/**
 * Progressive dialling as one function: which agent gets which lead, and when. It reads no clock and does nothing
 * itself; `DiallerEffect` says what is to be done.
 *
 * What it promises, whatever the events: an agent has one line at most, and a line one called leg at most; nothing is
 * dialled before its intent is on disk; every attempt gets one result; an agent lent by the queues is given back.
 */

import { DiallerDraft } from './dialler-draft.ts';
import type { DiallerEffect, DiallerEvent, DiallerFact } from './dialler-events.ts';
import type { CampaignRecord, DiallerState, Line } from './dialler-state.ts';
import {
  agentAnswered,
  agentOver,
  chosen,
  committed,
  customerAnswered,
  customerOver,
  endLine,
  joined,
  refused,
} from './line.ts';
import { freeAgents, linesOf, obstacles, waitingFor } from './obstacles.ts';

/** So long after a failure of the lead store it is asked again. */
const storeRetryMs = 5_000;

export function dialler(
  state: DiallerState,
  event: DiallerEvent,
): { state: DiallerState; effects: DiallerEffect[] } {
  const draft = new DiallerDraft(state, event);
  watchInbound(draft);
  apply(draft, event);
  leaveWhoMust(draft);
  beginLines(draft);
  return { state: draft.finish(), effects: draft.effects };
}

function apply(draft: DiallerDraft, event: DiallerFact): void {
  switch (event.type) {
    case 'configured':
      configure(draft, event.plans);
      return;
    case 'run':
      run(draft, event.run);
      return;
    case 'wake':
      return;
    case 'leads-changed':
      for (const record of draft.campaigns.values()) draft.putCampaign({ ...record, dryUntil: undefined });
      return;
    case 'timer':
      // The moment itself is what matters: whatever was over by then is looked at anew.
      return;
    case 'reserve-refused':
      ofLine(draft, event, (line) => draft.removeLine(line.agentId));
      return;
    case 'chosen':
      ofLine(draft, event, (line) => chosen(draft, line, event));
      return;
    case 'agent-answered':
      ofLine(draft, event, (line) => agentAnswered(draft, line));
      return;
    case 'agent-over':
      ofLine(draft, event, (line) => agentOver(draft, line, event.missed));
      return;
    case 'committed':
      ofLine(draft, event, (line) => committed(draft, line, event.attemptId));
      return;
    case 'refused':
      ofLine(draft, event, (line) => refused(draft, line));
      return;
    case 'store-failed':
      ofLine(draft, event, (line) => storeFailed(draft, line, event.message));
      return;
    case 'customer-rings':
      ofLine(draft, event, (line) => {
        if (line.phase === 'dialling') draft.putLine({ ...line, phase: 'ringing', ringsSince: draft.at });
      });
      return;
    case 'customer-answered':
      ofLine(draft, event, (line) => customerAnswered(draft, line));
      return;
    case 'joined':
      ofLine(draft, event, (line) => joined(draft, line, event.voiceMs));
      return;
    case 'customer-over':
      ofLine(draft, event, (line) => customerOver(draft, line, event));
  }
}

function ofLine(
  draft: DiallerDraft,
  event: DiallerFact & { lineId: string },
  action: (line: Line) => void,
): void {
  for (const line of draft.lines.values()) {
    if (line.lineId !== event.lineId) continue;
    action(line);
    return;
  }
  draft.ignore(event.type, 'this line is over');
}

/** Calls that go on are finished as they began; what is new counts from the next line on. */
function configure(draft: DiallerDraft, plans: Extract<DiallerFact, { type: 'configured' }>['plans']): void {
  const known = new Map(draft.campaigns);
  for (const campaignId of known.keys())
    if (!plans.some(({ campaign }) => campaign.id === campaignId)) draft.removeCampaign(campaignId);
  for (const plan of plans) {
    const record = known.get(plan.campaign.id);
    draft.putCampaign({
      ...(record ?? { state: 'draft', since: 0, who: '', yielding: false, calmSince: undefined }),
      plan,
      dryUntil: undefined,
      failure: undefined,
    });
  }
}

function run(
  draft: DiallerDraft,
  { campaignId, state, at, who }: Extract<DiallerFact, { type: 'run' }>['run'],
): void {
  if (state === 'stopped' || state === 'released') {
    draft.stopped = state === 'stopped' ? { at, who } : undefined;
    return;
  }
  const record = draft.campaigns.get(campaignId);
  if (!record) draft.ignore('run', 'there is no such campaign');
  else draft.putCampaign({ ...record, state, since: at, who, dryUntil: undefined, failure: undefined });
}

/** Blending with hysteresis: callers who wait stop new lines at once, and for a while after the last was served. */
function watchInbound(draft: DiallerDraft): void {
  for (const record of [...draft.campaigns.values()]) {
    const { yieldAtWaiting, resumeAfterMs, id } = record.plan.campaign;
    const waiting = waitingFor(record, draft.world);
    if (yieldAtWaiting > 0 && waiting >= yieldAtWaiting) {
      if (!record.yielding || record.calmSince !== undefined)
        draft.putCampaign({ ...record, yielding: true, calmSince: undefined });
      continue;
    }
    if (!record.yielding) continue;
    if (waiting > 0 && yieldAtWaiting > 0) {
      if (record.calmSince !== undefined) draft.putCampaign({ ...record, calmSince: undefined });
    } else if (record.calmSince === undefined) {
      draft.putCampaign({ ...record, calmSince: draft.at, yielding: resumeAfterMs > 0 });
      if (resumeAfterMs > 0) draft.setTimer(`calm:${id}`, resumeAfterMs);
    } else if (draft.at - record.calmSince >= resumeAfterMs || draft.at < record.calmSince) {
      draft.putCampaign({ ...record, yielding: false, calmSince: undefined });
    }
  }
}

/** Lines that must not go on: an agent who leaves, dialling stopped, a campaign paused or gone. Talks go on. */
function leaveWhoMust(draft: DiallerDraft): void {
  for (const line of [...draft.lines.values()]) {
    if (line.phase === 'talking' || line.agentGone) continue;
    const agent = draft.world.agents.get(line.agentId);
    const record = draft.campaigns.get(line.campaign.id);
    const isRunning = record?.state === 'running';
    const agentLeaves = !agent || agent.isLeaving;
    if (draft.stopped || agentLeaves) endLine(draft, line, draft.stopped ? 'dialling-stopped' : 'agent-left');
    // A call that rings is finished; nothing new is begun.
    else if (!isRunning && line.settled) endLine(draft, line, 'campaign-paused');
  }
}

/** Every line that can be begun now: campaigns with the fewest lines first, agents who are free for longest first. */
function beginLines(draft: DiallerDraft): void {
  const taken = new Set(draft.lines.keys());
  for (const record of [...draft.campaigns.values()])
    if (record.dryUntil !== undefined && record.dryUntil <= draft.at)
      draft.putCampaign({ ...record, dryUntil: undefined, failure: undefined });
  for (;;) {
    const state = draft.finish();
    const records = [...draft.campaigns.values()]
      .filter(
        (record) => mayHaveLeads(record) && obstacles(state, record, draft.world, draft.at).length === 0,
      )
      .sort((a, b) => linesOf(state, a.plan.campaign.id) - linesOf(state, b.plan.campaign.id));
    const begun = records.some((record) => {
      const agent = freeAgents(record, draft.world).find(({ agentId }) => !taken.has(agentId));
      if (!agent) return false;
      taken.add(agent.agentId);
      draft.beginLine(agent.agentId, record.plan.campaign);
      return true;
    });
    if (!begun) return;
  }
}

/** One that found no lead waits until some are due. */
function mayHaveLeads(record: CampaignRecord): boolean {
  return record.state === 'running' && record.dryUntil === undefined;
}

function storeFailed(draft: DiallerDraft, line: Line, message: string): void {
  const record = draft.campaigns.get(line.campaign.id);
  if (record) {
    draft.putCampaign({ ...record, failure: message, dryUntil: draft.at + storeRetryMs });
    draft.setTimer(`dry:${line.campaign.id}`, storeRetryMs);
  }
  endLine(draft, line, 'store-failed');
}
