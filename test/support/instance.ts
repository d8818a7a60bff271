/** The whole product as a user starts it, with an office from a settings file, on ports of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { ControlClient } from '../../src/base/control-socket.ts';
import type { EngineNotices, EngineOperations, EngineStats } from '../../src/codec/engine-control.ts';
import type { MediaNotices, MediaOperations, MediaStats } from '../../src/codec/media-control.ts';
import type { LiveSnapshot } from '../../src/domain/live.ts';
import type { SettingsInput } from '../../src/domain/settings.ts';
import { eventually } from './eventually.ts';
import { freePorts } from './free-ports.ts';

const root = join(import.meta.dirname, '../..');
export const adminPassword = 'correct horse battery';

export interface InstanceOptions {
  /** The office; left out: an unclaimed, empty one. */
  settings?: Omit<SettingsInput, 'version' | 'users'>;
  env?: NodeJS.ProcessEnv;
  dataDir?: string;
  /** `sips` left out: the one after `sip`. */
  ports?: GivenPorts;
  /** Text of a settings file as it is, in place of `settings`. */
  settingsText?: string;
  /** Address that the product binds to and tests reach it at; 127.0.0.1 unless said otherwise. */
  address?: string;
  /** Network namespace to run in; `address` must be reachable from the test's own. */
  namespace?: string;
}

/** The product ended instead of getting ready. */
export class StartFailure extends Error {
  readonly status: number | null;
  /** What a person at the terminal saw. */
  readonly output: string;

  constructor(status: number | null, output: string) {
    super(`it ended with ${status}:\n${output}`);
    this.status = status;
    this.output = output;
  }
}

export interface InstancePorts {
  sip: number;
  /** SIP over TLS. */
  sips: number;
  http: number;
  drachtio: number;
  webrtc: number;
  rtpFrom: number;
}

type GivenPorts = Omit<InstancePorts, 'sips'> & Partial<InstancePorts>;

export interface ApiResponse {
  status: number;
  headers: NodeJS.Dict<string | string[]>;
  body: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
  json: any;
}

export class Instance {
  readonly dataDir: string;
  readonly ports: InstancePorts;
  /** By name: sip-engine, media-engine, appliance. */
  pids: Record<string, number> = {};
  output = '';
  #process: ChildProcess | undefined;
  #cookie = '';
  #readies: string[] = [];
  readonly #ownsDir: boolean;
  readonly #address: string;

  private constructor(options: InstanceOptions, ports: GivenPorts) {
    this.#ownsDir = options.dataDir === undefined;
    this.dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'cordboard-'));
    this.ports = { sips: ports.sip + 1, ...ports };
    this.#address = options.address ?? '127.0.0.1';
  }

  /** `address:port` of the SIP server. */
  get sip(): string {
    return `${this.#address}:${this.ports.sip}`;
  }

  get url(): string {
    return `https://${this.#address}:${this.ports.http}`;
  }

  static async start(options: InstanceOptions = {}): Promise<Instance> {
    const first = await freePorts(8);
    const instance = new Instance(
      options,
      options.ports ?? {
        sip: first,
        http: first + 2,
        drachtio: first + 4,
        webrtc: first + 6,
        rtpFrom: 10_000 + 2 * (first % 2500),
      },
    );
    try {
      await instance.#start(options);
    } catch (error) {
      await instance.stop();
      throw error;
    }
    return instance;
  }

  async #start(options: InstanceOptions): Promise<void> {
    const args: string[] = [];
    const users = [{ id: 'admin', name: 'admin', role: 'admin', password: adminPassword }];
    const text =
      options.settingsText ??
      (options.settings && JSON.stringify({ version: 1, ...options.settings, users }));
    if (text !== undefined) {
      mkdirSync(this.dataDir, { recursive: true });
      const file = join(this.dataDir, 'office.json');
      writeFileSync(file, text);
      args.push('--settings', file);
    }
    const { sip, sips, http, drachtio, webrtc, rtpFrom } = this.ports;
    const nodeArgs = ['--disable-warning=ExperimentalWarning'];
    const child = fork(join(root, 'src/main.ts'), args, {
      cwd: root,
      ...(options.namespace === undefined
        ? { execArgv: nodeArgs }
        : {
            execPath: 'ip',
            execArgv: ['netns', 'exec', options.namespace, process.execPath, ...nodeArgs],
          }),
      env: {
        ...process.env,
        CORDBOARD_DATA: this.dataDir,
        CORDBOARD_BIND: this.#address,
        CORDBOARD_SIP_PORT: String(sip),
        CORDBOARD_SIPS_PORT: String(sips),
        CORDBOARD_HTTP_PORT: String(http),
        CORDBOARD_DRACHTIO_PORT: String(drachtio),
        CORDBOARD_WEBRTC_PORT: String(webrtc),
        CORDBOARD_RTP_PORTS: `${rtpFrom}-${rtpFrom + 999}`,
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.output = (this.output + chunk.toString('utf8')).slice(-50_000);
      });
    child.on('message', (message: { ready: string; pids: Record<string, number> }) => {
      this.#readies.push(message.ready);
      this.pids = message.pids;
    });
    await eventually(
      'the instance is ready',
      () => {
        if (child.exitCode !== null) throw new StartFailure(child.exitCode, this.output);
        return ['sip-engine', 'media-engine', 'appliance'].every((name) => this.#readies.includes(name));
      },
      60_000,
    ).catch((error) => {
      if (error instanceof StartFailure) throw error;
      throw new Error(`${error.message}\n${this.output}\n${this.log().slice(-4000)}`);
    });
  }

  /** The structured log. */
  log(): string {
    try {
      return readFileSync(join(this.dataDir, 'log', 'cordboard.log'), 'utf8');
    } catch {
      return '';
    }
  }

  /**
   * Kills one process as a crash would, or lets it hang by SIGSTOP, and waits until its successor is ready.
   */
  async crash(
    name: 'sip-engine' | 'media-engine' | 'appliance',
    signal: 'SIGKILL' | 'SIGSTOP' = 'SIGKILL',
  ): Promise<{ readyAfterMs: number }> {
    const before = this.#readies.length;
    const started = performance.now();
    const pid = this.pids[name];
    if (pid === undefined) throw new Error(`no process ${name}`);
    process.kill(pid, signal);
    await eventually(`${name} is back`, () => this.#readies.slice(before).includes(name), 15_000);
    return { readyAfterMs: performance.now() - started };
  }

  /** Ctrl-C. The data stay when `dataDir` was given. */
  async stop(): Promise<number | null> {
    const child = this.#process;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    }
    if (this.#ownsDir) rmSync(this.dataDir, { recursive: true, force: true });
    return child?.exitCode ?? null;
  }

  /** One API request, signed in as admin (by `login`); bytes go as they are, anything else as JSON. */
  api(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiResponse> {
    const payload =
      body === undefined ? undefined : body instanceof Uint8Array ? body : Buffer.from(JSON.stringify(body));
    return new Promise((resolve, reject) => {
      const req = request(
        `${this.url}${path.startsWith('/api') ? path : `/api/v1${path}`}`,
        {
          method,
          rejectUnauthorized: false,
          headers: {
            ...(payload ? { 'content-type': 'application/json', 'content-length': payload.length } : {}),
            ...(this.#cookie ? { cookie: this.#cookie } : {}),
            origin: this.url,
            ...headers,
          },
        },
        (res) => {
          const chunks: Buffer[] = [];
          res.on('data', (chunk: Buffer) => chunks.push(chunk));
          res.on('end', () => {
            const bytes = Buffer.concat(chunks);
            const cookie = res.headers['set-cookie']?.[0]?.split(';')[0];
            if (cookie) this.#cookie = cookie;
            const isJson = String(res.headers['content-type'] ?? '').includes('json');
            resolve({
              status: res.statusCode ?? 0,
              headers: res.headers,
              body: bytes,
              json: isJson && bytes.length > 0 ? JSON.parse(bytes.toString('utf8')) : undefined,
            });
          });
        },
      );
      req.on('error', reject);
      req.end(payload);
    });
  }

  async login(): Promise<void> {
    const response = await this.api('POST', '/login', { userName: 'admin', password: adminPassword });
    if (response.status >= 300) throw new Error(`login failed: ${response.status} ${response.body}`);
  }

  async live(): Promise<LiveSnapshot> {
    return (await this.api('GET', '/live')).json;
  }

  /** What the engines hold at this moment. */
  async stats(): Promise<{ sip: EngineStats; media: MediaStats }> {
    const sip = new ControlClient<EngineOperations, EngineNotices>({
      path: join(this.dataDir, 'run', 'sip.sock'),
      clock: systemClock,
    });
    const media = new ControlClient<MediaOperations, MediaNotices>({
      path: join(this.dataDir, 'run', 'media.sock'),
      clock: systemClock,
    });
    sip.start();
    media.start();
    try {
      await eventually('control sockets', () => sip.isUp && media.isUp);
      return { sip: await sip.call('stats', {}), media: await media.call('stats', {}) };
    } finally {
      sip.stop();
      media.stop();
    }
  }

  /** Open descriptors of a child process. */
  descriptors(name: string): number {
    return readdirSync(`/proc/${this.pids[name]}/fd`).length;
  }

  /** No call is left, nor any leg, dialog, player, recording or port of one. */
  async assertIdle(): Promise<void> {
    await this.#assertNone(false, 10_000);
  }

  /** Nothing at all may be left: no leg, dialog, transport, port, timer. */
  async assertNothingLeft(): Promise<void> {
    await this.#quietTrunks();
    // One that is over is remembered for 32 s over UDP (RFC 3261 timer J) and goes by itself: the engine's own tests.
    await this.#assertNone(true, 45_000);
  }

  /** A trunk whose far end is silent would be asked again before the last question has timed out. */
  async #quietTrunks(): Promise<void> {
    if (this.#cookie === '') return;
    const { json } = await this.api('GET', '/trunks');
    for (const { hasSecret: _, ...trunk } of json?.items ?? [])
      await this.api('PUT', `/trunks/${trunk.id}`, { ...trunk, enabled: false });
  }

  async #assertNone(transactionsToo: boolean, withinMs: number): Promise<void> {
    let last = '';
    await eventually(
      'no leg, dialog, transaction or port is left',
      async () => {
        const { sip, media } = await this.stats();
        last = JSON.stringify({ sip, media });
        return (
          sip.dialogs === 0 &&
          (sip.transactions === sip.settledTransactions || !transactionsToo) &&
          media.legs === 0 &&
          media.bridges === 0 &&
          media.players === 0 &&
          media.recordings === 0 &&
          media.socketsBound === 0 &&
          media.webTransports === 0
        );
      },
      withinMs,
    ).catch((error) => {
      throw new Error(`${error.message}: ${last}`);
    });
  }
}
