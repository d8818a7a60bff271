/**
 * A board as KiCad reads it (format of KiCad 9): one sheet, every symbol drawn by us and carried in the sheet, so that
 * no library is needed. Each pin has a short wire with the name of its net; equal names are one net.
 */
import { createHash } from 'node:crypto';
import type { Board, Part, PartKind, Pin } from './netlist.ts';
import { netsOf, partsOf } from './netlist.ts';
import { drawingOf, grid, pinPlaces } from './symbols.ts';

const quoted = (text: string): string => JSON.stringify(text);
const mm = (value: number): string => `${Math.round(value * 100) / 100}`;

/** The same thing has the same id in every run, so that a file changes only where the board does. */
function idOf(...names: string[]): string {
  const hex = createHash('sha256').update(names.join('\n')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const font = (size: number, more = ''): string => `(effects (font (size ${size} ${size}))${more})`;

interface Placed {
  part: Part;
  x: number;
  y: number;
}

interface Title {
  text: string;
  x: number;
  y: number;
}

/** Widths of labels, in the stroke font of KiCad: somewhat more than the text takes. */
const labelWidth = (nets: readonly string[]): number =>
  Math.max(0, ...nets.map((net) => net.length)) * 1.25 + 4;
const ontoGrid = (value: number): number => Math.ceil(value / grid) * grid;

function sidesOf({ kind, nets }: Part): { left: number; right: number; height: number } {
  const half = drawingOf(kind).halfWidth + grid;
  const labels = (side: Pin['side']): string[] =>
    kind.pins.filter((pin) => pin.side === side).map(({ number }) => nets[number] ?? '');
  return {
    left: half + labelWidth(labels('left')),
    right: half + labelWidth(labels('right')),
    height: drawingOf(kind).halfHeight * 2 + 4 * grid,
  };
}

/** Section after section in columns from top to bottom, left to right. */
function placed(board: Board): { parts: Placed[]; titles: Title[] } {
  const margin = { left: 15 * grid, top: 15 * grid, bottom: 55 };
  const bottom = board.paper.heightMm - margin.bottom;
  const parts: Placed[] = [];
  const titles: Title[] = [];
  let [left, y] = [margin.left, margin.top];
  let column: { part: Part; y: number }[] = [];
  const closeColumn = (): void => {
    const sides = column.map(({ part }) => sidesOf(part));
    const axis = ontoGrid(left + Math.max(...sides.map((one) => one.left)));
    for (const { part, y: at } of column) parts.push({ part, x: axis, y: at });
    for (const title of titles) if (title.x < 0) title.x = left;
    left = ontoGrid(axis + Math.max(...sides.map((one) => one.right)) + 3 * grid);
    column = [];
    y = margin.top;
  };
  for (const section of board.sections) {
    const first = section.parts[0];
    const tooLow = first && y + sidesOf(first).height + 8 * grid > bottom;
    if (column.length > 0 && (section.newColumn || tooLow)) closeColumn();
    titles.push({ text: section.title, x: -1, y: y + 2 * grid });
    y += 4 * grid;
    for (const part of section.parts) {
      const { height } = sidesOf(part);
      if (column.length > 0 && y + height > bottom) closeColumn();
      column.push({ part, y: ontoGrid(y + height / 2) });
      y = ontoGrid(y + height);
    }
    y += 4 * grid;
  }
  closeColumn();
  if (left > board.paper.widthMm) throw new Error(`${board.name} needs ${left} mm, its paper has less`);
  return { parts, titles };
}

function librarySymbol(kind: PartKind): string {
  const name = kind.symbol;
  const { halfWidth, halfHeight, graphics, showsNames } = drawingOf(kind);
  const places = pinPlaces(kind);
  const pins = kind.pins.map((pin) => {
    const { x, y, turn } = places.get(pin.number) ?? { x: 0, y: 0, turn: 0 };
    return `(pin ${pin.type} line (at ${mm(x)} ${mm(y)} ${turn}) (length ${grid}) (name ${quoted(pin.name)} ${font(1.27)}) (number ${quoted(pin.number)} ${font(1)}))`;
  });
  const power = kind.shape === 'flag' ? '(power)' : '';
  return `(symbol ${quoted(`cordboard:${name}`)} ${power}
      ${showsNames ? '' : '(pin_numbers (hide yes))'} (pin_names (offset 1)${showsNames ? '' : ' (hide yes)'})
      (exclude_from_sim no) (in_bom yes) (on_board yes)
      (property "Reference" ${quoted(kind.shape === 'flag' ? '#FLG' : 'U')} (at ${mm(-halfWidth)} ${mm(halfHeight + 1)} 0) ${font(1.27)})
      (property "Value" ${quoted(name)} (at 0 ${mm(-halfHeight - 1.5)} 0) ${font(1.27)})
      (property "Footprint" "" (at 0 0 0) ${font(1.27, ' (hide yes)')})
      (property "Datasheet" "" (at 0 0 0) ${font(1.27, ' (hide yes)')})
      (property "Description" ${quoted(kind.what)} (at 0 0 0) ${font(1.27, ' (hide yes)')})
      (symbol ${quoted(`${name}_0_1`)} ${graphics.join('\n        ')})
      (symbol ${quoted(`${name}_1_1`)} ${pins.join('\n        ')})
      (embedded_fonts no))`;
}

interface Sheet {
  board: Board;
  root: string;
  lines: string[];
}

function placeSymbol(sheet: Sheet, { part, x, y }: Placed): void {
  const { board, root, lines } = sheet;
  const { reference, kind, nets } = part;
  const { halfHeight } = drawingOf(kind);
  const id = (...names: string[]): string => idOf(board.name, reference, ...names);
  const property = (name: string, value: string, atY: number, hidden: boolean): string =>
    `(property ${quoted(name)} ${quoted(value)} (at ${mm(x)} ${mm(atY)} 0) ${font(1.27, hidden ? ' (hide yes)' : '')})`;
  const flag = kind.shape === 'flag';
  lines.push(`(symbol (lib_id ${quoted(`cordboard:${kind.symbol}`)}) (at ${mm(x)} ${mm(y)} 0) (unit 1)
    (exclude_from_sim no) (in_bom ${flag ? 'no' : 'yes'}) (on_board yes) (dnp no) (uuid "${id('symbol')}")
    ${property('Reference', reference, y - halfHeight - 1.27, flag)}
    ${property('Value', kind.value, y + halfHeight + 1.4, false)}
    ${property('Footprint', kind.footprint, y, true)}
    ${property('Datasheet', '', y, true)}
    ${property('Description', kind.what, y, true)}
    ${property('Manufacturer', kind.manufacturer, y, true)}
    ${property('MPN', kind.orderNumber, y, true)}
    ${kind.pins.map(({ number }) => `(pin ${quoted(number)} (uuid "${id('pin', number)}"))`).join(' ')}
    (instances (project ${quoted(board.name)} (path "/${root}" (reference ${quoted(reference)}) (unit 1)))))`);
  const places = pinPlaces(kind);
  for (const { number, side } of kind.pins) {
    const place = places.get(number);
    if (!place) continue;
    const [pinX, pinY] = [x + place.x, y - place.y];
    const net = nets[number];
    if (net == null) {
      lines.push(`(no_connect (at ${mm(pinX)} ${mm(pinY)}) (uuid "${id('open', number)}"))`);
      continue;
    }
    const endX = side === 'left' ? pinX - grid : pinX + grid;
    lines.push(
      `(wire (pts (xy ${mm(pinX)} ${mm(pinY)}) (xy ${mm(endX)} ${mm(pinY)})) (stroke (width 0) (type default)) (uuid "${id('wire', number)}"))`,
      `(label ${quoted(net)} (at ${mm(endX)} ${mm(pinY)} ${side === 'left' ? 180 : 0}) ${font(1.27, ` (justify ${side === 'left' ? 'right' : 'left'} bottom)`)} (uuid "${id('label', number)}"))`,
    );
  }
}

/** Tells the rule check of KiCad where a supply comes in. */
const flagKind: PartKind = {
  symbol: 'PWR_FLAG',
  shape: 'flag',
  pins: [{ number: '1', name: 'supplied', type: 'power_out', side: 'left' }],
  value: 'supplied',
  footprint: '',
  manufacturer: '',
  orderNumber: '',
  what: 'a supply comes in here',
  cents: 0,
};

export function schematicOf(plain: Board): string {
  const flags = plain.supplied.map((net, index) => ({
    reference: `#FLG${index + 1}`,
    kind: flagKind,
    nets: { 1: net },
  }));
  const board = { ...plain, sections: [...plain.sections, { title: 'Supplied nets', parts: flags }] };
  const root = idOf(board.name, 'sheet');
  const { parts, titles } = placed(board);
  const sheet: Sheet = { board, root, lines: [] };
  for (const one of parts) placeSymbol(sheet, one);
  const text = (words: string, x: number, y: number, size: number): string =>
    `(text ${quoted(words)} (exclude_from_sim no) (at ${mm(x)} ${mm(y)} 0) ${font(size, ' (justify left bottom)')} (uuid "${idOf(board.name, 'text', words)}"))`;
  const notesY = board.paper.heightMm - 40;
  const kinds = new Map(partsOf(board).map(({ kind }) => [kind.symbol, kind]));
  return `(kicad_sch (version 20250114) (generator "cordboard") (generator_version "9.0")
  (uuid "${root}") (paper "${board.paper.name}")
  (title_block (title ${quoted(board.title)}) (rev "1") (company "Cordboard")
    (comment 1 ${quoted(`${partsOf(plain).length} parts, ${netsOf(plain).size} nets`)}))
  (lib_symbols
    ${[...kinds.values()].map(librarySymbol).join('\n    ')})
  ${titles.map(({ text: words, x, y }) => text(words, x, y, 2.54)).join('\n  ')}
  ${board.notes.map((note, index) => text(note, 20, notesY + index * 5, 1.8)).join('\n  ')}
  ${sheet.lines.join('\n  ')}
  (sheet_instances (path "/" (page "1")))
  (embedded_fonts no))
`;
}

/**
 * The project beside it. Two rules are off: that symbols and footprints stand in installed libraries; ours are carried in
 * the sheet on purpose.
 */
export function projectOf(board: Board): string {
  const project = {
    board: {},
    erc: { rule_severities: { lib_symbol_issues: 'ignore', footprint_link_issues: 'ignore' } },
    meta: { filename: `${board.name}.kicad_pro`, version: 3 },
    sheets: [[idOf(board.name, 'sheet'), 'Root']],
  };
  return `${JSON.stringify(project, null, 2)}\n`;
}
