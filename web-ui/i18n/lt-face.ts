/** Lithuanian texts of the face: places, tables, palette, keys. */
export const ltFace = {
  'place.allCalls': 'Visi skambučiai',
  'place.people': 'Žmonės',
  'place.lines': 'Telefonai ir linijos',
  'shell.more': 'Daugiau',
  'shell.fold': 'Suskleisti',
  'shell.unfold': 'Išskleisti',
  'action.undo': 'Atšaukti',
  'table.filter': 'Filtras: {list}',
  'table.filterHint': 'Filtruoti',
  'table.actions': 'Veiksmai',
  'table.shown': {
    one: 'rodoma {count} iš {all}',
    few: 'rodomos {count} iš {all}',
    many: 'rodoma {count} iš {all}',
    other: 'rodoma {count} iš {all}',
  },
  'place.outbound': 'Išeinantys',
  'place.reports': 'Ataskaitos',
};
