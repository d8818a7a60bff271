import type { Clock, Timer } from '../base/clock.ts';
import type { LiveHours } from '../domain/live.ts';
import { isNightModeOver, type NightMode, scheduleState } from '../domain/schedule.ts';
import type { Settings } from '../domain/settings.ts';

export interface OfficeHoursDeps {
  settings: () => Settings;
  /** What was decided before the last stop, and where it is kept. */
  store: { load(): NightMode | null; save(night: NightMode | null): Promise<void> };
  clock: Clock;
  /** Something of `live()` has changed. */
  changed: () => void;
}

/** Longest sleep: a wall clock that was set is noticed within a minute. */
const lookEveryMs = 60_000;

/** The night button, and the schedules as they are now: tells when one of them opens or closes. */
export class OfficeHours {
  readonly #deps: OfficeHoursDeps;
  #night: NightMode | null = null;
  #shown = '';
  #timer: Timer | undefined;

  constructor(deps: OfficeHoursDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#night = this.#deps.store.load();
    this.#look();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  get night(): NightMode | null {
    return this.#night;
  }

  /** The settings changed. */
  configure(): void {
    this.#look();
  }

  /**
   * Presses the night button; `auto` gives the schedules their say again. In force at once, durable when resolved.
   * @throws CordboardError disk.full, disk.failed when it would not outlive a restart
   */
  async press(mode: 'auto' | NightMode['mode'], ends: NightMode['ends'], who: string): Promise<LiveHours> {
    const since = this.#deps.clock.now();
    this.#night = mode === 'auto' ? null : { mode, since, who, ends };
    this.#look();
    await this.#deps.store.save(this.#night);
    return this.live();
  }

  live(): LiveHours {
    const { office, schedules } = this.#deps.settings();
    const at = this.#deps.clock.now();
    return {
      night: this.#night,
      schedules: schedules.map((schedule) => {
        const { open, note, changesAt } = scheduleState(schedule, office.timeZone, at, this.#night);
        return {
          scheduleId: schedule.id,
          name: schedule.name,
          open,
          reason: note,
          ...(changesAt === undefined ? {} : { changesAt }),
        };
      }),
    };
  }

  #look(): void {
    const { settings, clock, changed } = this.#deps;
    this.#timer?.cancel();
    const { office, schedules } = settings();
    const now = clock.now();
    if (this.#night && isNightModeOver(this.#night, schedules, office.timeZone, now)) {
      this.#night = null;
      // One that is over is found to be over again after a restart.
      void this.#deps.store.save(null).catch(() => undefined);
    }
    const live = this.live();
    const shown = JSON.stringify(live);
    if (shown !== this.#shown) {
      this.#shown = shown;
      changed();
    }
    const next = Math.min(...live.schedules.map(({ changesAt }) => changesAt ?? Number.POSITIVE_INFINITY));
    this.#timer = clock.after(Math.min(lookEveryMs, Math.max(0, next - now)), () => this.#look());
  }
}
