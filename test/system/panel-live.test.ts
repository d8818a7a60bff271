import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { type Carrier, openCarrier } from '../support/carrier.ts';
import { eventually } from '../support/eventually.ts';
import { Instance } from '../support/instance.ts';
import { carrierAddress, office, secrets } from '../support/office.ts';
import type { FirmwareProgram } from '../support/panel-firmware.ts';
import { seenLamp } from '../support/seen-lamps.ts';
import { buildSimulation, lightOf, simulate } from '../support/simulated-panel.ts';
import { level } from '../support/sound.ts';

/** Lamps of a panel that nobody laid out: waiting, trunks, faults, Anna, Béla. */
const waiting = 0;
const faults = 2;
const anna = 3;

/** The whole way: a real call, the appliance, a serial line, the true firmware, and the pins of its lamps. */
describe('the lamp panel of a working office', () => {
  const dir = mkdtempSync(join(tmpdir(), 'cordboard-panel-'));
  const link = join(dir, 'tty');
  let panel: FirmwareProgram;
  let box: Instance;
  let carrier: Carrier;
  const phones: Baresip[] = [];

  const shows = (lamp: number, colour: string, pattern = 'steady'): Promise<unknown> =>
    eventually(
      `lamp ${lamp} is ${colour} ${pattern}`,
      () => {
        const seen = seenLamp(panel.lines, lamp);
        return seen?.colour === colour && seen.pattern === pattern;
      },
      15_000,
    );
  /** Its last lamp is nobody's: white only when it knows nothing. */
  const isStale = (): boolean =>
    lightOf(panel.lines.findLast(({ lamps }) => lamps)?.lamps, 31).every((power) => power > 0);
  const customer = async (): Promise<Baresip> => {
    const phone = await Baresip.start({
      user: '+36301112233',
      server: box.sip,
      toneHz: 500,
      register: false,
      address: carrierAddress,
    });
    phones.push(phone);
    phone.dial('3612345678');
    await phone.waitFor('CALL_ESTABLISHED');
    return phone;
  };

  beforeAll(async () => {
    await buildSimulation();
    panel = simulate({ link });
    await eventually('the panel has its PTY', () => panel.lines.some(({ device }) => device === link));
    carrier = await openCarrier();
    const settings = office(carrier.port, (made) => {
      for (const trunk of made.trunks) trunk.inbound = { kind: 'queue', queueId: 'sales' };
      for (const queue of made.queues) queue.waitingThreshold = 1;
      made.schedules = [
        {
          id: 'office',
          name: 'Office',
          week: [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from: '00:00', until: '24:00' })),
        },
      ];
      for (const trunk of made.trunks) trunk.hours = { scheduleId: 'office' };
      made.panel = { buttons: [{ button: 0, does: { act: 'night' } }] };
    });
    box = await Instance.start({ settings, env: { CORDBOARD_PANEL: link } });
    await box.login();
  });
  afterAll(async () => {
    for (const phone of phones) await phone.stop();
    await box?.assertNothingLeft();
    await box?.stop();
    carrier?.close();
    await panel?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it('shows callers waiting, flashes above the threshold, and follows the agent through the call', async () => {
    await shows(waiting, 'off');
    await customer();
    await shows(waiting, 'amber', 'steady');
    const second = await customer();
    await shows(waiting, 'amber', 'slow');
    second.hangUp();
    await shows(waiting, 'amber', 'steady');

    const phone = await Baresip.start({
      user: '101',
      server: box.sip,
      password: secrets['101'],
      toneHz: 700,
    });
    phones.push(phone);
    await phone.waitFor('CALL_INCOMING');
    await shows(anna, 'amber', 'fast');
    phone.accept();
    await shows(anna, 'blue', 'steady');
    await shows(waiting, 'off');
    await phone.hold();
    await shows(anna, 'blue', 'double');
    await phone.resume();
    await shows(anna, 'blue', 'steady');
    phone.hangUp();
    await shows(anna, 'green', 'steady');
  });

  it('recovers when it is unplugged and plugged in again, and the live page says so meanwhile', async () => {
    await shows(anna, 'green', 'steady');
    panel.command('unplug');
    const fault = await eventually('a fault on the live page', async () =>
      (await box.live()).faults.find((f) => f.code === 'panel.disconnected'),
    );
    expect(fault.message).toContain(link);
    // Nobody polls it: by its own clock it says that it knows nothing.
    await eventually('the panel shows stale', isStale, 6000);
    panel.command('plug');
    await shows(anna, 'green', 'steady');
    await eventually('the fault is over', async () => (await box.live()).faults.length === 0);
    await shows(faults, 'off');
  });

  it('shows stale within 4 s when the host is gone, and is right again when it is back', async () => {
    process.kill(box.pids.appliance ?? 0, 'SIGSTOP');
    await eventually('the panel shows stale', isStale, 4000);
    process.kill(box.pids.appliance ?? 0, 'SIGCONT');
    await eventually('the panel is in step again', () => !isStale(), 5000);
    await shows(anna, 'green', 'steady');
  });

  it('closes the office by its button: the lamp says so, and the next caller hears the closed message', async () => {
    const { json } = await box.api('GET', '/panel');
    const night: number = json.lamps.find(
      (one: { shows?: { fact: string } }) => one.shows?.fact === 'night',
    ).lamp;
    /** Held until its lamp shows what it did. */
    const push = async (colour: string): Promise<void> => {
      panel.command('press 0');
      await shows(night, colour);
      panel.command('release 0');
    };
    await shows(night, 'green');
    await push('amber');
    expect((await box.live()).hours).toMatchObject({
      night: { mode: 'closed', who: 'panel, button 1' },
      schedules: [{ open: false }],
    });
    const caller = await customer();
    await caller.waitFor('CALL_CLOSED', { timeoutMs: 20_000 });
    expect(level((caller.heard()[0] ?? new Int16Array()).subarray(4000, 24_000))).toBeGreaterThan(0.01);
    const call = await eventually('the call is in the log', async () => {
      const [newest] = (await box.api('GET', '/calls')).json.items;
      return newest?.phase === 'ended' ? newest : undefined;
    });
    expect(call.trace.find((note: { code: string }) => note.code === 'hours.kept-closed').params.who).toBe(
      'panel, button 1',
    );
    const audit = (await box.api('GET', '/audit')).json.items;
    expect(audit[0]).toMatchObject({ who: 'panel, button 1', source: link, action: 'night-mode.press' });
    await push('green');
  });
});
