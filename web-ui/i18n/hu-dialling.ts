/** What the dialler says in calls and faults. */
export const huDialling = {
  'trace.campaign.dialled': 'A(z) {campaign} kampány {agent} számára hívja: {number}, {attempt}. kísérlet',
  'termination.dialling-stopped': 'Minden tárcsázás le lett állítva',
  'fault.leads.damaged':
    'Az ügyfelek, a hívási kísérletek és a tiltólista megsérült: új fájl kezdődött, a tárcsázás áll',
} as const;
