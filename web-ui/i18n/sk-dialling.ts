/** What the dialler says in calls and faults. */
export const skDialling = {
  'trace.campaign.dialled': 'Kampaň {campaign} volá {number} pre {agent}, pokus {attempt}',
  'termination.dialling-stopped': 'Všetko vytáčanie bolo zastavené',
  'fault.leads.damaged':
    'Kontakty, pokusy a zoznam zákazu volania sú poškodené: začal sa nový súbor, vytáčanie stojí',
} as const;
