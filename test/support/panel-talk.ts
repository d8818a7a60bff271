/** A host of the simplest kind, for tests: asks a panel one thing and sees what comes. */
import { VirtualClock } from '../../src/base/clock.ts';
import { decodePanelAnswer } from '../../src/codec/panel-answer.ts';
import { PanelFrameParser } from '../../src/codec/panel-frame.ts';
import type { PanelAnswer, PanelRequest } from '../../src/codec/panel-message.ts';
import { encodePanelRequest } from '../../src/codec/panel-request.ts';
import { PanelDevice } from './panel-device.ts';
import type { FirmwareProgram } from './panel-firmware.ts';

/** A panel whose time passes as the test says, whatever it is made of. */
export interface PanelUnderTest {
  send(bytes: Uint8Array): void;
  /** What came from it meanwhile, one chunk for each answer. */
  pass(durationMs: number): Promise<Uint8Array[]>;
  press(button: number): void;
  release(button: number): void;
  restart(): void;
}

/** The panel of `panel-device.ts`, which the driver's tests use. */
export function deviceUnderTest(): PanelUnderTest {
  const clock = new VirtualClock();
  let sent: Uint8Array[] = [];
  const device = new PanelDevice({
    address: 1,
    lampCount: 32,
    buttonCount: 4,
    clock,
    send: (bytes) => sent.push(bytes),
  });
  return {
    send: (bytes) => device.receive(bytes),
    async pass(durationMs) {
      clock.advance(durationMs);
      const taken = sent;
      sent = [];
      return taken;
    },
    press: (button) => device.press(button),
    release: (button) => device.release(button),
    restart: () => device.restart(),
  };
}

/** The firmware: its logic on this machine, or the whole of it simulated. */
export function programUnderTest(program: FirmwareProgram): PanelUnderTest {
  return {
    send: (bytes) => program.command(`rx ${Buffer.from(bytes).toString('hex')}`),
    async pass(durationMs) {
      const lines = await program.run(durationMs);
      return lines.flatMap(({ tx }) => (tx === undefined ? [] : [Buffer.from(tx, 'hex')]));
    },
    press: (button) => program.command(`press ${button}`),
    release: (button) => program.command(`release ${button}`),
    restart: () => program.command('reset'),
  };
}

/** Long enough for the longest request, the panel's thinking and its answer. */
const exchangeMs = 40;

export class PanelTalk {
  readonly panel: PanelUnderTest;
  address = 1;
  sequence = 0;

  constructor(panel: PanelUnderTest) {
    this.panel = panel;
  }

  /** Undefined: silence. `again`: with the sequence of the request before. */
  async ask(
    request: PanelRequest,
    options: { to?: number; again?: boolean; sequence?: number } = {},
  ): Promise<PanelAnswer | undefined> {
    this.sequence = options.sequence ?? (options.again ? this.sequence : (this.sequence + 1) & 0xff);
    return this.askBytes(
      encodePanelRequest({ address: options.to ?? this.address, sequence: this.sequence }, request),
    );
  }

  /** @throws when more than one answer came, or something that is none */
  async askBytes(bytes: Uint8Array): Promise<PanelAnswer | undefined> {
    this.panel.send(bytes);
    const chunks = await this.panel.pass(exchangeMs);
    const frames = new PanelFrameParser().push(Buffer.concat(chunks));
    if (frames.length === 0 && chunks.length === 0) return undefined;
    const [frame] = frames;
    const answer = frame && decodePanelAnswer(frame);
    if (!answer || frames.length > 1) throw new Error(`no answer: ${Buffer.concat(chunks).toString('hex')}`);
    if (frame.sequence !== bytes[4]) throw new Error('the answer has another sequence');
    return answer;
  }

  async poll(options?: { again?: boolean }): Promise<Extract<PanelAnswer, { type: 'poll' }>> {
    const answer = await this.ask({ type: 'poll' }, options);
    if (answer?.type !== 'poll') throw new Error(`no poll was answered: ${JSON.stringify(answer)}`);
    return answer;
  }
}
