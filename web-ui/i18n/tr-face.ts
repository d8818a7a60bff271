/** Turkish texts of the face: places, tables, palette, keys. */
export const trFace = {
  'place.allCalls': 'Tüm çağrılar',
  'place.people': 'Kişiler',
  'place.lines': 'Telefonlar ve hatlar',
  'shell.more': 'Daha',
  'shell.fold': 'Daralt',
  'shell.unfold': 'Genişlet',
  'action.undo': 'Geri al',
  'table.filter': 'Süz: {list}',
  'table.filterHint': 'Süz',
  'table.actions': 'İşlemler',
  'table.shown': { one: '{all} içinden {count} gösteriliyor', other: '{all} içinden {count} gösteriliyor' },
  'place.outbound': 'Giden',
  'place.reports': 'Raporlar',
};
