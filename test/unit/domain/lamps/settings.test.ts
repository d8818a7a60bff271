import { describe, expect, it } from 'vitest';
import { usesOf } from '../../../../src/api/settings-change.ts';
import { settingsSchema } from '../../../../src/domain/settings.ts';

const office = {
  version: 1,
  extensions: [{ id: 'desk', number: '101', name: 'Desk', secret: 'longenough' }],
  agents: [{ id: 'anna', name: 'Anna', extensionId: 'desk' }],
  queues: [{ id: 'sales', name: 'Sales' }],
};
const parsed = (panel: object) => settingsSchema.safeParse({ ...office, panel });
const problems = (panel: object): string[] =>
  parsed(panel).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

describe('the settings of the panel', () => {
  it('of an older document are valid, and mean what they meant', () => {
    const { panel } =
      parsed({ device: '', address: 1, lamps: [{ lamp: 3, shows: { fact: 'faults' } }] }).data ?? {};
    expect(panel).toEqual({
      device: '',
      address: 1,
      lamps: [{ lamp: 3, shows: { fact: 'faults' }, also: [], minMs: 250 }],
      buttons: [],
      brightness: [],
    });
  });

  it('name only what the office has, on every lamp and button', () => {
    expect(
      problems({
        lamps: [
          { lamp: 0, shows: { fact: 'longest-wait', queueId: 'gone' } },
          { lamp: 1, shows: { fact: 'faults' }, also: [{ fact: 'extension', extensionId: 'gone' }] },
          { lamp: 2, shows: { fact: 'campaign', campaignId: 'gone' } },
          { lamp: 3, shows: { fact: 'trunk', trunkId: 'gone' } },
        ],
        buttons: [{ button: 0, does: { act: 'agent', agentId: 'gone' } }],
      }),
    ).toEqual([
      'panel.lamps.0.shows.queueId: there is no queue gone',
      'panel.lamps.1.also.0.extensionId: there is no extension gone',
      'panel.lamps.2.shows.campaignId: there is no campaign gone',
      'panel.lamps.3.shows.trunkId: there is no trunk gone',
      'panel.buttons.0.does.agentId: there is no agent gone',
    ]);
  });

  it('refuse thresholds the wrong way round, a button with two meanings and an hour named twice', () => {
    const night = { button: 0, does: { act: 'night' } };
    expect(
      problems({
        lamps: [
          { lamp: 0, shows: { fact: 'longest-wait', overMs: 10_000, backMs: 10_001 } },
          { lamp: 1, shows: { fact: 'disk', under: 0.2, back: 0.1 } },
        ],
        buttons: [night, { ...night, when: 'long' }, night],
        brightness: [
          { fromHour: 7, percent: 50 },
          { fromHour: 7, percent: 100 },
        ],
      }),
    ).toEqual([
      'panel.lamps.0.shows.backMs: must not be above the value at which the lamp goes over',
      'panel.lamps.1.shows.back: must not be below the value at which the lamp goes over',
      'panel.buttons.2.button: this button already does something when it is pressed so',
      'panel.brightness.1.fromHour: this hour is there twice',
    ]);
  });

  it('keep what lamps and buttons show from being removed', () => {
    const settings = settingsSchema.parse({
      ...office,
      panel: {
        lamps: [
          { lamp: 4, shows: { fact: 'faults' }, also: [{ fact: 'service-level', queueId: 'sales' }] },
          { lamp: 5, shows: { fact: 'extension', extensionId: 'desk' } },
        ],
        buttons: [{ button: 1, does: { act: 'agent', agentId: 'anna' } }],
      },
    });
    expect(usesOf(settings, 'queues', 'sales')).toEqual([{ kind: 'lamp', id: '4', name: 'lamp 4' }]);
    expect(usesOf(settings, 'extensions', 'desk').map(({ name }) => name)).toEqual(['Anna', 'lamp 5']);
    expect(usesOf(settings, 'agents', 'anna')).toEqual([{ kind: 'button', id: '1', name: 'button 2' }]);
  });
});
