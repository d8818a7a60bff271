import type { LampState as ShownLamp } from '../api/contract.ts';
import type { PanelPort } from '../api/ports.ts';
import type { Timer } from '../base/clock.ts';
import { CordboardError } from '../base/errors.ts';
import type { LiveState } from '../call-control/live-state.ts';
import type { ButtonEvent, LampState } from '../codec/panel-message.ts';
import type { InstanceConfig } from '../config.ts';
import { emergencyNumbers } from '../domain/emergency.ts';
import { LampBoard } from '../domain/lamps/board.ts';
import { ButtonReader, StuckButtons } from '../domain/lamps/buttons.ts';
import type { LampWorld } from '../domain/lamps/facts.ts';
import { suggestLayout } from '../domain/lamps/layout.ts';
import type { LampAssignment, LampFact } from '../domain/settings/lamps.ts';
import type { Settings } from '../domain/settings.ts';
import type { OpenPanelLine } from '../panel/line.ts';
import { Panel } from '../panel/panel.ts';
import { LampSources, type LampSourcesDeps } from './lamp-sources.ts';
import { PanelActs, type PanelActsDeps } from './panel-acts.ts';

/** A lamp under test flashes this long. */
const testMs = 3_000;
const testState: LampState = { colour: 'white', pattern: 'fast', brightness: 255 };
/** An alarm that is tried lasts this long. */
const simulationMs = 10_000;

export interface PanelHostDeps extends LampSourcesDeps, Omit<PanelActsDeps, 'agents'> {
  config: Pick<InstanceConfig, 'panel'>;
  settings: () => Settings;
  live: LiveState;
  /** Default: node-serialport. */
  openLine?: OpenPanelLine;
}

/** Keeps the panel showing what is live: follows the settings, runs the driver, does what its buttons say. */
export class PanelHost implements PanelPort {
  readonly #deps: PanelHostDeps;
  readonly #listeners = new Set<(lamps: ShownLamp[]) => void>();
  readonly #tests = new Map<number, Timer>();
  readonly #board = new LampBoard();
  readonly #sources: LampSources;
  readonly #acts: PanelActs;
  readonly #buttons = new ButtonReader();
  readonly #stuck = new StuckButtons();
  #panel: Panel | undefined;
  #driven = '';
  #simulation: Timer | undefined;
  #again: Timer | undefined;
  /** What is derived from the settings and the number of lamps. */
  #office: { settings: Settings; lampCount: number | undefined; plan: Plan } | undefined;
  #stopListening = (): void => {};

  constructor(deps: PanelHostDeps) {
    this.#deps = deps;
    this.#sources = new LampSources(deps, () => this.#show());
    this.#acts = new PanelActs({ ...deps, agents: () => deps.live.snapshot().agents });
  }

  start(): void {
    this.#stopListening = this.#deps.live.events.on('changed', () => this.#show());
    this.#sources.start();
    this.configure();
  }

  async stop(): Promise<void> {
    this.#stopListening();
    this.#sources.stop();
    for (const timer of this.#tests.values()) timer.cancel();
    this.#tests.clear();
    this.#simulation?.cancel();
    this.#simulation = undefined;
    this.#again?.cancel();
    await this.#panel?.stop();
    this.#panel = undefined;
  }

  /** New settings: another device or address begins anew, other lamps are just shown. */
  configure(): void {
    const { clock, log, live, openLine } = this.#deps;
    const device = this.#device();
    const { address } = this.#deps.settings().panel;
    const wanted = device === '' ? '' : `${device} ${address}`;
    if (wanted !== this.#driven) {
      this.#driven = wanted;
      this.#panel?.stop().catch((error) => log.warn('the panel was not left cleanly', { error }));
      this.#panel = undefined;
      live.clear('panel.disconnected');
      this.#forgetHeld();
      if (device !== '') {
        this.#panel = new Panel({
          device,
          address,
          clock,
          log,
          onFault: (fault) => {
            this.#forgetHeld();
            if (fault) live.raise(fault.code, fault.message);
            else live.clear('panel.disconnected');
          },
          onButton: (event) => this.#pressed(event, device),
          onHeld: (held) => this.#held(held, device),
          ...(openLine ? { openLine } : {}),
        });
        this.#panel.start();
      }
    }
    this.#show();
  }

  view(): ReturnType<PanelPort['view']> {
    const panel = this.#panel;
    const firmware = panel?.identity?.firmware;
    return {
      state: !panel ? 'absent' : panel.isConnected ? 'connected' : 'disconnected',
      device: this.#device(),
      ...(firmware === undefined ? {} : { firmware }),
      lamps: this.#shown(this.#plan().assignments, this.#look()),
    };
  }

  onChange(listener: (lamps: ShownLamp[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async test(lamp: number): Promise<void> {
    if (!this.#panel?.isConnected) throw new CordboardError('panel.port', 'no panel is connected');
    this.#tests.get(lamp)?.cancel();
    this.#tests.set(
      lamp,
      this.#deps.clock.after(testMs, () => {
        this.#tests.delete(lamp);
        this.#show();
      }),
    );
    this.#show();
  }

  async preview(lamps: LampAssignment[]): Promise<ShownLamp[]> {
    await this.#sources.ask(factsOf(lamps));
    const { lamps: states } = new LampBoard().look(lamps, this.#world(), 0, noDimming);
    return this.#shown(lamps, states);
  }

  suggest(): LampAssignment[] {
    return suggestLayout(this.#deps.settings(), this.#panel?.identity?.lampCount);
  }

  simulateAlarm(): void {
    if (!this.#plan().assignments.some(isAlarm))
      throw new CordboardError('panel.no-alarm-lamp', 'no lamp shows emergency calls or the guard');
    this.#simulation?.cancel();
    this.#simulation = this.#deps.clock.after(simulationMs, () => {
      this.#simulation = undefined;
      this.#show();
    });
    this.#show();
  }

  #device(): string {
    return this.#deps.config.panel ?? this.#deps.settings().panel.device;
  }

  #pressed(event: ButtonEvent, device: string): void {
    const { button, action } = event;
    this.#deps.log.info('panel button', { button, action });
    for (const act of this.#buttons.acts(this.#deps.settings().panel.buttons, event)) {
      void this.#acts.do(act, { button, device }, () => {
        const count = this.#board.acknowledge();
        this.#show();
        return count;
      });
    }
  }

  #held(held: number, device: string): void {
    const { live, clock } = this.#deps;
    const stuck = this.#stuck.look(held, clock.monotonic());
    if (stuck.length === 0) live.clear('panel.button-stuck');
    else {
      const buttons = stuck.map((button) => button + 1).join(', ');
      live.raise('panel.button-stuck', `button ${buttons} of the panel at ${device} is held down, or stuck`);
    }
  }

  #forgetHeld(): void {
    this.#stuck.forget();
    this.#deps.live.clear('panel.button-stuck');
  }

  #plan(): Plan {
    const settings = this.#deps.settings();
    const lampCount = this.#panel?.identity?.lampCount;
    if (this.#office?.settings !== settings || this.#office.lampCount !== lampCount) {
      const plan = planOf(settings, lampCount);
      this.#office = { settings, lampCount, plan };
      this.#sources.want(plan.facts);
    }
    return this.#office.plan;
  }

  #world(): LampWorld {
    const { numbers, emergency } = this.#plan();
    return {
      live: this.#deps.live.snapshot(),
      numbers,
      emergencyNumbers: emergency,
      simulated: this.#simulation !== undefined,
      ...this.#sources.known,
    };
  }

  #look(): Map<number, LampState> {
    const { clock, settings } = this.#deps;
    const { panel, office } = settings();
    const { assignments } = this.#plan();
    const { lamps, againInMs } = this.#board.look(assignments, this.#world(), clock.monotonic(), {
      brightness: panel.brightness,
      timeZone: office.timeZone,
    });
    this.#again?.cancel();
    if (againInMs !== undefined) this.#again = clock.after(againInMs, () => this.#show());
    for (const lamp of this.#tests.keys()) lamps.set(lamp, testState);
    return lamps;
  }

  #shown(assignments: readonly LampAssignment[], states: ReadonlyMap<number, LampState>): ShownLamp[] {
    const byLamp = new Map(assignments.map((assignment) => [assignment.lamp, assignment]));
    return [...states].map(([lamp, { colour, pattern }]) => {
      const assignment = byLamp.get(lamp);
      return {
        lamp,
        colour,
        pattern,
        ...(assignment === undefined ? {} : { shows: assignment.shows }),
        ...(assignment && assignment.also.length > 0 ? { also: assignment.also } : {}),
        ...(this.#simulation && assignment && isAlarm(assignment) ? { simulated: true as const } : {}),
      };
    });
  }

  #show(): void {
    const lamps = this.#look();
    this.#panel?.show(lamps);
    if (this.#listeners.size === 0) return;
    const shown = this.#shown(this.#plan().assignments, lamps);
    for (const listener of this.#listeners) listener(shown);
  }
}

interface Plan {
  assignments: readonly LampAssignment[];
  facts: readonly LampFact[];
  numbers: ReadonlyMap<string, string>;
  emergency: ReadonlySet<string>;
}

const noDimming = { brightness: [], timeZone: 'UTC' };

const factsOf = (lamps: readonly LampAssignment[]): LampFact[] =>
  lamps.flatMap(({ shows, also }) => [shows, ...also]);

const isAlarm = ({ shows, also }: LampAssignment): boolean =>
  [shows, ...also].some(({ fact }) => fact === 'emergency' || fact === 'guard');

function planOf(settings: Settings, lampCount: number | undefined): Plan {
  const { lamps } = settings.panel;
  const assignments = lamps.length > 0 ? lamps : suggestLayout(settings, lampCount);
  return {
    assignments,
    facts: factsOf(assignments),
    numbers: new Map(settings.extensions.map(({ id, number }) => [id, number])),
    emergency: new Set(emergencyNumbers(settings)),
  };
}
