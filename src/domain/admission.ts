/**
 * Whether a new call may come in (overload): rules only; figures come from the edges, once or twice a second.
 *
 *     open --enough calls, or a figure beyond its bound for two seconds--> short of something --all well for a while--> open
 *
 * While short, calls from outside are refused (503), calls in progress keep what they have. Calls that people of
 * the office make may use a small reserve, emergency calls are never refused.
 */

/** What is short. `calls`: as many as this machine carries are up. */
export const shortages = ['calls', 'processor', 'audio', 'memory', 'ports', 'disk'] as const;
export type Shortage = (typeof shortages)[number];

/** Who asks. `inside`: a phone of the office, a browser, or click to call. */
export type CallOrigin = 'outside' | 'inside' | 'emergency';

export interface LoadFigures {
  /** Calls in progress, ringing ones included. */
  calls: number;
  /** How late the main program's timers were on average since the last look, milliseconds. */
  eventLoopLateMs: number;
  /** How late the beat of the audio was at worst since the last look, milliseconds; 0 when it is not known. */
  audioLateMs: number;
  /** Memory that programs may still take. */
  memoryFreeBytes: number;
  /** Pairs of RTP ports that no leg has. */
  portPairsFree: number;
  /** For how long audio waits to be written to the disk, milliseconds. */
  recordingLagMs: number;
}

export interface AdmissionState {
  /** In the order of `shortages`. */
  short: readonly Shortage[];
  /** By shortage: looks in a row that spoke for a change. */
  streaks: Readonly<Partial<Record<Shortage, number>>>;
}

export const openAdmission: AdmissionState = { short: [], streaks: {} };

/** Calls that a machine is trusted with as long as nobody has measured it. */
export const unmeasuredLimit = 100;

/** Looks in a row that a figure must be beyond its bound before it counts, so that a stutter refuses nobody. */
const looksToClose = 4;
/** Looks in a row that must be well before calls come in again. */
const looksToOpen = 4;

/** Where a shortage begins, and where it is over: the room between the two is the hysteresis. */
const bounds: Record<
  Exclude<Shortage, 'calls'>,
  { begins(f: LoadFigures): boolean; isOver(f: LoadFigures): boolean }
> = {
  processor: { begins: (f) => f.eventLoopLateMs > 120, isOver: (f) => f.eventLoopLateMs < 50 },
  audio: { begins: (f) => f.audioLateMs > 100, isOver: (f) => f.audioLateMs < 40 },
  memory: { begins: (f) => f.memoryFreeBytes < 64e6, isOver: (f) => f.memoryFreeBytes > 128e6 },
  // A call takes two pairs, one that is transferred three.
  ports: { begins: (f) => f.portPairsFree < 4, isOver: (f) => f.portPairsFree >= 8 },
  disk: { begins: (f) => f.recordingLagMs > 5_000, isOver: (f) => f.recordingLagMs < 1_000 },
};

/** Calls beyond the limit that people of the office may make. */
export function reserveOf(limit: number): number {
  return Math.max(2, Math.ceil(limit / 10));
}

/** Below this many calls the shortage of calls is over. */
function reopensBelow(limit: number): number {
  return limit - Math.max(1, Math.floor(limit / 20));
}

/** Takes the figures of another look in. @param limit calls that this machine carries */
export function observe(state: AdmissionState, figures: LoadFigures, limit: number): AdmissionState {
  const streaks: Partial<Record<Shortage, number>> = {};
  const short = shortages.filter((shortage) => {
    const isShort = state.short.includes(shortage);
    // Calls are counted exactly, and one stutter cannot make them more.
    if (shortage === 'calls') return isShort ? figures.calls > reopensBelow(limit) : figures.calls >= limit;
    const { begins, isOver } = bounds[shortage];
    const speaksForChange = isShort ? isOver(figures) : begins(figures);
    const streak = speaksForChange ? (state.streaks[shortage] ?? 0) + 1 : 0;
    if (streak >= (isShort ? looksToOpen : looksToClose)) return !isShort;
    if (streak > 0) streaks[shortage] = streak;
    return isShort;
  });
  return { short, streaks };
}

/**
 * Why a call is refused now; undefined when it may come in. Ports and memory that are gone are gone for everybody
 * but emergency calls; a machine that is merely late still takes what its own people need.
 * @param calls in progress now, the new one not counted
 */
export function refusal(
  state: AdmissionState,
  origin: CallOrigin,
  calls: number,
  limit: number,
): Shortage | undefined {
  if (origin === 'emergency') return undefined;
  if (origin === 'outside') return state.short[0] ?? (calls >= limit ? 'calls' : undefined);
  const hard = state.short.find((each) => each === 'ports' || each === 'memory');
  return hard ?? (calls >= limit + reserveOf(limit) ? 'calls' : undefined);
}

/** How many more calls the SIP engine may hand in before it is told again. */
export function roomFor(state: AdmissionState, calls: number, limit: number): number {
  const withReserve = Math.max(0, limit + reserveOf(limit) - calls);
  return state.short.length > 0 ? Math.min(withReserve, reserveOf(limit)) : withReserve;
}
