import { expect, test } from 'vitest';
import { shortages } from '../../../src/domain/admission.ts';
import { attemptResults } from '../../../src/domain/campaign/attempt.ts';
import { leadStates } from '../../../src/domain/campaign/lead.ts';
import { campaignStates, linePhases } from '../../../src/domain/campaign/live.ts';
import { whyTexts } from '../../../src/domain/campaign/why.ts';
import { extensionRoles } from '../../../src/domain/imports/extension-import.ts';
import { leadFieldKeys, leadRoles } from '../../../src/domain/imports/lead-columns.ts';
import { en } from '../../../web-ui/i18n/en.ts';

/** Gaps that a page says in its own way. */
const saidApart: Record<string, string[]> = {
  'no-agent-free': ['loggedOut', 'onBreak', 'inCall', 'offered', 'wrapUp', 'unreachable', 'missed'],
};

function gaps(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();
}

test('every cause for which nothing is dialled has a text with all its figures', () => {
  const messages: Record<string, unknown> = en;
  for (const [code, text] of Object.entries(whyTexts)) {
    const message = messages[`why.${code}`];
    expect(typeof message, code).toBe('string');
    const wanted = gaps(text).filter((gap) => !saidApart[code]?.includes(gap));
    expect(gaps(String(message)), code).toEqual(wanted);
  }
});

test('every word of leads, attempts, campaigns and imports has a text', () => {
  const wanted = [
    ...leadStates.map((state) => `leadState.${state}`),
    ...attemptResults.map((result) => `attemptResult.${result}`),
    ...campaignStates.map((state) => `campaignState.${state}`),
    ...linePhases.map((phase) => `linePhase.${phase}`),
    ...shortages.map((what) => `shortage.${what}`),
    ...leadRoles.map((role) => `leadRole.${role}`),
    ...Object.values(leadFieldKeys).map((key) => `leadField.${key}`),
    ...extensionRoles.map((role) => `extensionRole.${role}`),
    ...(saidApart['no-agent-free'] ?? []).map((what) => `notFree.${what}`),
  ];
  expect(wanted.filter((key) => !Object.hasOwn(en, key))).toEqual([]);
});
