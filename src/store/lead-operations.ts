/** What the lead store's thread does, by name: the interface of domain/campaign/lead-store, at once instead of later. */
import type { DatabaseSync } from 'node:sqlite';
import type { LeadStore } from '../domain/campaign/lead-store.ts';
import { addDoNotCall, listDoNotCall, removeDoNotCall } from './do-not-call.ts';
import {
  addLeads,
  beginImport,
  changeLead,
  commitImport,
  createList,
  deleteLead,
  deleteList,
  discardImport,
  findAttempt,
  getLead,
  listAttempts,
  listLeads,
  listLists,
  renameList,
} from './lead-book.ts';
import { nextLead, supplyOf } from './lead-choice.ts';
import {
  commitIntent,
  decideUnknown,
  lastRuns,
  recordDisposition,
  recordResult,
  recordRun,
  recover,
  resultsToday,
} from './lead-dialling.ts';

export type LeadOperations = {
  [Name in keyof LeadStore]: {
    args: Parameters<LeadStore[Name]>;
    result: Awaited<ReturnType<LeadStore[Name]>>;
  };
};

export type LeadHandlers = {
  [Name in keyof LeadStore]: (...args: Parameters<LeadStore[Name]>) => Awaited<ReturnType<LeadStore[Name]>>;
};

/** @param open the database, opened when it is first needed */
export function leadHandlers(open: () => DatabaseSync, now: () => number): LeadHandlers {
  return {
    lists: () => listLists(open()),
    createList: (list) => createList(open(), list, now()),
    renameList: (listId, name) => renameList(open(), listId, name),
    deleteList: (listId) => deleteList(open(), listId),
    leads: (query) => listLeads(open(), query),
    lead: (leadId) => getLead(open(), leadId),
    changeLead: (leadId, change) => changeLead(open(), leadId, change, now()),
    deleteLead: (leadId) => deleteLead(open(), leadId),
    beginImport: (listId, who) => beginImport(open(), listId, who, now()),
    addLeads: (importId, leads, options) => addLeads(open(), importId, leads, options),
    commitImport: (importId) => commitImport(open(), importId),
    discardImport: (importId) => discardImport(open(), importId),
    doNotCall: (query) => listDoNotCall(open(), query),
    addDoNotCall: (entries, by) => addDoNotCall(open(), entries, by, now()),
    removeDoNotCall: (number, who) => removeDoNotCall(open(), number, who, now()),
    attempts: (query) => listAttempts(open(), query),
    decideUnknown: (which, decision, who) => decideUnknown(open(), which, decision, who, now()),
    nextLead: (campaign, agentId, exclude) => nextLead(open(), campaign, agentId, exclude, now()),
    commitIntent: (intent) => commitIntent(open(), intent, now()),
    attempt: (attemptId) => findAttempt(open(), attemptId),
    recordResult: (record) => recordResult(open(), record, now()),
    recordDisposition: (attemptId, said) => recordDisposition(open(), attemptId, said, now()),
    supply: (campaign, timeZone) => {
      const at = now();
      return {
        ...supplyOf(open(), campaign, at),
        today: resultsToday(open(), campaign.id, timeZone, at),
      };
    },
    recover: () => recover(open(), now()),
    runs: () => lastRuns(open()),
    recordRun: (run) => recordRun(open(), run, now()),
  };
}
