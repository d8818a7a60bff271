import { describe, expect, it } from 'vitest';
import { maxIvrHops } from '../../../src/domain/ivr.ts';
import { route } from '../../../src/domain/route.ts';
import { type SettingsInput, settingsSchema } from '../../../src/domain/settings.ts';

const settings = (changes: Partial<SettingsInput> = {}) =>
  settingsSchema.parse({
    version: 1,
    queues: [{ id: 'sales', name: 'Sales' }],
    schedules: [{ id: 'never', name: 'Never' }],
    ivrMenus: [
      { id: 'main', name: 'Main', language: 'hu' },
      { id: 'day', name: 'Day', hours: { scheduleId: 'never', closed: { kind: 'queue', queueId: 'sales' } } },
    ],
    ...changes,
  });
const context = { settings: settings(), at: 0, night: null };

describe('where a call really goes', () => {
  it('is the menu named, in its language', () => {
    expect(route(context, { kind: 'ivr', ivrMenuId: 'main' }, 0)).toMatchObject({
      stop: { kind: 'ivr', menu: { id: 'main' } },
      language: 'hu',
      ivrHops: 1,
      notes: [],
    });
  });

  it('is what stands for closed hours, of the menu and of the way in, with the reason', () => {
    expect(route(context, { kind: 'ivr', ivrMenuId: 'day' }, 0)).toMatchObject({
      stop: { kind: 'queue', queue: { id: 'sales' } },
      notes: [{ code: 'hours.never-open' }],
    });
    const hours = { scheduleId: 'never', closed: { kind: 'announcement' as const, promptId: 'closed' } };
    expect(route(context, { kind: 'ivr', ivrMenuId: 'main' }, 0, hours).stop).toEqual({
      kind: 'announcement',
      promptId: 'closed',
    });
  });

  it('is open by the night button, whatever the schedule says', () => {
    const night = { mode: 'open' as const, since: 0, who: 'Anna', ends: 'stays' as const };
    expect(route({ ...context, night }, { kind: 'ivr', ivrMenuId: 'day' }, 0).stop.kind).toBe('ivr');
  });

  it('is the end where something was removed, or where closed menus lead in a circle', () => {
    expect(route(context, { kind: 'queue', queueId: 'gone' }, 0)).toMatchObject({
      stop: { kind: 'gone', what: 'queue' },
      notes: [{ code: 'route.gone' }],
    });
    const circle = settings({
      ivrMenus: [
        { id: 'a', name: 'A', hours: { scheduleId: 'never', closed: { kind: 'ivr', ivrMenuId: 'b' } } },
        { id: 'b', name: 'B', hours: { scheduleId: 'never', closed: { kind: 'ivr', ivrMenuId: 'a' } } },
      ],
    });
    const found = route({ ...context, settings: circle }, { kind: 'ivr', ivrMenuId: 'a' }, 0);
    expect(found.stop.kind).toBe('loop');
    expect(found.ivrHops).toBe(maxIvrHops + 1);
  });
});
