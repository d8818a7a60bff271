/** Uploaded files and what is imported from them, joined to the lead store. */
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { ImportTarget } from '../imports/lead-imports.ts';
import { LeadImports } from '../imports/lead-imports.ts';
import { Tables } from '../imports/tables.ts';

export async function openImports(parts: {
  dir: string;
  language: () => string;
  leads: ImportTarget;
  clock: Clock;
  log: Logger;
}): Promise<{ tables: Tables; imports: LeadImports }> {
  const { dir, language, leads, clock, log } = parts;
  const tables = new Tables({ dir, clock, language });
  await tables.start();
  return { tables, imports: new LeadImports({ tables, target: leads, clock, log }) };
}
