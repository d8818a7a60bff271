/** What the dialler says in calls and faults. */
export const ltDialling = {
  'trace.campaign.dialled': 'Kampanija {campaign} skambina {number}, operatorius {agent}, bandymas {attempt}',
  'termination.dialling-stopped': 'Visi skambinimai sustabdyti',
  'fault.leads.damaged':
    'Kontaktai, bandymai ir neskambinamų numerių sąrašas sugadinti: pradėtas naujas failas, skambinimas sustabdytas',
} as const;
