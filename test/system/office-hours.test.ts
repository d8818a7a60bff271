import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Baresip } from '../support/baresip.ts';
import { type Carrier, openCarrier } from '../support/carrier.ts';
import { eventually } from '../support/eventually.ts';
import { Instance } from '../support/instance.ts';
import { carrierAddress, office } from '../support/office.ts';
import { level } from '../support/sound.ts';

describe('opening hours with a real caller', () => {
  let box: Instance;
  let carrier: Carrier;
  const phones: Baresip[] = [];

  beforeAll(async () => {
    carrier = await openCarrier();
    const settings = office(carrier.port, (made) => {
      made.schedules = [
        {
          id: 'office',
          name: 'Office',
          week: [1, 2, 3, 4, 5, 6, 7].map((day) => ({ day, from: '00:00', until: '24:00' })),
        },
      ];
      for (const trunk of made.trunks) trunk.hours = { scheduleId: 'office' };
    });
    box = await Instance.start({ settings });
    await box.login();
  });
  afterEach(async () => {
    for (const phone of phones.splice(0)) await phone.stop();
    await box.assertIdle();
  });
  afterAll(async () => {
    await box?.assertNothingLeft();
    await box?.stop();
    carrier?.close();
  });

  const dial = async (): Promise<Baresip> => {
    const caller = await Baresip.start({
      user: '+36301112233',
      server: box.sip,
      toneHz: 500,
      register: false,
      address: carrierAddress,
    });
    phones.push(caller);
    caller.dial('3612345678');
    await caller.waitFor('CALL_ESTABLISHED');
    return caller;
  };
  /** How many calls the log had at the start of the test: the next one is the test's. */
  let logged = 0;
  beforeEach(async () => {
    logged = (await box.api('GET', '/calls')).json.items.length;
  });
  const ended = () =>
    eventually('the call is in the log', async () => {
      const { json } = await box.api('GET', '/calls');
      return json.items.length > logged && json.items[0].phase === 'ended' ? json.items[0] : undefined;
    });

  it('the night button closes it: the caller hears the announcement and is hung up, over a restart too', async () => {
    const pressed = await box.api('PUT', '/night-mode', { mode: 'closed', ends: 'stays' });
    expect(pressed.status).toBe(200);
    const killed = box.pids.appliance ?? 0;
    process.kill(killed, 'SIGKILL');
    await eventually('the appliance is back', () => box.pids.appliance !== killed, 15_000);
    const live = await eventually('the night button is kept', async () => (await box.live()).hours, 15_000);
    expect(live).toMatchObject({ night: { mode: 'closed', who: 'admin' }, schedules: [{ open: false }] });

    await eventually(
      'the new appliance takes calls',
      async () => (await box.live()).trunks[0]?.state === 'up',
      15_000,
    );
    const caller = await dial();
    await caller.waitFor('CALL_CLOSED', { timeoutMs: 20_000 });
    const heard = caller.heard()[0] ?? new Int16Array();
    expect(level(heard.subarray(4000, 24_000)), 'the announcement is heard').toBeGreaterThan(0.01);
    expect(heard.length, 'the whole of it, and not the menu').toBeGreaterThan(16_000);
    const call = await ended();
    expect(call.termination.reason).toBe('announced');
    expect(call.trace.map((note: { code: string }) => note.code)).toEqual([
      'dial.trunk-inbound',
      'hours.kept-closed',
      'announcement',
    ]);
  });

  it('gives the schedule its say again', async () => {
    await box.api('PUT', '/night-mode', { mode: 'auto' });
    const caller = await dial();
    await eventually('the call is in the menu', async () => (await box.live()).calls[0]?.phase === 'ivr');
    caller.hangUp();
    const call = await ended();
    expect(call.trace.map((note: { code: string }) => note.code)).toContain('hours.always-open');
  });
});
