/** Leads in a database that is gone with the test, and a dialler over them that calls nobody. */
import type { DatabaseSync } from 'node:sqlite';
import type { DiallerPort } from '../../src/api/ports.ts';
import { Dialler } from '../../src/call-control/dialler.ts';
import type { LeadStore } from '../../src/domain/campaign/lead-store.ts';
import type { Settings } from '../../src/domain/settings.ts';
import { openDatabase } from '../../src/store/database.ts';
import { leadHandlers } from '../../src/store/lead-operations.ts';
import { leadStoreOf } from '../../src/store/lead-store.ts';
import { leadsSchema } from '../../src/store/leads-schema.ts';

/** The real lead store without its thread. */
export function memoryLeads(now: () => number = Date.now): LeadStore {
  let database: DatabaseSync | undefined;
  const handlers = leadHandlers(() => {
    database ??= openDatabase(':memory:', leadsSchema).database;
    return database;
  }, now);
  return leadStoreOf(async (name, args) =>
    (handlers[name] as (...all: readonly unknown[]) => unknown)(...args),
  );
}

export function memoryCampaigns(settings: () => Settings): { leads: LeadStore; dialler: DiallerPort } {
  const leads = memoryLeads();
  return { leads, dialler: new Dialler({ leads, settings }) };
}
