import { beforeAll, expect, test } from 'vitest';
import { endpoints } from '../../../src/api/contract.ts';
import type { Endpoint } from '../../../src/api/endpoints/endpoint.ts';
import { auditActs, auditSections, auditThings, auditVerbs } from '../../../src/domain/audit.ts';
import { unknownDecisions } from '../../../src/domain/campaign/attempt.ts';
import { campaignStates } from '../../../src/domain/campaign/live.ts';
import { en } from '../../../web-ui/i18n/en.ts';
import { setCatalogue } from '../../../web-ui/i18n/translate.ts';
import { actionText } from '../../../web-ui/pages/system/action-text.ts';

beforeAll(() => setCatalogue('en', en));

/** As routes.ts records them: whatever leaves the box as a file, but sounds, streams and what anybody may have. */
const exported = Object.entries(endpoints as Record<string, Endpoint>)
  .filter(
    ([, { access, download }]) => access !== 'public' && download && !/^(audio|text\/event)/.test(download),
  )
  .map(([name]) => `export.${name}`);

const recorded = [
  ...auditActs,
  ...auditThings.flatMap((thing) => auditVerbs.map((verb) => `${thing}.${verb}`)),
  ...auditSections.map((section) => `${section}.change`),
  ...exported,
];

// What handlers record is of the type that these lists make: the compiler holds them to it.
test.each(recorded)('the audit has words for %s', (action) => {
  const text = actionText(action);
  expect(text).not.toBe(action);
  expect(text).not.toMatch(/^[a-z-]+(\.[a-zA-Z-]+)+$/);
});

test('what is put together at run time is of the audit’s words', () => {
  const acts: readonly string[] = auditActs;
  const made = [
    ...campaignStates.map((state) => `campaign.${state}`),
    ...unknownDecisions.map((decision) => `lead.${decision}`),
  ];
  expect(made.filter((action) => !acts.includes(action))).toEqual([]);
});

test('an action that no text is left of stands as the box wrote it', () => {
  expect(actionText('queue.change')).toBe('Queue: changed');
  expect(actionText('password.change')).toBe('Changed the own password');
  expect(actionText('moon.landing')).toBe('moon.landing');
});
