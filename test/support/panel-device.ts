/**
 * The panel's side of `hardware/panel-protocol.md`, as the microcontroller does it: for tests against the driver.
 * It knows no line; bytes come by `receive` and go by `send`.
 */
import type { Clock, Timer } from '../../src/base/clock.ts';
import { encodePanelAnswer } from '../../src/codec/panel-answer.ts';
import { type PanelFrame, PanelFrameParser, panelFrame } from '../../src/codec/panel-frame.ts';
import {
  allLamps,
  type ButtonEvent,
  type LampState,
  maxEventsPerAnswer,
  type PanelAnswer,
  type PanelRequest,
  type PanelSettings,
  type PanelSound,
  panelCapabilities,
} from '../../src/codec/panel-message.ts';
import { decodePanelRequest } from '../../src/codec/panel-request.ts';

export const staleAfterMs = 3_000;
const lineGapMs = 50;
const longPressMs = 800;

export const staleLamp: LampState = { colour: 'white', pattern: 'breathing', brightness: 64 };
const dark: LampState = { colour: 'off', pattern: 'steady', brightness: 0 };

export interface PanelDeviceOptions {
  address: number;
  lampCount: number;
  buttonCount: number;
  clock: Clock;
  send: (bytes: Uint8Array) => void;
  /** Lamps, or staleness, changed. */
  onChange?: () => void;
}

export class PanelDevice {
  readonly #options: PanelDeviceOptions;
  readonly #parser = new PanelFrameParser();
  #lamps: LampState[] = [];
  #stale = true;
  #restarted = true;
  #staleTimer: Timer | undefined;
  #gapTimer: Timer | undefined;
  readonly #held = new Map<number, Timer>();
  #events: ButtonEvent[] = [];
  #eventsLost = false;
  #settings: PanelSettings;
  #sound: PanelSound = 'silence';
  #last: { sequence: number; type: number; answer: Uint8Array } | undefined;
  /** Whole requests to this panel, by kind; for tests. */
  readonly requests: PanelRequest['type'][] = [];

  constructor(options: PanelDeviceOptions) {
    this.#options = options;
    this.#settings = { address: options.address, brightnessLimit: 255 };
    this.#lamps = this.#allOf(dark);
  }

  /** What can be seen on the panel. */
  get lamps(): LampState[] {
    return this.#stale ? this.#allOf(staleLamp) : this.#lamps;
  }

  get isStale(): boolean {
    return this.#stale;
  }

  get sound(): PanelSound {
    return this.#sound;
  }

  get discardedBytes(): number {
    return this.#parser.discardedBytes;
  }

  /** Power-up, also in the middle of something. */
  restart(): void {
    this.stop();
    this.#lamps = this.#allOf(dark);
    this.#stale = true;
    this.#restarted = true;
    this.#events = [];
    this.#last = undefined;
    this.#options.onChange?.();
  }

  /** No timer is left. */
  stop(): void {
    this.#staleTimer?.cancel();
    this.#gapTimer?.cancel();
    for (const timer of this.#held.values()) timer.cancel();
    this.#held.clear();
  }

  receive(chunk: Uint8Array): void {
    this.#gapTimer?.cancel();
    for (const frame of this.#parser.push(chunk)) this.#take(frame);
    if (this.#parser.pendingBytes === 0) return;
    this.#gapTimer = this.#options.clock.after(lineGapMs, () => {
      for (const frame of this.#parser.giveUp()) this.#take(frame);
    });
  }

  press(button: number): void {
    if (this.#held.has(button)) return;
    this.#happened({ button, action: 'press' });
    const long = this.#options.clock.after(longPressMs, () => this.#happened({ button, action: 'long' }));
    this.#held.set(button, long);
  }

  release(button: number): void {
    const timer = this.#held.get(button);
    if (!timer) return;
    timer.cancel();
    this.#held.delete(button);
    this.#happened({ button, action: 'release' });
  }

  #happened(event: ButtonEvent): void {
    if (this.#stale) {
      this.#eventsLost = true;
      return;
    }
    this.#events.push(event);
    if (this.#events.length <= maxEventsPerAnswer) return;
    this.#events.shift();
    this.#eventsLost = true;
  }

  #take(frame: PanelFrame): void {
    const isForAll = frame.address === panelFrame.broadcastAddress;
    const { address } = this.#settings;
    if (frame.address !== address && !isForAll) return;
    const request = decodePanelRequest(frame);
    if (request === undefined) return;
    this.#heard();
    if (isForAll) {
      if (typeof request === 'object' && (request.type === 'set-lamps' || request.type === 'sound'))
        this.#do(request);
      return;
    }
    const isRepeat =
      frame.type === this.#last?.type &&
      frame.sequence === this.#last.sequence &&
      !(typeof request === 'object' && request.type === 'hello');
    if (isRepeat && this.#last) {
      this.#options.send(this.#last.answer);
      return;
    }
    const bytes = encodePanelAnswer({ address, sequence: frame.sequence }, this.#do(request));
    this.#last = { sequence: frame.sequence, type: frame.type, answer: bytes };
    this.#options.send(bytes);
  }

  #heard(): void {
    this.#staleTimer?.cancel();
    this.#staleTimer = this.#options.clock.after(staleAfterMs, () => {
      this.#stale = true;
      if (this.#events.length > 0) this.#eventsLost = true;
      this.#events = [];
      this.#sound = 'silence';
      this.#options.onChange?.();
    });
  }

  #do(request: Exclude<ReturnType<typeof decodePanelRequest>, undefined>): PanelAnswer {
    if (typeof request === 'string') return { type: 'refused', reason: request };
    this.requests.push(request.type);
    switch (request.type) {
      case 'hello':
        this.#restarted = false;
        return {
          type: 'hello',
          protocolVersion: panelFrame.version,
          firmware: '1.0.0',
          lampCount: this.#options.lampCount,
          buttonCount: this.#options.buttonCount,
          capabilities:
            panelCapabilities.colour |
            panelCapabilities.brightness |
            panelCapabilities.sound |
            panelCapabilities.settings,
          serial: '0123456789abcdef',
        };
      case 'set-lamps':
        return { type: 'set-lamps', result: this.#setLamps(request.lamps) };
      case 'poll': {
        // They live on in the answer, which is repeated until another request comes.
        const events = this.#events.splice(0);
        const eventsLost = this.#eventsLost;
        this.#eventsLost = false;
        return {
          type: 'poll',
          stale: this.#stale,
          restarted: this.#restarted,
          eventsLost,
          held: [...this.#held.keys()].reduce((bits, button) => bits | (1 << button), 0),
          discardedBytes: this.#parser.discardedBytes & 0xffff,
          events,
        };
      }
      case 'settings':
        this.#settings = request.settings ?? this.#settings;
        return { type: 'settings', settings: this.#settings };
      case 'sound':
        this.#sound = request.sound;
        return { type: 'sound' };
      default:
        return { type: 'refused', reason: 'unknown-type' };
    }
  }

  #setLamps(lamps: ({ lamp: number } & LampState)[]): 'done' | 'no-such-lamp' {
    if (this.#stale) this.#lamps = this.#allOf(dark);
    this.#stale = false;
    let result: 'done' | 'no-such-lamp' = 'done';
    for (const { lamp, ...state } of lamps) {
      if (lamp === allLamps) this.#lamps = this.#allOf(state);
      else if (lamp < this.#lamps.length) this.#lamps[lamp] = state;
      else result = 'no-such-lamp';
    }
    this.#options.onChange?.();
    return result;
  }

  #allOf(state: LampState): LampState[] {
    return new Array<LampState>(this.#options.lampCount).fill(state);
  }
}
