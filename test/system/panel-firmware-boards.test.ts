/** The firmware's other boards: lamps of one colour, and a WS2812 strip held to the times of its data sheet. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type LampState, panelCapabilities } from '../../src/codec/panel-message.ts';
import { type FirmwareProgram, makeFirmware } from '../support/panel-firmware.ts';
import { blinks, buildSimulation, lightOf, startedPanel } from '../support/simulated-panel.ts';

let program: FirmwareProgram;

beforeAll(async () => {
  await buildSimulation();
  for (const hardware of [2, 3]) await makeFirmware('all', `HARDWARE=${hardware}`);
}, 120_000);
afterEach(() => program.stop());

const shown = (lamp: number) => lightOf(program.lines.findLast(({ lamps }) => lamps)?.lamps, lamp);
const state = (colour: LampState['colour'], pattern: LampState['pattern'] = 'steady'): LampState => ({
  colour,
  pattern,
  brightness: 255,
});

describe('a board with lamps of one colour', () => {
  it('lights a lamp for each colour but off, says that it has none, and takes its own firmware only', async () => {
    const { talk, ...started } = await startedPanel(2);
    program = started.program;
    const hello = await talk.ask({ type: 'hello' });
    expect(hello).toMatchObject({ type: 'hello', build: { hardware: 2 } });
    if (hello?.type !== 'hello') return;
    expect(hello.capabilities & panelCapabilities.colour).toBe(0);
    const colours = ['white', 'red', 'amber', 'green', 'blue', 'off'] as const;
    await talk.ask({
      type: 'set-lamps',
      lamps: colours.map((colour, lamp) => ({ lamp, ...state(colour) })),
    });
    await program.run(60);
    expect(colours.map((_, lamp) => shown(lamp))).toEqual([
      ...Array.from({ length: 5 }, () => [255, 0, 0]),
      [0, 0, 0],
    ]);
    const begin = { type: 'update-begin', firmware: '1.0.1', length: 2_000, checksum: 1 } as const;
    expect(await talk.ask({ ...begin, hardware: 1 })).toMatchObject({ result: 'other-hardware' });
    expect(await talk.ask({ ...begin, hardware: 2 })).toMatchObject({ result: 'ready' });
  });
});

describe('a board with a strip', () => {
  it('shows colours, brightness and patterns in the times of the data sheet, and hears every request', async () => {
    const { talk, ...started } = await startedPanel(3);
    program = started.program;
    expect(await talk.ask({ type: 'hello' })).toMatchObject({ build: { hardware: 3 } });
    const lamps = [
      { lamp: 0, ...state('amber') },
      { lamp: 1, ...state('blue', 'fast') },
      { lamp: 2, ...state('white', 'breathing') },
      { lamp: 31, ...state('green'), brightness: 128 },
    ];
    expect(await talk.ask({ type: 'set-lamps', lamps })).toEqual({ type: 'set-lamps', result: 'done' });
    await program.run(60);
    expect([shown(0), shown(3), shown(31)]).toEqual([
      [255, 110, 0],
      [0, 0, 0],
      [0, 64, 0],
    ]);
    // While the strip is sent to 120 times a second, no answer may be missing.
    const from = program.lines.length;
    for (let i = 0; i < 50; i++) await talk.poll();
    const seen = blinks(program.lines.slice(from), 1);
    expect(seen.length).toBeGreaterThan(10);
    for (const ms of seen) expect(Math.abs(ms - 125)).toBeLessThan(26);
    expect(blinks(program.lines.slice(from), 0)).toEqual([]);
    expect(await talk.poll()).toMatchObject({ discardedBytes: 0 });
  });
});
