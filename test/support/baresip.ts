/** A real softphone, headless: baresip driven by its control socket, with sound from and to files. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect, isIPv6 } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { formatHostPort } from '../../src/codec/sip-uri.ts';
import { eventually } from './eventually.ts';
import { freePorts } from './free-ports.ts';
import { readWav, sine, writeWav } from './sound.ts';

export interface BaresipOptions {
  /** Account line's user, and where it registers: `127.0.0.1:5060`. */
  user: string;
  server: string;
  password?: string;
  transport?: 'udp' | 'tcp' | 'tls';
  /** SRTP with keys in SDP: beside plain audio, or nothing else. */
  encryption?: 'srtp' | 'srtp-mand' | undefined;
  /** Authorities (PEM) by which it judges the server's certificate. */
  caFile?: string | undefined;
  /** What this phone says, all the time. */
  toneHz: number;
  answerMode?: 'manual' | 'auto';
  codecs?: string;
  /** Linear samples a second of what it says and hears, default 8000. */
  rateHz?: 8000 | 16_000;
  register?: boolean;
  address?: string;
  /** Runs it somewhere else: `ip netns exec NAME`. */
  prefix?: string[];
}

export interface BaresipEvent {
  type: string;
  class?: string;
  param?: string;
  peeruri?: string;
  id?: string;
  accountaor?: string;
  direction?: string;
}

/** How it is told what to do. */
interface Control {
  write(text: string): unknown;
  destroy(): unknown;
}

export class Baresip {
  readonly sipPort: number;
  readonly events: BaresipEvent[] = [];
  readonly #options: BaresipOptions;
  readonly #dir = mkdtempSync(join(tmpdir(), 'cordboard-baresip-'));
  readonly #controlPort: number;
  readonly #address: string;
  /** Where it is told what to do: IPv4 whatever it speaks to the world. */
  readonly #controlAddress: string;
  #process: ChildProcess | undefined;
  #control: Control | undefined;
  #output = '';

  private constructor(options: BaresipOptions, firstPort: number) {
    this.#options = options;
    this.#address = options.address ?? '127.0.0.1';
    this.#controlAddress = isIPv6(this.#address) ? '127.0.0.1' : this.#address;
    this.sipPort = firstPort;
    this.#controlPort = firstPort + 2;
  }

  /** Starts a phone and waits until it listens, and has registered unless told not to. */
  static async start(options: BaresipOptions): Promise<Baresip> {
    const phone = new Baresip(options, await freePorts(4));
    await phone.#start();
    return phone;
  }

  /** Everything that it printed; for a failing test. */
  get output(): string {
    return this.#output;
  }

  dial(target: string): void {
    this.#command('dial', target.startsWith('sip:') ? target : `sip:${target}@${this.#options.server}`);
  }

  accept(): void {
    this.#command('accept');
  }

  hangUp(): void {
    this.#command('hangup');
  }

  /** Digits as RFC 4733 events. */
  async press(digits: string): Promise<void> {
    for (const digit of digits) {
      await this.#key(digit);
      await new Promise((resolve) => setTimeout(resolve, 150));
      await this.#key('\x04'); // the console's "key released"
    }
  }

  async hold(): Promise<void> {
    await this.#key('x');
  }

  async resume(): Promise<void> {
    await this.#key('X');
  }

  /** The next event of this type, counted from `after` events ago (see `events.length`). */
  waitFor(type: string, options: { from?: number; timeoutMs?: number } = {}): Promise<BaresipEvent> {
    return eventually(
      `${this.#options.user}: ${type}; events so far: ${this.events.map((e) => e.type).join(' ')}\n${this.#output.slice(-2000)}`,
      () => this.events.slice(options.from ?? 0).find((e) => e.type === type),
      options.timeoutMs ?? 10_000,
    );
  }

  /** What the phone heard in its calls so far, one recording a call, oldest first. */
  heard(): Int16Array[] {
    return readdirSync(join(this.#dir, 'heard'))
      .filter((file) => file.endsWith('-dec.wav'))
      .sort()
      .map((file) => readWav(join(this.#dir, 'heard', file)).channels[0] ?? new Int16Array());
  }

  async stop(): Promise<void> {
    const child = this.#process;
    this.#control?.destroy();
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), 4000);
      await ended;
      clearTimeout(kill);
    }
    rmSync(this.#dir, { recursive: true, force: true });
  }

  /** As if its plug were pulled. */
  kill(): void {
    this.#process?.kill('SIGKILL');
  }

  async #start(): Promise<void> {
    const { user, server, password, transport, toneHz, answerMode, codecs, register, prefix } = this.#options;
    const { encryption, caFile, rateHz = 8000 } = this.#options;
    mkdirSync(join(this.#dir, 'heard'));
    const tone = join(this.#dir, 'tone.wav');
    writeWav(tone, sine(toneHz, 120_000, 0.3, rateHz), rateHz);
    writeFileSync(
      join(this.#dir, 'config'),
      `sip_listen ${formatHostPort(this.#address, this.sipPort)}
net_interface ${this.#address.startsWith('127.') ? '127.0.0.1' : this.#address}
audio_player aubridge,nil${this.sipPort}
audio_source aufile,${tone}
audio_alert aubridge,nil${this.sipPort}
audio_level no
ausrc_srate ${rateHz}
auplay_srate ${rateHz}
audio_channels 1
audio_buffer 20-160
rtp_ports ${this.sipPort + 5000}-${this.sipPort + 5100}
rtp_stats no
module_path /usr/lib/baresip/modules
${caFile === undefined ? '' : `sip_cafile ${caFile}\n`}module g711.so
module g722.so
${encryption === undefined ? '' : 'module srtp.so\n'}module aufile.so
module aubridge.so
module sndfile.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
module_app cons.so
snd_path ${join(this.#dir, 'heard')}
ctrl_tcp_listen ${this.#controlAddress}:${this.#controlPort}
cons_listen ${this.#controlAddress}:${this.#controlPort + 1}
`,
    );
    const parameters = [`transport=${transport ?? 'udp'}`].join(';');
    const account = [
      `<sip:${user}@${server};${parameters}>`,
      `auth_user=${user}`,
      `auth_pass=${password ?? 'unused'}`, // without one it asks for it,
      `answermode=${answerMode ?? 'manual'}`,
      `audio_codecs=${codecs ?? 'PCMA,PCMU'}`,
      ...(encryption === undefined ? [] : [`mediaenc=${encryption}`]),
      `regint=${register === false ? 0 : 60}`,
    ].join(';');
    writeFileSync(join(this.#dir, 'accounts'), `${account}\n`);
    const [command = 'baresip', ...args] = [...(prefix ?? []), 'baresip', '-f', this.#dir];
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString('utf8')).slice(-20_000);
      });
    this.#control = await eventually(`baresip ${user} listens: ${this.#output}`, () => this.#connect());
    // Its event may come before the control connection; its output has it in any case.
    if (register !== false)
      await eventually(`baresip ${user} registers: ${this.#output}`, () =>
        /200 OK .*binding/.test(this.#output),
      );
  }

  #connect(): Promise<Control | undefined> {
    if (this.#options.prefix) return this.#connectBy(this.#options.prefix);
    return new Promise((resolve) => {
      const socket = connect(this.#controlPort, this.#controlAddress);
      socket.once('error', () => resolve(undefined));
      socket.once('connect', () => {
        this.#readEvents(socket);
        resolve(socket);
      });
    });
  }

  /** By a program that runs where the phone runs. */
  async #connectBy([command = '', ...args]: string[]): Promise<Control | undefined> {
    const place = `TCP:${this.#controlAddress}:${this.#controlPort}`;
    const probe = spawn(command, [...args, 'socat', '-u', '/dev/null', place], { stdio: 'ignore' });
    const [status] = await once(probe, 'exit');
    if (status !== 0) return undefined;
    const pipe = spawn(command, [...args, 'socat', '-', place], { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#readEvents(pipe.stdout);
    return { write: (text) => pipe.stdin.write(text), destroy: () => pipe.kill() };
  }

  #readEvents(stream: Readable): void {
    let buffered = Buffer.alloc(0);
    stream.on('data', (chunk) => {
      buffered = Buffer.concat([buffered, chunk]);
      for (;;) {
        const colon = buffered.indexOf(58);
        if (colon < 0) return;
        const length = Number(buffered.toString('latin1', 0, colon));
        if (buffered.length < colon + 1 + length + 1) return;
        const message = JSON.parse(buffered.toString('utf8', colon + 1, colon + 1 + length));
        buffered = buffered.subarray(colon + 1 + length + 1);
        if (message.event) this.events.push(message);
      }
    });
  }

  #command(command: string, params?: string): void {
    const text = JSON.stringify({ command, ...(params === undefined ? {} : { params }), token: command });
    this.#control?.write(`${Buffer.byteLength(text)}:${text},`);
  }

  async #key(key: string): Promise<void> {
    const [command, ...args] = this.#options.prefix ?? [];
    if (command !== undefined) {
      const place = `UDP:${this.#controlAddress}:${this.#controlPort + 1}`;
      const pipe = spawn(command, [...args, 'socat', '-u', '-', place], {
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      pipe.stdin.end(key);
      await once(pipe, 'exit');
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const socket = createSocket('udp4');
      socket.send(key, this.#controlPort + 1, this.#controlAddress, (error) => {
        socket.close();
        if (error) reject(error);
        else resolve();
      });
    });
  }
}
