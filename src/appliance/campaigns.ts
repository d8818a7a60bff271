/** Joins the lead store and the dialler to the rest. */
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { Logger } from '../base/log.ts';
import type { CallControl } from '../call-control/call-control.ts';
import { Dialler } from '../call-control/dialler.ts';
import type { LiveState } from '../call-control/live-state.ts';
import type { LeadBook } from '../domain/campaign/lead-store.ts';
import type { Settings } from '../domain/settings.ts';
import { LeadStoreFile } from '../store/lead-store.ts';
import type { Telephony } from '../telephony/contract.ts';

export interface Campaigns {
  leads: LeadBook;
  dialler: Dialler;
  stop(): Promise<void>;
}

export async function startCampaigns(deps: {
  dataDir: string;
  live: LiveState;
  settings: () => Settings;
  callControl: CallControl;
  telephony: Telephony;
  clock: Clock;
  log: Logger;
}): Promise<Campaigns> {
  const { dataDir, live, settings, callControl, telephony, clock, log } = deps;
  const file = new LeadStoreFile({ file: join(dataDir, 'leads.db'), clock, log });
  file.events.on('problem', ({ code, message }) => live.raise(code, message));
  file.events.on('recovered', (code) => live.clear(code));
  await file.start();
  const dialler = new Dialler({
    leads: file.leads,
    settings,
    host: callControl.forDialler(),
    telephony,
    clock,
    log,
  });
  await dialler.start();
  return {
    leads: file.leads,
    dialler,
    stop: async () => {
      await dialler.stop();
      await file.stop();
    },
  };
}
