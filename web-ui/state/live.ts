/**
 * What is true now, kept by server-sent events. The browser resumes by Last-Event-ID; what it missed comes as deltas
 * or as a new snapshot. While nothing is heard the page keeps what it knew and says since when it is stale.
 */
import { computed, signal } from '@preact/signals';
import type { EndpointResponse, LampState, LiveDelta } from '../../src/api/contract.ts';
import type { LiveSnapshot } from '../../src/domain/live.ts';
import { urlOf } from '../api/client.ts';
import { agentLamp } from '../components/lamp.tsx';
import { clockOffsetMs, nowMs } from '../components/time.tsx';
import { applyDelta } from './apply-delta.ts';
import { user } from './session.ts';

export const live = signal<LiveSnapshot | undefined>(undefined);
/** Lamps as the box last told; admins only. */
export const panelLamps = signal<LampState[] | undefined>(undefined);
/** The capacity test as the box last told; admins only. */
export const capacityNow = signal<EndpointResponse<'capacity'> | undefined>(undefined);
/** Grows whenever the settings changed. */
export const settingsRevision = signal(0);
/** Grows whenever the box tells that something about campaigns changed; supervisors only. */
export const campaignsChange = signal(0);
/** Grows whenever the lead that an agent is shown changed. */
export const cardChange = signal(0);
/** Milliseconds since the epoch when the box fell silent; undefined while it speaks. */
export const silentSince = signal<number | undefined>(undefined);

/** Counts for the strip and the figures. */
export const figures = computed(() => {
  const now = live.value;
  const queues = now?.queues ?? [];
  const trunks = now?.trunks.filter((trunk) => trunk.state !== 'disabled') ?? [];
  return {
    waiting: queues.reduce((sum, queue) => sum + queue.waiting, 0),
    overThreshold: queues.some((queue) => queue.waiting > queue.waitingThreshold),
    calls: now?.calls.length ?? 0,
    agentsAvailable: now?.agents.filter((agent) => agentLamp(agent) === 'available').length ?? 0,
    trunksUp: trunks.filter((trunk) => trunk.state === 'up').length,
    trunksDown: trunks.filter((trunk) => trunk.state === 'down').length,
    trunks: trunks.length,
    faults: now?.faults.length ?? 0,
  };
});

/** Two missed heartbeats and a bit. */
const silenceMs = 40_000;
const retryMs = 2_000;

let source: EventSource | undefined;
let silenceTimer: ReturnType<typeof setTimeout> | undefined;
let retryTimer: ReturnType<typeof setTimeout> | undefined;

function heard(at?: number): void {
  if (at !== undefined) {
    // A second's difference is the network's, not the clock's.
    const offset = at - Date.now();
    clockOffsetMs.value = Math.abs(offset) < 1000 ? 0 : offset;
    nowMs.value = Date.now() + clockOffsetMs.value;
  }
  silentSince.value = undefined;
  clearTimeout(silenceTimer);
  silenceTimer = setTimeout(fellSilent, silenceMs);
}

function fellSilent(): void {
  silentSince.value ??= Date.now() + clockOffsetMs.value;
}

function on<Data>(name: string, action: (data: Data) => void): void {
  source?.addEventListener(name, (event) => action(JSON.parse((event as MessageEvent<string>).data) as Data));
}

/** Which wallboard's eyes this page has; undefined: those of who is signed in. */
let wallId: string | undefined;

/** Begins to listen; called when somebody has signed in, or with a wallboard's link. */
export function startLive(wall?: string): void {
  stopLive();
  wallId = wall;
  source = new EventSource(urlOf('events') + (wall === undefined ? '' : `?wall=${encodeURIComponent(wall)}`));
  source.onopen = () => heard();
  source.onerror = () => {
    fellSilent();
    // CLOSED: the browser gave up because the box answered with an error; it resumes by itself otherwise.
    if (source?.readyState === EventSource.CLOSED) retryTimer = setTimeout(() => void retry(), retryMs);
  };
  on<LiveSnapshot>('snapshot', (snapshot) => {
    live.value = snapshot;
    heard(snapshot.at);
  });
  on<LiveDelta>('delta', (delta) => {
    if (live.value) live.value = applyDelta(live.value, delta);
    heard(delta.at);
  });
  on<{ at: number }>('heartbeat', ({ at }) => heard(at));
  on<{ revision: number }>('settings', ({ revision }) => {
    settingsRevision.value = revision;
    heard();
  });
  on<{ at: number }>('campaigns', ({ at }) => {
    campaignsChange.value += 1;
    heard(at);
  });
  on<{ agentId: string }>('card', () => {
    cardChange.value += 1;
    heard();
  });
  on<{ lamps: LampState[] }>('panel', ({ lamps }) => {
    panelLamps.value = lamps;
    heard();
  });
  on<EndpointResponse<'capacity'>>('capacity', (view) => {
    capacityNow.value = view;
    heard();
  });
}

/** Tries again at once while nothing is heard. */
export function reconnect(): void {
  if (silentSince.value !== undefined) void retry();
}

async function retry(): Promise<void> {
  if (wallId !== undefined) {
    startLive(wallId);
    return;
  }
  try {
    const response = await fetch(urlOf('session'), { credentials: 'same-origin' });
    const session = (await response.json()) as EndpointResponse<'session'>;
    if (response.ok && !session.user) {
      user.value = null;
      return;
    }
  } catch {
    // Still away; the next source tries again.
  }
  startLive();
}

export function stopLive(): void {
  source?.close();
  source = undefined;
  clearTimeout(silenceTimer);
  clearTimeout(retryTimer);
}

/** Forgets everything: somebody else may sign in next. */
export function forgetLive(): void {
  stopLive();
  live.value = undefined;
  panelLamps.value = undefined;
  capacityNow.value = undefined;
  silentSince.value = undefined;
}
