/** The rules of one line: from the choice of a lead to the agent being given back. */
import type { OfferFailure } from '../acd/acd-events.ts';
import type { AttemptResult } from './attempt.ts';
import type { DiallerDraft } from './dialler-draft.ts';
import type { DiallerFact, LineResult } from './dialler-events.ts';
import type { Line } from './dialler-state.ts';
import { linesOf, obstacles, trunkFor } from './obstacles.ts';

/** A campaign without leads looks again after so long at the latest: hours begin, days end. */
const lookAgainMs = 300_000;
/** First rest of a trunk that took no call; each further refusal doubles it, up to the longest. */
const trunkRestMs = 10_000;
const longestTrunkRestMs = 300_000;

type Fact<Type extends DiallerFact['type']> = Extract<DiallerFact, { type: Type }>;

/** A lead, or none: then the agent is of no use for now. */
export function chosen(draft: DiallerDraft, line: Line, { lead, nextAt, done }: Fact<'chosen'>): void {
  if (line.phase !== 'choosing') {
    draft.ignore('chosen', 'this line has a lead');
    return;
  }
  if (!lead) {
    wentDry(draft, line, nextAt, done);
    return;
  }
  const isHeld = [...draft.lines.values()].some((other) => other.lead?.leadId === lead.leadId);
  if (isHeld) {
    draft.choose(line); // two lines asked at the same moment
    return;
  }
  const { lineId, agentId, campaign } = line;
  if (line.agentUp) {
    commit(draft, { ...line, lead });
    return;
  }
  draft.putLine({ ...line, lead, phase: 'agent-rings' });
  draft.emit({ type: 'ring-agent', lineId, agentId, campaign, lead });
}

export function agentAnswered(draft: DiallerDraft, line: Line): void {
  if (line.phase !== 'agent-rings') draft.ignore('agent-answered', 'the agent is not being rung');
  else commit(draft, { ...line, agentUp: true });
}

/** The agent's phone was not picked up, or hung up. What rings at the lead is taken back. */
export function agentOver(draft: DiallerDraft, line: Line, missed: OfferFailure | undefined): void {
  if (line.phase === 'agent-rings') {
    draft.removeLine(line.agentId);
    giveBack(draft, line, missed ?? 'unreachable');
  } else if (line.phase === 'talking') {
    // Call control ends the call; its customer leg tells when.
    draft.putLine({ ...line, agentUp: false, agentGone: true });
  } else endLine(draft, { ...line, agentUp: false }, 'agent-left');
}

/** The intent is on disk: the number is dialled, unless the agent is gone meanwhile. */
export function committed(draft: DiallerDraft, line: Line, attemptId: string): void {
  const { lineId, agentId, campaign, lead, trunkId } = line;
  if (line.phase !== 'committing' || !lead || trunkId === undefined) {
    draft.ignore('committed', 'nothing is being committed');
    return;
  }
  const open = { ...line, attemptId, settled: false };
  if (line.agentGone) {
    settle(draft, open, { result: 'cancelled', reason: 'agent-left' });
    leave(draft, open);
    return;
  }
  draft.putLine({ ...open, phase: 'dialling' });
  draft.emit({ type: 'dial', lineId, agentId, campaign, lead, trunkId, attemptId });
}

/** This lead may not be called after all. */
export function refused(draft: DiallerDraft, line: Line): void {
  if (line.phase !== 'committing' || !line.lead) draft.ignore('refused', 'nothing is being committed');
  else if (line.agentGone) leave(draft, line);
  else chooseNext(draft, { ...line, refused: [...line.refused, line.lead.leadId] });
}

export function customerAnswered(draft: DiallerDraft, line: Line): void {
  const { lineId, agentId, attemptId } = line;
  if ((line.phase !== 'dialling' && line.phase !== 'ringing') || attemptId === undefined) {
    draft.ignore('customer-answered', 'nobody is being called');
    return;
  }
  if (line.agentGone) {
    // The answer crossed our taking it back: there is nobody to talk.
    draft.putLine({ ...line, answeredAt: draft.at });
    draft.emit({ type: 'hang-up-customer', lineId, reason: 'agent-left' });
    return;
  }
  draft.putLine({ ...line, phase: 'talking', answeredAt: draft.at });
  draft.emit({ type: 'talk', agentId, attemptId });
  draft.emit({ type: 'join', lineId });
}

export function joined(draft: DiallerDraft, line: Line, voiceMs: number): void {
  if (line.phase !== 'talking' || line.settled) draft.ignore('joined', 'this talk is over');
  else draft.putLine(settle(draft, line, { result: 'answered', reason: '', voiceMs }));
}

/** The called leg is over: the attempt has a result now at the latest, and the agent gets the next lead. */
export function customerOver(draft: DiallerDraft, line: Line, over: Fact<'customer-over'>): void {
  if (line.attemptId === undefined || (line.phase === 'committing' && !line.agentGone)) {
    draft.ignore('customer-over', 'nobody is being called');
    return;
  }
  const { reason, sipStatus } = over;
  const result = resultOf(line, over);
  const settled = settle(draft, line, { result, reason, ...(sipStatus === undefined ? {} : { sipStatus }) });
  if (line.phase === 'talking') {
    draft.removeLine(line.agentId);
    if (line.agentUp) draft.emit({ type: 'hang-up-agent', lineId: line.lineId, reason: 'callee-hung-up' });
    giveBack(draft, line, undefined);
  } else if (line.agentGone) leave(draft, settled);
  else chooseNext(draft, settled);
}

/** Ends a line for good: what goes out is taken back first, and its result awaited. */
export function endLine(draft: DiallerDraft, line: Line, reason: string): void {
  const { lineId } = line;
  if (line.agentUp || line.phase === 'agent-rings') draft.emit({ type: 'hang-up-agent', lineId, reason });
  const gone = { ...line, agentUp: false, agentGone: true };
  switch (line.phase) {
    case 'dialling':
    case 'ringing':
      draft.putLine(gone);
      draft.emit({ type: 'hang-up-customer', lineId, reason });
      return;
    case 'committing':
      draft.putLine(gone);
      return;
    default:
      leave(draft, gone);
  }
}

function leave(draft: DiallerDraft, line: Line): void {
  draft.removeLine(line.agentId);
  giveBack(draft, line, undefined);
}

function giveBack(draft: DiallerDraft, line: Line, missed: OfferFailure | undefined): void {
  const { agentId, campaign, phase } = line;
  const talked = phase === 'talking';
  draft.emit({ type: 'give-back', agentId, campaign, talked, ...(missed ? { missed } : {}) });
}

/** The agent stays connected for the next lead, when there may be one more call. */
function chooseNext(draft: DiallerDraft, line: Line): void {
  const next: Line = {
    ...line,
    phase: 'choosing',
    lead: undefined,
    trunkId: undefined,
    attemptId: undefined,
    settled: true,
    ringsSince: undefined,
    answeredAt: undefined,
  };
  // Its own place among the lines is its own.
  draft.removeLine(line.agentId);
  const record = draft.campaigns.get(line.campaign.id);
  if (!record || obstacles(draft.finish(), record, draft.world, draft.at).length > 0) {
    endLine(draft, next, 'no-next');
    return;
  }
  draft.choose(draft.putLine({ ...next, campaign: record.plan.campaign }));
}

function commit(draft: DiallerDraft, line: Line): void {
  const { lineId, agentId, lead, campaign } = line;
  const record = draft.campaigns.get(campaign.id);
  const trunk = record && trunkFor(draft.finish(), record, draft.world, draft.at);
  if (!lead || !trunk || draft.world.boxFull !== undefined) {
    endLine(draft, line, 'no-trunk');
    return;
  }
  const { trunkId } = trunk;
  draft.putLine({ ...line, phase: 'committing', trunkId });
  draft.emit({ type: 'commit', lineId, agentId, campaign, lead, trunkId });
}

function wentDry(draft: DiallerDraft, line: Line, nextAt: number | null, done: boolean): void {
  const { campaign } = line;
  endLine(draft, line, 'no-lead');
  const record = draft.campaigns.get(campaign.id);
  if (!record) return;
  const dryUntil = Math.max(
    draft.at + 1_000,
    Math.min(nextAt ?? draft.at + lookAgainMs, draft.at + lookAgainMs),
  );
  draft.putCampaign({ ...record, dryUntil });
  draft.setTimer(`dry:${campaign.id}`, dryUntil - draft.at);
  const isIdle = linesOf(draft.finish(), campaign.id) === 0;
  if (done && isIdle && record.state === 'running') draft.emit({ type: 'finish', campaignId: campaign.id });
}

/** Writes the result of an attempt, once. */
function settle(draft: DiallerDraft, line: Line, more: LineResult): Line {
  if (line.settled || line.attemptId === undefined) return line;
  const rangUntil = line.answeredAt ?? draft.at;
  const ringMs = line.ringsSince === undefined ? undefined : Math.max(0, rangUntil - line.ringsSince);
  draft.emit({
    type: 'result',
    attemptId: line.attemptId,
    campaign: line.campaign,
    ...more,
    ...(ringMs === undefined ? {} : { ringMs }),
  });
  if (line.trunkId !== undefined) judgeTrunk(draft, line.trunkId, more.result);
  return { ...line, settled: true };
}

/** Who answered was reached, whatever came then: with somebody to talk, unless that was our fault. */
function resultOf(line: Line, { result, reason }: Fact<'customer-over'>): AttemptResult {
  if (line.answeredAt === undefined) return result;
  return reason === 'hung-up' && !line.agentGone ? 'answered' : 'abandoned';
}

function judgeTrunk(draft: DiallerDraft, trunkId: string, result: AttemptResult): void {
  if (result === 'cancelled') return;
  if (result !== 'congested') {
    draft.putRest(trunkId, undefined);
    return;
  }
  const rest = draft.rest(trunkId);
  // Calls that were under way together and are refused together are one refusal.
  if (rest && rest.until > draft.at) return;
  const streak = (rest?.streak ?? 0) + 1;
  const restMs = Math.min(longestTrunkRestMs, trunkRestMs * 2 ** (streak - 1));
  draft.putRest(trunkId, { until: draft.at + restMs, streak });
  draft.setTimer(`rest:${trunkId}`, restMs);
}
