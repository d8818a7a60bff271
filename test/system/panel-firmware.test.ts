/** The panel's true firmware on a simulated board, in its own time: what stands at its pins, and what it survives. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LampPattern, LampState } from '../../src/codec/panel-message.ts';
import { encodePanelRequest } from '../../src/codec/panel-request.ts';
import { conversations } from '../support/panel-conversations.ts';
import { type FirmwareProgram, makeFirmware } from '../support/panel-firmware.ts';
import type { PanelTalk } from '../support/panel-talk.ts';
import { blinks, buildSimulation, lightOf, startedPanel, startMs } from '../support/simulated-panel.ts';

let program: FirmwareProgram;
let talk: PanelTalk;

beforeAll(buildSimulation, 120_000);
beforeEach(async () => {
  ({ program, talk } = await startedPanel());
});
afterEach(async () => {
  // On any line: whatever it answered, it kept its time and the rules of the pair.
  for (const { tx, afterMs = 0, driven } of program.lines) {
    if (tx === undefined) continue;
    expect(afterMs).toBeGreaterThan(0.3);
    expect(afterMs).toBeLessThan(20);
    expect(driven).toBe(true);
  }
  await program.stop();
});

const show = (lamp: number, state: LampState): Promise<unknown> =>
  talk.ask({ type: 'set-lamps', lamps: [{ lamp, ...state }] });
const shown = (lamp: number) => lightOf(program.lines.findLast(({ lamps }) => lamps)?.lamps, lamp);
const state = (
  colour: LampState['colour'],
  pattern: LampPattern = 'steady',
  brightness = 255,
): LampState => ({
  colour,
  pattern,
  brightness,
});
/** One window of the observation, two rounds of the LEDs. */
const blurMs = 26;

describe('the simulated panel', () => {
  it.each(conversations)('%s', async (_, holds) => {
    await holds(talk);
  });
});

describe('at its pins', () => {
  it('each lamp has its colour and brightness, and no other is lit', async () => {
    await show(0xff, state('off', 'steady', 0));
    for (const [lamp, colour, brightness, light] of [
      [0, 'white', 255, [255, 200, 160]],
      [7, 'red', 255, [255, 0, 0]],
      [8, 'amber', 255, [255, 110, 0]],
      [30, 'green', 128, [0, 64, 0]],
      [31, 'blue', 1, [0, 0, 1]],
    ] as const) {
      await show(lamp, state(colour, 'steady', brightness));
      await program.run(60);
      expect(shown(lamp)).toEqual(light);
    }
    const lit = Array.from({ length: 32 }, (_, lamp) => lamp).filter((lamp) =>
      shown(lamp).some((p) => p > 0),
    );
    expect(lit).toEqual([0, 7, 8, 30, 31]);
    // Steady is steady: nothing changes any more.
    await program.run(200);
    expect((await program.run(1_000)).filter(({ lamps }) => lamps)).toEqual([]);
  });

  it.each<[LampPattern, number[]]>([
    ['slow', [500, 500]],
    ['fast', [125, 125]],
    ['double', [100, 150, 100, 650]],
  ])('the pattern %s is lit and dark for %j ms, all lamps in phase', async (pattern, durations) => {
    const lamps = [3, 20].map((lamp) => ({ lamp, ...state(lamp === 3 ? 'amber' : 'blue', pattern) }));
    await talk.ask({ type: 'set-lamps', lamps });
    await program.run(60);
    const from = program.lines.length;
    for (let i = 0; i < 3; i++) {
      await program.run(2_000);
      await talk.poll();
    }
    const lines = program.lines.slice(from);
    const seen = blinks(lines, 3);
    expect(seen.length).toBeGreaterThan(8);
    // It was looked at from some moment of the pattern on.
    const turns = durations.map((_, i) => [...durations.slice(i), ...durations.slice(0, i)]);
    const fits = turns.some((turn) =>
      seen.every((ms, i) => Math.abs(ms - (turn[i % turn.length] ?? 0)) < blurMs),
    );
    expect(fits, `seen: ${seen.map(Math.round).join(' ')}`).toBe(true);
    expect(blinks(lines, 20)).toEqual(seen);
  });

  it('breathing goes up and down in 3 s and is never dark; so does stale, in dim white', async () => {
    await show(0, state('green', 'breathing'));
    await talk.poll();
    await program.run(2_500);
    await talk.poll();
    // From 2.6 s without a request on it is stale; a whole breath of each is seen.
    const breath = (lines: { lamps?: string }[], channel: number): number[] =>
      lines.flatMap(({ lamps }) => (lamps ? [lightOf(lamps, 0)[channel] ?? 0] : []));
    const green = breath(await program.run(2_900), 1);
    expect(Math.max(...green)).toBeGreaterThan(240);
    expect(Math.min(...green)).toBeGreaterThan(0);
    await program.run(300);
    const stale = await program.run(6_000);
    const white = breath(stale, 0);
    expect(Math.max(...white)).toBe(16);
    expect(Math.min(...white)).toBe(1);
    const brightest = stale.filter(({ lamps }) => lamps && lightOf(lamps, 0)[0] === 16).map(({ t = 0 }) => t);
    expect((brightest.at(-1) ?? 0) - (brightest[0] ?? 0)).toBeGreaterThan(2_900);
    expect(lightOf(stale.findLast(({ lamps }) => lamps)?.lamps, 31)).toEqual(
      lightOf(stale.findLast(({ lamps }) => lamps)?.lamps, 0),
    );
  });

  it('all lamps are dark until the firmware runs, and in a reset', async () => {
    expect(program.lines[0]?.lamps).toMatch(/^0+$/);
    await show(0, state('red'));
    await program.run(50);
    program.command('reset');
    const lines = await program.run(100);
    expect(lines[0]?.lamps).toMatch(/^0+$/);
    await program.run(startMs);
    expect(shown(0)).toEqual(shown(1)); // stale, not what it was
  });

  it('the buzzer clicks, notices, and sounds the alarm until it is silenced', async () => {
    const tones = (lines: { tone?: number }[]): number[] =>
      lines.flatMap(({ tone }) => (tone === undefined ? [] : [tone]));
    await show(0, state('green'));
    program.lines.length = 0;
    await talk.ask({ type: 'sound', sound: 'notice' });
    await program.run(400);
    const heard = tones(program.lines);
    expect(heard.at(-1)).toBe(0);
    expect(Math.max(...heard)).toBeGreaterThan(2_200);
    expect(Math.max(...heard)).toBeLessThan(2_600);
    expect(heard.some((hz) => hz > 1_100 && hz < 1_300)).toBe(true);
    await talk.ask({ type: 'sound', sound: 'alarm' });
    const alarm = tones(await program.run(2_400));
    expect(alarm.filter((hz) => hz === 0).length).toBeGreaterThanOrEqual(2);
    await talk.ask({ type: 'sound', sound: 'silence' });
    expect(tones(await program.run(1_500)).filter((hz) => hz > 0)).toEqual([]);
  });

  it('the light on the board is on while a host asks', async () => {
    await show(0, state('green'));
    expect(program.lines.findLast(({ status }) => status !== undefined)?.status).toBe(1);
    await program.run(3_100);
    expect(program.lines.findLast(({ status }) => status !== undefined)?.status).toBe(0);
  });
});

describe('trouble', () => {
  it('in the speed of the line is silence, and over when it is right again', async () => {
    program.command('baud 9600');
    expect(await talk.ask({ type: 'poll' })).toBeUndefined();
    program.command('baud 57600');
    expect(await talk.ask({ type: 'poll' })).toBeUndefined();
    program.command('baud 115200');
    await program.run(100);
    const answer = await talk.poll();
    expect(answer).toMatchObject({ stale: true });
    expect(answer.discardedBytes).toBeGreaterThan(0);
  });

  it('in the form of a reset within a request or an answer leaves it able to talk', async () => {
    const request = encodePanelRequest({ address: 1, sequence: 1 }, { type: 'hello' });
    talk.panel.send(request.subarray(0, 5));
    await program.run(1);
    program.command('reset');
    talk.panel.send(request.subarray(5));
    expect(await talk.panel.pass(startMs)).toEqual([]);
    expect(await talk.ask({ type: 'hello' })).toMatchObject({ build: { resetCause: 2 } });
    talk.panel.send(encodePanelRequest({ address: 1, sequence: 99 }, { type: 'hello' }));
    await program.run(3.5);
    program.command('reset');
    await program.run(startMs);
    expect(await talk.poll()).toMatchObject({ restarted: true, stale: true });
  });

  it('with a button that is stuck leaves the others heard, also after a restart', async () => {
    await talk.ask({ type: 'set-lamps', lamps: [] });
    program.command('press 0');
    await program.run(1_500);
    expect((await talk.poll()).events.map(({ action }) => action)).toEqual(['press', 'long']);
    for (let i = 0; i < 3; i++) {
      await program.run(1_000);
      program.command('press 3');
      await program.run(60);
      program.command('release 3');
      await program.run(60);
      const { held, events } = await talk.poll();
      expect(held).toBe(1);
      expect(events).toEqual([
        { button: 3, action: 'press' },
        { button: 3, action: 'release' },
      ]);
    }
    program.command('reset');
    await program.run(startMs);
    await talk.ask({ type: 'set-lamps', lamps: [] });
    await program.run(1_000);
    expect(await talk.poll()).toMatchObject({ held: 1, events: [] });
  });

  it('in the form of noise without end does not keep it from hearing what is meant for it', async () => {
    let seed = 1;
    const noise = (length: number): Uint8Array =>
      Uint8Array.from({ length }, () => {
        seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
        return [0xc0, 0xbd, 0x01, 0x60, seed >> 16, seed >> 8][(seed >> 20) % 6] ?? 0;
      });
    let answered = 0;
    for (let i = 0; i < 40; i++) {
      talk.panel.send(noise(200));
      await program.run(75); // the noise takes 17 ms; then the line is silent
      if (await talk.ask({ type: 'poll' })) answered += 1;
    }
    expect(answered).toBe(40);
    expect((await talk.poll()).discardedBytes).toBeGreaterThan(7_000);
  });

  it('of power in the middle of changing its settings leaves the old ones or the new', async () => {
    for (let ms = 1; ms < 60; ms += 7) {
      const address = talk.address;
      talk.panel.send(
        encodePanelRequest(
          { address, sequence: ms },
          { type: 'settings', settings: { address: address + 1, brightnessLimit: 255 } },
        ),
      );
      await program.run(ms);
      program.command('power off');
      await program.run(10);
      program.command('power on');
      await program.run(startMs);
      const hello = { type: 'hello' } as const;
      const [old, changed] = [
        await talk.ask(hello, { to: address }),
        await talk.ask(hello, { to: address + 1 }),
      ];
      expect([old, changed].filter((answer) => answer !== undefined)).toHaveLength(1);
      if (changed) talk.address = address + 1;
    }
    expect(talk.address).toBeGreaterThan(1);
  });
});

describe('its memory', () => {
  it('has room for the stack, three times what it ever used', async () => {
    const report = await makeFirmware('all');
    const [, left] = /(\d+) left for the stack/.exec(report) ?? [];
    await talk.ask({ type: 'hello' });
    await talk.ask({
      type: 'set-lamps',
      lamps: Array.from({ length: 32 }, (_, lamp) => ({ lamp, ...state('white', 'breathing') })),
    });
    await talk.ask({ type: 'settings', settings: { address: 1, brightnessLimit: 254 } });
    const begin = { type: 'update-begin', hardware: 1, firmware: '1.0.0', length: 200, checksum: 0 } as const;
    await talk.ask(begin);
    for (const offset of [0, 64, 128])
      await talk.ask({ type: 'update-data', offset, bytes: new Uint8Array(64) });
    await program.run(500);
    const { stack = 0 } = await program.ask('stack', (line) => line.stack !== undefined);
    console.log(
      `${report
        .split('\n')
        .filter((line) => /bytes/.test(line))
        .join('\n')}\nstack used: ${stack} bytes`,
    );
    expect(stack).toBeGreaterThan(50);
    expect(stack * 3).toBeLessThan(Number(left));
  });
});
