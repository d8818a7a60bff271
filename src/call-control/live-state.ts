import type { Clock } from '../base/clock.ts';
import { Emitter } from '../base/emitter.ts';
import { type Call, foldCall } from '../domain/call.ts';
import { isCallEvent, type LogEvent } from '../domain/call-event.ts';
import type {
  LiveAgent,
  LiveFault,
  LiveHours,
  LivePhone,
  LiveQueue,
  LiveSnapshot,
  LiveTrunk,
} from '../domain/live.ts';

/** Who else is asked when a snapshot is taken; each answers from memory. */
export interface LiveSources {
  agents(): LiveAgent[];
  queues(): LiveQueue[];
  trunks(): LiveTrunk[];
  phones(): LivePhone[];
  hours(): LiveHours;
}

/**
 * What is true now, for pages and lamps alike: the calls folded from the events as they happen, and the faults
 * that last. `changed` is told once for all changes of one turn of the event loop.
 */
export class LiveState {
  readonly events = new Emitter<{ changed: [version: number]; fault: [fault: LiveFault, lasts: boolean] }>();
  readonly #clock: Clock;
  readonly #calls = new Map<string, Call>();
  readonly #faults = new Map<string, LiveFault>();
  #sources: LiveSources | undefined;
  #version = 1;
  #announced = false;

  constructor(deps: { clock: Clock }) {
    this.#clock = deps.clock;
  }

  /** The parts that know agents, trunks and phones, once they are built. */
  connect(sources: LiveSources): void {
    this.#sources = sources;
  }

  get version(): number {
    return this.#version;
  }

  call(callId: string): Call | undefined {
    return this.#calls.get(callId);
  }

  /** Agents who have put their caller on hold. */
  agentsHolding(): Set<string> {
    const holding = new Set<string>();
    for (const { phase, agentId, legs } of this.#calls.values()) {
      if (phase === 'held' && agentId !== undefined && legs.some((l) => l.held && l.role === 'agent'))
        holding.add(agentId);
    }
    return holding;
  }

  get callCount(): number {
    return this.#calls.size;
  }

  apply(event: LogEvent): void {
    if (isCallEvent(event)) {
      const known = this.#calls.get(event.callId);
      if (!known && event.name !== 'CALLSTART') return; // written down after the call: it is no longer live
      const call = foldCall(known, event);
      if (call.phase === 'ended') this.#calls.delete(event.callId);
      else this.#calls.set(event.callId, call);
    }
    this.touch();
  }

  /** Something that the sources know has changed. */
  touch(): void {
    this.#version++;
    if (this.#announced) return;
    this.#announced = true;
    queueMicrotask(() => {
      this.#announced = false;
      this.events.emit('changed', this.#version);
    });
  }

  /** A fault begins (`code` is stable); saying it again changes only its message. */
  raise(code: string, message: string): void {
    const known = this.#faults.get(code);
    if (known?.message === message) return;
    const fault = { code, message, since: known?.since ?? this.#clock.now() };
    this.#faults.set(code, fault);
    this.events.emit('fault', fault, true);
    this.touch();
  }

  /** A fault is over; harmless when there was none. */
  clear(code: string): void {
    const fault = this.#faults.get(code);
    if (!fault) return;
    this.#faults.delete(code);
    this.events.emit('fault', fault, false);
    this.touch();
  }

  faults(): LiveFault[] {
    return [...this.#faults.values()];
  }

  snapshot(): LiveSnapshot {
    const sources = this.#sources;
    return {
      version: this.#version,
      at: this.#clock.now(),
      calls: [...this.#calls.values()],
      agents: sources?.agents() ?? [],
      queues: sources?.queues() ?? [],
      trunks: sources?.trunks() ?? [],
      phones: sources?.phones() ?? [],
      faults: this.faults(),
      hours: sources?.hours() ?? { night: null, schedules: [] },
    };
  }
}
