/** The C logic of the lamp panel on this machine, held against the vectors and conversations of the TypeScript side. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { encodePanelFrame, PanelFrameParser } from '../../../src/codec/panel-frame.ts';
import type { LampState, PanelRequest } from '../../../src/codec/panel-message.ts';
import { decodePanelRequest } from '../../../src/codec/panel-request.ts';
import { conversations } from '../../support/panel-conversations.ts';
import { FirmwareProgram, firmwareFile, makeFirmware } from '../../support/panel-firmware.ts';
import { deviceUnderTest, PanelTalk, programUnderTest } from '../../support/panel-talk.ts';
import vectors from '../../vectors/panel-frame.json' with { type: 'json' };

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

let logic: FirmwareProgram;
let talk: PanelTalk;

beforeAll(() => makeFirmware('host'), 120_000);
beforeEach(async () => {
  logic = new FirmwareProgram(firmwareFile.logic);
  talk = new PanelTalk(programUnderTest(logic));
});
afterEach(() => logic.stop());

describe('the C codec', () => {
  it.each(vectors.crc)('has the checksum of "$ascii"', async ({ ascii, crc }) => {
    const hex = Buffer.from(ascii).toString('hex');
    expect((await logic.ask(`crc ${hex}`, (line) => line.crc16 !== undefined)).crc16).toBe(crc);
  });

  it('has the checksum of images', async () => {
    const hex = Buffer.from('123456789').toString('hex');
    expect((await logic.ask(`crc ${hex}`, (line) => line.crc32 !== undefined)).crc32).toBe('cbf43926');
  });

  it.each(vectors.streams)('finds the frames of a stream with $name, however it is cut', async (vector) => {
    const { hex, frames, discardedBytes, pendingBytes } = vector;
    const cuts = Array.from({ length: hex.length / 2 + 1 }, (_, cut) => cut * 2);
    for (const cut of cuts)
      expect(
        await logic.ask(`scan ${hex.slice(0, cut)} ${hex.slice(cut)}`, (line) => line.frames !== undefined),
      ).toMatchObject({ frames, discardedBytes, pendingBytes });
  });

  it.each(vectors.frames)('reads the frame "$name"', async ({ hex }) => {
    const found = await logic.ask(`scan ${hex}`, (line) => line.frames !== undefined);
    expect(found).toMatchObject({ frames: [hex], discardedBytes: 0, pendingBytes: 0 });
  });
});

describe('any bytes', () => {
  it('are taken apart by C and TypeScript alike', async () => {
    const pieces = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom(...vectors.frames.map(({ hex }) => Uint8Array.from(Buffer.from(hex, 'hex')))),
        fc.constantFrom(
          Uint8Array.of(0xc0),
          Uint8Array.of(0xc0, 0xbd),
          Uint8Array.of(0xc0, 0xbd, 1, 1, 1, 2, 9),
        ),
      ),
      { minLength: 1, maxLength: 12 },
    );
    const property = fc.asyncProperty(pieces, async (chunks) => {
      const parser = new PanelFrameParser();
      const frames = chunks
        .flatMap((chunk) => parser.push(chunk))
        .map((frame) => hexOf(encodePanelFrame(frame)));
      const { discardedBytes, pendingBytes } = parser;
      expect(
        await logic.ask(`scan ${chunks.map(hexOf).join(' ')}`, (line) => line.frames !== undefined),
      ).toMatchObject({ frames, discardedBytes, pendingBytes });
    });
    await fc.assert(property, { numRuns: 400 });
  });
});

describe('any request', () => {
  it('is done or refused by C just as TypeScript understands it', async () => {
    const frames = fc.tuple(fc.nat(10), fc.uint8Array({ maxLength: 96, size: 'max' }), fc.boolean());
    const small = fc.tuple(fc.nat(10), fc.uint8Array({ maxLength: 12, max: 9 }), fc.boolean());
    let [address, sequence] = [1, 0];
    const property = fc.asyncProperty(fc.oneof(frames, small), async ([type, payload, isOtherVersion]) => {
      sequence = (sequence + 1) & 0xff;
      const frame = { version: isOtherVersion ? 2 : 1, address, sequence, type, payload };
      const understood = decodePanelRequest(frame);
      const answer = await talk.askBytes(encodePanelFrame(frame));
      // Text is understood on the line; this panel has no display.
      if (understood === 'version') expect(answer).toEqual({ type: 'refused', reason: 'version' });
      else if (type === 6) expect(answer).toEqual({ type: 'refused', reason: 'unknown-type' });
      else if (typeof understood === 'string')
        expect(answer).toEqual({ type: 'refused', reason: understood });
      else expect(answer?.type).toBe(understood?.type);
      if (answer?.type === 'settings') address = answer.settings.address;
    });
    await fc.assert(property, { numRuns: 1_500 });
  });
});

describe.each([
  ['the firmware', () => talk],
  ["the panel of the driver's tests", () => new PanelTalk(deviceUnderTest())],
])('%s', (_, make) => {
  it.each(conversations)('%s', async (_name, holds) => {
    await holds(make());
  });
});

describe('the light of a lamp', () => {
  const show = (state: LampState, lamp = 0): Promise<unknown> =>
    talk.ask({ type: 'set-lamps', lamps: [{ lamp, ...state }] });
  const shown = (): string => logic.lines.findLast(({ lamps }) => lamps)?.lamps?.slice(0, 6) ?? '';
  const steady = (colour: LampState['colour'], brightness: number): LampState => ({
    colour,
    pattern: 'steady',
    brightness,
  });

  it.each<[LampState['colour'], number, string]>([
    ['off', 255, '000000'],
    ['red', 255, 'ff0000'],
    ['amber', 255, 'ff6e00'],
    ['green', 255, '00ff00'],
    ['blue', 255, '0000ff'],
    ['white', 255, 'ffc8a0'],
    ['red', 0, '000000'],
    ['red', 128, '400000'],
    ['amber', 1, '010100'],
  ])('%s at %d is %s', async (colour, brightness, light) => {
    await show(steady(colour, brightness));
    expect(shown()).toBe(light);
  });

  it('never shrinks when it is set brighter, and is never dark unless set so', async () => {
    const powers: number[] = [];
    for (let brightness = 1; brightness <= 255; brightness++) {
      await show(steady('green', brightness));
      powers.push(Number.parseInt(shown().slice(2, 4), 16));
    }
    expect(powers[0]).toBe(1);
    expect(powers).toEqual(powers.toSorted((a, b) => a - b));
  });

  it('is limited by the settings, which outlive a restart', async () => {
    await talk.ask({ type: 'settings', settings: { address: 1, brightnessLimit: 128 } });
    logic.command('reset');
    await show(steady('red', 255));
    expect(shown()).toBe('400000');
  });
});

describe('firmware by the line', () => {
  const begin: PanelRequest = {
    type: 'update-begin',
    hardware: 1,
    firmware: '1.0.1',
    length: 200,
    checksum: 0x12345678,
  };
  const data = (offset: number, length: number): PanelRequest => ({
    type: 'update-data',
    offset,
    bytes: new Uint8Array(length).fill(7),
  });

  it('is refused for other hardware, or when it is too long', async () => {
    expect(await talk.ask({ ...begin, hardware: 2 })).toMatchObject({ result: 'other-hardware' });
    expect(await talk.ask({ ...begin, length: 14_209 })).toMatchObject({ result: 'too-long' });
    expect(await talk.ask(data(0, 64))).toEqual({ type: 'update-data', result: 'not-begun', offset: 0 });
    expect(await talk.ask({ type: 'update-finish' })).toMatchObject({ result: 'not-begun' });
  });

  it('is taken in its order only, and not beyond its length', async () => {
    expect(await talk.ask(begin)).toMatchObject({ result: 'ready' });
    expect(await talk.ask(data(0, 64))).toMatchObject({ result: 'taken', offset: 64 });
    expect(await talk.ask(data(0, 64), { again: true })).toMatchObject({ result: 'taken', offset: 64 });
    expect(await talk.ask(data(0, 64))).toMatchObject({ result: 'other-offset', offset: 64 });
    expect(await talk.ask(data(128, 64))).toMatchObject({ result: 'other-offset', offset: 64 });
    expect(await talk.ask(data(64, 64))).toMatchObject({ result: 'taken', offset: 128 });
    expect(await talk.ask({ type: 'update-finish' })).toMatchObject({ result: 'incomplete' });
    expect(await talk.ask(data(128, 64))).toMatchObject({ result: 'taken', offset: 192 });
    expect(await talk.ask(data(192, 9))).toMatchObject({ result: 'other-offset', offset: 192 });
    expect(await talk.ask(data(192, 8))).toMatchObject({ result: 'taken', offset: 200 });
    expect(await talk.ask({ type: 'update-finish' })).toMatchObject({ result: 'wrong-checksum' });
    expect(await talk.ask({ type: 'update-finish' })).toMatchObject({ result: 'not-begun' });
  });
});

describe('two firmwares', () => {
  it('change over whole, whatever write the power is cut in', async () => {
    const { stdout } = await promisify(execFile)(firmwareFile.swapTest);
    expect(stdout).toMatch(/^\d{4,} checks hold\n$/);
  }, 60_000);
});

describe('a button', () => {
  it('that was down at the start tells nothing until it has been let go', async () => {
    logic.command('press 1');
    logic.command('reset');
    await talk.panel.pass(100);
    await talk.ask({ type: 'set-lamps', lamps: [] });
    await talk.panel.pass(1_000);
    expect(await talk.poll()).toMatchObject({ held: 0b10, events: [] });
    logic.command('release 1');
    await talk.panel.pass(100);
    expect(await talk.poll()).toMatchObject({ held: 0, events: [] });
    logic.command('press 1');
    await talk.panel.pass(100);
    expect((await talk.poll()).events).toEqual([{ button: 1, action: 'press' }]);
  });

  it('that bounces is pressed once', async () => {
    await talk.ask({ type: 'set-lamps', lamps: [] });
    await talk.panel.pass(100);
    for (const word of ['press', 'release', 'press', 'release', 'press']) {
      logic.command(`${word} 0`);
      await talk.panel.pass(7);
    }
    await talk.panel.pass(100);
    expect((await talk.poll()).events).toEqual([{ button: 0, action: 'press' }]);
  });
});
