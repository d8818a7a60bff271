/**
 * Tables of the call log.
 *
 * `events` is the truth and only grows. `calls` and `call_documents` are folded from it when a call ends, so that
 * lists need not fold: `calls` is narrow, because lists walk over it; the folded call is JSON in `call_documents`.
 */
export const callLogSchema: readonly string[] = [
  `
  CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('call', 'agent')),
    call_id TEXT,
    agent_id TEXT,
    name TEXT NOT NULL,
    json TEXT NOT NULL
  ) STRICT;
  CREATE INDEX events_of_call ON events (call_id) WHERE call_id IS NOT NULL;
  CREATE INDEX events_of_agent ON events (agent_id, seq) WHERE kind = 'agent';
  CREATE TRIGGER events_stay BEFORE UPDATE ON events
    BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
  CREATE TRIGGER events_remain BEFORE DELETE ON events
    BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

  CREATE TABLE calls (
    id INTEGER PRIMARY KEY,
    call_id TEXT NOT NULL UNIQUE,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    direction TEXT NOT NULL,
    from_number TEXT NOT NULL,
    to_number TEXT NOT NULL,
    trunk_id TEXT,
    queue_id TEXT,
    agent_id TEXT,
    phase TEXT NOT NULL,
    abandoned INTEGER NOT NULL,
    has_recording INTEGER NOT NULL,
    wait_ms INTEGER NOT NULL,
    talk_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX calls_by_time ON calls (started_at, id);
  CREATE INDEX calls_by_queue ON calls (queue_id, started_at, id);
  CREATE INDEX calls_by_agent ON calls (agent_id, started_at, id);
  CREATE INDEX calls_open ON calls (id) WHERE ended_at IS NULL;
  CREATE TABLE call_documents (id INTEGER PRIMARY KEY REFERENCES calls (id), json TEXT NOT NULL) STRICT;

  CREATE TABLE call_recordings (recording_id TEXT PRIMARY KEY, call_id TEXT NOT NULL) STRICT, WITHOUT ROWID;

  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  `,
  // What has been with this number before (caller-history.ts).
  `
  CREATE INDEX calls_from_tail ON calls (substr(from_number, -9), started_at, id);
  CREATE INDEX calls_to_tail ON calls (substr(to_number, -9), started_at, id);
  `,
  // What calls are searched and filtered by. `call_search` finds any three characters in a row; it keeps no text.
  `
  ALTER TABLE calls ADD COLUMN result TEXT NOT NULL DEFAULT 'running';
  ALTER TABLE calls ADD COLUMN mos REAL;
  ALTER TABLE calls ADD COLUMN disposition TEXT;
  UPDATE calls SET
    result = (SELECT CASE
      WHEN d.json ->> '$.connectedAt' IS NOT NULL THEN 'answered'
      WHEN calls.abandoned = 1 THEN 'abandoned'
      WHEN d.json ->> '$.termination.class' IN ('success', 'client') THEN 'unanswered'
      ELSE 'failed' END FROM call_documents d WHERE d.id = calls.id),
    mos = (SELECT min(leg.value ->> '$.quality.mos') FROM call_documents d, json_each(d.json, '$.legs') leg
      WHERE d.id = calls.id)
    WHERE ended_at IS NOT NULL AND id IN (SELECT id FROM call_documents);
  CREATE INDEX calls_by_trunk ON calls (trunk_id, started_at, id) WHERE trunk_id IS NOT NULL;
  CREATE INDEX calls_by_result ON calls (result, started_at, id);
  CREATE INDEX calls_by_disposition ON calls (disposition, started_at, id) WHERE disposition IS NOT NULL;
  CREATE INDEX calls_poor ON calls (started_at, id) WHERE mos < 3.1;
  CREATE INDEX calls_recorded ON calls (started_at, id) WHERE has_recording = 1;
  CREATE VIRTUAL TABLE call_search USING fts5 (text, content = '', contentless_delete = 1,
    tokenize = 'trigram remove_diacritics 1');
  INSERT INTO call_search (rowid, text)
    SELECT c.id, concat_ws(' ', c.from_number, c.to_number, d.json ->> '$.fromName')
    FROM calls c LEFT JOIN call_documents d ON d.id = c.id;
  `,
];
