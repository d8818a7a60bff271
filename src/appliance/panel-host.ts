import type { LampState as ShownLamp } from '../api/contract.ts';
import type { PanelPort } from '../api/ports.ts';
import type { Clock, Timer } from '../base/clock.ts';
import { CordboardError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import type { LiveState } from '../call-control/live-state.ts';
import type { LampState } from '../codec/panel-message.ts';
import type { InstanceConfig } from '../config.ts';
import type { LampAssignment, Settings } from '../domain/settings.ts';
import { defaultLayout, lampsFor } from '../panel/lamp-rules.ts';
import { Panel } from '../panel/panel.ts';

/** A lamp under test flashes this long. */
const testMs = 3_000;
const testState: LampState = { colour: 'white', pattern: 'fast', brightness: 255 };

export interface PanelHostDeps {
  config: Pick<InstanceConfig, 'panel'>;
  settings: () => Settings;
  live: LiveState;
  clock: Clock;
  log: Logger;
}

/** Keeps the panel showing what is live: follows the settings, runs the driver, tells its faults. */
export class PanelHost implements PanelPort {
  readonly #deps: PanelHostDeps;
  readonly #listeners = new Set<(lamps: ShownLamp[]) => void>();
  readonly #tests = new Map<number, Timer>();
  #panel: Panel | undefined;
  #driven = '';
  #stopListening = (): void => {};

  constructor(deps: PanelHostDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#stopListening = this.#deps.live.events.on('changed', () => this.#show());
    this.configure();
  }

  async stop(): Promise<void> {
    this.#stopListening();
    for (const timer of this.#tests.values()) timer.cancel();
    this.#tests.clear();
    await this.#panel?.stop();
    this.#panel = undefined;
  }

  /** New settings: another device or address begins anew, other lamps are just shown. */
  configure(): void {
    const { clock, log, live } = this.#deps;
    const device = this.#device();
    const { address } = this.#deps.settings().panel;
    const wanted = device === '' ? '' : `${device} ${address}`;
    if (wanted !== this.#driven) {
      this.#driven = wanted;
      this.#panel?.stop().catch((error) => log.warn('the panel was not left cleanly', { error }));
      this.#panel = undefined;
      live.clear('panel.disconnected');
      if (device !== '') {
        this.#panel = new Panel({
          device,
          address,
          clock,
          log,
          onFault: (fault) => {
            if (fault) live.raise(fault.code, fault.message);
            else live.clear('panel.disconnected');
          },
          onButton: ({ button, action }) => log.info('panel button', { button, action }),
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
      lamps: this.#lamps(),
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

  #device(): string {
    return this.#deps.config.panel ?? this.#deps.settings().panel.device;
  }

  #assignments(): LampAssignment[] {
    const { panel, agents } = this.#deps.settings();
    return panel.lamps.length > 0 ? panel.lamps : defaultLayout(agents.map((agent) => agent.id));
  }

  #lamps(): ShownLamp[] {
    const assignments = this.#assignments();
    const shows = new Map(assignments.map((assignment) => [assignment.lamp, assignment.shows]));
    return [...this.#states(assignments)].map(([lamp, { colour, pattern }]) => {
      const shown = shows.get(lamp);
      return { lamp, colour, pattern, ...(shown === undefined ? {} : { shows: shown }) };
    });
  }

  #states(assignments: readonly LampAssignment[]): Map<number, LampState> {
    const states = lampsFor(this.#deps.live.snapshot(), assignments);
    for (const lamp of this.#tests.keys()) states.set(lamp, testState);
    return states;
  }

  #show(): void {
    this.#panel?.show(this.#states(this.#assignments()));
    if (this.#listeners.size === 0) return;
    const lamps = this.#lamps();
    for (const listener of this.#listeners) listener(lamps);
  }
}
