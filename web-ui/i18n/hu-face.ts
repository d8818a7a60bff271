/** Hungarian texts of the face: places, tables, palette, keys. */
export const huFace = {
  'place.allCalls': 'Minden hívás',
  'place.people': 'Emberek',
  'place.lines': 'Telefonok és vonalak',
  'shell.more': 'Több',
  'shell.fold': 'Összecsukás',
  'shell.unfold': 'Kinyitás',
  'action.undo': 'Visszavonás',
  'table.filter': 'Szűrés: {list}',
  'table.filterHint': 'Szűrés',
  'table.actions': 'Műveletek',
  'table.shown': { one: '{all} közül {count} látható', other: '{all} közül {count} látható' },
  'place.outbound': 'Kimenő',
  'place.reports': 'Jelentések',
};
