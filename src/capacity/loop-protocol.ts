/** What the capacity test and its load, a process of its own, tell each other over IPC. */

export type LoopOrder =
  /** @property calls how many there are to be from now on */
  | { order: 'calls'; calls: number }
  /** Measure from now on. */
  | { order: 'measure' }
  /** Tell what was measured. */
  | { order: 'report' };

export type LoopAnswer =
  /** So many calls are up, both sides of each. */
  | { answer: 'up'; calls: number; failed: number }
  | { answer: 'report'; sent: number; received: number; latencyP99Ms: number; failed: number };

/** How the process is told what to call: these variables. */
export const loopEnvironment = {
  server: 'CORDBOARD_LOOP_SERVER',
  address: 'CORDBOARD_LOOP_ADDRESS',
  token: 'CORDBOARD_LOOP_TOKEN',
} as const;
