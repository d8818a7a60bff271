/** A second real softphone, with a SIP and media stack of its own: linphone, driven by its console, sound by files. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import { readWav, sine, writeWav } from './sound.ts';

export interface LinphoneOptions {
  user: string;
  /** `127.0.0.1:5061`; over TLS a name, because its TLS (mbed TLS) knows no certificates for addresses. */
  server: string;
  password: string;
  transport: 'udp' | 'tcp' | 'tls';
  toneHz: number;
  /** Authorities (PEM) by which it judges the server's certificate. */
  caFile?: string;
  /** SRTP with keys in SDP, or nothing else. */
  encryption?: 'srtp' | 'mandatory';
  /** Waits until it has registered, unless told not to. */
  register?: boolean;
}

export class Linphone {
  readonly #options: LinphoneOptions;
  readonly #dir = mkdtempSync(join(tmpdir(), 'cordboard-linphone-'));
  #process: ChildProcess | undefined;
  #output = '';

  private constructor(options: LinphoneOptions) {
    this.#options = options;
  }

  static async start(options: LinphoneOptions): Promise<Linphone> {
    const phone = new Linphone(options);
    await phone.#start();
    return phone;
  }

  /** Everything that it printed; for a failing test. */
  get output(): string {
    return this.#output;
  }

  dial(number: string): void {
    this.#command(`call sip:${number}@${this.#options.server}`);
  }

  answer(): void {
    this.#command('answer');
  }

  hangUp(): void {
    this.#command('terminate');
  }

  /** Waits for words on its console, from `from` on (see `output.length`). */
  waitFor(words: RegExp, from = 0, timeoutMs = 10_000): Promise<unknown> {
    return eventually(
      `linphone ${this.#options.user} says ${words}: ${this.#output.slice(-2000)}`,
      () => words.test(this.#output.slice(from)),
      timeoutMs,
    );
  }

  /** Begins to say its tone; a call must be up. */
  speak(): void {
    this.#command(`play ${join(this.#dir, 'tone.wav')}`);
  }

  /** What it heard in its calls. */
  heard(): Int16Array {
    return readWav(join(this.#dir, 'heard.wav')).channels[0] ?? new Int16Array();
  }

  /** Bytes of what it has heard so far. */
  get heardBytes(): number {
    return statSync(join(this.#dir, 'heard.wav'), { throwIfNoEntry: false })?.size ?? 0;
  }

  async stop(): Promise<void> {
    const child = this.#process;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      this.#command('quit');
      const kill = setTimeout(() => child.kill('SIGKILL'), 5000);
      await ended;
      clearTimeout(kill);
    }
    rmSync(this.#dir, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    const { user, server, password, transport, toneHz, caFile, encryption, register } = this.#options;
    mkdirSync(join(this.#dir, '.local/share/linphone'), { recursive: true });
    writeWav(join(this.#dir, 'tone.wav'), sine(toneHz, 60_000));
    const config = join(this.#dir, 'config');
    writeFileSync(
      config,
      `[sip]
sip_port=-1
sip_tcp_port=-1
sip_tls_port=-1
default_proxy=0
verify_server_certs=1
verify_server_cn=1
${caFile === undefined ? '' : `root_ca=${caFile}`}
${encryption === undefined ? '' : 'media_encryption=srtp'}
media_encryption_mandatory=${encryption === 'mandatory' ? 1 : 0}
[rtp]
audio_rtp_port=${20_000 + 2 * (process.pid % 5000)}
[proxy_0]
reg_proxy=<sip:${server};transport=${transport}>
reg_identity=<sip:${user}@${server}>
reg_expires=60
reg_sendregister=1
publish=0
[auth_info_0]
username=${user}
passwd=${password}
[sound]
echocancellation=0
`,
    );
    const child = spawn('linphonec', ['-S', '-c', config], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, HOME: this.#dir, XDG_CONFIG_HOME: this.#dir, XDG_DATA_HOME: this.#dir },
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString('utf8')).slice(-20_000);
      });
    await this.waitFor(/linphonec>/);
    this.#command('soundcard use files');
    this.#command(`record ${join(this.#dir, 'heard.wav')}`);
    if (register !== false)
      await eventually(`linphone ${user} registers: ${this.#output}`, () => {
        this.#command('status register');
        return /registered, identity=/.test(this.#output);
      });
  }

  #command(text: string): void {
    this.#process?.stdin?.write(`${text}\n`);
  }
}
