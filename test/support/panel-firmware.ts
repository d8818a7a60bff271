/** The lamp panel's firmware, its logic on this machine and its simulation: building them, and talking to them. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../..');
const build = join(root, '.cache/firmware');

/** Runs `make` for the firmware; what it printed. Quick when nothing has changed. */
export async function makeFirmware(...targets: string[]): Promise<string> {
  const args = ['-C', join(root, 'firmware/panel'), `BUILD=${build}`, ...targets];
  try {
    return (await promisify(execFile)('make', args)).stdout;
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new Error(`the firmware cannot be built: ${stderr || message}`, { cause: error });
  }
}

export const firmwareFile = {
  logic: join(build, 'host/logic'),
  swapTest: join(build, 'host/swap_test'),
  simulation: join(build, 'host/panelsim'),
  image: (hardware = 1): string => join(build, `hardware-${hardware}/panel.bin`),
  bootloader: (hardware = 1): string => join(build, `hardware-${hardware}/boot.bin`),
};

export const readImage = (hardware = 1): Buffer => readFileSync(firmwareFile.image(hardware));

/** What the programs print; `t` is the panel's own time, ms. */
export interface FirmwareLine {
  /** When it was read here, as `performance.now()`. */
  readAt: number;
  t?: number;
  ran?: boolean;
  started?: boolean;
  /** Power of the lamps' red, green and blue, hexadecimal, one after the other. */
  lamps?: string;
  tx?: string;
  /** From the last byte that came to the first of the answer. */
  afterMs?: number;
  /** The RS-485 driver was on for the answer, and off after it. */
  driven?: boolean;
  tone?: number;
  status?: number;
  stack?: number;
  cut?: boolean;
  device?: string;
  error?: string;
  image?: string;
  crc16?: string;
  crc32?: string;
  frames?: string[];
  discardedBytes?: number;
  pendingBytes?: number;
}

/** One of the programs: commands go in, lines come out. */
export class FirmwareProgram {
  readonly lines: FirmwareLine[] = [];
  onLine: (line: FirmwareLine) => void = () => {};
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #complaint = '';
  #awaited: { is: (line: FirmwareLine) => boolean; found: (line: FirmwareLine) => void }[] = [];

  constructor(program: string, ...args: string[]) {
    this.#child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#complaint += chunk.toString();
    });
    this.#child.stdin?.on('error', () => {}); // it has ended; stop() tells how
    this.#ended = new Promise((done) => this.#child.once('close', (code) => done(code)));
    if (!this.#child.stdout) throw new Error(`no output of ${program}`);
    createInterface({ input: this.#child.stdout }).on('line', (text) => this.#take(text));
  }

  command(text: string): void {
    this.#child.stdin?.write(`${text}\n`);
  }

  /** Gives a command and waits for the line that answers it. */
  async ask(text: string, is: (line: FirmwareLine) => boolean): Promise<FirmwareLine> {
    const answer = this.next(is);
    this.command(text);
    return answer;
  }

  /** The next line of this kind. @throws when the program ends before */
  next(is: (line: FirmwareLine) => boolean): Promise<FirmwareLine> {
    const line = new Promise<FirmwareLine>((found) => this.#awaited.push({ is, found }));
    const ended = this.#ended.then((code) => {
      throw new Error(
        `the program ended with ${code} ${this.#complaint}${JSON.stringify(this.lines.at(-1))}`,
      );
    });
    return Promise.race([line, ended]);
  }

  /** Lets the panel's time pass; the lines told meanwhile. */
  async run(durationMs: number): Promise<FirmwareLine[]> {
    const from = this.lines.length;
    await this.ask(`run ${durationMs}`, (line) => line.ran === true);
    return this.lines.slice(from, -1);
  }

  /** @throws when it did not end well, or complained */
  async stop(): Promise<void> {
    this.#child.stdin?.end();
    const code = await this.#ended;
    const error = this.lines.find((line) => line.error)?.error ?? this.#complaint;
    if (code !== 0 || error) throw new Error(`the program ended with ${code}: ${error}`);
  }

  #take(text: string): void {
    const line: FirmwareLine = { ...(JSON.parse(text) as FirmwareLine), readAt: performance.now() };
    this.lines.push(line);
    this.onLine(line);
    const [told, still] = [this.#awaited.filter((a) => a.is(line)), this.#awaited.filter((a) => !a.is(line))];
    this.#awaited = still;
    for (const { found } of told) found(line);
  }
}
