import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from '../../src/base/log.ts';
import type { ButtonEvent, LampState } from '../../src/codec/panel-message.ts';
import { lampWords } from '../../src/domain/lamps/words.ts';
import { Panel, type PanelFault } from '../../src/panel/panel.ts';
import { listSerialDevices } from '../../src/panel/serial-devices.ts';
import { eventually } from '../support/eventually.ts';
import { staleLamp } from '../support/panel-device.ts';
import { VirtualPanel } from '../support/virtual-panel.ts';

const { waiting, offered, inOrder } = lampWords;

let directory: string;
let link: string;
let virtual: VirtualPanel;
let panel: Panel;
let faults: (PanelFault | null)[];
let buttons: ButtonEvent[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cordboard-panel-'));
  link = join(directory, 'panel');
  faults = [];
  buttons = [];
  virtual = new VirtualPanel({ link });
  panel = new Panel({
    device: link,
    address: 1,
    clock: systemClock,
    log: silentLogger,
    onFault: (fault) => faults.push(fault),
    onButton: (event) => buttons.push(event),
  });
});

afterEach(async () => {
  await panel.stop();
  await virtual.stop();
  expect(existsSync(link)).toBe(false);
  rmSync(directory, { recursive: true });
});

const show = (...lamps: LampState[]): void => panel.show(new Map(lamps.map((state, lamp) => [lamp, state])));

async function connected(): Promise<void> {
  await virtual.plug();
  panel.start();
  await eventually('the panel is connected', () => panel.isConnected);
}

describe('a panel on a serial line', () => {
  it('shows what the office does, a change within 50 ms at the 99th percentile', async () => {
    await connected();
    show(waiting, inOrder);
    await eventually('the lamps are lit', () => virtual.lamps[1]?.colour === 'green');
    const delays: number[] = [];
    for (let i = 1; i <= 200; i++) {
      const since = performance.now();
      const heard = new Promise<number>((resolve) => {
        virtual.onChange = () => {
          if (virtual.lamps[0]?.brightness === i) resolve(performance.now() - since);
        };
      });
      show({ ...waiting, brightness: i });
      delays.push(await heard);
    }
    delays.sort((a, b) => a - b);
    const at = (share: number): number =>
      delays[Math.floor(delays.length * share)] ?? Number.POSITIVE_INFINITY;
    console.log(
      `state change -> frame at the panel: p50 ${at(0.5).toFixed(1)} ms, p99 ${at(0.99).toFixed(1)} ms`,
    );
    expect(at(0.99)).toBeLessThanOrEqual(50);
    expect(faults).toEqual([]);
  });

  it('recovers when it is unplugged and plugged in again', async () => {
    await connected();
    show(waiting);
    await eventually('the lamp is lit', () => virtual.lamps[0]?.colour === 'amber');
    for (let round = 1; round <= 3; round++) {
      await virtual.unplug();
      await eventually('the fault is told', () => faults.length === round * 2 - 1 && faults.at(-1)?.code);
      expect(panel.isConnected).toBe(false);
      show(round % 2 ? offered : waiting);
      await virtual.plug();
      await eventually('the fault is over', () => faults.length === round * 2 && faults.at(-1) === null);
      await eventually(
        'the lamp is right again',
        () => virtual.lamps[0]?.pattern === (round % 2 ? 'fast' : 'steady'),
      );
    }
  });

  it('that is not there yet is found when it comes', async () => {
    panel.start();
    await eventually('the fault is told', () => faults[0]);
    expect(faults[0]?.message).toContain(link);
    show(inOrder);
    await virtual.plug();
    await eventually('the lamp is lit', () => virtual.lamps[0]?.colour === 'green');
    expect(faults.at(-1)).toBeNull();
  });

  it('stays right with noise on the line in both directions', async () => {
    await connected();
    virtual.onChunk = () => virtual.send(Uint8Array.of(0x55, 0xc0, 0xbd, 0x01, 0x01, 0xff));
    for (const state of [waiting, offered, inOrder, waiting]) {
      show(state);
      await eventually(
        'the lamp is right',
        () => virtual.lamps[0]?.pattern === state.pattern && virtual.lamps[0].colour === state.colour,
      );
    }
    expect(panel.stats.discardedBytes).toBeGreaterThan(0);
    virtual.device.receive(Uint8Array.of(0xc0, 0xbd, 0x01, 0x01, 0x00, 0x02, 0x60, 0x00));
    show(offered);
    await eventually('the lamp is right', () => virtual.lamps[0]?.pattern === 'fast');
    expect(virtual.device.discardedBytes).toBeGreaterThan(0);
    expect(faults).toEqual([]);
  });

  it('shows stale within 3.5 s when the host has gone, and is right when it is back', async () => {
    await connected();
    show(waiting);
    await eventually('the lamp is lit', () => virtual.lamps[0]?.colour === 'amber');
    const since = performance.now();
    await panel.stop();
    await eventually('the panel is stale', () => virtual.device.isStale);
    expect(performance.now() - since).toBeGreaterThan(2000);
    expect(performance.now() - since).toBeLessThan(3500);
    expect(virtual.lamps[0]).toEqual(staleLamp);
    panel.start();
    await eventually('the lamp is lit again', () => virtual.lamps[0]?.colour === 'amber');
  });

  it('tells its buttons', async () => {
    await connected();
    show();
    await eventually('the panel has its lamps', () => !virtual.device.isStale);
    virtual.device.press(3);
    virtual.device.release(3);
    await eventually('the buttons are told', () => buttons.length === 2);
    expect(buttons).toEqual([
      { button: 3, action: 'press' },
      { button: 3, action: 'release' },
    ]);
  });
});

describe('the virtual panel as a program', () => {
  it('prints lamps as JSON lines and obeys its commands', async () => {
    const program: ChildProcess = spawn(
      process.execPath,
      [new URL('../support/virtual-panel.ts', import.meta.url).pathname, link, '4'],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const ended = new Promise<number | null>((resolve) => program.once('exit', (code) => resolve(code)));
    if (!program.stdout || !program.stdin) throw new Error('no pipes to the virtual panel');
    const lines: { device?: string; stale?: boolean; lamps?: LampState[] }[] = [];
    createInterface({ input: program.stdout }).on('line', (line) => lines.push(JSON.parse(line)));
    await eventually('its device is there', () => lines[0]?.device === link);
    panel.start();
    show(inOrder, waiting);
    await eventually('the lamps are printed', () => lines.at(-1)?.lamps?.[1]?.colour === 'amber');
    expect(lines.at(-1)).toMatchObject({
      stale: false,
      lamps: [inOrder, waiting, { colour: 'off' }, { colour: 'off' }],
    });
    program.stdin.write('press 1\n');
    await eventually('the button is told', () => buttons[0]?.button === 1);
    program.stdin.write('unplug\n');
    await eventually('the fault is told', () => faults[0]);
    program.stdin.write('plug\n');
    await eventually('the fault is over', () => faults[1] === null);
    await panel.stop();
    program.stdin.end('quit\n');
    expect(await ended).toBe(0);
  });
});

describe('serial devices', () => {
  it('are listed with or without udev, never failing', async () => {
    const devices = await listSerialDevices();
    for (const { path } of devices) expect(path).toMatch(/^\/dev\//);
    const path = process.env.PATH;
    process.env.PATH = '/nowhere';
    try {
      for (const device of await listSerialDevices()) expect(device.path).toMatch(/^\/dev\//);
    } finally {
      process.env.PATH = path;
    }
  });
});
