import type { Timer } from '../base/clock.ts';
import { acd } from '../domain/acd/acd.ts';
import type { AcdEffect, AcdFact, OfferFailure } from '../domain/acd/acd-events.ts';
import { type AcdState, emptyAcdState } from '../domain/acd/acd-state.ts';
import { liveAgents, liveQueues, worldAgents } from '../domain/acd/live-view.ts';
import type { AfterWork } from '../domain/acd/wrap-up.ts';
import type { WorldAgent } from '../domain/campaign/dialler-events.ts';
import type { AgentStatus, LiveAgent, LiveQueue } from '../domain/live.ts';
import type { Destination, Queue, Settings } from '../domain/settings.ts';
import type { Termination } from '../domain/termination.ts';
import type { Leg } from '../telephony/contract.ts';
import type { ActiveCall, CallDeps } from './active-call.ts';
import type { CallControlDeps } from './ports.ts';

export type QueueRunnerDeps = CallDeps &
  Pick<CallControlDeps, 'agentStatuses'> & {
    /** Something about agents or waiting callers changed. */
    changed: () => void;
    /** A caller leaves the queue unserved and goes there. */
    overflow: (call: ActiveCall, destination: Destination) => void;
  };

/** Runs the decisions of domain/acd: rings agents, joins them with callers, keeps the timers. */
export class QueueRunner {
  readonly #deps: QueueRunnerDeps;
  #state: AcdState = emptyAcdState;
  readonly #timers = new Map<string, Timer>();
  readonly #calls = new Map<string, ActiveCall>();
  readonly #offers = new Map<string, Leg>();
  readonly #reachable = new Set<string>();
  readonly #facts: AcdFact[] = [];
  #running = false;

  constructor(deps: QueueRunnerDeps) {
    this.#deps = deps;
  }

  /** New settings; agents keep the status they chose, across restarts too. */
  configure(settings: Settings): void {
    const known = new Set(this.#state.agents.keys());
    this.#dispatch({ type: 'configured', rules: settings });
    const statuses = this.#deps.agentStatuses.load();
    for (const { id: agentId } of settings.agents) {
      if (known.has(agentId)) continue;
      // Whoever never chose is available: a phone that is plugged in rings.
      const { status, reason } = statuses.get(agentId) ?? { status: 'available' as const, reason: '' };
      if (status !== 'logged-out') this.#dispatch({ type: 'agent-status', agentId, status, reason });
    }
    this.phonesChanged();
  }

  /** Compares who has a phone with who had one. */
  phonesChanged(): void {
    const registered = new Set(
      this.#deps.telephony.phones().flatMap((p) => (p.contacts.length > 0 ? [p.extensionId] : [])),
    );
    for (const { id: agentId, extensionId } of this.#deps.settings().agents) {
      const reachable = registered.has(extensionId);
      if (reachable === this.#reachable.has(agentId)) continue;
      if (reachable) this.#reachable.add(agentId);
      else this.#reachable.delete(agentId);
      this.#dispatch({ type: 'agent-reachable', agentId, reachable });
    }
  }

  extensionBusy(extensionId: string, callId: string, busy: boolean): void {
    const agent = this.#deps.settings().agents.find((a) => a.extensionId === extensionId);
    if (agent) this.#dispatch({ type: 'agent-busy', agentId: agent.id, busy, callId });
  }

  setStatus(agentId: string, status: AgentStatus, reason: string): void {
    this.#deps.agentStatuses.save(agentId, status, reason);
    this.#dispatch({ type: 'agent-status', agentId, status, reason });
  }

  moreWrapUp(agentId: string): void {
    this.#dispatch({ type: 'wrap-up-more', agentId });
  }

  dispositionSet(agentId: string, callId: string): void {
    this.#dispatch({ type: 'disposition-set', agentId, callId });
  }

  ready(agentId: string): void {
    this.#dispatch({ type: 'wrap-up-done', agentId });
  }

  /** Takes a free agent from the queues, for the dialler. False: the agent is not free. */
  reserve(agentId: string): boolean {
    this.#dispatch({ type: 'agent-reserved', agentId });
    return this.#state.agents.get(agentId)?.reserved ?? false;
  }

  reservedTalk(agentId: string, callId: string): void {
    this.#dispatch({ type: 'reserved-talk', agentId, callId });
  }

  giveBack(
    agentId: string,
    work: AfterWork,
    missed: { cause: OfferFailure; pauseMs: number } | undefined,
  ): void {
    this.#dispatch({ type: 'agent-given-back', agentId, work, ...(missed ? { missed } : {}) });
  }

  /** Agents as the dialler sees them. */
  worldAgents(): Map<string, WorldAgent> {
    return worldAgents(this.#state);
  }

  /** @param holding agents who hold their caller */
  agents(holding: ReadonlySet<string>): LiveAgent[] {
    return liveAgents(this.#state, holding);
  }

  queues(): LiveQueue[] {
    return liveQueues(this.#state);
  }

  /** The caller, answered already, begins to wait. */
  enter(call: ActiveCall, queue: Queue): void {
    call.language = queue.language ?? call.language;
    this.#calls.set(call.callId, call);
    call.enter({ leave: () => this.#leave(call) });
    call.caller.music();
    this.#dispatch({ type: 'call-entered', callId: call.callId, queueId: queue.id });
  }

  /** Every timer, for the end of the program. */
  stop(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  get armedTimers(): number {
    return this.#timers.size;
  }

  #leave(call: ActiveCall): void {
    if (!this.#calls.delete(call.callId)) return;
    this.#dispatch({ type: 'call-left', callId: call.callId });
  }

  /** One event after the other: what an effect causes is worked off after the effects before it. */
  #dispatch(fact: AcdFact): void {
    this.#facts.push(fact);
    if (this.#running) return;
    this.#running = true;
    try {
      for (let next = this.#facts.shift(); next; next = this.#facts.shift()) {
        const { state, effects } = acd(this.#state, { at: this.#deps.clock.now(), ...next });
        this.#state = state;
        for (const effect of effects) this.#run(effect);
      }
    } finally {
      this.#running = false;
    }
    this.#deps.changed();
  }

  #run(effect: AcdEffect): void {
    switch (effect.type) {
      case 'offer':
        this.#offer(effect);
        break;
      case 'cancel-offer':
        this.#cancel(effect.offerId, { class: 'success', reason: effect.cause });
        break;
      case 'connect':
        void this.#connect(effect);
        break;
      case 'overflow': {
        const call = this.#calls.get(effect.callId);
        this.#calls.delete(effect.callId);
        if (call) this.#deps.overflow(call, effect.destination);
        break;
      }
      case 'announce-position':
        this.#announce(effect.callId, effect.position);
        break;
      case 'log':
        this.#deps.record(effect.event);
        break;
      case 'trace':
        this.#calls.get(effect.callId)?.trace(effect.note.code, effect.note.params);
        break;
      case 'set-timer':
        this.#timers.get(effect.key)?.cancel();
        this.#timers.set(
          effect.key,
          this.#deps.clock.after(effect.delayMs, () => {
            this.#timers.delete(effect.key);
            this.#dispatch({ type: 'timer', key: effect.key });
          }),
        );
        break;
      case 'clear-timer':
        this.#timers.get(effect.key)?.cancel();
        this.#timers.delete(effect.key);
        break;
      case 'ignored':
        this.#deps.log.debug('queue event ignored', { event: effect.event, why: effect.why });
        break;
    }
  }

  #offer(effect: Extract<AcdEffect, { type: 'offer' }>): void {
    const { offerId, agentId, queueId, ringTimeoutMs } = effect;
    const call = this.#calls.get(effect.callId);
    const settings = this.#deps.settings();
    const agent = settings.agents.find((a) => a.id === agentId);
    const queue = settings.queues.find((q) => q.id === queueId);
    if (!call || !agent) {
      this.#dispatch({ type: 'offer-failed', offerId, cause: 'unreachable' });
      return;
    }
    const leg = this.#deps.telephony.dial({
      target: { kind: 'extension', extensionId: agent.extensionId },
      callerNumber: call.from,
      callerName: `${queue?.name ?? queueId}: ${call.fromName ?? call.from}`,
      timeoutMs: ringTimeoutMs,
      forLeg: call.caller,
    });
    this.#offers.set(offerId, leg);
    call.addLeg(leg, 'agent');
    for (const event of ['ringing', 'early'] as const)
      leg.events.on(event, () => this.#dispatch({ type: 'offer-ringing', offerId }));
    leg.events.on('answered', () => this.#dispatch({ type: 'offer-answered', offerId }));
    leg.events.on('over', (termination) => {
      if (this.#offers.delete(offerId))
        this.#dispatch({ type: 'offer-failed', offerId, cause: offerFailure(termination) });
    });
  }

  #cancel(offerId: string, termination: Termination): void {
    const leg = this.#offers.get(offerId);
    this.#offers.delete(offerId);
    void leg?.hangUp(termination);
  }

  async #connect(effect: Extract<AcdEffect, { type: 'connect' }>): Promise<void> {
    const { offerId, callId, queueId } = effect;
    const call = this.#calls.get(callId);
    const leg = this.#offers.get(offerId);
    this.#offers.delete(offerId);
    if (!call || !leg || leg.state === 'ended') {
      this.#dispatch({ type: 'connect-failed', callId, offerId });
      return;
    }
    leg.events.on('over', (termination) => {
      this.#calls.delete(callId);
      if (!call.isEnding) this.#dispatch({ type: 'talk-ended', callId, by: 'agent' });
      // The next caller's phone rings before this talk is cleared away: its INVITE goes out within this turn.
      setImmediate(() =>
        call.end(termination.class === 'success' ? { ...termination, reason: 'agent-hung-up' } : termination),
      );
    });
    try {
      await call.join(call.caller, leg);
    } catch (error) {
      if (call.isEnding) return;
      this.#deps.log.error('caller and agent cannot be joined', { callId, offerId, error });
      call.end({ class: 'server', reason: 'internal' });
      return;
    }
    this.#dispatch({ type: 'connected', callId, offerId });
    const queue = this.#deps.settings().queues.find((q) => q.id === queueId);
    if (queue?.record && !call.isEnding) call.recorder.start(call.caller, leg);
  }

  #announce(callId: string, position: number): void {
    const call = this.#calls.get(callId);
    const file =
      call && this.#deps.prompts.pathFor(this.#deps.prompts.positionPromptId(position), call.language);
    if (!call || !file) return;
    const playId = call.caller.play([{ kind: 'file', file }]);
    const stop = call.caller.events.on('played', (id, cause) => {
      if (id !== playId) return;
      stop();
      if (cause === 'ended' || cause === 'failed') call.caller.music();
    });
  }
}

/** How a leg that was never answered ended, in the words of the queue. */
function offerFailure(termination: Termination): OfferFailure {
  switch (termination.reason) {
    case 'no-answer':
      return 'no-answer';
    case 'busy':
      return 'busy';
    case 'rejected':
      return 'rejected';
    default:
      return 'unreachable';
  }
}
