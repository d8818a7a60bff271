import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiServer } from '../api/server.ts';
import { bindFor, isWildcard } from '../base/bind-addresses.ts';
import type { Clock } from '../base/clock.ts';
import { ControlClient } from '../base/control-socket.ts';
import { errorMessage } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { CallControl } from '../call-control/call-control.ts';
import { LiveState } from '../call-control/live-state.ts';
import type { EngineNotices, EngineOperations, TappedMessage } from '../codec/engine-control.ts';
import type { MediaNotices, MediaOperations } from '../codec/media-control.ts';
import type { InstanceConfig } from '../config.ts';
import { unmeasuredLimit } from '../domain/admission.ts';
import { emergencyNumbers } from '../domain/emergency.ts';
import { languages, type Settings } from '../domain/settings.ts';
import { positionPromptId } from '../prompts/catalogue.ts';
import { PromptStore } from '../prompts/prompt-store.ts';
import { CallLog } from '../store/call-log.ts';
import { DialogJournalFile } from '../store/journal.ts';
import { hashPassword, verifyPassword } from '../store/passwords.ts';
import { Recordings } from '../store/recordings.ts';
import { RegistrationFile } from '../store/registrations.ts';
import { SecretBox } from '../store/secrets.ts';
import { SettingsStore } from '../store/settings-store.ts';
import { SipTrace } from '../store/sip-trace.ts';
import { WebStore } from '../store/web-store.ts';
import type { StartNotice } from '../supervisor/welcome.ts';
import type { Telephony } from '../telephony/contract.ts';
import { createTelephony } from '../telephony/telephony.ts';
import { AgentStatuses } from './agent-statuses.ts';
import { applyRestore } from './apply-restore.ts';
import { openBackups } from './backup.ts';
import { callLogPort } from './call-log-port.ts';
import { startCampaigns } from './campaigns.ts';
import { capacityPort } from './capacity-port.ts';
import { CapacityTest } from './capacity-test.ts';
import { closeCrashedRecordings } from './close-crashed-recordings.ts';
import { deskPort } from './desk-port.ts';
import { guardPort, logBans, onBan } from './guard-port.ts';
import { healthPort } from './health.ts';
import { openImports } from './imports.ts';
import { LoadWatch } from './load-watch.ts';
import { logPort } from './log-port.ts';
import { NightModeFile } from './night-mode-file.ts';
import { PanelHost } from './panel-host.ts';
import { promptPort } from './prompt-port.ts';
import { promptTakes } from './prompt-takes-port.ts';
import { RecordingRetention } from './recording-retention.ts';
import { salvageRecording } from './salvage-recording.ts';
import { seedPrompts } from './seed-prompts.ts';
import { shareCertificate } from './sip-certificate.ts';
import { startFigures } from './start-figures.ts';

const loopback = '127.0.0.1';
const root = join(import.meta.dirname, '../..');

export interface ApplianceDeps {
  config: InstanceConfig;
  clock: Clock;
  log: Logger;
  /** Ends this process so that the supervisor starts it anew. */
  restart: () => void;
}

/** The composition root: builds every part, hands each what it needs, starts them in order and stops in reverse. */
export class Appliance {
  readonly #deps: ApplianceDeps;
  readonly #stops: { name: string; stop: () => Promise<void> | void }[] = [];

  constructor(deps: ApplianceDeps) {
    this.#deps = deps;
  }

  /**
   * @param settingsFile an office to begin with, instead of the one in the data directory
   * @throws CordboardError settings.*, port-in-use
   */
  async start(settingsFile?: string): Promise<StartNotice> {
    const { config, clock, log } = this.#deps;
    const startedAt = clock.now();
    const path = (...parts: string[]): string => join(config.dataDir, ...parts);
    await mkdir(path('run'), { recursive: true, mode: 0o700 });

    const restored = await applyRestore(config.dataDir, logOf(log, 'backup'));
    const live = new LiveState({ clock });
    const secrets = await SecretBox.open(config.dataDir);
    const settings = new SettingsStore({
      dataDir: config.dataDir,
      secrets,
      clock,
      log: logOf(log, 'settings'),
    });
    settings.events.on('problem', (problem) => {
      if (problem) live.raise('settings.invalid', problem.message);
      else live.clear('settings.invalid');
    });
    await settings.load();
    if (settingsFile !== undefined) await settings.importFile(settingsFile);

    const callLog = new CallLog({ file: path('call-log.db'), clock, log: logOf(log, 'call-log') });
    callLog.events.on('problem', ({ code, message }) => live.raise(code, message));
    callLog.events.on('recovered', (code) => live.clear(code));
    await callLog.start();
    this.#onStop('call log', () => callLog.stop());

    const media = new ControlClient<MediaOperations, MediaNotices>({ path: config.mediaSocket, clock });
    const engine = new ControlClient<EngineOperations, EngineNotices>({ path: config.engineSocket, clock });
    media.start();
    engine.start();
    logBans(engine, log);
    this.#onStop('control sockets', () => {
      media.stop();
      engine.stop();
    });

    const prompts = new PromptStore({ dir: path('prompts'), log: logOf(log, 'prompts') });
    await this.#renderPrompts(prompts, settings.current);

    const ownEngine = settings.current.network.drachtio ? undefined : engine;
    const versions = { cordboard: packageVersion(), node: process.version };
    // Its calls are IPv4.
    const ownLoop = bindFor(config.bind, loopback);
    const capacityTest = new CapacityTest({
      dataDir: config.dataDir,
      address: ownLoop === undefined || isWildcard(ownLoop) ? loopback : ownLoop,
      sipPort: config.sipPort,
      isPossible: () => ownEngine !== undefined && ownLoop !== undefined && media.isUp && ownEngine.isUp,
      calls: () => live.callCount,
      freePortPairs: async () => (await media.call('load', {})).portPairsFree,
      versions,
      clock,
      log: logOf(log, 'capacity-test'),
    });
    const limit = (): number => config.maxCalls ?? capacityTest.limit ?? unmeasuredLimit;
    const loadWatch = new LoadWatch({
      clock,
      log: logOf(log, 'admission'),
      media,
      ...(ownEngine ? { engine: ownEngine } : {}),
      calls: () => live.callCount,
      limit,
      isTesting: () => capacityTest.running !== null,
      emergencyNumbers: () => emergencyNumbers(settings.current),
      faults: live,
    });
    const telephony = await this.#telephony({
      settings,
      secrets,
      media,
      engine: ownEngine,
      loadWatch,
      capacityTest,
    });
    await capacityTest.start(telephony);
    capacityTest.events.on('changed', () => loadWatch.callsChanged());
    const recordings = await this.#recordings(settings, live);
    const retention = new RecordingRetention({
      keepDays: () => settings.current.recording.keepDays,
      ...{ callLog, recordings, clock, log: logOf(log, 'recordings') },
    });
    retention.start();
    this.#onStop('retention of recordings', () => retention.stop());
    const sipTrace = await this.#sipTrace(engine);
    const agentStatuses = new AgentStatuses({ path: path('agent-statuses.json'), log });
    await agentStatuses.start();
    const nightMode = new NightModeFile({ path: path('night-mode.json'), log });
    await nightMode.start();

    const callControl = new CallControl({
      telephony,
      live,
      callLog,
      prompts: {
        pathFor: (promptId, language) => prompts.pathFor(promptId, language),
        positionPromptId,
      },
      recordings: {
        newFile: (callId, recordingId, at) => recordings.newFile(callId, recordingId, at),
        salvage: salvageRecording,
      },
      agentStatuses,
      nightMode,
      admission: loadWatch,
      capacityTest,
      sipTrace,
      settings: settings.current,
      clock,
      log: logOf(log, 'call-control'),
    });
    callControl.start();
    loadWatch.start();
    this.#onStop('load watch', () => loadWatch.stop());
    // What an earlier process left unfinished ends in the log before the first new call begins.
    const crashed = await callLog.recover({ at: clock.now(), reason: 'appliance-failed' });
    telephony.events.on('engine', (part, state) => {
      if (state === 'down') live.raise(`${part}.down`, `${part} is down; it is being started again`);
      else live.clear(`${part}.down`);
    });
    await telephony.start();
    this.#onStop('telephony', () => telephony.stop());
    this.#onStop('call control', () => callControl.stop());
    this.#onStop('capacity test', () => capacityTest.stop());
    await closeCrashedRecordings({ calls: crashed, media, append: (event) => callLog.append(event), clock });
    for (const { callId, legs } of crashed)
      sipTrace.save(
        callId,
        legs.flatMap((leg) => leg.sipCallId ?? []),
      );

    const campaigns = await startCampaigns({
      dataDir: config.dataDir,
      live,
      settings: () => settings.current,
      callControl,
      telephony,
      clock,
      log: logOf(log, 'campaigns'),
    });
    this.#onStop('campaigns', () => campaigns.stop());

    const takes = promptTakes({
      telephony,
      store: prompts,
      dataDir: config.dataDir,
      phoneBusy: (extensionId, takeId, busy) => callControl.phoneBusy(extensionId, takeId, busy),
      settings: () => settings.current,
      ...{ clock, log: logOf(log, 'prompts') },
    });
    await takes.takes.start();
    this.#onStop('prompt recordings', () => takes.takes.stop());

    const figures = startFigures({
      file: path('figures.db'),
      logFile: path('call-log.db'),
      callLog,
      settings,
      clock,
      log: logOf(log, 'figures'),
    });
    this.#onStop('figures', () => figures.stop());
    const web = await WebStore.open({ file: path('web.db'), clock, log: logOf(log, 'web-store') });
    this.#onStop('web store', () => web.stop());
    const guard = guardPort(engine);
    const panel = new PanelHost({
      config,
      settings: () => settings.current,
      live,
      dataDir: config.dataDir,
      figures,
      guard,
      dialler: campaigns.dialler,
      onBan: (listener) => onBan(engine, listener),
      hours: callControl.hours,
      setAgentStatus: async (agentId, status) => callControl.setAgentStatus(agentId, status, ''),
      audit: web,
      ...{ clock, log: logOf(log, 'panel') },
    });
    panel.start();
    this.#onStop('panel', () => panel.stop());
    const { tables, imports } = await openImports({
      dir: path('uploads'),
      language: () => settings.current.office.language,
      leads: campaigns.leads,
      clock,
      log: logOf(log, 'imports'),
    });
    this.#onStop('imports', () => imports.stop());
    const backups = await openBackups({
      dataDir: config.dataDir,
      version: packageVersion(),
      settings,
      calls: () => live.callCount,
      restored,
      restart: this.#deps.restart,
      clock,
      log: logOf(log, 'backup'),
    });
    this.#onStop('backups', () => backups.stop());
    const api = new ApiServer({
      config,
      clock,
      log: logOf(log, 'api'),
      uiDirectory: join(root, 'web-ui/dist'),
      version: packageVersion(),
      ports: {
        settings,
        callLog: callLogPort(callLog, live, (callId, sipCallIds) => sipTrace.ladder(callId, sipCallIds)),
        recordings,
        live: { snapshot: () => live.snapshot(), events: live.events },
        calls: {
          clickToCall: async (request) => callControl.clickToCall(request),
          testTrunk: async (request) => callControl.testTrunk(request),
          hangUp: async (callId, who) => callControl.hangUp(callId, who),
          setAgentStatus: async (agentId, status, reason) =>
            callControl.setAgentStatus(agentId, status, reason ?? ''),
          endWrapUp: async (agentId) => callControl.agentReady(agentId),
        },
        desk: deskPort(callControl, callLog),
        browser: telephony.browser,
        prompts: promptPort(prompts, () => settings.current),
        promptTakes: takes.port,
        hours: callControl.hours,
        logs: logPort(path('log', 'cordboard.log')),
        tables,
        imports,
        panel,
        leads: campaigns.leads,
        dialler: campaigns.dialler,
        backup: backups.port,
        audit: web,
        sessions: web,
        usedCodes: web,
        passwords: { hash: hashPassword, verify: verifyPassword },
        guard,
        figures,
        capacity: capacityPort({
          test: capacityTest,
          watch: loadWatch,
          calls: () => live.callCount,
          limit,
          source: () =>
            config.maxCalls !== null ? 'fixed' : capacityTest.limit === undefined ? 'assumed' : 'measured',
        }),
        health: healthPort({
          dataDir: config.dataDir,
          startedAt,
          versions,
          sip: { servers: () => [], port: config.sipPort },
          faults: () => live.faults(),
          recordingsBytes: () => recordings.totalBytes(),
          engine,
          media,
        }),
      },
    });
    await api.start();
    this.#onStop('api', () => api.stop());
    this.#onStop('certificate', shareCertificate(api, engine, log));

    settings.events.on('changed', ({ settings: changed }) => {
      telephony.configure(changed);
      callControl.configure(changed);
      campaigns.dialler.configure();
      panel.configure();
      this.#renderPrompts(prompts, changed).catch((error) => {
        log.error('prompts cannot be rendered', { error });
      });
    });
    const { office, extensions } = settings.current;
    return {
      officeName: office.name,
      claimCode: api.claimCode(),
      sipPort: config.sipPort,
      sipsPort: config.sipsPort,
      httpPort: config.httpPort,
      empty: extensions.length === 0,
    };
  }

  /** Everything in reverse; a part that fails to stop does not keep the others from stopping. */
  async stop(): Promise<void> {
    for (const { name, stop } of this.#stops.reverse().splice(0)) {
      try {
        await stop();
      } catch (error) {
        this.#deps.log.error('a part did not stop cleanly', { part: name, error });
      }
    }
  }

  #onStop(name: string, stop: () => Promise<void> | void): void {
    this.#stops.push({ name, stop });
  }

  async #renderPrompts(prompts: PromptStore, settings: Settings): Promise<void> {
    const { config, log } = this.#deps;
    const seed = process.env.CORDBOARD_PROMPTS;
    if (seed) {
      await seedPrompts(seed, join(config.dataDir, 'prompts')).catch((error) => {
        log.warn('the prompts made at set-up cannot be copied', { error: errorMessage(error) });
      });
    }
    await prompts.ensureRendered({ texts: settings.prompts, languages, prune: true });
  }

  async #telephony(parts: {
    settings: SettingsStore;
    secrets: SecretBox;
    media: ControlClient<MediaOperations, MediaNotices>;
    /** Absent with a real drachtio-server. */
    engine: ControlClient<EngineOperations, EngineNotices> | undefined;
    loadWatch: LoadWatch;
    capacityTest: CapacityTest;
  }): Promise<Telephony> {
    const { config, clock, log } = this.#deps;
    const { settings, secrets, media, engine, loadWatch, capacityTest } = parts;
    const journal = new DialogJournalFile({ file: join(config.dataDir, 'dialogs.journal'), log });
    await journal.start();
    this.#onStop('journal', () => journal.stop());
    const registrations = new RegistrationFile({
      file: join(config.dataDir, 'registrations.json'),
      clock,
      log,
    });
    await registrations.start();
    this.#onStop('registrations', () => registrations.stop());
    return createTelephony({
      config,
      settings: settings.current,
      reveal: (secret) => secrets.reveal(secret),
      journal,
      media,
      ...(engine ? { engine } : {}),
      admission: {
        refuses: (origin) => loadWatch.refuses(origin),
        isLoop: (number, address) => capacityTest.isLoop(number, address),
        isEmergency: (number) => emergencyNumbers(settings.current).includes(number),
      },
      registrations,
      clock,
      log: logOf(log, 'telephony'),
    });
  }

  async #recordings(settings: SettingsStore, live: LiveState): Promise<Recordings> {
    const { config, clock, log } = this.#deps;
    const recordings = new Recordings({
      dir: join(config.dataDir, 'recordings'),
      minFreeBytes: () => settings.current.recording.minFreeBytes,
      clock,
      log: logOf(log, 'recordings'),
    });
    recordings.events.on('problem', ({ code, message }) => live.raise(code, message));
    recordings.events.on('recovered', (code) => live.clear(code));
    await recordings.start();
    this.#onStop('recordings', () => recordings.stop());
    return recordings;
  }

  async #sipTrace(engine: ControlClient<EngineOperations, EngineNotices>): Promise<SipTrace> {
    const { config, clock, log } = this.#deps;
    const sipTrace = new SipTrace({
      file: join(config.dataDir, 'sip-trace.db'),
      clock,
      log: logOf(log, 'sip-trace'),
    });
    await sipTrace.start();
    engine.events.on('notice', (name, message) => {
      if (name === 'message') sipTrace.add(message as TappedMessage);
    });
    this.#onStop('SIP trace', () => sipTrace.stop());
    return sipTrace;
  }
}

function logOf(log: Logger, part: string): Logger {
  return log.with({ part });
}

function packageVersion(): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
}
