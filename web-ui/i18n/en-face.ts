/** English texts of the face: places, tables, palette, keys. */
export const enFace = {
  'place.allCalls': 'All calls',
  'place.people': 'People',
  'place.lines': 'Phones and lines',
  'shell.more': 'More',
  'shell.fold': 'Fold',
  'shell.unfold': 'Unfold',
  'action.undo': 'Undo',
  'table.filter': 'Filter: {list}',
  'table.filterHint': 'Filter',
  'table.actions': 'Actions',
  'table.shown': { one: '{count} of {all} shown', other: '{count} of {all} shown' },
  'place.outbound': 'Outbound',
  'place.reports': 'Reports',
} as const;
