/** Russian texts of the face: places, tables, palette, keys. */
export const ruFace = {
  'place.allCalls': 'Все звонки',
  'place.people': 'Люди',
  'place.lines': 'Телефоны и линии',
  'shell.more': 'Ещё',
  'shell.fold': 'Свернуть',
  'shell.unfold': 'Развернуть',
  'action.undo': 'Отменить',
  'table.filter': 'Фильтр: {list}',
  'table.filterHint': 'Фильтр',
  'table.actions': 'Действия',
  'table.shown': {
    one: 'показана {count} строка из {all}',
    few: 'показаны {count} строки из {all}',
    many: 'показано {count} строк из {all}',
    other: 'показано {count} строки из {all}',
  },
  'place.outbound': 'Исходящие',
  'place.reports': 'Отчёты',
};
