/** A wire between the driver and a panel that can be cut, drop and add what the test says. */
import { VirtualClock } from '../../../src/base/clock.ts';
import { silentLogger } from '../../../src/base/log.ts';
import type { ButtonEvent, LampState } from '../../../src/codec/panel-message.ts';
import type { OpenPanelLine, PanelLineEvents } from '../../../src/panel/line.ts';
import { Panel, type PanelFault } from '../../../src/panel/panel.ts';
import { PanelDevice } from '../../support/panel-device.ts';

/** One byte at 115,200 baud takes 87 us: a frame there and back, and the panel's thinking. */
const oneWayMs = 2;

export class Wire {
  readonly clock = new VirtualClock();
  readonly device: PanelDevice;
  readonly panel: Panel;
  readonly faults: (PanelFault | null)[] = [];
  readonly buttons: ButtonEvent[] = [];
  /** When each chunk of the host was written. */
  readonly written: number[] = [];
  /** When the driver tried to open the device. */
  readonly opened: number[] = [];
  plugged = true;
  /** Gives what arrives instead of the bytes; undefined: nothing. */
  toPanel: (bytes: Uint8Array) => Uint8Array | undefined = (bytes) => bytes;
  toHost: (bytes: Uint8Array) => Uint8Array | undefined = (bytes) => bytes;
  #events: PanelLineEvents | undefined;

  constructor(options: { lampCount?: number } = {}) {
    this.device = new PanelDevice({
      address: 1,
      lampCount: options.lampCount ?? 8,
      buttonCount: 4,
      clock: this.clock,
      send: (bytes) => this.#deliver(this.toHost(bytes), (b) => this.#events?.data(b)),
    });
    this.panel = new Panel({
      device: '/dev/panel',
      address: 1,
      clock: this.clock,
      log: silentLogger,
      onFault: (fault) => this.faults.push(fault),
      onButton: (event) => this.buttons.push(event),
      openLine: this.open,
    });
  }

  /** Shows these lamps and lets `durationMs` pass. */
  show(lamps: Record<number, LampState>, durationMs = 0): void {
    this.panel.show(new Map(Object.entries(lamps).map(([lamp, state]) => [Number(lamp), state])));
    this.clock.advance(durationMs);
  }

  unplug(): void {
    this.plugged = false;
    const events = this.#events;
    this.#events = undefined;
    events?.closed('the device has gone');
  }

  noiseToHost(...bytes: number[]): void {
    this.#events?.data(Uint8Array.from(bytes));
  }

  readonly open: OpenPanelLine = (_, events) => {
    this.opened.push(this.clock.now());
    if (this.plugged) {
      this.#events = events;
      this.clock.after(0, () => {
        if (this.#events === events) events.opened();
      });
    } else this.clock.after(0, () => events.closed('no such device'));
    return {
      write: (bytes) => {
        this.written.push(this.clock.now());
        this.#deliver(this.toPanel(bytes), (b) => this.device.receive(b));
      },
      close: async () => {
        this.#events = undefined;
      },
    };
  };

  #deliver(bytes: Uint8Array | undefined, to: (bytes: Uint8Array) => void): void {
    if (!bytes || !this.plugged) return;
    this.clock.after(oneWayMs, () => to(bytes));
  }
}
