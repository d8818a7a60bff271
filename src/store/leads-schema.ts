/**
 * Tables of the lead store, a file of its own.
 *
 * `attempts`, `attempt_results`, `attempt_notes`, `do_not_call_log` and `campaign_log` only grow: they prove who was
 * called when, and why it was allowed. The state of a lead is what they make of it, kept in its row so that the next
 * one is found by an index. `staged_leads` holds an import until it is committed as a whole.
 */
const appendOnly = (table: string): string => `
  CREATE TRIGGER ${table}_stay BEFORE UPDATE ON ${table}
    BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;
  CREATE TRIGGER ${table}_remain BEFORE DELETE ON ${table}
    BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END;`;

export const leadsSchema: readonly string[] = [
  `
  CREATE TABLE lists (
    list_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE leads (
    lead_id INTEGER PRIMARY KEY AUTOINCREMENT,
    list_id TEXT NOT NULL REFERENCES lists (list_id),
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    note TEXT NOT NULL,
    fields TEXT NOT NULL,
    -- Of number-zones.ts: a zone by name, or + and what the number says.
    place TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'new',
    due_at INTEGER NOT NULL DEFAULT 0,
    agent_id TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    last_attempt_at INTEGER,
    last_result TEXT,
    UNIQUE (list_id, number)
  ) STRICT;
  CREATE INDEX leads_next ON leads (list_id, state, place, due_at, attempts, agent_id);
  CREATE INDEX leads_of_number ON leads (number);

  CREATE TABLE imports (
    import_id TEXT PRIMARY KEY,
    list_id TEXT NOT NULL,
    who TEXT NOT NULL,
    begun_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE staged_leads (
    import_id TEXT NOT NULL,
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    note TEXT NOT NULL,
    fields TEXT NOT NULL,
    place TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (import_id, number)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE attempts (
    -- Also the id of its call in the call log.
    attempt_id TEXT PRIMARY KEY,
    lead_id INTEGER NOT NULL,
    list_id TEXT NOT NULL,
    campaign_id TEXT NOT NULL,
    number TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    trunk_id TEXT NOT NULL,
    caller_number TEXT NOT NULL,
    intent_at INTEGER NOT NULL,
    place TEXT NOT NULL,
    do_not_call_version INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX attempts_of_lead ON attempts (lead_id, intent_at);
  CREATE INDEX attempts_of_number ON attempts (number, intent_at);
  CREATE INDEX attempts_of_campaign ON attempts (campaign_id, intent_at, attempt_id);
  CREATE TABLE attempt_results (
    attempt_id TEXT PRIMARY KEY REFERENCES attempts (attempt_id),
    at INTEGER NOT NULL,
    result TEXT NOT NULL,
    reason TEXT NOT NULL,
    sip_status INTEGER,
    ring_ms INTEGER,
    voice_ms INTEGER
  ) STRICT, WITHOUT ROWID;
  -- What people said of an attempt afterwards: 'disposition' and 'decision'.
  CREATE TABLE attempt_notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    attempt_id TEXT NOT NULL REFERENCES attempts (attempt_id),
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('disposition', 'decision')),
    value TEXT NOT NULL
  ) STRICT;
  CREATE INDEX notes_of_attempt ON attempt_notes (attempt_id, id);
  -- Calls that go on, and those of unknown outcome that nobody has decided on yet.
  CREATE TABLE open_attempts (
    attempt_id TEXT PRIMARY KEY REFERENCES attempts (attempt_id),
    number TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX open_numbers ON open_attempts (number);

  CREATE TABLE do_not_call (
    number TEXT PRIMARY KEY,
    added_at INTEGER NOT NULL,
    added_by TEXT NOT NULL,
    source TEXT NOT NULL,
    reason TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE do_not_call_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    number TEXT NOT NULL,
    change TEXT NOT NULL CHECK (change IN ('added', 'removed')),
    who TEXT NOT NULL,
    source TEXT NOT NULL,
    reason TEXT NOT NULL
  ) STRICT;
  CREATE INDEX do_not_call_log_of_number ON do_not_call_log (number, id);

  -- campaign_id '*': dialling as a whole (the emergency stop).
  CREATE TABLE campaign_log (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    campaign_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    state TEXT NOT NULL
  ) STRICT;
  CREATE INDEX campaign_log_of_campaign ON campaign_log (campaign_id, id);
  ${['attempts', 'attempt_results', 'attempt_notes', 'do_not_call_log', 'campaign_log'].map(appendOnly).join('')}
  `,
  // The list is shown newest first.
  'CREATE INDEX do_not_call_by_age ON do_not_call (added_at, number);',
];
