/** Slovak texts of the face: places, tables, palette, keys. */
export const skFace = {
  'place.allCalls': 'Všetky hovory',
  'place.people': 'Ľudia',
  'place.lines': 'Telefóny a linky',
  'shell.more': 'Viac',
  'shell.fold': 'Zbaliť',
  'shell.unfold': 'Rozbaliť',
  'action.undo': 'Vrátiť späť',
  'table.filter': 'Filtrovať: {list}',
  'table.filterHint': 'Filtrovať',
  'table.actions': 'Úkony',
  'table.shown': {
    one: 'zobrazený {count} z {all}',
    few: 'zobrazené {count} z {all}',
    many: 'zobrazených {count} z {all}',
    other: 'zobrazených {count} z {all}',
  },
  'place.outbound': 'Odchádzajúce',
  'place.reports': 'Prehľady',
};
