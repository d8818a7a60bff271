import { describe, expect, it } from 'vitest';
import { encodePanelAnswer } from '../../../src/codec/panel-answer.ts';
import type { LampState } from '../../../src/codec/panel-message.ts';
import { lampWords } from '../../../src/domain/lamps/words.ts';
import { lastRetryMs } from '../../../src/panel/panel.ts';
import { staleLamp } from '../../support/panel-device.ts';
import { Wire } from './wire.ts';

const { inOrder, offered, waiting, nothing, fault } = lampWords;

/** A panel connected and at rest. */
function connected(): Wire {
  const wire = new Wire();
  wire.panel.start();
  wire.clock.advance(100);
  expect(wire.panel.isConnected).toBe(true);
  return wire;
}

describe('a panel that is there', () => {
  it('says hello, then shows what it is given; lamps without a word are dark', () => {
    const wire = new Wire();
    wire.show({ 0: waiting, 3: inOrder });
    wire.panel.start();
    wire.clock.advance(100);
    expect(wire.device.lamps.slice(0, 5)).toEqual([waiting, nothing, nothing, inOrder, nothing]);
    expect(wire.panel.identity).toMatchObject({
      firmware: '1.0.0',
      lampCount: 8,
      serial: '0123456789abcdef',
    });
    expect(wire.faults).toEqual([]);
  });

  it('is told a change at once, and only what changed', () => {
    const wire = connected();
    wire.show({ 0: waiting }, 100);
    const before = wire.written.length;
    wire.show({ 0: waiting, 1: offered });
    expect(wire.written.slice(before)).toEqual([wire.clock.now()]);
    wire.clock.advance(10);
    expect(wire.device.lamps[1]).toEqual(offered);
    wire.show({ 0: waiting, 1: offered });
    expect(wire.written).toHaveLength(before + 1);
  });

  it('is told the newest state when much changes during one exchange', () => {
    const wire = connected();
    const before = wire.device.requests.length;
    for (const state of [waiting, offered, inOrder]) wire.show({ 0: state });
    wire.clock.advance(20);
    expect(wire.device.lamps[0]).toEqual(inOrder);
    expect(wire.device.requests.slice(before)).toEqual(['set-lamps', 'set-lamps']);
  });

  it('is polled every half second and never goes stale', () => {
    const wire = connected();
    const before = wire.device.requests.length;
    wire.clock.advance(60_000);
    const polls = wire.device.requests.slice(before).filter((type) => type === 'poll');
    expect(polls.length).toBeGreaterThan(110);
    expect(wire.device.isStale).toBe(false);
  });

  it('gets all lamps anew within six seconds, should one be disturbed', () => {
    const wire = connected();
    wire.show({ 0: waiting }, 100);
    wire.device.lamps[0] = fault;
    wire.clock.advance(6000);
    expect(wire.device.lamps[0]).toEqual(waiting);
  });

  it('reports buttons once and in order, also when an answer is lost', () => {
    const wire = connected();
    let lost = 0;
    wire.toHost = (bytes) => (bytes[5] === 0x83 && lost++ === 0 ? undefined : bytes);
    wire.device.press(2);
    wire.clock.advance(1000);
    wire.device.release(2);
    wire.clock.advance(1000);
    expect(lost).toBeGreaterThan(1);
    expect(wire.buttons.map((b) => `${b.button} ${b.action}`)).toEqual(['2 press', '2 long', '2 release']);
  });

  it('has its buttons heard while lamps change without end', () => {
    const wire = connected();
    wire.device.press(1);
    for (let i = 0; i < 500; i++) wire.show({ 0: { ...waiting, brightness: i % 256 } }, 3);
    expect(wire.buttons[0]).toEqual({ button: 1, action: 'press' });
  });

  it('of more lamps than one frame holds shows them all', () => {
    const wire = new Wire({ lampCount: 100 });
    wire.show(Object.fromEntries(Array.from({ length: 100 }, (_, lamp) => [lamp, inOrder])));
    wire.panel.start();
    wire.clock.advance(200);
    expect(wire.device.lamps).toEqual(new Array<LampState>(100).fill(inOrder));
  });
});

describe('trouble on the line', () => {
  it('costs a retry when a request or an answer is lost, and no fault', () => {
    const wire = connected();
    let n = 0;
    wire.toPanel = (bytes) => (n++ % 3 === 0 ? undefined : bytes);
    let m = 0;
    wire.toHost = (bytes) => (m++ % 3 === 1 ? undefined : bytes);
    for (const state of [waiting, offered, inOrder]) {
      wire.show({ 0: state }, 400);
      expect(wire.device.lamps[0]).toEqual(state);
    }
    expect(wire.faults).toEqual([]);
    expect(wire.panel.stats.retries).toBeGreaterThan(0);
  });

  it('in the form of noise is counted and does no harm', () => {
    const wire = connected();
    wire.toHost = (bytes) => Uint8Array.from([0x00, 0xc0, 0xbd, 0x01, ...bytes]);
    wire.toPanel = (bytes) => Uint8Array.from([0xff, 0xc0, ...bytes]);
    wire.show({ 0: waiting }, 2000);
    expect(wire.device.lamps[0]).toEqual(waiting);
    expect(wire.faults).toEqual([]);
    expect(wire.panel.stats.discardedBytes).toBeGreaterThan(0);
    expect(wire.device.discardedBytes).toBeGreaterThan(0);
  });

  it('in the form of half a frame is over when the line has been silent', () => {
    const wire = connected();
    wire.noiseToHost(0xc0, 0xbd, 1, 1, 5, 0x83, 90);
    wire.show({ 0: waiting }, 1000);
    expect(wire.device.lamps[0]).toEqual(waiting);
    expect(wire.panel.isConnected).toBe(true);
  });

  it('does not make an answer of another panel, or a repeated one, count', () => {
    const wire = connected();
    const stray = wire.panel.stats.strayFrames;
    wire.toHost = (bytes) => {
      const sequence = bytes[4] ?? 0;
      const other = encodePanelAnswer({ address: 2, sequence }, { type: 'set-lamps', result: 'done' });
      return Uint8Array.from([...other, ...bytes, ...bytes]);
    };
    wire.show({ 0: waiting }, 50);
    expect(wire.panel.stats.strayFrames).toBe(stray + 2);
    expect(wire.device.lamps[0]).toEqual(waiting);
  });
});

describe('a panel that goes', () => {
  it('is a fault at once when unplugged, and none when it is back with its lamps right', () => {
    const wire = connected();
    wire.show({ 0: waiting }, 100);
    wire.unplug();
    expect(wire.faults).toEqual([{ code: 'panel.disconnected', message: '/dev/panel: the device has gone' }]);
    wire.clock.advance(3000);
    expect(wire.device.lamps[0]).toEqual(staleLamp);
    wire.show({ 0: offered });
    wire.plugged = true;
    wire.clock.advance(lastRetryMs + 100);
    expect(wire.faults.at(-1)).toBeNull();
    expect(wire.device.lamps[0]).toEqual(offered);
  });

  it('is looked for after 0.2 s, then ever more rarely, up to every 2 s', () => {
    const wire = new Wire();
    wire.plugged = false;
    wire.panel.start();
    wire.clock.advance(10_000);
    const waits = wire.opened.slice(1).map((at, i) => at - (wire.opened[i] ?? 0));
    expect(waits).toEqual([200, 400, 800, 1600, 2000, 2000, 2000]);
    expect(wire.faults).toEqual([{ code: 'panel.disconnected', message: '/dev/panel: no such device' }]);
    wire.plugged = true;
    wire.clock.advance(lastRetryMs + 100);
    expect(wire.panel.isConnected).toBe(true);
  });

  it('is a fault when it does not answer three times, and is greeted until it does', () => {
    const wire = connected();
    wire.toHost = () => undefined;
    wire.clock.advance(1000);
    expect(wire.faults).toMatchObject([{ message: 'the panel 1 at /dev/panel does not answer' }]);
    wire.clock.advance(10_000);
    expect(wire.faults).toHaveLength(1);
    wire.toHost = (bytes) => bytes;
    wire.clock.advance(lastRetryMs + 300);
    expect(wire.faults).toHaveLength(2);
    expect(wire.panel.isConnected).toBe(true);
  });

  it('and restarts is greeted anew and gets its lamps', () => {
    const wire = connected();
    wire.show({ 0: waiting }, 100);
    wire.device.restart();
    expect(wire.device.lamps[0]).toEqual(staleLamp);
    wire.clock.advance(600);
    expect(wire.device.lamps[0]).toEqual(waiting);
    expect(wire.device.requests.filter((type) => type === 'hello')).toHaveLength(2);
  });
});

describe('a host that goes', () => {
  it('leaves the panel stale after 3 s; what was pressed meanwhile does nothing later', async () => {
    const wire = connected();
    wire.show({ 0: waiting }, 100);
    await wire.panel.stop();
    wire.clock.advance(2400);
    expect(wire.device.lamps[0]).toEqual(waiting);
    wire.clock.advance(700);
    expect(wire.device.lamps).toEqual(new Array<LampState>(8).fill(staleLamp));
    wire.device.press(0);
    wire.device.release(0);
    wire.panel.start();
    wire.clock.advance(1000);
    expect(wire.buttons).toEqual([]);
    expect(wire.device.lamps[0]).toEqual(waiting);
  });

  it('leaves no timer behind', async () => {
    const wire = connected();
    await wire.panel.stop();
    wire.device.stop();
    expect(wire.clock.armed).toBe(0);
  });
});
