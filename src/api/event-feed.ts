/**
 * The event stream's one source: turns changes of the live state, the settings and the lamps into numbered events,
 * at most one delta each `coalesceMs`, and keeps the latest so that a page that lost its connection goes on where
 * it was. Nothing is computed while nobody listens.
 */
import type { Clock, Timer } from '../base/clock.ts';
import { randomId } from '../base/ids.ts';
import type { LiveSnapshot } from '../domain/live.ts';
import { type LiveScope, snapshotIn } from '../domain/live-scope.ts';
import { heartbeatMs, type LampState, type ServerEvent, type ServerEventName } from './contract.ts';
import { deltaIn, type LiveChange, liveChange } from './live-delta.ts';
import type { CapacityPort, DiallerPort, LivePort, PanelPort, SettingsPort, Stop } from './ports.ts';

/** Shortest time between two deltas: quick to the eye, and 20 a second at most. */
const coalesceMs = 50;
/** The same for campaigns, whose pages ask the disk for figures. */
const campaignsCoalesceMs = 1_000;
/** Events kept for pages that come back. */
const ringSize = 512;
/** How long after the last listener left the ring is still filled. */
const lingerMs = 60_000;

/** One server-sent event, ready for the wire. */
export interface FeedEvent {
  name: ServerEventName;
  /** Empty for heartbeats: they are not resumed from. */
  id: string;
  json: string;
}

export interface Listener {
  /** Hears of lamps and the capacity test too. */
  admin: boolean;
  /** How much it may see, by the settings as they are; null: nothing any more, and it is closed. */
  scope(): LiveScope | null;
  /** May say false: the listener does not keep up, and is dropped. */
  send(event: FeedEvent): boolean;
  /** No more events come. */
  close(): void;
}

interface Kept extends FeedEvent {
  sequence: number;
  adminOnly: boolean;
  /** Of a delta: what it was made of, for those who may hear a part of it only. */
  change?: LiveChange;
}

export class EventFeed {
  readonly #live: LivePort;
  readonly #settings: SettingsPort;
  readonly #panel: PanelPort;
  readonly #capacity: CapacityPort;
  readonly #dialler: DiallerPort;
  readonly #clock: Clock;
  /** Part of each id: a token of an earlier start is not mistaken for one of this. */
  readonly #epoch = randomId(8);
  readonly #listeners = new Map<Listener, LiveScope>();
  readonly #ring: Kept[] = [];
  #sequence = 0;
  /** What listeners know; null while nothing is followed. */
  #base: LiveSnapshot | null = null;
  #sources: Stop[] = [];
  #flushTimer: Timer | null = null;
  #campaignsTimer: Timer | null = null;
  #lastFlushMs = Number.NEGATIVE_INFINITY;
  #heartbeatTimer: Timer | null = null;
  #lingerTimer: Timer | null = null;
  #stopped = false;

  constructor(parts: {
    live: LivePort;
    settings: SettingsPort;
    panel: PanelPort;
    capacity: CapacityPort;
    dialler: DiallerPort;
    clock: Clock;
  }) {
    this.#live = parts.live;
    this.#settings = parts.settings;
    this.#panel = parts.panel;
    this.#capacity = parts.capacity;
    this.#dialler = parts.dialler;
    this.#clock = parts.clock;
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  /**
   * Adds a listener. It gets the events after `lastEventId` when they are still known, else a snapshot; then all
   * that come.
   */
  subscribe(listener: Listener, lastEventId: string | null): Stop {
    const scope = this.#stopped ? null : listener.scope();
    if (!scope) {
      listener.close();
      return () => {};
    }
    this.#follow();
    this.#flush();
    const missed = this.#since(lastEventId, scope);
    if (missed) {
      for (const event of missed) {
        const part = partFor(event, listener, scope);
        if (part) listener.send(part);
      }
    } else {
      listener.send(this.#snapshotFor(scope));
      if (listener.admin) listener.send(this.#event('panel', { lamps: this.#panel.view().lamps }));
    }
    this.#listeners.set(listener, scope);
    return () => this.#drop(listener);
  }

  /** Closes every stream; no new one is taken. */
  stop(): void {
    this.#stopped = true;
    for (const listener of [...this.#listeners.keys()]) {
      this.#listeners.delete(listener);
      listener.close();
    }
    this.#unfollow();
  }

  #drop(listener: Listener): void {
    if (!this.#listeners.delete(listener) || this.#listeners.size > 0 || this.#stopped) return;
    this.#heartbeatTimer?.cancel();
    this.#heartbeatTimer = null;
    this.#lingerTimer = this.#clock.after(lingerMs, () => this.#unfollow());
  }

  #follow(): void {
    this.#lingerTimer?.cancel();
    this.#lingerTimer = null;
    if (!this.#heartbeatTimer) this.#scheduleHeartbeat();
    if (this.#base) return;
    this.#base = this.#live.snapshot();
    this.#sources = [
      this.#live.events.on('changed', () => this.#changed()),
      this.#settings.events.on('changed', ({ revision }) => {
        this.#publish('settings', { revision }, false);
        this.#rescope();
      }),
      this.#panel.onChange((lamps: LampState[]) => this.#publish('panel', { lamps }, true)),
      this.#capacity.onChange(() => this.#publish('capacity', this.#capacity.view(), true)),
      this.#dialler.events.on('changed', () => this.#campaignsChanged()),
      this.#dialler.events.on('card', (agentId) => this.#publish('card', { agentId }, false)),
    ];
  }

  #unfollow(): void {
    for (const stop of this.#sources) stop();
    this.#sources = [];
    this.#base = null;
    this.#ring.length = 0;
    for (const timer of [this.#flushTimer, this.#campaignsTimer, this.#heartbeatTimer, this.#lingerTimer])
      timer?.cancel();
    this.#campaignsTimer = null;
    this.#flushTimer = null;
    this.#heartbeatTimer = null;
    this.#lingerTimer = null;
  }

  #changed(): void {
    if (this.#flushTimer) return;
    const waitMs = Math.max(0, this.#lastFlushMs + coalesceMs - this.#clock.monotonic());
    // Even at once means after this turn of the event loop: what changes together is told together.
    this.#flushTimer = this.#clock.after(waitMs, () => this.#flush());
  }

  /** They change with each ring of each line: what pages are told is when to look again. */
  #campaignsChanged(): void {
    this.#campaignsTimer ??= this.#clock.after(campaignsCoalesceMs, () => {
      this.#campaignsTimer = null;
      this.#publish('campaigns', { at: this.#clock.now() }, false);
    });
  }

  #flush(): void {
    this.#flushTimer?.cancel();
    this.#flushTimer = null;
    if (!this.#base) return;
    const now = this.#live.snapshot();
    if (now.version === this.#base.version) return;
    const change = liveChange(this.#base, now);
    this.#base = now;
    if (!change) return;
    this.#lastFlushMs = this.#clock.monotonic();
    this.#publish('delta', change.delta, false, change);
  }

  /** After a change of the settings: who may see something else now gets all of it anew, who may no longer is closed. */
  #rescope(): void {
    for (const [listener, before] of [...this.#listeners]) {
      const scope = listener.scope();
      if (!scope) {
        this.#drop(listener);
        listener.close();
      } else if (scope.key !== before.key) {
        this.#listeners.set(listener, scope);
        this.#send(listener, this.#snapshotFor(scope));
      }
    }
  }

  #snapshotFor(scope: LiveScope): FeedEvent {
    return this.#event('snapshot', snapshotIn(scope, this.#base ?? this.#live.snapshot()));
  }

  #publish<Name extends ServerEventName>(
    name: Name,
    data: ServerEvent<Name>,
    adminOnly: boolean,
    change?: LiveChange,
  ): void {
    this.#sequence += 1;
    const event: Kept = {
      ...this.#event(name, data),
      sequence: this.#sequence,
      adminOnly,
      ...(change ? { change } : {}),
    };
    this.#ring.push(event);
    if (this.#ring.length > ringSize) this.#ring.shift();
    // Agents of one queue hear different things, two walls of one link the same: each part is written once.
    const parts = new Map<string, FeedEvent | null>();
    for (const [listener, scope] of [...this.#listeners]) {
      let part = adminOnly ? undefined : parts.get(scope.key);
      if (part === undefined) {
        part = partFor(event, listener, scope);
        if (!adminOnly) parts.set(scope.key, part);
      }
      if (part) this.#send(listener, part);
    }
  }

  #send(listener: Listener, event: FeedEvent): void {
    if (listener.send(event)) return;
    this.#drop(listener);
    listener.close();
  }

  #event<Name extends ServerEventName>(name: Name, data: ServerEvent<Name> | LiveSnapshot): FeedEvent {
    const id = name === 'heartbeat' ? '' : `${this.#epoch}-${this.#sequence}`;
    return { name, id, json: JSON.stringify(data) };
  }

  /** The events after this id; undefined when they are not all known. */
  #since(lastEventId: string | null, scope: LiveScope): Kept[] | undefined {
    const match = /^([0-9a-z]{8})-(\d{1,15})$/.exec(lastEventId ?? '');
    if (!match || match[1] !== this.#epoch) return undefined;
    const last = Number(match[2]);
    if (last > this.#sequence) return undefined;
    const oldest = this.#ring[0]?.sequence ?? this.#sequence + 1;
    if (last < oldest - 1) return undefined;
    const missed = this.#ring.filter((event) => event.sequence > last);
    // With the settings the scope may have changed: then what was seen before is no base to go on from.
    return scope.kind !== 'full' && missed.some((event) => event.name === 'settings') ? undefined : missed;
  }

  #scheduleHeartbeat(): void {
    this.#heartbeatTimer = this.#clock.after(heartbeatMs, () => {
      this.#scheduleHeartbeat();
      const event = this.#event('heartbeat', { at: this.#clock.now() });
      for (const listener of [...this.#listeners.keys()]) this.#send(listener, event);
    });
  }
}

/** As much of an event as a listener may hear; null: nothing. */
function partFor(event: Kept, listener: Listener, scope: LiveScope): FeedEvent | null {
  if (event.adminOnly && !listener.admin) return null;
  if (!event.change || scope.kind === 'full') return event;
  const delta = deltaIn(scope, event.change);
  return delta && { name: event.name, id: event.id, json: JSON.stringify(delta) };
}
