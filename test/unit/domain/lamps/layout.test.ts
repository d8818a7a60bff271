import { describe, expect, it } from 'vitest';
import { suggestLayout } from '../../../../src/domain/lamps/layout.ts';
import { emptySettings, type Settings, settingsSchema } from '../../../../src/domain/settings.ts';

/** An office of so many agents and queues, each agent with a phone. */
function office(agentCount: number, queueCount = 1, more: object = {}): Settings {
  const numbers = Array.from({ length: agentCount }, (_, i) => i);
  const settings = emptySettings();
  return settingsSchema.parse({
    ...settings,
    extensions: numbers.map((i) => ({
      id: `e${i}`,
      number: `${200 + i}`,
      name: `E${i}`,
      secret: 'longenough',
    })),
    agents: numbers.map((i) => ({ id: `a${i}`, name: `A${i}`, extensionId: `e${i}` })),
    queues: Array.from({ length: queueCount }, (_, i) => ({ id: `q${i}`, name: `Q${i}` })),
    ...more,
  });
}
const facts = (settings: Settings, lampCount?: number): string[] =>
  suggestLayout(settings, lampCount).map(({ shows }) => shows.fact);
const overview = ['waiting', 'trunks', 'faults'];

describe('the suggested layout', () => {
  it('of an empty office is the overview and the alarms, which share a lamp with the guard', () => {
    const layout = suggestLayout(emptySettings());
    expect(layout.map(({ shows }) => shows.fact)).toEqual([...overview, 'emergency']);
    expect(layout.at(-1)?.also).toEqual([{ fact: 'guard' }]);
  });

  it('numbers the lamps from the first on, without a gap', () => {
    expect(suggestLayout(office(5, 2)).map(({ lamp }) => lamp)).toEqual(
      suggestLayout(office(5, 2)).map((_, i) => i),
    );
  });

  it('of a small office has its agents after the overview, and the figures of its queue', () => {
    expect(facts(office(2))).toEqual([
      ...overview,
      'agent',
      'agent',
      'longest-wait',
      'service-level',
      'emergency',
    ]);
  });

  it('of an office with hours has the night button', () => {
    const schedules = [{ id: 's', name: 'Office', week: [{ day: 1, from: '08:00', until: '16:00' }] }];
    expect(facts(office(0, 0, { schedules }))).toEqual([...overview, 'night', 'emergency']);
  });

  it('leaves agents out who do not all fit, and shows each queue instead', () => {
    expect(facts(office(40, 3))).toEqual([
      ...overview,
      ...['waiting', 'waiting', 'waiting'],
      ...['longest-wait', 'service-level', 'emergency'],
    ]);
  });

  it.each([0, 1, 2, 3, 4, 8, 32, 128])('fits a panel of %i lamps, and is a valid setting', (lampCount) => {
    const settings = office(20, 4);
    const lamps = suggestLayout(settings, lampCount);
    expect(lamps.length).toBeLessThanOrEqual(lampCount);
    expect(lamps.slice(0, 3).map(({ shows }) => shows.fact)).toEqual(overview.slice(0, lampCount));
    expect(settingsSchema.parse({ ...settings, panel: { lamps } }).panel.lamps).toEqual(lamps);
  });
});
