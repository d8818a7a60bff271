/**
 * Small working implementations of what the API needs (src/api/ports.ts), in memory: peers for the API's tests.
 * They keep what they are told and answer from it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EndpointResponse, LampState } from '../../src/api/contract.ts';
import type {
  ApiPorts,
  AuditEntry,
  AuditQuery,
  CallQuery,
  Prompt,
  SessionRecord,
  SettingChange,
  SoundFile,
} from '../../src/api/ports.ts';
import { systemClock } from '../../src/base/clock.ts';
import { Emitter } from '../../src/base/emitter.ts';
import { CordboardError } from '../../src/base/errors.ts';
import { createLogger } from '../../src/base/log.ts';
import { OfficeHours } from '../../src/call-control/office-hours.ts';
import type { TappedMessage } from '../../src/codec/engine-control.ts';
import { actionsOf } from '../../src/domain/audit.ts';
import { type Call, foldCall } from '../../src/domain/call.ts';
import { isCallEvent, type LogEvent } from '../../src/domain/call-event.ts';
import { suggestLayout } from '../../src/domain/lamps/layout.ts';
import type { LiveAgent, LiveSnapshot } from '../../src/domain/live.ts';
import type { NightMode } from '../../src/domain/schedule.ts';
import { emptySettings, type Settings, settingsSchema } from '../../src/domain/settings.ts';
import { LeadImports } from '../../src/imports/lead-imports.ts';
import { Tables } from '../../src/imports/tables.ts';
import { diffDocuments, maskChange } from '../../src/store/settings-diff.ts';
import { memoryBackup } from './memory-backup.ts';
import { memoryCampaigns } from './memory-campaigns.ts';
import { MemoryFigures } from './memory-figures.ts';

/** A sound file of these bytes. */
export function memorySound(bytes: Uint8Array, modifiedAt = Date.UTC(2026, 0, 5)): SoundFile {
  return {
    bytes: bytes.length,
    modifiedAt,
    read: (start, end) =>
      new ReadableStream({
        start(controller) {
          controller.enqueue(bytes.slice(start, end + 1));
          controller.close();
        },
      }),
  };
}

/** The audit's pages as the store gives them; the cursor is the last id seen. */
function auditPage(trail: readonly AuditEntry[], query: AuditQuery): EndpointResponse<'audit'> {
  const before = query.cursor === undefined ? trail.length + 1 : Number(query.cursor);
  const kind = query.kind && actionsOf(query.kind);
  const fitting = trail
    .map((entry, i) => ({ id: i + 1, ...entry }))
    .filter(
      (entry) =>
        entry.id < before &&
        (query.who === undefined || entry.who === query.who) &&
        (query.action === undefined || entry.action === query.action) &&
        (query.target === undefined || entry.target === query.target) &&
        (!kind || kind.begin.some((begin) => entry.action.startsWith(begin)) !== kind.not),
    )
    .reverse();
  const items = fitting.slice(0, query.limit);
  return { items, next: fitting.length > items.length ? String(items.at(-1)?.id) : null };
}

const seal = (text: string): string => (text.startsWith('sealed:') ? text : `sealed:v1:${btoa(text)}`);
const reveal = (text: string): string =>
  text.startsWith('sealed:') ? atob(text.slice('sealed:v1:'.length)) : text;
const mapSecrets = (settings: Settings, map: (text: string) => string): Settings => ({
  ...settings,
  extensions: settings.extensions.map((e) => ({ ...e, secret: map(e.secret) })),
  users: settings.users.map((u) =>
    u.secondFactor === undefined
      ? u
      : { ...u, secondFactor: { ...u.secondFactor, secret: map(u.secondFactor.secret) } },
  ),
  trunks: settings.trunks.map((t) => (t.secret === undefined ? t : { ...t, secret: map(t.secret) })),
});

/** Settings in memory, with history, conflicts and sealed secrets. */
export class MemorySettings {
  readonly events = new Emitter<{ changed: [{ revision: number }] }>();
  /** Told before the listeners, and not counted among them. */
  onUpdate: () => void = () => {};
  readonly #history: { at: number; who: string; settings: Settings }[] = [];

  constructor(settings: Settings = emptySettings()) {
    this.#history.push({ at: 0, who: 'test', settings: mapSecrets(settings, seal) });
  }

  get current(): Settings {
    return this.#history.at(-1)?.settings ?? emptySettings();
  }

  get revealed(): Settings {
    return mapSecrets(this.current, reveal);
  }

  get revision(): number {
    return this.#history.length;
  }

  async update(
    change: (settings: Settings) => Settings,
    options: { who: string; baseRevision?: number },
  ): Promise<{ revision: number; settings: Settings; changes: SettingChange[] }> {
    if (options.baseRevision !== undefined && options.baseRevision !== this.revision)
      throw new CordboardError('settings.conflict', 'somebody else changed the settings meanwhile');
    const settings = mapSecrets(settingsSchema.parse(change(structuredClone(this.current))), seal);
    this.#history.push({ at: this.revision, who: options.who, settings });
    this.onUpdate();
    this.events.emit('changed', { revision: this.revision });
    const changes = diffDocuments(this.#history.at(-2)?.settings, settings).map(maskChange);
    return { revision: this.revision, settings, changes };
  }

  async revisions() {
    return this.#history
      .map(({ at, who, settings }, i) => {
        const before = this.#history[i - 1];
        const changes = before ? diffDocuments(before.settings, settings).map(maskChange) : [];
        return { revision: i + 1, at, who, changes };
      })
      .reverse();
  }

  async rollbackChanges(revision: number) {
    const earlier = this.#history[revision - 1];
    if (!earlier) throw new CordboardError('not-found', `there is no revision ${revision}`);
    return diffDocuments(this.current, earlier.settings).map(maskChange);
  }

  async rollback(revision: number, options: { who: string }) {
    const earlier = this.#history[revision - 1];
    if (!earlier) throw new CordboardError('not-found', `there is no revision ${revision}`);
    return this.update(() => earlier.settings, options);
  }
}

/** The live state, set by the test. */
export class MemoryLive {
  readonly events = new Emitter<{ changed: [] }>();
  #snapshot: LiveSnapshot = {
    version: 1,
    at: 0,
    calls: [],
    agents: [],
    queues: [],
    trunks: [],
    phones: [],
    faults: [],
    hours: { night: null, schedules: [] },
  };

  snapshot(): LiveSnapshot {
    return this.#snapshot;
  }

  set(change: Partial<LiveSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change, version: this.#snapshot.version + 1 };
    this.events.emit('changed');
  }
}

const logLines = [
  {
    at: Date.UTC(2026, 0, 5, 8),
    level: 'info' as const,
    ns: 'appliance',
    part: 'api',
    message: 'listening',
    fields: { port: 8443 },
  },
  {
    at: Date.UTC(2026, 0, 5, 8, 1),
    level: 'warn' as const,
    ns: 'appliance',
    part: 'panel',
    message: 'the panel does not answer',
    fields: { device: '/dev/ttyUSB0' },
  },
];

/** The real rules over the settings and the live state in memory. */
function memoryHours(settings: MemorySettings, live: MemoryLive): OfficeHours {
  let night: NightMode | null = null;
  const hours: OfficeHours = new OfficeHours({
    settings: () => settings.current,
    store: {
      load: () => night,
      save: async (next) => {
        night = next;
      },
    },
    clock: { ...systemClock, after: () => ({ cancel() {} }) },
    changed: () => live.set({ hours: hours.live() }),
  });
  return hours;
}

/** All ports, with handles by which a test looks into them. */
export interface MemoryPorts extends ApiPorts {
  settings: MemorySettings;
  live: MemoryLive;
  figures: MemoryFigures;
  /** The calls of the log. */
  calls: ApiPorts['calls'] & { log: Call[] };
  messages: Map<string, TappedMessage[]>;
  files: Map<string, Uint8Array>;
  /** What is asked for as a call's course, and what the API appended. */
  events: LogEvent[];
  auditTrail: AuditEntry[];
  /** What was asked of telephony and call-control, one word list each. */
  asked: string[][];
  sessionRecords: Map<string, SessionRecord>;
  lamps: { set(lamps: LampState[]): void };
}

let uploadsDir: string | undefined;
/** The real reader of tables; its files are in a folder that goes with this process. */
function memoryTables(settings: MemorySettings): Tables {
  if (uploadsDir === undefined) {
    const dir = mkdtempSync(join(tmpdir(), 'cordboard-uploads-'));
    process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
    uploadsDir = dir;
  }
  return new Tables({
    dir: uploadsDir,
    clock: systemClock,
    language: () => settings.current.office.language,
  });
}

function capacityView(testing: boolean): EndpointResponse<'capacity'> {
  return {
    limit: 42,
    source: 'measured',
    calls: 0,
    short: [],
    refused: 3,
    running: testing ? { startedAt: 0, calls: 5, stepsInAll: 13, steps: [] } : null,
    aborted: null,
    results: [
      {
        at: 0,
        durationMs: 60_000,
        machine: { processors: 2, model: 'Test', memoryBytes: 4e9 },
        versions: { cordboard: '0.1.0' },
        steps: [{ calls: 60, lossShare: 0, latencyP99Ms: 1, processorShare: 0.5, failed: 0 }],
        stop: 'processor',
        carried: 60,
        limit: 42,
      },
    ],
  };
}

export function memoryPorts(settings: Settings = emptySettings()): MemoryPorts {
  const store = new MemorySettings(settings);
  const live = new MemoryLive();
  let testing = false;
  const capacityEvents = new Emitter<{ changed: [] }>();
  const log: Call[] = [];
  const events: LogEvent[] = [];
  const messages = new Map<string, TappedMessage[]>();
  const files = new Map<string, Uint8Array>();
  const auditTrail: AuditEntry[] = [];
  const asked: string[][] = [];
  const bans = ['203.0.113.9', '2001:db8:0:7::'];
  const usedCodes = new Map<string, number>();
  const sessionRecords = new Map<string, SessionRecord>();
  const uploads = new Map<string, Uint8Array>();
  const lampEvents = new Emitter<{ changed: [LampState[]] }>();
  let lamps: LampState[] = [];

  const agentOf = (agentId: string): LiveAgent => {
    const agent = store.current.agents.find((a) => a.id === agentId);
    if (!agent) throw new CordboardError('not-found', `there is no agent ${agentId}`);
    return {
      agentId,
      name: agent.name,
      status: 'available',
      state: 'waiting',
      since: 0,
      reachable: true,
      holding: false,
    };
  };
  const prompt = (promptId: string): Prompt => {
    const name = store.current.ownPrompts.find((own) => own.id === promptId)?.name;
    return {
      promptId,
      isBuiltIn: promptId === 'greeting',
      ...(name === undefined ? {} : { name }),
      sounds: (['en', 'hu'] as const).map((language) => {
        const builtInText = promptId === 'greeting' ? (language === 'en' ? 'Welcome.' : 'Üdvözöljük.') : null;
        const own = store.current.prompts[promptId]?.[language];
        const isUpload = uploads.has(`${promptId}.${language}`);
        return {
          language,
          text: own ?? builtInText,
          builtInText,
          source: isUpload ? 'upload' : own === undefined ? 'built-in' : 'text',
          durationMs: 1000,
        };
      }),
    };
  };
  const isPrompt = (promptId: string): boolean =>
    promptId === 'greeting' || store.current.ownPrompts.some((own) => own.id === promptId);
  const takes = new Map<string, EndpointResponse<'getTake'>>();

  const tables = memoryTables(store);
  const campaigns = memoryCampaigns(() => store.current);
  store.onUpdate = () => campaigns.dialler.configure();
  return {
    ...campaigns,
    tables,
    imports: new LeadImports({
      tables,
      target: campaigns.leads,
      clock: systemClock,
      log: createLogger('imports', { write: () => undefined }),
    }),
    settings: store,
    live,
    messages,
    events,
    files,
    auditTrail,
    asked,
    sessionRecords,
    lamps: {
      set(next) {
        lamps = next;
        lampEvents.emit('changed', next);
      },
    },
    callLog: {
      async listCalls(query: CallQuery) {
        const start = Number(query.cursor ?? 0);
        const all = log.filter((c) => query.agentId === undefined || c.agentId === query.agentId);
        const next = start + query.limit < all.length ? String(start + query.limit) : null;
        return { items: all.slice(start, start + query.limit), next };
      },
      getCall: async (callId) => log.find((c) => c.callId === callId),
      async history({ number, limit, only }) {
        return log
          .filter((c) => c.from.endsWith(number) || c.to.endsWith(number))
          .filter((c) => !only || only.queueIds.includes(c.queueId ?? '') || c.agentId === only.agentId)
          .slice(0, limit);
      },
      courseOf: async (callId) => events.filter((event) => 'callId' in event && event.callId === callId),
      append(event) {
        events.push(event);
        const at = isCallEvent(event) ? log.findIndex((c) => c.callId === event.callId) : -1;
        if (at >= 0 && isCallEvent(event)) log[at] = foldCall(log[at], event);
      },
      async findRecording(recordingId) {
        for (const call of log)
          for (const recording of call.recordings)
            if (recording.recordingId === recordingId) return { call, recording };
        return undefined;
      },
      messages: async (callId) => messages.get(callId) ?? [],
    },
    recordings: {
      async open(file) {
        const bytes = files.get(file);
        return bytes ? memorySound(bytes) : undefined;
      },
      async peaks(file) {
        if (!files.has(file)) return undefined;
        const loud = Buffer.from(Uint8Array.from({ length: 400 }, (_, i) => 40 + ((i * 37) % 160))).toString(
          'base64',
        );
        return { durationMs: 4000, stepMs: 10, left: loud, right: loud, silences: [[1000, 3000]] };
      },
      remove: async (file) => files.delete(file),
    },
    calls: {
      log,
      async clickToCall({ extensionId, number, who }) {
        asked.push(['clickToCall', extensionId, number, who]);
        return { callId: 'call-1' };
      },
      async testTrunk({ trunkId, number, who }) {
        asked.push(['testTrunk', trunkId, number, who]);
        return { callId: 'test-1' };
      },
      async hangUp(callId, who) {
        asked.push(['hangUp', callId, who]);
        return live.snapshot().calls.some((c) => c.callId === callId);
      },
      async setAgentStatus(agentId, status, reason) {
        asked.push(['setAgentStatus', agentId, status, reason ?? '']);
        return { ...agentOf(agentId), status };
      },
      async endWrapUp(agentId) {
        asked.push(['endWrapUp', agentId]);
        return agentOf(agentId);
      },
    },
    desk: {
      async moreWrapUp(agentId) {
        asked.push(['moreWrapUp', agentId]);
        return agentOf(agentId);
      },
      async write(callId, fact) {
        asked.push([fact.name, callId]);
        const fold = (call: Call): Call =>
          call.callId === callId ? foldCall(call, { at: call.startedAt, callId, ...fact }) : call;
        log.splice(0, log.length, ...log.map(fold));
        live.set({ calls: live.snapshot().calls.map(fold) });
      },
    },
    hours: memoryHours(store, live),
    logs: {
      read: async () => ({ lines: logLines, parts: ['api', 'panel'] }),
      masked: async () => logLines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    },
    browser: {
      async open(userName) {
        asked.push(['open', userName]);
        const legId = `leg-${asked.length}`;
        return {
          legId,
          routerRtpCapabilities: {},
          transportOptions: { send: { id: 's' }, recv: { id: 'r' } },
        };
      },
      async connect(legId, direction) {
        asked.push(['connect', legId, direction]);
      },
      async produce(legId) {
        asked.push(['produce', legId]);
        return { producerId: 'p' };
      },
      async consume(legId) {
        asked.push(['consume', legId]);
        return { consumerId: 'c', producerId: 'p', kind: 'audio', rtpParameters: {} };
      },
      dial(legId, to) {
        asked.push(['dial', legId, to]);
      },
      play(legId, file) {
        asked.push(['play', legId, file]);
      },
      digit(legId, digit) {
        asked.push(['digit', legId, digit]);
      },
      async hangUp(legId) {
        asked.push(['hangUpLeg', legId]);
      },
    },
    prompts: {
      list: async () => ['greeting', ...store.current.ownPrompts.map((own) => own.id)].map(prompt),
      progress: () => null,
      file: (promptId, language) => (isPrompt(promptId) ? `/prompts/${promptId}.${language}.wav` : undefined),
      apply: async () => 1234,
      async preview(language, text) {
        if (text.includes('unspeakable')) throw new CordboardError('prompt.invalid', 'nothing to say');
        return memorySound(Buffer.from(`RIFF ${language} ${text}`));
      },
      async forget(promptId) {
        for (const key of uploads.keys()) if (key.startsWith(`${promptId}.`)) uploads.delete(key);
      },
      renderAgain: () => 12,
      async sound(promptId, language) {
        if (!isPrompt(promptId)) return undefined;
        return memorySound(uploads.get(`${promptId}.${language}`) ?? new Uint8Array([82, 73, 70, 70]));
      },
      async replace(promptId, language, sound) {
        if (!isPrompt(promptId)) throw new CordboardError('not-found', `there is no prompt ${promptId}`);
        uploads.set(`${promptId}.${language}`, sound);
        return { ...prompt(promptId), levelBeforeDbm0: -31.5 };
      },
      async restore(promptId, language) {
        uploads.delete(`${promptId}.${language}`);
        return prompt(promptId);
      },
    },
    promptTakes: {
      start(extensionId) {
        asked.push(['take', extensionId]);
        const take = { takeId: `take-${takes.size}`, state: 'done' as const, durationMs: 900, failure: null };
        takes.set(take.takeId, take);
        return { ...take, state: 'ringing', durationMs: null };
      },
      get(takeId) {
        const take = takes.get(takeId);
        if (!take) throw new CordboardError('not-found', `there is no take ${takeId}`);
        return take;
      },
      sound: async (takeId) => (takes.has(takeId) ? memorySound(Buffer.from('RIFF take')) : undefined),
      drop: async (takeId) => void takes.delete(takeId),
    },
    panel: {
      view: () => ({ state: 'absent', device: '', lamps }),
      onChange: (listener) => lampEvents.on('changed', listener),
      async test(lamp) {
        asked.push(['lamp', String(lamp)]);
      },
      preview: async (assignments) =>
        assignments.map(({ lamp, shows, also }) => ({
          lamp,
          colour: 'green',
          pattern: 'steady',
          shows,
          ...(also.length > 0 ? { also } : {}),
        })),
      suggest: () => suggestLayout(settings),
      simulateAlarm: () => void asked.push(['alarm']),
    },
    audit: {
      record: (entry) => void auditTrail.push(entry),
      audit: async (query) => auditPage(auditTrail, query),
    },
    usedCodes: {
      useCode(userId, step) {
        if (step <= (usedCodes.get(userId) ?? -1)) return false;
        usedCodes.set(userId, step);
        return true;
      },
    },
    sessions: {
      get: (tokenHash) => sessionRecords.get(tokenHash),
      put: (session) => void sessionRecords.set(session.tokenHash, session),
      remove: (tokenHash) => void sessionRecords.delete(tokenHash),
      ofUser: (userId) => [...sessionRecords.values()].filter((record) => record.userId === userId),
      removeOfUser(userId, except) {
        for (const [hash, record] of sessionRecords)
          if (record.userId === userId && hash !== except) sessionRecords.delete(hash);
      },
    },
    passwords: {
      hash: async (password) => `$argon2id$${btoa(password)}`,
      verify: async (password, hash) => hash === `$argon2id$${btoa(password)}`,
    },
    guard: {
      list: async () => ({
        active: true,
        bans: bans.map((source) => ({ source, reason: 'passwords' as const, since: 0, until: 1, count: 2 })),
        counters: { banned: 2, limited: 0, scanners: 0, failures: 8, bans: 1 },
      }),
      async release(source) {
        const at = bans.indexOf(source);
        if (at >= 0) bans.splice(at, 1);
        return at >= 0;
      },
    },
    capacity: {
      view: () => capacityView(testing),
      begin() {
        if (testing) throw new CordboardError('capacity.busy', 'the test runs already');
        testing = true;
        capacityEvents.emit('changed');
      },
      abort() {
        const was = testing;
        testing = false;
        capacityEvents.emit('changed');
        return was;
      },
      onChange: (listener) => capacityEvents.on('changed', listener),
    },
    backup: memoryBackup(
      () => store.revealed,
      () => live.snapshot().calls.length,
    ),
    figures: new MemoryFigures(store),
    health: {
      report: async () => ({
        faults: [],
        versions: { cordboard: '0.1.0' },
        startedAt: 0,
        disk: { freeBytes: 1, totalBytes: 2, recordingsBytes: 0 },
        processes: [{ name: 'appliance', state: 'up', pid: 1, memoryBytes: 1 }],
        sip: { servers: [], port: 5060 },
      }),
    },
  };
}
