import type { Clock, Timer } from '../base/clock.ts';
import { CordboardError } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import {
  type ButtonEvent,
  type LampState,
  maxLampsPerFrame,
  type PanelAnswer,
  type PanelIdentity,
} from '../codec/panel-message.ts';
import { type ExchangeStats, PanelExchange } from './exchange.ts';
import { firmwareFor } from './firmware-image.ts';
import { changeOverMs, FirmwareUpdate } from './firmware-update.ts';
import type { OpenPanelLine, PanelLine } from './line.ts';
import { openSerialLine } from './serial-line.ts';

/** A poll at least this often keeps the panel from showing stale. */
export const pollEveryMs = 500;
/** All lamps are set anew after this many polls. */
const pollsPerRefresh = 10;
/** Wait before trying a lost panel again: doubled each time between these. */
export const firstRetryMs = 200;
export const lastRetryMs = 2_000;

export interface PanelFault {
  code: 'panel.disconnected';
  /** For the admin: which device, and what is wrong with it. */
  message: string;
}

export interface PanelOptions {
  /** Path of the serial device. */
  device: string;
  /** 1..247 */
  address: number;
  clock: Clock;
  log: Logger;
  /** The panel cannot be reached, or (null) can be reached again. */
  onFault: (fault: PanelFault | null) => void;
  onButton: (event: ButtonEvent) => void;
  /** Which buttons are down, with each answer to a poll: bit 0 = button 0. */
  onHeld?: (held: number) => void;
  /** Default: node-serialport. */
  openLine?: OpenPanelLine;
}

const darkLamp: LampState = { colour: 'off', pattern: 'steady', brightness: 0 };

/**
 * Driver of one panel. It keeps the panel showing what `show` was last given, through unplugging, noise and
 * restarts on either side:
 *
 *     closed -- port opens --> greeting -- hello --> ready -- set-lamps, poll …
 *       ^  `-- back-off --'       |  ^                 |
 *       |                         |  `--- back-off --- no answer
 *       `------ port gone --------+--------------------'
 */
export class Panel {
  readonly #options: PanelOptions;
  readonly #exchange: PanelExchange;
  #line: PanelLine | undefined;
  #state: 'stopped' | 'closed' | 'greeting' | 'ready' = 'stopped';
  #identity: PanelIdentity | undefined;
  #fault: string | undefined;
  #retryMs = firstRetryMs;
  #retryTimer: Timer | undefined;
  #pollTimer: Timer | undefined;
  #pollDue = false;
  #lampsAskedLast = false;
  #pollsToRefresh = pollsPerRefresh;
  #wanted: ReadonlyMap<number, LampState> = new Map();
  /** What each lamp of the panel shows; undefined: not known. */
  #shown: (LampState | undefined)[] = [];
  #update: FirmwareUpdate | undefined;
  /** Until then silence is no fault: the panel changes its firmware over. */
  #quietUntil = 0;

  constructor(options: PanelOptions) {
    this.#options = options;
    this.#exchange = new PanelExchange({
      address: options.address,
      clock: options.clock,
      write: (bytes) => this.#line?.write(bytes),
      firstSequence: options.clock.now(),
    });
  }

  get isConnected(): boolean {
    return this.#state === 'ready';
  }

  /** What the panel said of itself when it was last reached. */
  get identity(): PanelIdentity | undefined {
    return this.#identity;
  }

  get stats(): ExchangeStats {
    return this.#exchange.stats;
  }

  start(): void {
    if (this.#state === 'stopped') this.#open();
  }

  /** Leaves the panel alone: it shows stale within 3 s. Resolves when the device is free. */
  async stop(): Promise<void> {
    this.#state = 'stopped';
    this.#update?.fail('the driver was stopped');
    this.#retryTimer?.cancel();
    this.#pollTimer?.cancel();
    this.#exchange.reset();
    const line = this.#line;
    this.#line = undefined;
    await line?.close();
  }

  /** What the lamps are to show from now on, by lamp number; those not named are dark. */
  show(lamps: ReadonlyMap<number, LampState>): void {
    this.#wanted = lamps;
    this.#next();
  }

  /**
   * Gives the panel new firmware; lamps and buttons go on meanwhile, but for the seconds of its restart.
   * @param onProgress is told the share that the panel has, 0..1
   * @throws CordboardError panel.port: not connected; panel.firmware: no image for this panel; panel.update: the panel
   *     did not take it and goes on with what it had
   */
  async updateFirmware(
    bytes: Uint8Array,
    onProgress: (share: number) => void = () => {},
  ): Promise<PanelIdentity> {
    if (this.#state !== 'ready' || !this.#identity)
      throw new CordboardError('panel.port', `no panel is connected at ${this.#options.device}`);
    if (this.#update) throw new CordboardError('panel.update', 'another update is under way');
    const update = new FirmwareUpdate(firmwareFor(this.#identity, bytes), onProgress);
    this.#update = update;
    this.#next();
    try {
      return await update.done;
    } finally {
      this.#update = undefined;
      this.#quietUntil = 0;
    }
  }

  #open(): void {
    this.#state = 'closed';
    const { device } = this.#options;
    const openLine = this.#options.openLine ?? openSerialLine;
    this.#line = openLine(device, {
      opened: () => {
        if (this.#state === 'closed') this.#greet();
      },
      data: (chunk) => this.#exchange.receive(chunk),
      closed: (reason) => {
        if (this.#state === 'stopped') return;
        this.#line = undefined;
        this.#state = 'closed';
        this.#lost(`${device}: ${reason}`, () => this.#open());
      },
    });
  }

  #greet(): void {
    this.#state = 'greeting';
    this.#exchange.ask({ type: 'hello' }, (answer) => {
      if (answer?.type !== 'hello') {
        const what = answer ? 'refuses to say what it is' : 'does not answer';
        this.#lost(`the panel ${this.#options.address} at ${this.#options.device} ${what}`, () =>
          this.#greet(),
        );
        return;
      }
      this.#greeted(answer);
    });
  }

  #greeted({ type: _, ...identity }: Extract<PanelAnswer, { type: 'hello' }>): void {
    this.#identity = identity;
    this.#state = 'ready';
    this.#retryMs = firstRetryMs;
    this.#shown = new Array<undefined>(identity.lampCount).fill(undefined);
    this.#pollsToRefresh = pollsPerRefresh;
    if (this.#fault !== undefined) this.#options.onFault(null);
    this.#fault = undefined;
    this.#quietUntil = 0;
    this.#update?.greeted(identity);
    this.#options.log.info('panel connected', { device: this.#options.device, ...identity });
    this.#schedulePoll();
    this.#next();
  }

  /** Tells the fault, and tries again later: what the panel shows is not known any more. */
  #lost(message: string, again: () => void): void {
    this.#exchange.reset();
    this.#pollTimer?.cancel();
    this.#pollDue = false;
    const isQuiet = this.#options.clock.now() < this.#quietUntil;
    if (!isQuiet) this.#update?.fail(message);
    if (!isQuiet && this.#fault !== message) {
      this.#fault = message;
      this.#options.log.warn('panel lost', { message });
      this.#options.onFault({ code: 'panel.disconnected', message });
    }
    this.#retryTimer?.cancel();
    this.#retryTimer = this.#options.clock.after(this.#retryMs, again);
    this.#retryMs = Math.min(this.#retryMs * 2, lastRetryMs);
  }

  #schedulePoll(): void {
    this.#pollTimer?.cancel();
    this.#pollTimer = this.#options.clock.after(pollEveryMs, () => {
      this.#pollDue = true;
      this.#next();
    });
  }

  /** The next thing to ask the panel: lamps first, because people wait for them, yet buttons get their turn. */
  #next(): void {
    if (this.#state !== 'ready' || this.#exchange.busy) return;
    if (this.#pollDue && this.#lampsAskedLast) {
      this.#poll();
      return;
    }
    const changed = this.#changedLamps();
    this.#lampsAskedLast = changed.length > 0;
    if (changed.length > 0) this.#setLamps(changed);
    else if (this.#pollDue) this.#poll();
    else this.#goOnUpdating();
  }

  #goOnUpdating(): void {
    const update = this.#update;
    const request = update?.next();
    if (!update || !request) return;
    this.#exchange.ask(request, (answer) => {
      if (!answer) return this.#silent();
      update.answered(answer);
      if (!update.isRestarting) return this.#next();
      this.#quietUntil = this.#options.clock.now() + changeOverMs;
      this.#state = 'greeting';
      this.#lost('the panel restarts with new firmware', () => this.#greet());
    });
  }

  #changedLamps(): ({ lamp: number } & LampState)[] {
    const changed: ({ lamp: number } & LampState)[] = [];
    for (let lamp = 0; lamp < this.#shown.length && changed.length < maxLampsPerFrame; lamp++) {
      const wanted = this.#wanted.get(lamp) ?? darkLamp;
      if (!isSame(this.#shown[lamp], wanted)) changed.push({ lamp, ...wanted });
    }
    return changed;
  }

  #setLamps(lamps: ({ lamp: number } & LampState)[]): void {
    this.#exchange.ask({ type: 'set-lamps', lamps }, (answer) => {
      if (!answer) return this.#silent();
      if (answer.type !== 'set-lamps' || answer.result !== 'done')
        this.#options.log.warn('panel did not take all lamps', { answer, lamps });
      // Also when refused: the next refresh tries again, the line is not kept busy until then.
      for (const { lamp, ...state } of lamps) this.#shown[lamp] = state;
      this.#next();
    });
  }

  #poll(): void {
    this.#pollDue = false;
    this.#lampsAskedLast = false;
    this.#exchange.ask({ type: 'poll' }, (answer) => {
      if (!answer) return this.#silent();
      this.#schedulePoll();
      if (answer.type !== 'poll') {
        this.#options.log.warn('panel refused a poll', { answer });
        return;
      }
      this.#pollsToRefresh -= 1;
      if (answer.stale || this.#pollsToRefresh <= 0) {
        this.#shown.fill(undefined);
        this.#pollsToRefresh = pollsPerRefresh;
      }
      if (answer.eventsLost) this.#options.log.warn('panel lost button events');
      for (const event of answer.events) this.#options.onButton(event);
      this.#options.onHeld?.(answer.held);
      if (this.#state !== 'ready') return; // stopped by who heard of a button
      if (answer.restarted) this.#greet();
      else this.#next();
    });
  }

  #silent(): void {
    const { address, device } = this.#options;
    this.#state = 'greeting';
    this.#lost(`the panel ${address} at ${device} does not answer`, () => this.#greet());
  }
}

function isSame(a: LampState | undefined, b: LampState): boolean {
  return a?.colour === b.colour && a.pattern === b.pattern && a.brightness === b.brightness;
}
