/** Leads in a database that is gone with the test, and a dialler over them that calls nobody. */
import type { DatabaseSync } from 'node:sqlite';
import { systemClock } from '../../src/base/clock.ts';
import { Emitter } from '../../src/base/emitter.ts';
import { createLogger } from '../../src/base/log.ts';
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

export function memoryCampaigns(settings: () => Settings): { leads: LeadStore; dialler: Dialler } {
  const leads = memoryLeads();
  const dialler = new Dialler({
    leads,
    settings,
    host: {
      events: new Emitter(),
      callDeps: {} as never,
      begin: () => {
        throw new Error('nothing is dialled here');
      },
      reserve: () => false,
      reservedTalk: () => undefined,
      giveBack: () => undefined,
      agents: () => new Map(),
      waiting: () => new Map(),
      boxFull: () => undefined,
    },
    telephony: { events: new Emitter(), trunks: () => [], callsOn: () => 0 },
    clock: systemClock,
    log: createLogger('test', { write: () => undefined }),
  });
  dialler.configure();
  return { leads, dialler };
}
