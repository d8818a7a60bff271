/** Timers of RFC 3261 §17 (table 4), RFC 6026 and RFC 3262, all derived from three values, and limits of our own. */
export interface SipTiming {
  /** Round-trip estimate, milliseconds. */
  t1Ms: number;
  /** Longest interval between retransmissions, milliseconds. */
  t2Ms: number;
  /** How long a message may stay in the network, milliseconds. */
  t4Ms: number;
  /** Timer D: how long a UAC waits for repeated final responses over UDP, milliseconds (at least 32 s). */
  timerDMs: number;
  /** A target that has said nothing for so long loses its turn to the next one, where there is one (RFC 3263 §4.3). */
  targetTimeoutMs: number;
  /** An application that has not answered a request (an INVITE: not even provisionally) within this is given up on. */
  applicationTimeoutMs: number;
  /** A provisional response is repeated this often so that proxies do not give up on a long ringing (§13.3.1.1). */
  provisionalRepeatMs: number;
  /** A dialog without an owner that nobody adopts within this is ended by the engine. */
  orphanLimitMs: number;
  /** Failures found on this machine are told this long after the verdict, so that an application has listened by then. */
  localFailureDelayMs: number;
}

/** 64*T1: timers B, F, H, J, L and M. */
export function transactionTimeoutMs(timing: SipTiming): number {
  return 64 * timing.t1Ms;
}

export const standardTiming: SipTiming = {
  t1Ms: 500,
  t2Ms: 4_000,
  t4Ms: 5_000,
  timerDMs: 32_000,
  targetTimeoutMs: 5_000,
  applicationTimeoutMs: 30_000,
  provisionalRepeatMs: 55_000,
  orphanLimitMs: 300_000,
  localFailureDelayMs: 8,
};

/** The same machine with every RFC timer in proportion to another T1; for tests on a quick network. */
export function timingWithT1(t1Ms: number): SipTiming {
  return {
    ...standardTiming,
    t1Ms,
    t2Ms: 8 * t1Ms,
    t4Ms: 10 * t1Ms,
    timerDMs: 64 * t1Ms,
    targetTimeoutMs: 10 * t1Ms,
  };
}
