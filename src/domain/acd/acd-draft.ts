/**
 * The next state while one event is being worked on. What the event does not touch is shared with the old state,
 * which stays as it was.
 */
import type { AgentEvent, CallEvent, LogEvent, TraceNote } from '../call-event.ts';
import type { AcdEffect, AcdEvent } from './acd-events.ts';
import type { AcdState, AcdTimer, AgentRecord, Offer, QueuedCall, QueueRecord } from './acd-state.ts';
import type { PersistentMap } from './persistent-map.ts';

type WithoutAt<E> = E extends { at: number } ? Omit<E, 'at'> : never;

/** A small map that copies the one it began with at the first write, and keeps its order. */
class CopyOnWriteMap<Value> {
  #map: ReadonlyMap<string, Value>;
  #own: Map<string, Value> | undefined;

  constructor(base: ReadonlyMap<string, Value>) {
    this.#map = base;
  }

  get current(): ReadonlyMap<string, Value> {
    return this.#map;
  }

  set(key: string, value: Value): void {
    this.#writable().set(key, value);
  }

  delete(key: string): void {
    if (this.#map.has(key)) this.#writable().delete(key);
  }

  #writable(): Map<string, Value> {
    if (!this.#own) {
      this.#own = new Map(this.#map);
      this.#map = this.#own;
    }
    return this.#own;
  }
}

/** What the rules of one event read, change and ask for. */
export class AcdDraft {
  readonly at: number;
  readonly effects: AcdEffect[] = [];
  readonly #event: AcdEvent;
  readonly #agents: CopyOnWriteMap<AgentRecord>;
  readonly #queues: CopyOnWriteMap<QueueRecord>;
  #calls: PersistentMap<QueuedCall>;
  #offers: PersistentMap<Offer>;
  #timers: PersistentMap<AcdTimer>;
  #sequence: number;

  constructor(state: AcdState, event: AcdEvent) {
    this.at = event.at;
    this.#event = event;
    this.#agents = new CopyOnWriteMap(state.agents);
    this.#queues = new CopyOnWriteMap(state.queues);
    this.#calls = state.calls;
    this.#offers = state.offers;
    this.#timers = state.timers;
    this.#sequence = state.sequence;
  }

  /** The state as changed so far. */
  finish(): AcdState {
    return {
      agents: this.agents,
      queues: this.queues,
      calls: this.calls,
      offers: this.offers,
      timers: this.timers,
      sequence: this.#sequence,
    };
  }

  get agents(): ReadonlyMap<string, AgentRecord> {
    return this.#agents.current;
  }
  get queues(): ReadonlyMap<string, QueueRecord> {
    return this.#queues.current;
  }
  get calls(): PersistentMap<QueuedCall> {
    return this.#calls;
  }
  get offers(): PersistentMap<Offer> {
    return this.#offers;
  }
  get timers(): PersistentMap<AcdTimer> {
    return this.#timers;
  }

  putAgent(record: AgentRecord): AgentRecord {
    this.#agents.set(record.agent.id, record);
    return record;
  }
  removeAgent(agentId: string): void {
    this.#agents.delete(agentId);
  }
  putQueue(record: QueueRecord): void {
    this.#queues.set(record.queue.id, record);
  }
  removeQueue(queueId: string): void {
    this.#queues.delete(queueId);
  }
  putCall(call: QueuedCall): QueuedCall {
    this.#calls = this.#calls.with(call.callId, call);
    return call;
  }
  removeCall(callId: string): void {
    this.#calls = this.#calls.without(callId);
  }
  putOffer(offer: Offer): void {
    this.#offers = this.#offers.with(offer.offerId, offer);
  }
  removeOffer(offerId: string): void {
    this.#offers = this.#offers.without(offerId);
  }

  nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  /** Arms a timer under a key never used before. */
  setTimer(timer: AcdTimer, delayMs: number): string {
    const key = `${timer.kind}/${this.nextSequence()}`;
    this.#timers = this.#timers.with(key, timer);
    this.effects.push({ type: 'set-timer', key, delayMs: Math.max(0, delayMs) });
    return key;
  }

  clearTimer(key: string | undefined): void {
    if (key === undefined || !this.timers.has(key)) return;
    this.#timers = this.#timers.without(key);
    this.effects.push({ type: 'clear-timer', key });
  }

  /** Takes a timer that has run; undefined when it was cleared before. */
  takeTimer(key: string): AcdTimer | undefined {
    const timer = this.timers.get(key);
    this.#timers = this.#timers.without(key);
    return timer;
  }

  emit(effect: AcdEffect): void {
    this.effects.push(effect);
  }

  log(event: WithoutAt<CallEvent> | WithoutAt<AgentEvent>): void {
    this.effects.push({ type: 'log', event: { at: this.at, ...event } as LogEvent });
  }

  trace(callId: string, note: TraceNote): void {
    this.effects.push({ type: 'trace', callId, note });
  }

  ignore(why: string): void {
    this.effects.push({ type: 'ignored', event: this.#event, why });
  }

  /** Milliseconds since `then`, never below 0: the wall clock may have been set back. */
  since(then: number): number {
    return Math.max(0, this.at - then);
  }
}
