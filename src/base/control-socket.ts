/**
 * How the appliance talks to the engines: JSON lines (control-frame.ts) over a unix socket in the data directory
 * (mode 0600, so the file system is the authentication). Notices go to every client.
 */
import { chmodSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Clock, Timer } from './clock.ts';
import { LineCutter, parseControlAnswer, parseControlRequest } from './control-frame.ts';
import { Emitter } from './emitter.ts';
import { CordboardError, type ErrorCode, errorCodes, errorMessage } from './errors.ts';
import type { Logger } from './log.ts';

/** What an engine can do: operation -> arguments and result. Interfaces of this form are the contracts. */
export type Operations = { [op: string]: { args: unknown; result: unknown } };
/** What an engine tells unasked: event -> arguments. */
export type Notices = { [event: string]: unknown };

/** Gives each line to `onLine`; what is no control line ends the connection. */
function readLines(socket: Socket, onLine: (line: string) => void): void {
  const cutter = new LineCutter();
  socket.on('data', (chunk: Buffer) => {
    let lines: string[] = [];
    try {
      lines = cutter.push(chunk);
    } catch (error) {
      socket.destroy(error as RangeError);
    }
    for (const line of lines) if (!socket.destroyed) onLine(line);
  });
}

/**
 * Writes what one turn of the event loop has to say at once: each write is a system call and wakes the other process,
 * which then competes with what this one is about to do.
 */
class LineWriter {
  readonly #socket: Socket;
  #lines = '';

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  write(line: string): void {
    if (this.#lines === '') setImmediate(() => this.flush());
    this.#lines += line;
  }

  flush(): void {
    const lines = this.#lines;
    this.#lines = '';
    if (lines !== '' && !this.#socket.destroyed) this.#socket.write(lines);
  }
}

export type Handlers<Ops extends Operations> = {
  [Op in keyof Ops]: (args: Ops[Op]['args']) => Ops[Op]['result'] | Promise<Ops[Op]['result']>;
};

/** The engine's end. */
export class ControlServer<Ops extends Operations, Evs extends Notices> {
  readonly #path: string;
  readonly #handlers: Handlers<Ops>;
  readonly #log: Logger;
  readonly #clients = new Map<Socket, LineWriter>();
  readonly #noticeDelayMs: number;
  #notices: string[] = [];
  #server: Server | undefined;

  /**
   * @param options.noticeDelayMs notices wait this long for others to be written with them: each write wakes the
   * other process, which then competes with what this one is about to do. Default 0: at once.
   */
  constructor(options: { path: string; handlers: Handlers<Ops>; log: Logger; noticeDelayMs?: number }) {
    this.#path = options.path;
    this.#noticeDelayMs = options.noticeDelayMs ?? 0;
    this.#handlers = options.handlers;
    this.#log = options.log;
  }

  /** Listens; an old socket file of a dead process is replaced. */
  async start(): Promise<void> {
    rmSync(this.#path, { force: true });
    const server = createServer((socket) => this.#accept(socket));
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#path, () => {
        chmodSync(this.#path, 0o600);
        resolve();
      });
    });
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    this.#flush();
    for (const [socket, writer] of this.#clients) {
      writer.flush();
      socket.destroySoon();
    }
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  get clientCount(): number {
    return this.#clients.size;
  }

  notify<Name extends keyof Evs & string>(event: Name, args: Evs[Name]): void {
    if (this.#clients.size === 0) return;
    this.#notices.push(`${JSON.stringify({ event, args })}\n`);
    if (this.#noticeDelayMs === 0) this.#flush();
    else if (this.#notices.length === 1) setTimeout(() => this.#flush(), this.#noticeDelayMs).unref();
  }

  #flush(): void {
    const lines = this.#notices.join('');
    this.#notices = [];
    for (const writer of this.#clients.values()) writer.write(lines);
  }

  #accept(socket: Socket): void {
    const writer = new LineWriter(socket);
    this.#clients.set(socket, writer);
    socket.on('error', (error) => this.#log.warn('control connection failed', { error }));
    socket.on('close', () => this.#clients.delete(socket));
    readLines(socket, (line) => void this.#answer(socket, writer, line));
  }

  async #answer(socket: Socket, writer: LineWriter, line: string): Promise<void> {
    const request = parseControlRequest(line);
    if (!request) {
      if (!socket.destroyed)
        this.#log.warn('a control connection said what is no request', { line: line.slice(0, 300) });
      socket.destroy();
      return;
    }
    const { id, op } = request;
    let reply: unknown;
    try {
      const handler = Object.hasOwn(this.#handlers, op) ? this.#handlers[op] : undefined;
      if (!handler) throw new CordboardError('control.bad-request', `no operation ${op}`);
      reply = { id, ok: true, result: (await handler(request.args as never)) ?? null };
    } catch (error) {
      const code = error instanceof CordboardError ? error.code : 'internal';
      if (code === 'internal') this.#log.error('control request failed', { line: line.slice(0, 300), error });
      reply = { id, ok: false, code, message: errorMessage(error) };
    }
    writer.write(`${JSON.stringify(reply)}\n`);
  }
}

type Pending = { resolve: (value: never) => void; reject: (error: Error) => void; timer: Timer };

/** The appliance's end: connects, reconnects by itself, fails what was under way when the engine goes. */
export class ControlClient<Ops extends Operations, Evs extends Notices> {
  readonly events = new Emitter<{ up: []; down: []; notice: NoticeOf<Evs> }>();
  readonly #path: string;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #pending = new Map<number, Pending>();
  #socket: Socket | undefined;
  #writer: LineWriter | undefined;
  #retry: Timer | undefined;
  #stopped = true;
  #up = false;
  #nextId = 1;

  constructor(options: { path: string; clock: Clock; timeoutMs?: number }) {
    this.#path = options.path;
    this.#clock = options.clock;
    this.#timeoutMs = options.timeoutMs ?? 5000;
  }

  get isUp(): boolean {
    return this.#up;
  }

  start(): void {
    this.#stopped = false;
    this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    this.#retry?.cancel();
    this.#socket?.destroy();
    this.#failPending();
  }

  /** Asks the engine. @throws CordboardError with the engine's code, or `control.disconnected` */
  call<Op extends keyof Ops & string>(op: Op, args: Ops[Op]['args']): Promise<Ops[Op]['result']> {
    const writer = this.#writer;
    if (!writer || !this.#up) {
      return Promise.reject(new CordboardError('control.disconnected', `${op}: the engine is not connected`));
    }
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = this.#clock.after(this.#timeoutMs, () => {
        this.#pending.delete(id);
        reject(new CordboardError('control.disconnected', `${op}: no answer within ${this.#timeoutMs} ms`));
      });
      this.#pending.set(id, { resolve: resolve as (value: never) => void, reject, timer });
      writer.write(`${JSON.stringify({ id, op, args })}\n`);
    });
  }

  #connect(): void {
    const socket = connect(this.#path);
    this.#socket = socket;
    this.#writer = new LineWriter(socket);
    socket.on('connect', () => {
      this.#up = true;
      this.events.emit('up');
    });
    socket.on('error', () => {
      // 'close' follows and does what is to be done; a missing engine is expected while it restarts.
    });
    socket.on('close', () => {
      const wasUp = this.#up;
      this.#up = false;
      this.#failPending();
      if (wasUp) this.events.emit('down');
      if (!this.#stopped) this.#retry = this.#clock.after(100, () => this.#connect());
    });
    readLines(socket, (line) => this.#receive(line));
  }

  #receive(line: string): void {
    const answer = parseControlAnswer(line);
    if (!answer) {
      this.#socket?.destroy(); // who speaks so is no engine: connect anew
      return;
    }
    if (answer.kind === 'notice') {
      this.events.emit('notice', ...([answer.event, answer.args] as NoticeOf<Evs>));
      return;
    }
    const pending = this.#pending.get(answer.id);
    if (!pending) return; // its caller has given up
    this.#pending.delete(answer.id);
    pending.timer.cancel();
    if (answer.kind === 'result') pending.resolve(answer.result as never);
    else pending.reject(new CordboardError(knownCode(answer.code), answer.message));
  }

  #failPending(): void {
    for (const pending of this.#pending.values()) {
      pending.timer.cancel();
      pending.reject(new CordboardError('control.disconnected', 'the engine went away'));
    }
    this.#pending.clear();
  }
}

type NoticeOf<Evs extends Notices> = {
  [Name in keyof Evs & string]: [event: Name, args: Evs[Name]];
}[keyof Evs & string];

function knownCode(code: string): ErrorCode {
  return Object.hasOwn(errorCodes, code) ? (code as ErrorCode) : 'internal';
}
