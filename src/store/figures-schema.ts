/**
 * Tables of the figures' sums. All of it is derived from the call log: a file of another version, of other rules or of
 * another log is emptied and counted anew.
 *
 * `cells` has the sums of an interval at eleven levels, so that any report reads a few thousand rows: by hour, day and
 * month, and in each for one queue and agent, one queue, one agent, and all. Full days are not summed from hours by the
 * report, nor months from days. `*` stands for all, `''` for none.
 */
import { measures } from '../domain/metrics/measures.ts';

export const all = '*';

export const levels = {
  'hour queue': 0,
  'hour agent': 1,
  'hour all': 2,
  'day pair': 3,
  'day queue': 4,
  'day agent': 5,
  'day all': 6,
  'month pair': 7,
  'month queue': 8,
  'month agent': 9,
  'month all': 10,
} as const;
export type Level = (typeof levels)[keyof typeof levels];
export type LevelUnit = 'hour' | 'day' | 'month';

export const figuresSchema = `
  CREATE TABLE cells (
    level INTEGER NOT NULL,
    start_at INTEGER NOT NULL,
    queue_id TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    slot INTEGER NOT NULL,
    ${measures.map((measure) => `"${measure}" REAL NOT NULL`).join(',\n    ')},
    PRIMARY KEY (level, start_at, queue_id, agent_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE progress (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    rules TEXT NOT NULL,
    seq INTEGER NOT NULL,
    digest TEXT NOT NULL,
    state BLOB NOT NULL
  ) STRICT;
`;
