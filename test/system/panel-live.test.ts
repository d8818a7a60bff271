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
});
