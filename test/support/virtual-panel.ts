/**
 * A panel on a PTY, in place of the real one: the driver opens `link` like any serial device.
 *
 * As a program:  node test/support/virtual-panel.ts LINK [LAMPS]
 * prints the lamps as JSON lines whenever they change, and takes commands on standard input, one a line:
 * press N, release N, unplug, plug, restart, noise HEX, quit.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { systemClock } from '../../src/base/clock.ts';
import type { LampState } from '../../src/codec/panel-message.ts';
import { eventually } from './eventually.ts';
import { PanelDevice } from './panel-device.ts';

export class VirtualPanel {
  readonly device: PanelDevice;
  /** Told of each chunk from the host, before it is worked on. */
  onChunk: (chunk: Uint8Array) => void = () => {};
  onChange: () => void = () => {};
  readonly #link: string;
  #socat: ChildProcess | undefined;
  #plugged = false;

  constructor(options: { link: string; address?: number; lampCount?: number; buttonCount?: number }) {
    this.#link = options.link;
    this.device = new PanelDevice({
      address: options.address ?? 1,
      lampCount: options.lampCount ?? 16,
      buttonCount: options.buttonCount ?? 4,
      clock: systemClock,
      send: (bytes) => this.send(bytes),
      onChange: () => this.onChange(),
    });
  }

  get lamps(): LampState[] {
    return this.device.lamps;
  }

  /** Makes the PTY; resolves when its link is there. */
  async plug(): Promise<void> {
    this.#plugged = true;
    this.#spawn();
    await eventually('the PTY of the virtual panel', () => existsSync(this.#link));
  }

  /** Takes the PTY away under whoever has it open; the panel itself keeps its power. */
  async unplug(): Promise<void> {
    this.#plugged = false;
    const socat = this.#socat;
    this.#socat = undefined;
    if (!socat || socat.exitCode !== null) return;
    const gone = new Promise<void>((resolve) => socat.once('exit', () => resolve()));
    socat.kill();
    await gone;
  }

  async stop(): Promise<void> {
    await this.unplug();
    this.device.stop();
  }

  /** Bytes to the host; anything, for noise on the line. */
  send(bytes: Uint8Array): void {
    const stdin = this.#socat?.stdin;
    if (stdin?.writable) stdin.write(bytes);
  }

  #spawn(): void {
    const socat = spawn('socat', [`pty,raw,echo=0,link=${this.#link}`, 'stdio'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#socat = socat;
    socat.stdin.on('error', () => {}); // it went while we wrote; 'exit' follows
    socat.stdout.on('data', (chunk: Buffer) => {
      this.onChunk(chunk);
      this.device.receive(chunk);
    });
    // socat ends when the host closes the device; a real port stays.
    socat.on('exit', () => {
      if (this.#plugged && this.#socat === socat) this.#spawn();
    });
  }
}

async function main(link: string, lampCount: number): Promise<void> {
  const panel = new VirtualPanel({ link, lampCount });
  panel.onChange = () =>
    void process.stdout.write(`${JSON.stringify({ stale: panel.device.isStale, lamps: panel.lamps })}\n`);
  await panel.plug();
  process.stdout.write(`${JSON.stringify({ device: link })}\n`);
  const commands = createInterface({ input: process.stdin });
  for await (const line of commands) {
    const [word, value = ''] = line.trim().split(/\s+/);
    if (word === 'press') panel.device.press(Number(value));
    else if (word === 'release') panel.device.release(Number(value));
    else if (word === 'unplug') await panel.unplug();
    else if (word === 'plug') await panel.plug();
    else if (word === 'restart') panel.device.restart();
    else if (word === 'noise') panel.send(Buffer.from(value, 'hex'));
    else if (word === 'quit') break;
    else process.stderr.write(`unknown command: ${line}\n`);
  }
  await panel.stop();
}

if (import.meta.main) {
  const [link, lamps] = process.argv.slice(2);
  if (!link) throw new Error('usage: virtual-panel.ts LINK [LAMPS]');
  await main(link, Number(lamps ?? 16));
}
