import type { Emitter } from '../base/emitter.ts';
import type { OfferFailure } from '../domain/acd/acd-events.ts';
import type { AfterWork } from '../domain/acd/wrap-up.ts';
import { resultOf } from '../domain/campaign/attempt.ts';
import type { DiallerEffect, DiallerFact, WorldAgent } from '../domain/campaign/dialler-events.ts';
import type { Termination } from '../domain/termination.ts';
import { tone } from '../domain/tones.ts';
import type { Leg } from '../telephony/contract.ts';
import type { ActiveCall, CallDeps } from './active-call.ts';

/** What call control lends to the dialler. */
export interface DiallerHost {
  readonly events: Emitter<{ agents: []; disposition: [callId: string, code: string, who: string] }>;
  readonly callDeps: CallDeps;
  begin(options: Omit<ConstructorParameters<typeof ActiveCall>[1], 'onEnded'>): ActiveCall;
  /** False: the agent is not free. */
  reserve(agentId: string): boolean;
  reservedTalk(agentId: string, callId: string): void;
  giveBack(
    agentId: string,
    work: AfterWork,
    missed: { cause: OfferFailure; pauseMs: number } | undefined,
  ): void;
  agents(): Map<string, WorldAgent>;
  /** Callers waiting, by queue. */
  waiting(): Map<string, number>;
  /** What there is too little of to take another call. */
  boxFull(): string | undefined;
}

type Effect<Type extends DiallerEffect['type']> = Extract<DiallerEffect, { type: Type }>;

/**
 * The legs of one line: the agent's phone, which rings first and stays connected from lead to lead, and one called
 * leg after the other. A called leg is a call of its own in the log; the agent's joins the one that is answered, and
 * ends with it.
 */
export class CampaignLine {
  readonly #host: DiallerHost;
  readonly #lineId: string;
  readonly #tell: (fact: DiallerFact) => void;
  #agent: Leg | undefined;
  #customer: Leg | undefined;
  #call: ActiveCall | undefined;
  #answeredMs = 0;

  constructor(host: DiallerHost, lineId: string, tell: (fact: DiallerFact) => void) {
    this.#host = host;
    this.#lineId = lineId;
    this.#tell = tell;
  }

  ringAgent({ agentId, campaign, lead }: Effect<'ring-agent'>): void {
    const { telephony, settings } = this.#host.callDeps;
    const lineId = this.#lineId;
    const extensionId = settings().agents.find(({ id }) => id === agentId)?.extensionId;
    if (extensionId === undefined) {
      this.#tell({ type: 'agent-over', lineId, missed: 'unreachable' });
      return;
    }
    const leg = telephony.dial({
      target: { kind: 'extension', extensionId },
      callerNumber: lead.number,
      callerName: `${campaign.name}: ${lead.name || lead.number}`,
      timeoutMs: campaign.agentRingTimeoutMs,
      autoAnswer: true,
    });
    this.#agent = leg;
    let up = false;
    leg.events.on('answered', () => {
      up = true;
      this.#tell({ type: 'agent-answered', lineId });
    });
    leg.events.on('over', (termination) => {
      this.#agent = undefined;
      // A call that talks ends with its agent; the line hears of it by its called leg.
      if (this.#answeredMs > 0)
        this.#call?.end(
          termination.class === 'success' ? { ...termination, reason: 'agent-hung-up' } : termination,
        );
      this.#tell({ type: 'agent-over', lineId, ...(up ? {} : { missed: missedBy(termination) }) });
    });
  }

  dial({ agentId, campaign, lead, trunkId, attemptId }: Effect<'dial'>): void {
    const { telephony, settings } = this.#host.callDeps;
    const lineId = this.#lineId;
    const { agents, extensions } = settings();
    const agent = agents.find(({ id }) => id === agentId);
    const call = this.#host.begin({
      direction: 'outbound',
      from: extensions.find(({ id }) => id === agent?.extensionId)?.number ?? agentId,
      fromName: agent?.name,
      to: lead.number,
      trunkId,
      campaign: { callId: attemptId, campaignId: campaign.id, leadId: lead.leadId, agentId },
    });
    call.trace('campaign.dialled', {
      campaign: campaign.name,
      number: lead.number,
      agent: agent?.name ?? agentId,
      attempt: lead.attempts + 1,
    });
    this.#call = call;
    this.#answeredMs = 0;
    const leg = telephony.dial({
      target: { kind: 'trunk', trunkId, number: lead.number },
      callerNumber: campaign.callerNumber ?? '',
      timeoutMs: campaign.ringTimeoutMs,
      ...(this.#agent ? { forLeg: this.#agent } : {}),
    });
    this.#customer = leg;
    call.addLeg(leg, 'callee');
    const rings = (): void => {
      this.#agent?.play(tone('ringback', settings().office.country), { loop: true });
      this.#tell({ type: 'customer-rings', lineId });
    };
    leg.events.on('ringing', rings);
    leg.events.on('early', rings);
    leg.events.on('answered', () => {
      this.#answeredMs = this.#host.callDeps.clock.monotonic();
      call.markAnswered();
      this.#tell({ type: 'customer-answered', lineId });
    });
    leg.events.on('over', (termination) => {
      if (this.#customer === leg) this.#customer = undefined;
      const talked = this.#answeredMs > 0 && termination.class === 'success';
      this.#agent?.stopPlaying();
      const { reason, sipStatus } = termination;
      this.#tell({
        type: 'customer-over',
        lineId,
        result: resultOf(termination),
        reason,
        ...(sipStatus === undefined ? {} : { sipStatus }),
      });
      call.end(talked && reason === 'hung-up' ? { ...termination, reason: 'callee-hung-up' } : termination);
    });
  }

  /** Both are there: they hear each other, and are recorded. */
  async join(record: boolean): Promise<void> {
    const [agent, customer, call] = [this.#agent, this.#customer, this.#call];
    if (!call || call.isEnding) return;
    if (!agent || !customer) {
      call.end({ class: 'server', reason: 'agent-left' });
      return;
    }
    const { clock, log } = this.#host.callDeps;
    call.addLeg(agent, 'agent');
    call.fact({
      name: 'LEGANSWER',
      legId: agent.legId,
      ...(agent.sipCallId === undefined ? {} : { sipCallId: agent.sipCallId }),
    });
    try {
      await call.join(customer, agent);
    } catch (error) {
      if (call.isEnding) return;
      log.error('lead and agent cannot be joined', { callId: call.callId, error });
      call.end({ class: 'server', reason: 'internal' });
      return;
    }
    if (call.isEnding) return;
    const voiceMs = Math.round(clock.monotonic() - this.#answeredMs);
    call.fact({ name: 'BRIDGE', legIds: [agent.legId, customer.legId] });
    this.#tell({ type: 'joined', lineId: this.#lineId, voiceMs });
    if (record) call.recorder.start(customer, agent);
  }

  hangUpAgent(reason: string): void {
    void this.#agent?.hangUp({ class: 'success', reason });
  }

  hangUpCustomer(reason: string): void {
    void this.#customer?.hangUp({ class: 'success', reason });
  }

  /** Nothing of it is left to be heard of. */
  get isOver(): boolean {
    return !this.#agent && !this.#customer;
  }
}

function missedBy({ reason }: Termination): OfferFailure {
  return reason === 'no-answer' || reason === 'rejected' || reason === 'busy' ? reason : 'unreachable';
}
