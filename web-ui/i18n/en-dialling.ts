/** What the dialler says in calls and faults. */
export const enDialling = {
  'trace.campaign.dialled': 'The campaign {campaign} dials {number} for {agent}, attempt {attempt}',
  'termination.dialling-stopped': 'All dialling was stopped',
  'fault.leads.damaged':
    'Leads, attempts and the do-not-call list were damaged: a new file was begun, and dialling is stopped',
} as const;
