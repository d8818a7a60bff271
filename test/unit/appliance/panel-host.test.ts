import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../../src/api/ports.ts';
import { PanelHost } from '../../../src/appliance/panel-host.ts';
import { Emitter } from '../../../src/base/emitter.ts';
import { silentLogger } from '../../../src/base/log.ts';
import { LiveState } from '../../../src/call-control/live-state.ts';
import { OfficeHours } from '../../../src/call-control/office-hours.ts';
import { lampWords } from '../../../src/domain/lamps/words.ts';
import type { AgentStatus, LiveAgent } from '../../../src/domain/live.ts';
import type { NightMode } from '../../../src/domain/schedule.ts';
import { type Settings, type SettingsInput, settingsSchema } from '../../../src/domain/settings.ts';
import { Wire } from '../panel/wire.ts';

const input: SettingsInput = {
  version: 1,
  extensions: [{ id: 'desk', number: '101', name: 'Desk', secret: 'longenough' }],
  agents: [{ id: 'anna', name: 'Anna', extensionId: 'desk' }],
  schedules: [
    {
      id: 'office',
      name: 'Office',
      week: [1, 2, 3, 4, 5].map((day) => ({ day, from: '07:00', until: '18:00' })),
    },
  ],
  panel: {
    device: '/dev/panel',
    lamps: [
      { lamp: 0, shows: { fact: 'night' } },
      { lamp: 1, shows: { fact: 'agent', agentId: 'anna' } },
      { lamp: 2, shows: { fact: 'emergency' }, also: [{ fact: 'guard' }] },
      { lamp: 3, shows: { fact: 'faults' } },
    ],
    buttons: [
      { button: 0, does: { act: 'night' } },
      { button: 1, does: { act: 'acknowledge' } },
      { button: 2, when: 'long', does: { act: 'agent', agentId: 'anna' } },
    ],
  },
};

/** The panel's driver, rules and acts over a wire to the panel's side of the protocol; time moves as the test says. */
class Office {
  readonly wire = new Wire();
  readonly live = new LiveState({ clock: this.wire.clock });
  readonly audit: AuditEntry[] = [];
  readonly hours: OfficeHours;
  readonly host: PanelHost;
  settings: Settings = settingsSchema.parse(input);
  saved: NightMode | null = null;
  status: AgentStatus = 'available';
  banned: string[] = [];

  constructor() {
    const { clock } = this.wire;
    const { live } = this;
    this.hours = new OfficeHours({
      settings: () => this.settings,
      store: {
        load: () => null,
        save: async (night) => {
          this.saved = night;
        },
      },
      clock,
      changed: () => live.touch(),
    });
    live.connect({
      agents: () => [this.anna()],
      queues: () => [],
      trunks: () => [],
      phones: () => [],
      hours: () => this.hours.live(),
    });
    this.host = new PanelHost({
      config: { panel: null },
      settings: () => this.settings,
      live,
      dataDir: '/',
      figures: {
        figures: async () => {
          throw new Error('not asked for');
        },
      },
      guard: {
        list: async () => ({
          active: true,
          bans: this.banned.map((source) => ({ source, reason: 'passwords', since: 0, until: 1, count: 1 })),
          counters: { banned: 0, limited: 0, scanners: 0, failures: 0, bans: 0 },
        }),
      },
      dialler: {
        live: async () => ({ stopped: null, campaigns: [] }),
        events: new Emitter<{ changed: []; card: [string] }>(),
      },
      onBan: () => () => {},
      hours: this.hours,
      setAgentStatus: async (_, status) => {
        this.status = status;
        live.touch();
        return this.anna();
      },
      audit: { record: (entry) => void this.audit.push(entry) },
      clock,
      log: silentLogger,
      openLine: this.wire.open,
    });
  }

  anna(): LiveAgent {
    const { status } = this;
    const rest = { state: 'waiting', since: 0, reachable: true, holding: false } as const;
    return { agentId: 'anna', name: 'Anna', status, ...rest };
  }

  /** Lets time and promises pass. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 100) {
      this.wire.clock.advance(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async push(button: number, ms = 200): Promise<void> {
    this.wire.device.press(button);
    await this.pass(ms);
    this.wire.device.release(button);
    await this.pass(1_000);
  }

  get lamps() {
    return this.wire.device.lamps;
  }
}

let office: Office;
beforeEach(async () => {
  office = new Office();
  office.hours.start();
  office.host.start();
  await office.pass(1_000);
});
afterEach(async () => {
  await office.host.stop();
  office.hours.stop();
  office.wire.device.stop();
  expect(office.wire.clock.armed).toBe(0);
});

describe('the night button of the panel', () => {
  it('closes the office till its next opening, the lamp shows it, and a second press opens it again', async () => {
    expect(office.lamps[0]).toEqual(lampWords.inOrder);
    await office.push(0);
    const night = { mode: 'closed', ends: 'next-opening', who: 'panel, button 1' };
    expect(office.hours.live()).toMatchObject({ night, schedules: [{ open: false }] });
    expect(office.saved).toMatchObject(night);
    expect(office.lamps[0]).toEqual(lampWords.paused);
    await office.push(0);
    expect(office.hours.live()).toMatchObject({ night: null, schedules: [{ open: true }] });
    expect(office.lamps[0]).toEqual(lampWords.inOrder);
    expect(office.audit.map(({ who, source, action, target }) => [who, source, action, target])).toEqual([
      ['panel, button 1', '/dev/panel', 'night-mode.press', 'closed'],
      ['panel, button 1', '/dev/panel', 'night-mode.press', 'auto'],
    ]);
  });
});

describe('the button of an agent', () => {
  it('logs out and in when it is held, and does nothing when it is tapped', async () => {
    await office.push(2);
    expect(office.status).toBe('available');
    await office.push(2, 1_500);
    expect(office.status).toBe('logged-out');
    expect(office.lamps[1]).toEqual(lampWords.nothing);
    await office.push(2, 1_500);
    expect(office.lamps[1]).toEqual(lampWords.inOrder);
    expect(office.audit.map(({ action, target }) => [action, target])).toEqual([
      ['agent.logged-out', 'anna'],
      ['agent.available', 'anna'],
    ]);
  });
});

describe('the button that acknowledges', () => {
  it('makes an alarm steady until its cause is gone, and says how many there were', async () => {
    office.banned = ['192.0.2.1', '192.0.2.2'];
    await office.pass(16_000);
    expect(office.lamps[2]).toEqual(lampWords.alarm);
    await office.push(1);
    expect(office.lamps[2]).toEqual(lampWords.fault);
    expect(office.audit).toMatchObject([{ action: 'panel.acknowledge', target: '2' }]);
    office.banned = [];
    await office.pass(16_000);
    expect(office.lamps[2]).toEqual(lampWords.nothing);
  });
});

describe('a stuck button', () => {
  it('is a fault that names it, shown by the lamp for faults, and over when it is let go', async () => {
    office.wire.device.press(3);
    await office.pass(60_000);
    expect(office.live.faults()).toEqual([]);
    await office.pass(2_000);
    expect(office.live.faults()).toMatchObject([
      { code: 'panel.button-stuck', message: expect.stringContaining('button 4 of the panel at /dev/panel') },
    ]);
    expect(office.lamps[3]).toEqual(lampWords.fault);
    office.wire.device.release(3);
    await office.pass(1_000);
    expect(office.live.faults()).toEqual([]);
    expect(office.lamps[3]).toEqual(lampWords.nothing);
  });

  it('is not known to be stuck while the panel cannot be asked', async () => {
    office.wire.device.press(3);
    await office.pass(62_000);
    office.wire.unplug();
    await office.pass(1_000);
    expect(office.live.faults().map(({ code }) => code)).toEqual(['panel.disconnected']);
    office.wire.plugged = true;
    await office.pass(3_000);
    expect(office.live.faults()).toEqual([]);
  });
});

describe('an alarm that is tried', () => {
  it('shows on the lamps for ten seconds, and is marked', async () => {
    const shown: (true | undefined)[] = [];
    office.host.onChange((lamps) => shown.push(lamps.find(({ lamp }) => lamp === 2)?.simulated));
    office.host.simulateAlarm();
    await office.pass(9_000);
    expect(office.lamps[2]).toEqual(lampWords.alarm);
    expect(shown[0]).toBe(true);
    await office.pass(2_000);
    expect(office.lamps[2]).toEqual(lampWords.nothing);
    expect(shown.at(-1)).toBeUndefined();
  });

  it('is refused where no lamp would show it', async () => {
    const { panel } = office.settings;
    office.settings = { ...office.settings, panel: { ...panel, lamps: panel.lamps.slice(0, 2) } };
    office.host.configure();
    expect(() => office.host.simulateAlarm()).toThrow(
      expect.objectContaining({ code: 'panel.no-alarm-lamp' }),
    );
  });
});

describe('a preview', () => {
  it('shows what lamps would show, and leaves the panel alone', async () => {
    const before = structuredClone(office.lamps);
    office.banned = ['192.0.2.1'];
    const [guard] = settingsSchema.parse({
      version: 1,
      panel: { lamps: [{ lamp: 7, shows: { fact: 'guard' } }] },
    }).panel.lamps;
    expect(guard && (await office.host.preview([guard]))).toEqual([
      { lamp: 7, colour: 'red', pattern: 'double', shows: { fact: 'guard' } },
    ]);
    expect(office.lamps).toEqual(before);
  });
});
