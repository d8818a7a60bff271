import { beforeAll, describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { settingsSchema } from '../../../src/domain/settings.ts';
import { secretMask } from '../../../src/store/secrets.ts';
import { en } from '../../../web-ui/i18n/en.ts';
import { setCatalogue } from '../../../web-ui/i18n/translate.ts';
import { changeLines, namesWithin } from '../../../web-ui/pages/system/setting-changes.ts';
import { labelOf } from '../../../web-ui/pages/system/setting-labels.ts';

beforeAll(() => setCatalogue('en', en));

const names = {
  'queues[sales]': 'Sales',
  'agents[anna]': 'Anna',
  'agents[bela]': 'Béla',
  'ivrMenus[main]': 'Main menu',
  'trunks[t1]': 'Carrier',
  'campaigns[may]': 'May',
};
const lines = (...changes: Parameters<typeof changeLines>[0]): string[] =>
  changeLines(changes, namesWithin(changes, names));

describe('a change of the settings', () => {
  it('names the thing, the field as its page does, and both values as people read them', () => {
    expect(
      lines(
        { path: 'queues[sales].ringTimeoutMs', before: 20_000, after: 30_000 },
        { path: 'queues[sales].maxWaitMs', before: 0, after: 7_200_000 },
        { path: 'queues[sales].record', before: true, after: false },
        { path: 'queues[sales].strategy', before: 'longest-idle', after: 'ring-all' },
        { path: 'recording.minFreeBytes', before: 200_000_000, after: 1_500_000_000 },
        { path: 'office.name', before: 'My office', after: 'Ours' },
        { path: 'campaigns[may].retry.busy.delayMs', before: 900_000, after: 1_800_000 },
      ),
    ).toEqual([
      `Queue Sales: ${en['queue.ringTimeout']}: 20 sec → 30 sec`,
      `Queue Sales: ${en['queue.maxWait']}: 0 sec → 2 hr`,
      `Queue Sales: ${en['queue.record']}: yes → no`,
      `Queue Sales: ${en['queue.strategy']}: ${en['strategy.longest-idle']} → ${en['strategy.ring-all']}`,
      `Recording: ${en['recording.minFree']}: 200 MB → 1.5 GB`,
      `Office: ${en['field.name']}: My office → Ours`,
      `Campaign May: ${en['campaign.retry']}, ${en['attemptResult.busy']}: 15 min → 30 min`,
    ]);
  });

  it('tells what was added and removed by name, also when it is gone since', () => {
    expect(
      lines(
        { path: 'queues[help]', after: { id: 'help', name: 'Help desk' } },
        { path: 'extensions[e9]', before: { id: 'e9', number: '109', name: 'Attic' } },
        { path: 'agents[order]', before: ['anna', 'bela'], after: ['bela', 'anna'] },
      ),
    ).toEqual(['Queue Help desk: added', 'Extension 109 Attic: deleted', 'Agent: order changed']);
  });

  it('says of lists who came and who went, and what changed in one', () => {
    expect(
      lines(
        { path: 'queues[sales].agentIds', before: ['anna'], after: ['bela'] },
        {
          path: 'desk.dispositions',
          before: [{ code: 'sold', name: 'Sold', needsNote: false }],
          after: [{ code: 'sold', name: 'Sold', needsNote: true }],
        },
      ),
    ).toEqual([
      `Queue Sales: ${en['queue.agents']}: + Béla, − Anna`,
      `Agents’ desk: ${en['queue.dispositions']}: Sold (changed)`,
    ]);
  });

  it('takes kind and id of a destination as one place', () => {
    expect(
      lines(
        { path: 'queues[sales].overflow.kind', before: 'hang-up', after: 'ivr' },
        { path: 'queues[sales].overflow.ivrMenuId', after: 'main' },
        { path: 'queues[sales].number', after: '600' },
      ),
    ).toEqual([
      `Queue Sales: ${en['queue.overflow']}: ${en['destination.hangUp']} → ${en['destination.toIvr'].replace('{name}', 'Main menu')}`,
      `Queue Sales: ${en['field.number']}: – → 600`,
    ]);
  });

  it('never shows a secret, and says that it changed', () => {
    expect(lines({ path: 'trunks[t1].secret', before: secretMask, after: secretMask })).toEqual([
      `Trunk Carrier: ${en['trunk.secret']}: changed`,
    ]);
  });

  it('shortens what is long', () => {
    const [line = ''] = lines({ path: 'prompts.greeting.en', before: '', after: 'word '.repeat(100) });
    expect(line).toMatch(/^Prompt .+ \(English\): – → word .*…$/);
    expect(line.length).toBeLessThan(140);
  });
});

interface Shape {
  type?: string;
  properties?: Record<string, Shape>;
  items?: Shape;
}

test('every field of the settings has a name', () => {
  const schema = z.toJSONSchema(settingsSchema, { io: 'output', unrepresentable: 'any' }) as Shape;
  const sections = Object.entries(schema.properties ?? {});
  expect(sections.length).toBeGreaterThan(15);
  const missing = sections
    .filter(([section]) => !['version', 'prompts', 'ownPrompts'].includes(section))
    .flatMap(([section, { properties, items }]) =>
      Object.keys(properties ?? items?.properties ?? { nothing: {} })
        .filter((field) => field !== 'id' && labelOf(section, field) === undefined)
        .map((field) => `${section}.${field}`),
    );
  expect(missing).toEqual([]);
});
