/** What lamps show that the live picture does not have: asked for only while a lamp shows it. */
import { statfs } from 'node:fs/promises';
import type { DiallerPort, FiguresPort, GuardPort } from '../api/ports.ts';
import type { Clock, Timer } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { LampWorld } from '../domain/lamps/facts.ts';
import type { LampFact } from '../domain/settings/lamps.ts';

type Known = Pick<LampWorld, 'serviceLevels' | 'diskFree' | 'banned' | 'campaigns'>;
type Source = Extract<LampFact['fact'], 'service-level' | 'disk' | 'guard' | 'campaign'>;

const sources: readonly Source[] = ['service-level', 'disk', 'guard', 'campaign'];
const askEveryMs = 15_000;
/** Changes of campaigns come in bursts. */
const soonMs = 500;

export interface LampSourcesDeps {
  dataDir: string;
  figures: Pick<FiguresPort, 'figures'>;
  guard: Pick<GuardPort, 'list'>;
  dialler: Pick<DiallerPort, 'live' | 'events'>;
  /** A ban has begun. */
  onBan: (listener: () => void) => () => void;
  clock: Clock;
  log: Logger;
}

export class LampSources {
  readonly #deps: LampSourcesDeps;
  readonly #changed: () => void;
  readonly #failing = new Set<Source>();
  readonly #stops: (() => void)[] = [];
  #wanted: ReadonlySet<Source> = new Set();
  #timer: Timer | undefined;
  #soon: Timer | undefined;
  #stopped = false;
  known: Known = {
    serviceLevels: undefined,
    diskFree: undefined,
    banned: undefined,
    campaigns: undefined,
  };

  /** @param changed something is known anew */
  constructor(deps: LampSourcesDeps, changed: () => void) {
    this.#deps = deps;
    this.#changed = changed;
  }

  start(): void {
    const { dialler, onBan } = this.#deps;
    this.#stops.push(
      dialler.events.on('changed', () => this.#askSoon('campaign')),
      onBan(() => this.#askSoon('guard')),
    );
  }

  stop(): void {
    this.#stopped = true;
    for (const stop of this.#stops.splice(0)) stop();
    this.#timer?.cancel();
    this.#soon?.cancel();
  }

  /** Keeps these known from now on. */
  want(facts: readonly LampFact[]): void {
    const wanted = new Set(sources.filter((source) => facts.some(({ fact }) => fact === source)));
    const isNew = [...wanted].some((source) => !this.#wanted.has(source));
    this.#wanted = wanted;
    if (wanted.size === 0) this.#timer?.cancel();
    else if (isNew) this.#askAll();
  }

  /** Makes these known, once. */
  async ask(facts: readonly LampFact[]): Promise<void> {
    await Promise.all(
      sources
        .filter((source) => facts.some(({ fact }) => fact === source))
        .map((source) => this.#ask(source)),
    );
  }

  #askAll(): void {
    this.#timer?.cancel();
    this.#timer = this.#deps.clock.after(askEveryMs, () => this.#askAll());
    this.#askNow([...this.#wanted]);
  }

  #askSoon(source: Source): void {
    if (!this.#wanted.has(source) || this.#soon) return;
    this.#soon = this.#deps.clock.after(soonMs, () => {
      this.#soon = undefined;
      this.#askNow(['campaign', 'guard'].filter((one) => this.#wanted.has(one as Source)) as Source[]);
    });
  }

  #askNow(which: readonly Source[]): void {
    void Promise.all(which.map((source) => this.#ask(source))).then(() => {
      if (!this.#stopped) this.#changed();
    });
  }

  /** What cannot be learnt is not known; why is said once. */
  async #ask(source: Source): Promise<void> {
    try {
      this.known = { ...this.known, ...(await this.#answer(source)) };
      this.#failing.delete(source);
    } catch (error) {
      this.known = { ...this.known, ...unknown[source] };
      if (this.#stopped || this.#failing.has(source)) return;
      this.#failing.add(source);
      this.#deps.log.warn('what a lamp is to show cannot be learnt', { source, error });
    }
  }

  async #answer(source: Source): Promise<Partial<Known>> {
    const { dataDir, figures, guard, dialler, clock } = this.#deps;
    switch (source) {
      case 'service-level': {
        const now = await figures.figures({ by: 'queue', only: ['service-level'] }, clock.now());
        const level = (values: (typeof now)['total']): number | null =>
          values[now.serviceLevel]?.value ?? null;
        return {
          serviceLevels: new Map([
            ['', level(now.total)],
            ...now.groups.map((group) => [group.id, level(group.figures)] as const),
          ]),
        };
      }
      case 'disk': {
        const disk = await statfs(dataDir);
        return { diskFree: disk.blocks === 0 ? undefined : disk.bavail / disk.blocks };
      }
      case 'guard': {
        const { active, bans } = await guard.list();
        return { banned: active ? bans.map((ban) => ban.source) : undefined };
      }
      case 'campaign':
        return { campaigns: (await dialler.live()).campaigns };
    }
  }
}

const unknown: Record<Source, Partial<Known>> = {
  'service-level': { serviceLevels: undefined },
  disk: { diskFree: undefined },
  guard: { banned: undefined },
  campaign: { campaigns: undefined },
};
