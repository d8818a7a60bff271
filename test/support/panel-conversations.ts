/**
 * What `hardware/panel-protocol.md` asks of every panel, as conversations: the panel of the driver's tests, the
 * firmware's logic and the simulated firmware each have to hold them. A panel has just started, has 32 lamps, 4
 * buttons and address 1.
 */
import { expect } from 'vitest';
import { encodePanelFrame } from '../../src/codec/panel-frame.ts';
import { allLamps, type LampState, type PanelRequest } from '../../src/codec/panel-message.ts';
import { encodePanelRequest } from '../../src/codec/panel-request.ts';
import type { PanelTalk } from './panel-talk.ts';

const amber: LampState = { colour: 'amber', pattern: 'steady', brightness: 255 };
const light = (...lamps: number[]): PanelRequest => ({
  type: 'set-lamps',
  lamps: lamps.map((lamp) => ({ lamp, ...amber })),
});
const done = { type: 'set-lamps', result: 'done' };
/** The shortest that counts as pressed or let go for every panel. */
const pressMs = 60;

export const conversations: [string, (talk: PanelTalk) => Promise<void>][] = [
  [
    'says what it is, and that it has restarted until it was greeted',
    async (talk) => {
      expect(await talk.poll()).toMatchObject({ stale: true, restarted: true, held: 0, events: [] });
      expect(await talk.ask({ type: 'hello' })).toMatchObject({
        type: 'hello',
        protocolVersion: 1,
        lampCount: 32,
        buttonCount: 4,
        serial: expect.stringMatching(/^[0-9a-f]{16}$/),
      });
      expect(await talk.poll()).toMatchObject({ stale: true, restarted: false });
    },
  ],
  [
    'is stale until lamps are set, and again after 3 s without a request',
    async (talk) => {
      await talk.ask({ type: 'hello' });
      expect(await talk.ask(light(0))).toEqual(done);
      expect(await talk.poll()).toMatchObject({ stale: false });
      await talk.panel.pass(2_900);
      expect(await talk.poll()).toMatchObject({ stale: false });
      await talk.panel.pass(3_050);
      expect(await talk.poll()).toMatchObject({ stale: true });
      expect(await talk.poll()).toMatchObject({ stale: true });
      expect(await talk.ask(light())).toEqual(done);
      expect(await talk.poll()).toMatchObject({ stale: false });
    },
  ],
  [
    'is kept from going stale by what is for all panels, not by what is for another or is an answer',
    async (talk) => {
      await talk.ask(light(0));
      await talk.panel.pass(2_000);
      expect(await talk.ask({ type: 'poll' }, { to: 0 })).toBeUndefined();
      await talk.panel.pass(2_000);
      expect(await talk.poll()).toMatchObject({ stale: false });
      await talk.panel.pass(2_000);
      expect(await talk.ask({ type: 'poll' }, { to: 2 })).toBeUndefined();
      const answer = { version: 1, address: 1, sequence: 9, type: 0x83, payload: new Uint8Array(4) };
      expect(await talk.askBytes(encodePanelFrame(answer))).toBeUndefined();
      await talk.panel.pass(1_000);
      expect(await talk.poll()).toMatchObject({ stale: true });
    },
  ],
  [
    'sets lamps that exist, says when one does not, and answers nothing that is for all',
    async (talk) => {
      expect(await talk.ask(light(0, 31))).toEqual(done);
      expect(await talk.ask(light(allLamps))).toEqual(done);
      expect(await talk.ask(light(0, 32))).toEqual({ type: 'set-lamps', result: 'no-such-lamp' });
      expect(await talk.ask(light(3), { to: 0 })).toBeUndefined();
    },
  ],
  [
    'refuses what it does not know or what breaks the specification',
    async (talk) => {
      const frame = { version: 1, address: 1, sequence: 77, type: 0x44, payload: new Uint8Array(0) };
      const refused = (reason: string) => ({ type: 'refused', reason });
      const ask = (change: object) => talk.askBytes(encodePanelFrame({ ...frame, ...change }));
      expect(await ask({})).toEqual(refused('unknown-type'));
      expect(await ask({ type: 2, sequence: 1, payload: Uint8Array.of(0, 0x60, 1) })).toEqual(
        refused('bad-payload'),
      );
      expect(await ask({ type: 2, sequence: 2, payload: Uint8Array.of(0, 0x05, 1) })).toEqual(
        refused('bad-payload'),
      );
      expect(await ask({ type: 2, sequence: 3, payload: Uint8Array.of(0, 0x10) })).toEqual(
        refused('bad-payload'),
      );
      expect(await ask({ type: 3, sequence: 4, payload: Uint8Array.of(0) })).toEqual(refused('bad-payload'));
      expect(await ask({ type: 5, sequence: 5, payload: Uint8Array.of(4) })).toEqual(refused('bad-payload'));
      expect(await ask({ type: 3, sequence: 6, version: 2 })).toEqual(refused('version'));
      expect(await ask({ type: 1, sequence: 7, version: 2 })).toMatchObject({ type: 'hello' });
      expect(await talk.poll()).toMatchObject({ stale: true });
    },
  ],
  [
    'tells its buttons once and in order; a lost answer is repeated',
    async (talk) => {
      await talk.ask(light(0));
      await talk.panel.pass(100);
      talk.panel.press(2);
      await talk.panel.pass(1_000);
      talk.panel.press(0);
      await talk.panel.pass(pressMs);
      expect((await talk.poll()).held).toBe(0b101);
      talk.panel.release(2);
      talk.panel.release(0);
      await talk.panel.pass(pressMs);
      const told = await talk.poll();
      expect(told).toMatchObject({ held: 0, eventsLost: false });
      expect(told.events.map((e) => `${e.button} ${e.action}`).sort()).toEqual(['0 release', '2 release']);
      expect(await talk.poll({ again: true })).toEqual(told);
      expect((await talk.poll()).events).toEqual([]);
    },
  ],
  [
    'tells a press, that it is long, and its end, also while answers are lost',
    async (talk) => {
      await talk.ask(light(0));
      await talk.panel.pass(100);
      talk.panel.press(1);
      await talk.panel.pass(700);
      const short = await talk.poll();
      expect(short.events).toEqual([{ button: 1, action: 'press' }]);
      await talk.panel.pass(200);
      talk.panel.release(1);
      await talk.panel.pass(pressMs);
      expect(await talk.poll({ again: true })).toEqual(short);
      expect((await talk.poll()).events).toEqual([
        { button: 1, action: 'long' },
        { button: 1, action: 'release' },
      ]);
    },
  ],
  [
    'keeps the newest 16 of what its buttons did, and says that others were lost',
    async (talk) => {
      await talk.ask(light(0));
      await talk.panel.pass(100);
      for (let i = 0; i < 9; i++) {
        talk.panel.press(3);
        await talk.panel.pass(pressMs);
        talk.panel.release(3);
        await talk.panel.pass(pressMs);
      }
      const told = await talk.poll();
      expect(told.eventsLost).toBe(true);
      expect(told.events).toHaveLength(16);
      expect(told.events[0]).toEqual({ button: 3, action: 'press' });
      expect(await talk.poll()).toMatchObject({ eventsLost: false, events: [] });
    },
  ],
  [
    'forgets what was pressed while nobody asked',
    async (talk) => {
      await talk.ask(light(0));
      await talk.panel.pass(2_500);
      talk.panel.press(0);
      await talk.panel.pass(pressMs);
      talk.panel.release(0);
      await talk.panel.pass(1_000);
      talk.panel.press(1);
      await talk.panel.pass(pressMs);
      talk.panel.release(1);
      await talk.panel.pass(pressMs);
      expect(await talk.poll()).toMatchObject({ stale: true, eventsLost: true, events: [] });
    },
  ],
  [
    'does the same request only once, but always says hello',
    async (talk) => {
      await talk.ask({ type: 'settings', settings: { address: 1, brightnessLimit: 200 } }, { sequence: 5 });
      const change = { type: 'settings', settings: { address: 1, brightnessLimit: 100 } } as const;
      expect(await talk.ask(change, { again: true })).toMatchObject({ settings: { brightnessLimit: 200 } });
      expect(await talk.ask(change)).toMatchObject({ settings: { brightnessLimit: 100 } });
      await talk.ask({ type: 'hello' });
      talk.panel.restart();
      await talk.panel.pass(500);
      expect(await talk.ask({ type: 'hello' }, { again: true })).toMatchObject({ type: 'hello' });
      expect(await talk.poll()).toMatchObject({ restarted: false });
    },
  ],
  [
    'finds a good frame behind noise and within half a frame, and counts what it throws away',
    async (talk) => {
      const poll = encodePanelRequest({ address: 1, sequence: 200 }, { type: 'poll' });
      talk.panel.send(Uint8Array.of(0x00, 0xff, 0x55, 0xc0));
      expect(await talk.askBytes(poll)).toMatchObject({ type: 'poll', discardedBytes: 4 });
      // Half a frame, whose claimed length would swallow the next one: over when the line has been silent.
      talk.panel.send(Uint8Array.of(0xc0, 0xbd, 1, 1, 5, 2, 90));
      await talk.panel.pass(100);
      expect(await talk.poll()).toMatchObject({ discardedBytes: 11 });
      const broken = encodePanelRequest({ address: 1, sequence: 210 }, light(0));
      broken[10] = (broken[10] ?? 0) ^ 1;
      expect(await talk.askBytes(broken)).toBeUndefined();
      await talk.panel.pass(100);
      expect(await talk.poll()).toMatchObject({ stale: true, discardedBytes: 11 + broken.length });
    },
  ],
  [
    'answers under its new address once it has been given one',
    async (talk) => {
      const settings = { address: 42, brightnessLimit: 255 };
      expect(await talk.ask({ type: 'settings' })).toEqual({
        type: 'settings',
        settings: { address: 1, brightnessLimit: 255 },
      });
      expect(await talk.ask({ type: 'settings', settings })).toEqual({ type: 'settings', settings });
      expect(await talk.ask({ type: 'poll' })).toBeUndefined();
      talk.address = 42;
      await talk.poll();
      expect(await talk.ask({ type: 'sound', sound: 'click' })).toEqual({ type: 'sound' });
    },
  ],
];
