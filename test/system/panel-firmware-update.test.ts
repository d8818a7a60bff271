/** New firmware over the line into the true old one, on a simulated board, with everything that can come between. */
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PanelIdentity } from '../../src/codec/panel-message.ts';
import { type FirmwareProgram, readImage } from '../support/panel-firmware.ts';
import { hanging, reversioned } from '../support/panel-image.ts';
import type { PanelTalk } from '../support/panel-talk.ts';
import { buildSimulation, lightOf, sendImage, startedPanel, startMs } from '../support/simulated-panel.ts';

let program: FirmwareProgram;
let talk: PanelTalk;
let old: Uint8Array;
let next: Uint8Array;

beforeAll(async () => {
  await buildSimulation();
  old = readImage();
  next = reversioned(old, [1, 0, 1]);
}, 120_000);
beforeEach(async () => {
  ({ program, talk } = await startedPanel());
});
afterEach(() => program.stop());

/** Changing over takes seconds: lets them pass until the firmware has started. */
async function started(withinMs = 10_000): Promise<void> {
  const from = program.lines.length;
  for (let ms = 0; ms < withinMs; ms += 100) {
    await program.run(100);
    if (program.lines.slice(from).some((line) => line.started)) {
      await program.run(startMs);
      return;
    }
  }
  throw new Error(`no firmware has started within ${withinMs} ms`);
}

async function hello(): Promise<PanelIdentity> {
  const answer = await talk.ask({ type: 'hello' });
  if (answer?.type !== 'hello') throw new Error(`no hello: ${JSON.stringify(answer)}`);
  return answer;
}

const settle = (): Promise<unknown> => talk.ask({ type: 'set-lamps', lamps: [] });
const restarting = { type: 'update-finish', result: 'restarting' };

async function powerCycle(): Promise<void> {
  program.command('power off');
  await program.run(50);
  program.command('power on');
}

describe('an update over the line', () => {
  it('leaves the lamps as they are while it is sent, then runs on trial until a host has set them', async () => {
    await hello();
    await talk.ask({
      type: 'set-lamps',
      lamps: [{ lamp: 0, colour: 'green', pattern: 'steady', brightness: 255 }],
    });
    await program.run(100);
    const from = program.lines.length;
    expect(await sendImage(talk, next)).toEqual(restarting);
    // A page takes 9 ms to write: the light may waver then, but it never looks like another state.
    const seen = program.lines.slice(from).flatMap(({ lamps }) => (lamps ? [lightOf(lamps, 0)] : []));
    for (const [red, , blue] of seen) expect([red, blue]).toEqual([0, 0]);
    for (const { tx, afterMs = 0 } of program.lines) if (tx !== undefined) expect(afterMs).toBeLessThan(20);
    const since = program.lines.at(-1)?.t ?? 0;
    await started();
    const silentMs = (program.lines.findLast((line) => line.started)?.t ?? 0) - since;
    console.log(`changing over ${next.length} bytes took ${Math.round(silentMs)} ms`);
    expect(silentMs).toBeLessThan(10_000);
    expect(await hello()).toMatchObject({
      firmware: '1.0.1',
      build: { updateState: 'on-trial', resetCause: 8 },
    });
    await settle();
    expect(await hello()).toMatchObject({ firmware: '1.0.1', build: { updateState: 'settled' } });
    await program.run(31_000);
    for (let i = 0; i < 4; i++) {
      await powerCycle();
      await started();
    }
    expect(await hello()).toMatchObject({
      firmware: '1.0.1',
      build: { updateState: 'settled', resetCause: 1 },
    });
  });

  it('whose bytes are changed on the way is not taken', async () => {
    const broken = Uint8Array.from(next);
    broken[3_000] = (broken[3_000] ?? 0) ^ 1;
    expect(await sendImage(talk, broken)).toMatchObject({ result: 'wrong-checksum' });
    await powerCycle();
    await started();
    expect(await hello()).toMatchObject({ firmware: '1.0.0', build: { updateState: 'settled' } });
  });

  it.each([1, 2, 40, 57])(
    'that loses power in write %d to its memory leaves the old firmware, which can be updated again',
    async (write) => {
      program.command(`cut ${write}`);
      await expect(sendImage(talk, next)).resolves.not.toEqual(restarting);
      expect(program.lines.some((line) => line.cut)).toBe(true);
      program.command('power on');
      await started();
      expect(await hello()).toMatchObject({ firmware: '1.0.0', build: { updateState: 'settled' } });
      expect(await talk.ask({ type: 'update-finish' })).toMatchObject({ result: 'not-begun' });
      expect(await sendImage(talk, next)).toEqual(restarting);
      await started();
      expect(await hello()).toMatchObject({ firmware: '1.0.1' });
    },
  );

  it('that loses power again and again while the two change over is finished all the same', async () => {
    expect(await sendImage(talk, next)).toEqual(restarting);
    let cuts = 0;
    // Two writes to a page, three pages to each of the image's: 1, 30, 59 … in all of them.
    for (let write = 1; ; write = 29) {
      const from = program.lines.length;
      program.command(`cut ${write}`);
      for (let ms = 0; ms < 10_000 && !program.lines.slice(from).some((l) => l.cut || l.started); ms += 50)
        await program.run(50);
      if (!program.lines.slice(from).some((line) => line.cut)) break;
      cuts += 1;
      program.command('power on');
    }
    program.command('cut 0');
    console.log(`power was lost ${cuts} times`);
    expect(cuts).toBeGreaterThan(8);
    await program.run(startMs);
    expect(await hello()).toMatchObject({ firmware: '1.0.1', build: { updateState: 'on-trial' } });
  });
});

describe('firmware that does not prove itself', () => {
  it('because it hangs is undone, and another update succeeds', async () => {
    expect(await sendImage(talk, hanging(old))).toEqual(restarting);
    await started();
    // Three starts that the watchdog ends after 1 s each; then the old one comes back.
    await program.run(8_000);
    expect(await hello()).toMatchObject({ firmware: '1.0.0', build: { updateState: 'undone' } });
    await settle();
    expect(await hello()).toMatchObject({ build: { updateState: 'undone' } });
    expect(await sendImage(talk, next)).toEqual(restarting);
    await started();
    await hello();
    await settle();
    expect(await hello()).toMatchObject({ firmware: '1.0.1', build: { updateState: 'settled' } });
  });

  it('because no host talks to it is undone after three starts', async () => {
    expect(await sendImage(talk, next)).toEqual(restarting);
    await started();
    expect(await hello()).toMatchObject({ firmware: '1.0.1', build: { updateState: 'on-trial' } });
    await program.run(100_000);
    expect(await hello()).toMatchObject({ firmware: '1.0.0', build: { updateState: 'undone' } });
  });

  it('because it lost power three times before a host came is undone', async () => {
    expect(await sendImage(talk, next)).toEqual(restarting);
    await started();
    for (let i = 0; i < 2; i++) {
      await powerCycle();
      await started();
      expect(await hello()).toMatchObject({ firmware: '1.0.1' });
    }
    await powerCycle();
    await started();
    expect(await hello()).toMatchObject({ firmware: '1.0.0', build: { updateState: 'undone' } });
  });
});
