/**
 * Both engines as real processes, with telephony in the test's own process between them; for system tests of
 * signalling. `stop` proves that nothing is left.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { ControlClient } from '../../src/base/control-socket.ts';
import { createLogger } from '../../src/base/log.ts';
import type { EngineNotices, EngineOperations, TappedMessage } from '../../src/codec/engine-control.ts';
import type { MediaNotices, MediaOperations } from '../../src/codec/media-control.ts';
import { formatHostPort } from '../../src/codec/sip-uri.ts';
import { type InstanceConfig, readConfig } from '../../src/config.ts';
import type { Settings } from '../../src/domain/settings.ts';
import type {
  DialogJournal,
  IncomingCall,
  JournalledDialog,
  Telephony,
} from '../../src/telephony/contract.ts';
import type { RegisteredContact, RegistrationStore } from '../../src/telephony/registration-store.ts';
import { SrfPort } from '../../src/telephony/srf-port.ts';
import { createTelephony } from '../../src/telephony/telephony.ts';
import { eventually } from './eventually.ts';
import { untilReady } from './until-ready.ts';

const entries = {
  'sip-engine': new URL('../../src/sip-engine/main.ts', import.meta.url).pathname,
  'media-engine': new URL('../../src/media-engine/main.ts', import.meta.url).pathname,
} as const;
export type EngineName = keyof typeof entries;

/** A journal and a registration store that outlive one telephony, as files would. */
export class Memory implements DialogJournal, RegistrationStore {
  readonly dialogs = new Map<string, JournalledDialog>();
  contacts: RegisteredContact[] = [];

  add(dialog: JournalledDialog): void {
    this.dialogs.set(dialog.legId, dialog);
  }

  remove(legId: string): void {
    this.dialogs.delete(legId);
  }

  orphans(): JournalledDialog[] {
    return [...this.dialogs.values()];
  }

  load(): RegisteredContact[] {
    return [...this.contacts];
  }

  save(contacts: readonly RegisteredContact[]): void {
    this.contacts = [...contacts];
  }
}

export class Engines {
  readonly config: InstanceConfig;
  readonly memory = new Memory();
  /** Every SIP message on the wire so far. */
  readonly messages: TappedMessage[] = [];
  readonly media: ControlClient<MediaOperations, MediaNotices>;
  readonly engine: ControlClient<EngineOperations, EngineNotices>;
  readonly incoming: IncomingCall[] = [];
  telephony: Telephony | undefined;
  #sip: SrfPort | undefined;
  readonly #dataDir: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #children = new Map<EngineName, ChildProcess>();

  private constructor(firstPort: number, bind: string, env: NodeJS.ProcessEnv) {
    this.#dataDir = mkdtempSync(join(tmpdir(), 'cordboard-telephony-'));
    this.#env = {
      ...process.env,
      CORDBOARD_DATA: this.#dataDir,
      CORDBOARD_BIND: bind,
      CORDBOARD_SIP_PORT: String(firstPort),
      CORDBOARD_DRACHTIO_PORT: String(firstPort + 1),
      CORDBOARD_WEBRTC_PORT: String(firstPort + 2),
      CORDBOARD_SIPS_PORT: String(firstPort + 3),
      CORDBOARD_RTP_PORTS: `${firstPort + 100}-${firstPort + 199}`,
      CORDBOARD_DRACHTIO_SECRET: 'test-secret-of-engines',
      CORDBOARD_LOG: process.env.CORDBOARD_LOG ?? 'error',
      ...env,
    };
    this.config = readConfig(this.#env);
    this.media = new ControlClient({ path: this.config.mediaSocket, clock: systemClock });
    this.engine = new ControlClient({ path: this.config.engineSocket, clock: systemClock });
    this.engine.events.on('notice', (name, message) => {
      if (name === 'message') this.messages.push(message as TappedMessage);
    });
  }

  /** Starts both engines on `firstPort` and the 199 ports after it, and telephony with these settings. */
  static async start(
    firstPort: number,
    settings: Settings,
    bind = '127.0.0.1',
    env: NodeJS.ProcessEnv = {},
  ): Promise<Engines> {
    const engines = new Engines(firstPort, bind, env);
    await Promise.all([engines.startProcess('sip-engine'), engines.startProcess('media-engine')]);
    engines.media.start();
    engines.engine.start();
    await eventually('the control connections', () => engines.media.isUp && engines.engine.isUp);
    await engines.startTelephony(settings);
    return engines;
  }

  get server(): string {
    return formatHostPort(this.config.bind[0] ?? '', this.config.sipPort);
  }

  /** The running telephony. */
  get room(): Telephony {
    if (!this.telephony) throw new Error('telephony is not running');
    return this.telephony;
  }

  async startTelephony(settings: Settings): Promise<void> {
    const log = createLogger('telephony', { level: process.env.CORDBOARD_LOG ? 'debug' : 'error' });
    this.#sip = new SrfPort({
      host: '127.0.0.1',
      port: this.config.drachtioPort,
      secret: this.config.drachtioSecret,
      log,
    });
    this.telephony = createTelephony({
      config: this.config,
      sip: this.#sip,
      settings,
      reveal: (secret) => secret,
      journal: this.memory,
      registrations: this.memory,
      media: this.media,
      engine: this.engine,
      clock: systemClock,
      log,
    });
    this.telephony.events.on('incoming', (call) => this.incoming.push(call));
    await this.telephony.start();
  }

  /**
   * Telephony as after kill -9 of its process: cut off from the SIP engine, nothing said to anybody.
   * @returns what is left of it, to be stopped at the end
   */
  abandonTelephony(): Telephony {
    const abandoned = this.room;
    this.#sip?.stop();
    this.telephony = undefined;
    return abandoned;
  }

  async startProcess(name: EngineName): Promise<void> {
    const child = fork(entries[name], { env: this.#env });
    this.#children.set(name, child);
    const died = once(child, 'exit').then(([code]) => {
      throw new Error(`${name} ended with ${code}`);
    });
    await Promise.race([untilReady(child), died]);
    died.catch(() => {}); // from now on its end is expected
  }

  /** As if it crashed. */
  async kill(name: EngineName): Promise<void> {
    const child = this.#children.get(name);
    if (!child) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  /** The next call that comes in. */
  nextCall(): Promise<IncomingCall> {
    return eventually('a call comes in', () => this.incoming.shift());
  }

  /** SIP messages whose start line or text contains each of `parts`. */
  seen(...parts: string[]): TappedMessage[] {
    return this.messages.filter((message) => parts.every((part) => message.text.includes(part)));
  }

  /** Whatever a call leaves behind: legs, dialogs, transactions, ports. @throws Error naming what is left */
  async assertIdle(timeoutMs = 8_000): Promise<void> {
    let left = '';
    const idle = async (): Promise<boolean> => {
      const [sip, media] = await Promise.all([this.engine.call('stats', {}), this.media.call('stats', {})]);
      const counts = {
        'legs of telephony': this.room.legs().length,
        'journalled dialogs': this.memory.dialogs.size,
        dialogs: sip.dialogs,
        'media legs': media.legs,
        bridges: media.bridges,
        players: media.players,
        recordings: media.recordings,
        'RTP sockets': media.socketsBound,
      };
      left = Object.entries(counts)
        .filter(([, count]) => count > 0)
        .map(([name, count]) => `${count} ${name}`)
        .join(', ');
      return left === '';
    };
    await eventually('nothing is left', idle, timeoutMs).catch((error: unknown) => {
      throw new Error(`left over: ${left}`, { cause: error });
    });
  }

  async stop(): Promise<void> {
    await this.telephony?.stop();
    this.media.stop();
    this.engine.stop();
    for (const child of this.#children.values()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    }
    rmSync(this.#dataDir, { recursive: true, force: true });
  }
}
