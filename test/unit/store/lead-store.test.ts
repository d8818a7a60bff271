import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { createLogger } from '../../../src/base/log.ts';
import { campaignSchema } from '../../../src/domain/settings/campaigns.ts';
import { LeadStoreFile } from '../../../src/store/lead-store.ts';

const allDay = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '08:00', until: '21:00' }];
const campaign = campaignSchema.parse({ id: 'spring', name: 'Spring', listIds: ['spring'], windows: allDay });

/** A zone in which it is afternoon now, whenever the test runs. */
function afternoonZone(): string {
  const offset = 14 - new Date().getUTCHours();
  return offset === 0 ? 'Etc/GMT' : `Etc/GMT${offset > 0 ? '-' : '+'}${Math.abs(offset)}`;
}

describe('the lead store in its thread', () => {
  let dir: string;
  let store: LeadStoreFile;
  const open = async (): Promise<void> => {
    store = new LeadStoreFile({
      file: join(dir, 'leads.db'),
      clock: systemClock,
      log: createLogger('test', { write: () => undefined }),
    });
    await store.start();
  };

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'leads-'));
    await open();
  });
  afterEach(async () => {
    await store.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it('makes an intent without result an unknown outcome at the next start, and offers its lead to nobody', async () => {
    const { leads } = store;
    await leads.createList({ listId: 'spring', name: 'Spring', who: 'Ada' });
    const importId = await leads.beginImport('spring', 'Ada');
    await leads.addLeads(importId, [{ number: '+36301234567', zone: afternoonZone() }]);
    expect(await leads.commitImport(importId)).toEqual({ added: 1 });
    const lead = await leads.nextLead(campaign, 'anna', []);
    if (!lead) throw new Error('no lead');
    const intent = {
      attemptId: 'a1',
      leadId: lead.leadId,
      campaign,
      agentId: 'anna',
      trunkId: 't',
      callerNumber: '',
    };
    expect(await leads.commitIntent(intent)).toMatchObject({ lead: { state: 'dialling', attempts: 1 } });
    await store.stop();

    await open();
    expect(await store.leads.recover()).toBe(1);
    expect(await store.leads.nextLead(campaign, 'anna', [])).toBeNull();
    expect((await store.leads.lead(lead.leadId)).attempts).toMatchObject([
      { result: 'unknown', attemptId: 'a1' },
    ]);
    expect(await store.leads.decideUnknown({ campaign }, 'call-again', 'Ada')).toBe(1);
    expect(await store.leads.nextLead(campaign, 'anna', [])).toMatchObject({ leadId: lead.leadId });
  });
});
