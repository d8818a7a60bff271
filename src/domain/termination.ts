/** The technical end of a leg or call (a `disposition`, by contrast, is what an agent records). */
export type TerminationClass = 'success' | 'client' | 'server' | 'upstream' | 'indeterminate';

export interface Termination {
  class: TerminationClass;
  /** Stable word, e.g. `caller-hung-up`, `agent-hung-up`, `no-answer`, `busy`, `rejected`, `media-engine-failed`. */
  reason: string;
  /** SIP status or Q.850 cause where one came with it. */
  sipStatus?: number;
}
