/**
 * The eyes of admission (domain/admission.ts): looks at what this machine has left twice a second, tells the SIP
 * engine how many calls to hand in, and says in the log and on the pages when calls are refused, and why.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock, Timer } from '../base/clock.ts';
import type { ControlClient } from '../base/control-socket.ts';
import type { Logger } from '../base/log.ts';
import type { EngineNotices, EngineOperations } from '../codec/engine-control.ts';
import type { MediaNotices, MediaOperations } from '../codec/media-control.ts';
import {
  type AdmissionState,
  type CallOrigin,
  type LoadFigures,
  observe,
  openAdmission,
  refusal,
  roomFor,
  type Shortage,
} from '../domain/admission.ts';

const lookEveryMs = 500;
/** Changes of the number of calls are told to the engine at most this often. */
const tellEveryMs = 50;
const resolutionMs = 10;
/** Room for the calls of the capacity test, which are none of the office's. */
const testRoom = 1000;
/** What a caller who is refused is told to wait, seconds: short, since calls end all the time. */
export const retryAfterS = 5;

export interface LoadWatchDeps {
  clock: Clock;
  log: Logger;
  media: Pick<ControlClient<MediaOperations, MediaNotices>, 'call'>;
  /** Absent with a real drachtio-server. */
  engine?: Pick<ControlClient<EngineOperations, EngineNotices>, 'call' | 'events'>;
  /** Calls in progress. */
  calls: () => number;
  /** Calls that this machine carries. */
  limit: () => number;
  /** True while the capacity test loads the machine on purpose. */
  isTesting: () => boolean;
  /** Numbers that are never refused. */
  emergencyNumbers: () => readonly string[];
  faults: { raise(code: string, message: string): void; clear(code: string): void };
}

export class LoadWatch {
  readonly #deps: LoadWatchDeps;
  readonly #delay = monitorEventLoopDelay({ resolution: resolutionMs });
  #state: AdmissionState = openAdmission;
  #looking: Timer | undefined;
  #telling: Timer | undefined;
  #stopListening: () => void = () => {};
  #stopped = true;
  /** Calls refused since the start, here and by the engine. */
  #refusedHere = 0;
  #refusedByEngine = 0;
  /** Refused in all when the present shortage began. */
  #refusedBefore = 0;

  constructor(deps: LoadWatchDeps) {
    this.#deps = deps;
  }

  start(): void {
    const { engine } = this.#deps;
    this.#stopped = false;
    this.#delay.enable();
    if (engine) this.#stopListening = engine.events.on('up', () => this.#tell());
    void this.#lookAgain();
  }

  stop(): void {
    this.#stopped = true;
    this.#delay.disable();
    this.#looking?.cancel();
    this.#telling?.cancel();
    this.#stopListening();
  }

  /** What is short at present. */
  get short(): readonly Shortage[] {
    return this.#state.short;
  }

  /** Calls refused since the start. */
  get refused(): number {
    return this.#refusedHere + this.#refusedByEngine;
  }

  /** Why a call is refused now; undefined when it may come in. Counts what it refuses. */
  refuses(origin: CallOrigin): Shortage | undefined {
    const { calls, limit } = this.#deps;
    const shortage = refusal(this.#state, origin, calls(), limit());
    if (shortage === undefined) return undefined;
    this.#refusedHere++;
    // Seen by the refusal itself, not at the next look: a short rush would leave no trace.
    if (!this.#state.short.includes(shortage))
      this.#enter({ ...this.#state, short: [...this.#state.short, shortage] });
    return shortage;
  }

  /** The number of calls changed. */
  callsChanged(): void {
    if (this.#stopped || this.#telling || !this.#deps.engine) return;
    this.#telling = this.#deps.clock.after(tellEveryMs, () => {
      this.#telling = undefined;
      this.#tell();
    });
  }

  async #lookAgain(): Promise<void> {
    const figures = await this.#figures();
    if (this.#stopped) return;
    const { isTesting, limit } = this.#deps;
    this.#enter(isTesting() ? openAdmission : observe(this.#state, figures, limit()), figures);
    this.#tell();
    this.#looking = this.#deps.clock.after(lookEveryMs, () => void this.#lookAgain());
  }

  async #figures(): Promise<LoadFigures> {
    const { media, calls } = this.#deps;
    // A media engine that is down refuses calls by itself; here it is no figure.
    const load = await media.call('load', {}).catch(() => undefined);
    const eventLoopLateMs = Math.max(0, (this.#delay.mean || 0) / 1e6 - resolutionMs);
    this.#delay.reset();
    return {
      calls: calls(),
      eventLoopLateMs,
      audioLateMs: load?.audioLateMs ?? 0,
      memoryFreeBytes: process.availableMemory(),
      portPairsFree: load?.portPairsFree ?? Number.POSITIVE_INFINITY,
      recordingLagMs: load?.recordingLagMs ?? 0,
    };
  }

  #enter(state: AdmissionState, figures?: LoadFigures): void {
    const { log, faults, calls, limit } = this.#deps;
    const before = this.#state.short;
    this.#state = state;
    if (before.length === 0) this.#refusedBefore = this.refused;
    for (const shortage of state.short) {
      if (before.includes(shortage)) continue;
      log.warn('new calls are refused', { short: shortage, calls: calls(), limit: limit(), figures });
      faults.raise(`overload.${shortage}`, `new calls are refused: ${texts[shortage]}`);
    }
    for (const shortage of before) if (!state.short.includes(shortage)) faults.clear(`overload.${shortage}`);
    if (before.length > 0 && state.short.length === 0)
      log.info('new calls are taken again', { refused: this.refused - this.#refusedBefore });
  }

  #tell(): void {
    const { engine, calls, limit, isTesting, emergencyNumbers } = this.#deps;
    if (!engine) return;
    const room = {
      calls: isTesting() ? testRoom : roomFor(this.#state, calls(), limit()),
      retryAfterS,
      alwaysFor: [...emergencyNumbers()],
    };
    engine.call('calls.room', room).then(
      ({ refused }) => {
        // A new engine counts from zero.
        if (refused < this.#refusedByEngine) this.#refusedHere += this.#refusedByEngine;
        this.#refusedByEngine = refused;
      },
      () => {}, // down: told when it is up again
    );
  }
}

const texts: Record<Shortage, string> = {
  calls: 'as many calls are up as this machine carries',
  processor: 'the processor is overloaded',
  audio: 'the audio is late',
  memory: 'memory is short',
  ports: 'ports for sound are short',
  disk: 'the disk does not keep up with recordings',
};
