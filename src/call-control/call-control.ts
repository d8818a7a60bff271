import { Emitter } from '../base/emitter.ts';
import { CordboardError } from '../base/errors.ts';
import type { CallOrigin } from '../domain/admission.ts';
import type { CallFact, LogEvent } from '../domain/call-event.ts';
import {
  type DialPlanContext,
  isTrunkFailure,
  type OutgoingPlan,
  planIncoming,
  planOutgoing,
} from '../domain/dial-plan.ts';
import { emergencyNumbers } from '../domain/emergency.ts';
import type { AgentStatus, LiveAgent } from '../domain/live.ts';
import type { Settings } from '../domain/settings.ts';
import type { IncomingCall } from '../telephony/contract.ts';
import { ActiveCall, type CallDeps } from './active-call.ts';
import { CallRouter } from './call-router.ts';
import type { DiallerHost } from './campaign-line.ts';
import { clickToCall } from './click-to-call.ts';
import { type DialRequest, dialFor, sayNotReached } from './dial-stage.ts';
import { OfficeHours } from './office-hours.ts';
import type { CallControlDeps } from './ports.ts';
import { QueueRunner } from './queue-runner.ts';
import { testTrunk } from './trunk-test.ts';

const outsideRingMs = 60_000;

/**
 * Takes every call from its first ring to its end: asks the rules in domain/ where it goes, and has telephony do
 * it. All that happens goes through `#record`, into the call log and the live page alike.
 */
export class CallControl {
  /** For the dialler: agents or waiting callers changed; an outcome was chosen for a call. */
  readonly events = new Emitter<{ agents: []; disposition: [callId: string, code: string, who: string] }>();
  readonly #deps: CallControlDeps;
  readonly #callDeps: CallDeps;
  readonly #queues: QueueRunner;
  readonly #router: CallRouter;
  /** The night button and the schedules. */
  readonly hours: OfficeHours;
  readonly #calls = new Map<string, ActiveCall>();
  #settings: Settings;
  #stopListening: (() => void)[] = [];

  constructor(deps: CallControlDeps) {
    this.#deps = deps;
    this.#settings = deps.settings;
    this.#callDeps = {
      telephony: deps.telephony,
      prompts: deps.prompts,
      recordings: deps.recordings,
      sipTrace: deps.sipTrace,
      clock: deps.clock,
      log: deps.log,
      settings: () => this.#settings,
      record: (event) => this.#record(event),
      extensionBusy: (extensionId, callId, busy) => this.#queues.extensionBusy(extensionId, callId, busy),
    };
    this.#queues = new QueueRunner({
      ...this.#callDeps,
      agentStatuses: deps.agentStatuses,
      changed: () => this.events.emit('agents'),
      overflow: (call, destination) => this.#router.go(call, destination),
    });
    this.hours = new OfficeHours({
      settings: () => this.#settings,
      store: deps.nightMode,
      clock: deps.clock,
      changed: () => deps.live.touch(),
    });
    this.#router = new CallRouter({
      ...this.#callDeps,
      night: () => this.hours.night,
      enterQueue: (call, queue) => this.#queues.enter(call, queue),
    });
  }

  start(): void {
    const { telephony, live } = this.#deps;
    live.connect({
      agents: () => this.#queues.agents(live.agentsHolding()),
      queues: () => this.#queues.queues(),
      trunks: () => telephony.trunks(),
      phones: () => telephony.phones(),
      hours: () => this.hours.live(),
    });
    this.hours.start();
    this.#queues.configure(this.#settings);
    this.#stopListening = [
      telephony.events.on('incoming', (incoming) => this.#incoming(incoming)),
      telephony.events.on('phones', () => {
        this.#queues.phonesChanged();
        live.touch();
      }),
      telephony.events.on('trunks', () => live.touch()),
      telephony.events.on('recording-failed', (recordingId, reason, kept) => {
        for (const call of this.#calls.values()) {
          if (call.recorder.recordingId === recordingId) call.recorder.stoppedByEngine(reason, kept);
        }
      }),
    ];
  }

  /** What the dialler may do with agents and calls. */
  forDialler(): DiallerHost {
    const queues = this.#queues;
    return {
      events: this.events,
      callDeps: this.#callDeps,
      begin: (options) => this.#begin(options),
      reserve: (agentId) => queues.reserve(agentId),
      reservedTalk: (agentId, callId) => queues.reservedTalk(agentId, callId),
      giveBack: (agentId, work, missed) => queues.giveBack(agentId, work, missed),
      agents: () => queues.worldAgents(),
      waiting: () => new Map(queues.queues().map(({ queueId, waiting }) => [queueId, waiting])),
      boxFull: () => this.#deps.admission.refuses('outside'),
    };
  }

  /** Ends every call; resolves when the last one is in the log, at the latest after `patienceMs`. */
  async stop(patienceMs = 4000): Promise<void> {
    for (const call of [...this.#calls.values()]) call.end({ class: 'server', reason: 'shutting-down' });
    await new Promise<void>((resolve) => {
      const timer = this.#deps.clock.after(patienceMs, resolve);
      const check = (): void => {
        if (this.#calls.size > 0) return;
        timer.cancel();
        resolve();
      };
      this.#onIdle = check;
      check();
    });
    for (const stop of this.#stopListening) stop();
    this.#queues.stop();
    this.hours.stop();
  }

  #onIdle: () => void = () => {};

  configure(settings: Settings): void {
    this.#settings = settings;
    this.#queues.configure(settings);
    this.hours.configure();
    this.#deps.live.touch();
  }

  get callCount(): number {
    return this.#calls.size;
  }

  /** @throws CordboardError not-found, overloaded, dial.no-contact, dial.no-trunk, dial.bad-number */
  clickToCall(request: { extensionId: string; number: string; who: string }): { callId: string } {
    const extension = this.#settings.extensions.find((e) => e.id === request.extensionId);
    if (!extension) throw new CordboardError('not-found', `there is no extension ${request.extensionId}`);
    const short = this.#deps.admission.refuses(originOf(this.#settings, request.number));
    if (short !== undefined)
      throw new CordboardError('overloaded', `no call can be begun now, too little is left: ${short}`);
    const call = clickToCall(
      this.#callDeps,
      this.#dialPlan(),
      { extension, number: request.number, who: request.who },
      ({ from, fromName, to, outside }) =>
        this.#begin({ direction: outside ? 'outbound' : 'internal', from, fromName, to }),
      (begun) => this.#dialled(begun, request.number, extension.id),
    );
    return { callId: call.callId };
  }

  /** A phone is used for something that is no call of ours, and none of the queues' meanwhile. */
  phoneBusy(extensionId: string, forWhat: string, busy: boolean): void {
    this.#queues.extensionBusy(extensionId, forWhat, busy);
    this.#deps.live.touch();
  }

  /**
   * A test call over one trunk.
   * @throws CordboardError not-found, overloaded, dial.bad-number for an emergency number
   */
  testTrunk(request: { trunkId: string; number: string; who: string }): { callId: string } {
    const { trunkId, number, who } = request;
    const trunk = this.#settings.trunks.find(({ id }) => id === trunkId);
    if (!trunk) throw new CordboardError('not-found', `there is no trunk ${trunkId}`);
    if (!trunk.enabled) throw new CordboardError('dial.no-trunk', `${trunk.name} is switched off`);
    if (emergencyNumbers(this.#settings).includes(number))
      throw new CordboardError('dial.bad-number', `${number} is an emergency number: it is not for tests`);
    if (this.#deps.admission.refuses('inside') !== undefined)
      throw new CordboardError('overloaded', 'no test call can be begun now');
    const call = testTrunk(this.#callDeps, { trunk, number, who }, (options) =>
      this.#begin({ direction: 'outbound', ...options }),
    );
    return { callId: call.callId };
  }

  /** @returns false when there is no such call */
  hangUp(callId: string, who: string): boolean {
    const call = this.#calls.get(callId);
    if (!call) return false;
    call.trace('hung-up-by', { who });
    call.end({ class: 'success', reason: 'hung-up-by-user' });
    return true;
  }

  /** What was written down about a call, going on or over. */
  write(callId: string, fact: Extract<CallFact, { name: 'NOTE' | 'DISPOSITION' }>): void {
    this.#record({ at: this.#deps.clock.now(), callId, ...fact });
    if (fact.name === 'DISPOSITION' && fact.agentId !== undefined)
      this.#queues.dispositionSet(fact.agentId, callId);
    if (fact.name === 'DISPOSITION')
      this.events.emit('disposition', callId, fact.code, fact.by ?? fact.agentId ?? '');
  }

  /** @throws CordboardError not-found */
  setAgentStatus(agentId: string, status: AgentStatus, reason: string): LiveAgent {
    const agent = this.#agent(agentId);
    this.#queues.setStatus(agentId, status, reason);
    this.#deps.live.touch();
    return agent();
  }

  /** Ends wrap-up. @throws CordboardError not-found, disposition.missing */
  agentReady(agentId: string): LiveAgent {
    const agent = this.#agent(agentId);
    if (agent().wrapUp?.needsDisposition)
      throw new CordboardError('disposition.missing', 'Say first how the call ended.');
    this.#queues.ready(agentId);
    this.#deps.live.touch();
    return agent();
  }

  /** More time for the work after the call, once. @throws CordboardError not-found */
  moreWrapUp(agentId: string): LiveAgent {
    const agent = this.#agent(agentId);
    this.#queues.moreWrapUp(agentId);
    this.#deps.live.touch();
    return agent();
  }

  /** How to look at an agent. @throws CordboardError not-found */
  #agent(agentId: string): () => LiveAgent {
    const look = (): LiveAgent => {
      const agents = this.#queues.agents(this.#deps.live.agentsHolding());
      const found = agents.find((agent) => agent.agentId === agentId);
      if (!found) throw new CordboardError('not-found', `there is no agent ${agentId}`);
      return found;
    };
    look();
    return look;
  }

  #record(event: LogEvent): void {
    this.#deps.callLog.append(event);
    this.#deps.live.apply(event);
  }

  #dialPlan(): DialPlanContext {
    const up = new Set(this.#deps.telephony.trunks().flatMap((t) => (t.state === 'up' ? [t.trunkId] : [])));
    return { settings: this.#settings, isTrunkUp: (trunkId) => up.has(trunkId) };
  }

  #begin(options: Omit<ConstructorParameters<typeof ActiveCall>[1], 'onEnded'>): ActiveCall {
    this.#deps.capacityTest.abort('call');
    const call = new ActiveCall(this.#callDeps, {
      ...options,
      onEnded: (ended) => {
        this.#calls.delete(ended.callId);
        this.#deps.admission.callsChanged();
        this.#onIdle();
      },
    });
    this.#calls.set(call.callId, call);
    this.#deps.admission.callsChanged();
    return call;
  }

  #incoming({ leg, source, from, fromName, to }: IncomingCall): void {
    if (source.kind === 'loop') {
      this.#deps.capacityTest.take(leg, to);
      return;
    }
    // Calls by SIP have been asked already, before they had a leg.
    if (
      source.kind === 'browser' &&
      this.#deps.admission.refuses(originOf(this.#settings, to)) !== undefined
    ) {
      void leg.hangUp({ class: 'server', reason: 'overloaded' });
      return;
    }
    if (source.kind === 'trunk') {
      const call = this.#begin({ direction: 'inbound', from, fromName, to, trunkId: source.trunk.id });
      call.addLeg(leg, 'caller');
      const { destination, hours, note } = planIncoming(this.#settings, source.trunk, to);
      call.trace(note.code, note.params);
      this.#router.go(call, destination, hours);
      return;
    }
    const context = this.#dialPlan();
    const outside = planOutgoing(context, to).kind === 'outside';
    const call = this.#begin({ direction: outside ? 'outbound' : 'internal', from, fromName, to });
    const extensionId = source.kind === 'extension' ? source.extension.id : undefined;
    call.addLeg(leg, 'caller', extensionId);
    this.#dialled(call, to, extensionId);
  }

  /** A number dialled from inside, or by click to call. */
  #dialled(call: ActiveCall, number: string, fromExtensionId: string | undefined): void {
    const plan = planOutgoing(this.#dialPlan(), number);
    call.trace(plan.note.code, plan.note.params);
    switch (plan.kind) {
      case 'destination':
        this.#router.go(call, plan.destination);
        break;
      case 'outside':
        this.#dialOutside(call, plan, {
          callerNumber: this.#settings.extensions.find((e) => e.id === fromExtensionId)?.number ?? call.from,
          timeoutMs: outsideRingMs,
        });
        break;
      case 'reject':
        sayNotReached(this.#callDeps, call, {
          class: plan.reason === 'no-trunk' ? 'server' : 'client',
          reason: plan.reason === 'unknown-number' ? 'not-found' : plan.reason,
        });
        break;
    }
  }

  /** Over the trunk of the plan, and while trunks fail over the next one. */
  #dialOutside(
    call: ActiveCall,
    plan: Extract<OutgoingPlan, { kind: 'outside' }>,
    request: Pick<DialRequest, 'callerNumber' | 'timeoutMs'>,
  ): void {
    const { trunkId, number, others } = plan;
    const [next, ...rest] = others;
    const name = this.#settings.trunks.find(({ id }) => id === trunkId)?.name ?? trunkId;
    dialFor(this.#callDeps, call, {
      ...request,
      target: { kind: 'trunk', trunkId, number },
      otherwise: (termination) => {
        if (!next || !isTrunkFailure(termination)) return false;
        call.trace('dial.next-trunk', { trunk: name, reason: termination.reason, next: next.name });
        this.#dialOutside(call, { ...plan, trunkId: next.trunkId, others: rest }, request);
        return true;
      },
    });
  }
}

/** Whoever is here and dials may use the reserve, and may always call for help. */
function originOf(settings: Settings, number: string): CallOrigin {
  return emergencyNumbers(settings).includes(number) ? 'emergency' : 'inside';
}
