import { describe, expect, it } from 'vitest';
import type { ButtonEvent } from '../../../../src/codec/panel-message.ts';
import { ButtonReader, StuckButtons } from '../../../../src/domain/lamps/buttons.ts';
import { type PanelButton, panelButtonSchema } from '../../../../src/domain/settings/lamps.ts';

const night = panelButtonSchema.parse({ button: 0, does: { act: 'night' } });
const acknowledge = panelButtonSchema.parse({ button: 1, does: { act: 'acknowledge' } });
const logIn = panelButtonSchema.parse({ button: 1, when: 'long', does: { act: 'agent', agentId: 'anna' } });

/** The acts of button events, one word each. */
function acts(buttons: PanelButton[], ...events: [number, ButtonEvent['action']][]): string[][] {
  const reader = new ButtonReader();
  return events.map(([button, action]) => reader.acts(buttons, { button, action }).map(({ act }) => act));
}

describe('a button', () => {
  it('acts when it is pressed, once, however long it is held', () => {
    expect(acts([night], [0, 'press'], [0, 'long'], [0, 'release'])).toEqual([['night'], [], []]);
  });

  it('with a meaning for a long press acts for a short one when it is let go', () => {
    const both = [acknowledge, logIn];
    expect(acts(both, [1, 'press'], [1, 'release'])).toEqual([[], ['acknowledge']]);
    expect(acts(both, [1, 'press'], [1, 'long'], [1, 'release'])).toEqual([[], ['agent'], []]);
    expect(
      acts(both, [1, 'press'], [1, 'long'], [1, 'release'], [1, 'press'], [1, 'release']).at(-1),
    ).toEqual(['acknowledge']);
  });

  it('without a meaning does nothing, and does not disturb others', () => {
    expect(acts([night], [3, 'press'], [3, 'long'], [0, 'press'], [3, 'release'])).toEqual([
      [],
      [],
      ['night'],
      [],
    ]);
  });
});

describe('a stuck button', () => {
  it('is named once it has been held for more than a minute, and forgotten when it is let go', () => {
    const stuck = new StuckButtons();
    expect(stuck.look(0b100, 0)).toEqual([]);
    expect(stuck.look(0b100, 60_000)).toEqual([]);
    expect(stuck.look(0b110, 60_001)).toEqual([2]);
    expect(stuck.look(0b110, 120_002)).toEqual([1, 2]);
    expect(stuck.look(0b010, 120_003)).toEqual([1]);
    expect(stuck.look(0, 120_004)).toEqual([]);
    expect(stuck.look(0b010, 120_005)).toEqual([]);
  });

  it('counts from anew when the panel was away', () => {
    const stuck = new StuckButtons();
    stuck.look(1, 0);
    stuck.forget();
    expect(stuck.look(1, 61_000)).toEqual([]);
  });
});
