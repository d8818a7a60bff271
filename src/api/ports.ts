/**
 * What the API needs of the rest of the house, in the narrowest form. The composition root adapts stores,
 * call-control, telephony and panel to these; tests give small working ones (test/support/api-ports.ts).
 * Failures are CordboardErrors; problem.ts maps their codes to HTTP statuses.
 */
import type { GuardBan, GuardCounters, TappedMessage } from '../codec/engine-control.ts';
import type { Call, CallRecording } from '../domain/call.ts';
import type { CallFact, LogEvent } from '../domain/call-event.ts';
import type { Lead } from '../domain/campaign/lead.ts';
import type { LeadBook } from '../domain/campaign/lead-store.ts';
import type { AgentCard, CampaignLive, DiallerLive } from '../domain/campaign/live.ts';
import type { LeadRole } from '../domain/imports/lead-columns.ts';
import type { LeadImportView } from '../domain/imports/lead-import-view.ts';
import type { TableChoices, TableRow, UploadedTable } from '../domain/imports/uploaded-table.ts';
import type { AgentStatus, LiveAgent, LiveHours, LiveSnapshot } from '../domain/live.ts';
import type { FiguresNow, FiguresQuery, ReportQuery } from '../domain/metrics/report.ts';
import type { NightMode } from '../domain/schedule.ts';
import type { LampAssignment } from '../domain/settings/lamps.ts';
import type { Language, Settings } from '../domain/settings.ts';
import type { BrowserLegSignalling } from '../telephony/contract.ts';
import type { EndpointParsedQuery, EndpointResponse, LampState, Peaks } from './contract.ts';

/** Stops what was begun; idempotent. */
export type Stop = () => void;

/** What changed, by path; secrets are masked. Without `before` it was added, without `after` removed. */
export interface SettingChange {
  path: string;
  before?: unknown;
  after?: unknown;
}

/** The settings store (store/settings-store.ts fits as it is). */
export interface SettingsPort {
  /** Secrets sealed. */
  readonly current: Settings;
  /** Secrets in plain text. */
  readonly revealed: Settings;
  /** Grows by one with each change. */
  readonly revision: number;
  /**
   * `change` makes the new document of the present one; it runs when all earlier changes are done. Plain secrets in
   * the new one are sealed by the store. What it throws is thrown by `update`, and nothing changes. Durable when
   * resolved.
   * @throws CordboardError settings.conflict when `baseRevision` is no longer current, settings.invalid, disk.*
   */
  update(
    change: (settings: Settings) => Settings,
    options: { who: string; baseRevision?: number },
  ): Promise<{ revision: number; settings: Settings; changes: SettingChange[] }>;
  /** Newest first. */
  revisions(): Promise<EndpointResponse<'listRevisions'>['items']>;
  /** What `rollback` would change now. @throws CordboardError not-found */
  rollbackChanges(revision: number): Promise<SettingChange[]>;
  /** @throws CordboardError not-found */
  rollback(
    revision: number,
    options: { who: string },
  ): Promise<{ revision: number; changes: SettingChange[] }>;
  readonly events: { on(name: 'changed', listener: (change: { revision: number }) => void): Stop };
}

type ParsedCallQuery = EndpointParsedQuery<'listCalls'>;
/** The filters of the list; those not asked for are absent. */
export type CallQuery = { [Key in keyof ParsedCallQuery]: Exclude<ParsedCallQuery[Key], undefined> };

export interface CallLogPort {
  /** Newest first; only what is committed. @throws CordboardError request.invalid for a cursor it did not give */
  listCalls(query: CallQuery): Promise<{ items: Call[]; next: string | null; lookedBackTo?: number }>;
  getCall(callId: string): Promise<Call | undefined>;
  /** The last calls from and to a number (digits), ended ones, newest first. */
  history(query: {
    number: string;
    limit: number;
    only?: { queueIds: string[]; agentId: string; extensionNumber: string };
  }): Promise<EndpointResponse<'callerHistory'>['items']>;
  /** Events of the call, and of agents about it, oldest first. */
  courseOf(callId: string): Promise<LogEvent[]>;
  append(event: LogEvent): void;
  findRecording(recordingId: string): Promise<{ call: Call; recording: CallRecording } | undefined>;
  /**
   * Its SIP messages in order of time, credentials crossed out; empty when none were kept.
   * @param sipCallIds of its legs, by which the messages of a call still going on are found
   */
  messages(callId: string, sipCallIds: readonly string[]): Promise<TappedMessage[]>;
}

/** A file to be sent: its size now, and its bytes from `start` to `end` inclusive. */
export interface SoundFile {
  bytes: number;
  modifiedAt: number;
  read(start: number, end: number): ReadableStream<Uint8Array>;
}

export interface RecordingsPort {
  /** `file` as in the call log; undefined when the file is gone. */
  open(file: string): Promise<SoundFile | undefined>;
  /** Computed once, off the main thread. Undefined when the file is gone. @throws CordboardError disk.* */
  peaks(file: string): Promise<Peaks | undefined>;
  /** False when it was gone. @throws CordboardError disk.failed */
  remove(file: string): Promise<boolean>;
}

export interface LivePort {
  snapshot(): LiveSnapshot;
  /** Told at each change, at once and often; the API coalesces. */
  readonly events: { on(name: 'changed', listener: () => void): Stop };
}

export interface CallsPort {
  /** Rings the extension, then dials `number`. @throws CordboardError dial.*, not-found */
  clickToCall(request: {
    extensionId: string;
    agentId?: string;
    number: string;
    who: string;
  }): Promise<{ callId: string }>;
  /** A test call over one trunk. @throws CordboardError not-found, overloaded, dial.* */
  testTrunk(request: { trunkId: string; number: string; who: string }): Promise<{ callId: string }>;
  /** False when there is no such live call. */
  hangUp(callId: string, who: string): Promise<boolean>;
  /** @throws CordboardError not-found */
  setAgentStatus(agentId: string, status: AgentStatus, reason: string | undefined): Promise<LiveAgent>;
  /** Ends wrap-up; harmless otherwise. @throws CordboardError not-found */
  endWrapUp(agentId: string): Promise<LiveAgent>;
}

/** What people write down about calls, during them and afterwards. */
export interface DeskPort {
  /** Durable when resolved. @throws CordboardError disk.* when it cannot be now; it is still kept and tried again */
  write(callId: string, fact: Extract<CallFact, { name: 'NOTE' | 'DISPOSITION' }>): Promise<void>;
  /** More time for the work after the call, once; harmless otherwise. @throws CordboardError not-found */
  moreWrapUp(agentId: string): Promise<LiveAgent>;
}

export type Prompt = EndpointResponse<'uploadPrompt'>;

export interface PromptsPort {
  list(): Promise<Prompt[]>;
  /** How far speaking all of them again is. */
  progress(): { done: number; total: number } | null;
  /** The file that callers hear; undefined when there is none. */
  file(promptId: string, language: Language): string | undefined;
  /** Renders what the settings say; the duration of this one. @throws CordboardError prompt.invalid, program.* */
  apply(promptId: string, language: Language): Promise<number | null>;
  /** How words would sound. @throws CordboardError prompt.invalid, program.* */
  preview(language: Language, text: string): Promise<SoundFile>;
  /** Removes the uploads of a prompt in all languages. */
  forget(promptId: string): Promise<void>;
  /** Begins to speak every text again, and goes on by itself. @returns how many */
  renderAgain(): number;
  sound(promptId: string, language: Language): Promise<SoundFile | undefined>;
  /** Converts and keeps an upload. @throws CordboardError prompt.invalid, not-found, disk.* */
  replace(promptId: string, language: Language, sound: Uint8Array): Promise<Prompt>;
  /** @throws CordboardError not-found */
  restore(promptId: string, language: Language): Promise<Prompt>;
}

/** Uploaded CSV files (imports/tables.ts fits as it is). */
export interface TablesPort {
  /** Keeps a file for an hour and says what is in it. @throws CordboardError disk.* */
  keep(name: string, content: Uint8Array): Promise<UploadedTable>;
  /** The same file read another way. @throws CordboardError import.gone */
  view(fileId: string, choices: TableChoices): Promise<UploadedTable>;
  /** The first rows. @throws CordboardError import.gone, import.unreadable */
  rows(
    fileId: string,
    choices: TableChoices,
    maxRows: number,
  ): Promise<{ columns: string[]; rows: TableRow[]; more: boolean }>;
  drop(fileId: string): Promise<void>;
}

/** Imports into lists of leads and the do-not-call list (imports/lead-imports.ts fits as it is). */
export interface LeadImportsPort {
  /** Looks at every row. @throws CordboardError import.gone, import.busy, not-found */
  begin(request: {
    fileId: string;
    choices: TableChoices;
    roles: (LeadRole | null)[];
    country: string;
    to: { listId: string; notInOtherLists: boolean } | { doNotCallReason: string };
    who: string;
    rows: number;
  }): Promise<LeadImportView>;
  /** @throws CordboardError import.gone */
  view(importId: string): LeadImportView;
  /** Stores all of it at once. @throws CordboardError import.gone, import.busy, disk.* */
  commit(importId: string): Promise<LeadImportView>;
  discard(importId: string): Promise<void>;
  /** JSON lines. @throws CordboardError import.gone */
  badRows(importId: string): Promise<ReadableStream<Uint8Array>>;
}

/** Prompts spoken into a desk phone. */
export interface PromptTakesPort {
  /** @throws CordboardError not-found, dial.no-contact, overloaded */
  start(extensionId: string, language: Language): EndpointResponse<'recordTake'>;
  /** @throws CordboardError not-found */
  get(takeId: string): EndpointResponse<'getTake'>;
  /** Undefined unless it is done. */
  sound(takeId: string): Promise<SoundFile | undefined>;
  drop(takeId: string): Promise<void>;
}

export interface PanelPort {
  view(): Omit<EndpointResponse<'panel'>, 'settings'>;
  onChange(listener: (lamps: LampState[]) => void): Stop;
  /** Flashes a lamp for a few seconds. @throws CordboardError panel.port when no panel is connected */
  test(lamp: number): Promise<void>;
  /** What lamps laid out like this would show now. */
  preview(lamps: LampAssignment[]): Promise<LampState[]>;
  /** A layout that fits the office and the panel. */
  suggest(): LampAssignment[];
  /** Shows an alarm for a few seconds. @throws CordboardError panel.no-alarm-lamp */
  simulateAlarm(): void;
}

export interface AuditEntry {
  at: number;
  /** User name, or what a visitor called themselves. */
  who: string;
  /** Network address the request came from. */
  source: string;
  /** Stable word, e.g. `extension.create`, `login.failed`, `recording.listened`. */
  action: string;
  /** Id of what it was done to. */
  target?: string;
  /** More about it, when there is: `changes` of the settings, the filters of an export. */
  details?: Record<string, unknown>;
}

type ParsedAuditQuery = EndpointParsedQuery<'audit'>;
export type AuditQuery = { [Key in keyof ParsedAuditQuery]: Exclude<ParsedAuditQuery[Key], undefined> };

export interface AuditPort {
  /** Fire and forget, in order. */
  record(entry: AuditEntry): void;
  /** Newest first. @throws CordboardError request.invalid for a cursor it did not give */
  audit(query: AuditQuery): Promise<EndpointResponse<'audit'>>;
}

export interface SessionRecord {
  /** Hex SHA-256 of the token: whoever reads the store cannot sign in with it. */
  tokenHash: string;
  userId: string;
  /** Of the user's role and password when it began: when it no longer fits, the session is over. */
  stamp: string;
  createdAt: number;
  lastUsedAt: number;
  expiresAt: number;
  /** Network address it began from. */
  source: string;
  /** What the browser calls itself. */
  userAgent: string;
}

export interface SessionsPort {
  get(tokenHash: string): SessionRecord | undefined;
  /** Adds or renews. */
  put(session: SessionRecord): void;
  remove(tokenHash: string): void;
  /** All of a user, but for the one named. */
  removeOfUser(userId: string, exceptTokenHash?: string): void;
  ofUser(userId: string): SessionRecord[];
}

/** Which one-time codes were used. */
export interface UsedCodesPort {
  /** Takes note of a code's time step; false when that one, or a later one, was used before. */
  useCode(userId: string, step: number): boolean;
}

export interface PasswordsPort {
  /** argon2id, PHC string. */
  hash(password: string): Promise<string>;
  /** With `hash` undefined (no such user) the answer is false after the same work. */
  verify(password: string, hash: string | undefined): Promise<boolean>;
}

/** The end of the box's log, secrets crossed out. */
export interface LogPort {
  read(query: EndpointParsedQuery<'readLog'>): Promise<EndpointResponse<'readLog'>>;
  masked(): Promise<string>;
}

/** Opening hours and the night button. */
export interface HoursPort {
  live(): LiveHours;
  press(mode: 'auto' | NightMode['mode'], ends: NightMode['ends'], who: string): Promise<LiveHours>;
}

export interface HealthPort {
  /** `sip.servers` may be empty: the API then names the addresses it is reached by itself. */
  report(): Promise<EndpointResponse<'health'>>;
}

/** The SIP server's guard. */
export interface GuardPort {
  /** `active` is false while nothing is known of it. */
  list(): Promise<{ active: boolean; bans: GuardBan[]; counters: GuardCounters }>;
  /** False when there was no such ban. @throws CordboardError when the SIP server is down */
  release(source: string): Promise<boolean>;
}

/** The figures of the call log, as of `now` (store/figures.ts fits as it is). @throws CordboardError disk.* */
export interface FiguresPort {
  figures(query: FiguresQuery, now: number): Promise<FiguresNow>;
  /** The report as JSON: it is large, and made in another thread. */
  report(query: ReportQuery, now: number): Promise<string>;
  reportCsv(query: ReportQuery, now: number): Promise<string>;
}

/** The test of what this machine carries. */
export interface CapacityPort {
  view(): EndpointResponse<'capacity'>;
  /** @throws CordboardError capacity.busy, capacity.impossible */
  begin(): void;
  /** False when no test runs. */
  abort(): boolean;
  onChange(listener: () => void): Stop;
}

/** What campaigns do, and by whose word. */
export interface DiallerPort {
  live(): Promise<DiallerLive>;
  /** @throws CordboardError not-found */
  campaign(campaignId: string): Promise<CampaignLive>;
  /** @throws CordboardError not-found, disk.* */
  setState(campaignId: string, state: 'running' | 'paused' | 'finished', who: string): Promise<CampaignLive>;
  /** The emergency stop, and its end. */
  stopAll(who: string): Promise<DiallerLive>;
  release(who: string): Promise<DiallerLive>;
  card(agentId: string): AgentCard | null;
  /**
   * What was agreed on a call of a campaign. @param agentId who promised it; null: anybody calls
   * @throws CordboardError not-found when it is no such call
   */
  agreeCallback(callId: string, callback: { at: number; agentId: string | null; who: string }): Promise<Lead>;
  /** Leads or their numbers were changed by hand or import: looks again. */
  leadsChanged(): void;
  readonly events: {
    on(name: 'changed', listener: () => void): Stop;
    on(name: 'card', listener: (agentId: string) => void): Stop;
  };
}

/** Who may enter for the first time; api/claim.ts. */
export interface ClaimPort {
  /** The code while the office is unclaimed. */
  claimCode(): string | null;
  /** Compares in constant time. */
  matches(code: string): boolean;
  /** Claimed: the code is void. */
  close(): Promise<void>;
}

export interface BackupPort {
  state(): Promise<EndpointResponse<'backupState'>>;
  /** Copies what changes; the copies wait for `open`. @throws CordboardError disk.full, disk.failed, backup.busy */
  prepare(options: { passphrase?: string | undefined; recordings: boolean }): Promise<{ id: string }>;
  /** Sends it, once. @throws CordboardError not-found */
  open(id: string): { fileName: string; stream: ReadableStream<Uint8Array> };
  /** Begins to take one back. @throws CordboardError disk.full, disk.failed */
  begin(bytes: number): Promise<{ id: string }>;
  /** @throws CordboardError backup.invalid, not-found, disk.full, disk.failed */
  receive(id: string, offset: number, piece: Uint8Array): Promise<void>;
  /** @throws CordboardError backup.*, settings.invalid, settings.unreadable, not-found */
  check(id: string, passphrase?: string): Promise<EndpointResponse<'checkRestore'>>;
  /** Restores it at once, by a restart. @throws as `check`, and backup.busy while calls are up unless forced */
  apply(id: string, force: boolean): Promise<{ officeName: string; at: number }>;
  /** @throws CordboardError not-found */
  drop(id: string): Promise<void>;
  /** @throws CordboardError not-found, backup.busy */
  undo(force: boolean): Promise<void>;
}

export interface ApiPorts {
  settings: SettingsPort;
  callLog: CallLogPort;
  recordings: RecordingsPort;
  live: LivePort;
  calls: CallsPort;
  desk: DeskPort;
  browser: BrowserLegSignalling;
  hours: HoursPort;
  logs: LogPort;
  prompts: PromptsPort;
  promptTakes: PromptTakesPort;
  tables: TablesPort;
  imports: LeadImportsPort;
  panel: PanelPort;
  audit: AuditPort;
  sessions: SessionsPort;
  usedCodes: UsedCodesPort;
  passwords: PasswordsPort;
  health: HealthPort;
  guard: GuardPort;
  capacity: CapacityPort;
  figures: FiguresPort;
  leads: LeadBook;
  dialler: DiallerPort;
  backup: BackupPort;
}
