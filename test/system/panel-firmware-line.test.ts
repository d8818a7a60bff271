/** The appliance's own driver on a PTY, with the true firmware at its other end, in real time. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import type { ButtonEvent, LampState } from '../../src/codec/panel-message.ts';
import { lampWords } from '../../src/domain/lamps/words.ts';
import { Panel, type PanelFault } from '../../src/panel/panel.ts';
import { eventually } from '../support/eventually.ts';
import { type FirmwareProgram, readImage } from '../support/panel-firmware.ts';
import { hanging, reversioned } from '../support/panel-image.ts';
import { blinks, buildSimulation, lightOf, simulate } from '../support/simulated-panel.ts';

const { waiting, waitingTooMany, offered, talking, holding, inOrder, fault } = lampWords;

let directory: string;
let link: string;
let program: FirmwareProgram;
let panel: Panel;
let faults: (PanelFault | null)[];
let buttons: ButtonEvent[];

beforeAll(buildSimulation, 120_000);
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'cordboard-firmware-'));
  link = join(directory, 'panel');
  faults = [];
  buttons = [];
  program = simulate({ link });
  panel = new Panel({
    device: link,
    address: 1,
    clock: systemClock,
    log: silentLogger,
    onFault: (told) => faults.push(told),
    onButton: (event) => buttons.push(event),
  });
  await eventually('the PTY is there', () => existsSync(link));
  panel.start();
  await eventually('the panel is connected', () => panel.isConnected);
});
afterEach(async () => {
  await panel.stop();
  await program.stop();
  expect(existsSync(link)).toBe(false);
  rmSync(directory, { recursive: true });
});

const show = (...lamps: LampState[]): void => panel.show(new Map(lamps.map((one, lamp) => [lamp, one])));
const lamp = (number: number) => lightOf(program.lines.findLast(({ lamps }) => lamps)?.lamps, number);
const isLit = (number: number, ...light: number[]): Promise<unknown> =>
  eventually(`lamp ${number} is ${light}; it is ${lamp(number)}`, () => `${lamp(number)}` === `${light}`);
/** The panel's own time, as last told. */
const now = (): number => program.lines.at(-1)?.t ?? 0;
const green = [0, 255, 0];
const amber = [255, 110, 0];
const red = [255, 0, 0];

describe('the driver with the true firmware', () => {
  it('has the words of the lamps at the pins', async () => {
    show(inOrder, waiting, talking, fault, offered, waitingTooMany, holding);
    await isLit(0, ...green);
    await isLit(1, ...amber);
    await isLit(2, 0, 0, 255);
    await isLit(3, ...red);
    expect(lamp(31)).toEqual([0, 0, 0]);
    const from = program.lines.length;
    const since = now();
    await eventually('the panel has lived for 3 s', () => now() - since > 3_000);
    const lines = program.lines.slice(from);
    // It keeps its own time: a busy machine does not blur it.
    for (const [number, lit] of [
      [4, [125]],
      [5, [500]],
      [6, [100, 150, 650]],
    ] as const)
      for (const ms of blinks(lines, number))
        expect(Math.min(...lit.map((one) => Math.abs(one - ms)))).toBeLessThan(26);
    expect(blinks(lines, 4).length).toBeGreaterThan(15);
    for (const number of [0, 1, 2, 3]) expect(blinks(lines, number)).toEqual([]);
    expect(faults).toEqual([]);
  });

  it('tells its buttons, and one that is stuck does not hide the others', async () => {
    show(inOrder);
    await isLit(0, ...green);
    program.command('press 0');
    await eventually('the long press is told', () => buttons.some(({ action }) => action === 'long'));
    for (const word of ['press', 'release']) {
      program.command(`${word} 2`);
      await eventually(`${word} is told`, () => buttons.some((b) => b.button === 2 && b.action === word));
    }
    expect(buttons.map(({ button, action }) => `${button} ${action}`)).toEqual([
      '0 press',
      '0 long',
      '2 press',
      '2 release',
    ]);
  });

  it('is stale on its own within 3 s when the host has gone, and right when it is back', async () => {
    show(fault);
    await isLit(0, ...red);
    await panel.stop();
    const { t: since = 0 } = await program.ask('stack', ({ stack }) => stack !== undefined);
    await eventually('every lamp is white', () => {
      const [one, two, three] = lamp(31);
      return one > 0 && two > 0 && three > 0 && `${lamp(0)}` === `${lamp(31)}`;
    });
    const stale = program.lines.findLast(({ status }) => status === 0)?.t ?? Number.NaN;
    expect(stale - since).toBeGreaterThan(2_000);
    expect(stale - since).toBeLessThan(3_100);
    panel.start();
    await isLit(0, ...red);
    await isLit(31, 0, 0, 0);
  });

  it('recovers from a reset, a loss of power and the cable; nothing wrong is shown meanwhile', async () => {
    show(inOrder);
    await isLit(0, ...green);
    const from = program.lines.length;
    program.command('reset');
    await eventually('it has started', () => program.lines.slice(from).some(({ started }) => started));
    await isLit(0, ...green);
    program.command('power off');
    await eventually('the fault is told', () => faults.at(-1));
    show(waiting);
    program.command('power on');
    await eventually('the fault is over', () => faults.at(-1) === null);
    await isLit(0, ...amber);
    program.command('unplug');
    await eventually('the fault is told again', () => faults.at(-1));
    show(fault);
    program.command('plug');
    await isLit(0, ...red);
    await eventually('no fault is left', () => faults.at(-1) === null);
    // White while it knows nothing, dark while it starts; else only what it was told.
    for (const { lamps } of program.lines.slice(from)) {
      if (!lamps) continue;
      const [r, g, b] = lightOf(lamps, 31);
      expect(r === 0 ? [g, b] : 'white').toEqual(r === 0 ? [0, 0] : 'white');
      expect(r).toBeLessThanOrEqual(16);
    }
  });

  it('stays right with noise on the line in both directions', async () => {
    for (const state of [waiting, inOrder, fault, waiting]) {
      program.command('rx 00c0bd0101ff55');
      show(state);
      program.command('noise c0bd01015583c0bdff');
      await eventually('the lamp is right', () => {
        const want = state === waiting ? amber : state === inOrder ? green : red;
        return `${lamp(0)}` === `${want}`;
      });
    }
    expect(panel.stats.discardedBytes).toBeGreaterThan(0);
    expect(faults).toEqual([]);
  });

  it('updates its firmware while the lamps go on', async () => {
    show(inOrder);
    await isLit(0, ...green);
    const shares: number[] = [];
    const updated = panel.updateFirmware(reversioned(readImage(), [1, 0, 1]), (share) => shares.push(share));
    await eventually('some of it is there', () => (shares.at(-1) ?? 0) > 0.3);
    show(waiting);
    await isLit(0, ...amber);
    expect(shares.at(-1)).toBeLessThan(1);
    expect(await updated).toMatchObject({ firmware: '1.0.1', build: { updateState: 'on-trial' } });
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    await isLit(0, ...amber);
    expect(faults).toEqual([]);
    expect(panel.identity?.firmware).toBe('1.0.1');
  });

  it('says when an update was cut short by a loss of power, and can do it again', async () => {
    const next = reversioned(readImage(), [1, 0, 1]);
    program.command('cut 31');
    await expect(panel.updateFirmware(next)).rejects.toMatchObject({ code: 'panel.update' });
    expect(program.lines.some(({ cut }) => cut)).toBe(true);
    program.command('power on');
    await eventually('the panel is back', () => panel.isConnected);
    expect(panel.identity).toMatchObject({ firmware: '1.0.0', build: { updateState: 'settled' } });
    expect(await panel.updateFirmware(next)).toMatchObject({ firmware: '1.0.1' });
  });

  it('says when new firmware does not come up; the one before does', async () => {
    await expect(panel.updateFirmware(hanging(readImage()))).rejects.toMatchObject({
      code: 'panel.update',
      message: expect.stringContaining('1.0.0 instead of 6.6.6'),
    });
    show(inOrder);
    await eventually('the one before is back', () => panel.isConnected);
    expect(panel.identity).toMatchObject({ firmware: '1.0.0', build: { updateState: 'undone' } });
    await isLit(0, ...green);
    expect(faults).toEqual([]);
  });

  it('refuses what is no firmware, or is for other hardware, before a byte is sent', async () => {
    const image = readImage();
    for (const wrong of [image.subarray(0, 50), image.subarray(0, -2), Buffer.alloc(500)])
      await expect(panel.updateFirmware(wrong)).rejects.toMatchObject({ code: 'panel.firmware' });
    const damaged = Uint8Array.from(image);
    damaged[1_000] = (damaged[1_000] ?? 0) ^ 1;
    await expect(panel.updateFirmware(damaged)).rejects.toMatchObject({ code: 'panel.firmware' });
    const other = Uint8Array.from(image);
    other[0x6c] = 2;
    await expect(panel.updateFirmware(reversioned(other, [1, 0, 1]))).rejects.toMatchObject({
      code: 'panel.firmware',
    });
  });
});
