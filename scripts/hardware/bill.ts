/** What a board costs and takes: its bill of materials, and where its current goes. */
import { type Board, type PartKind, partsOf } from './netlist.ts';
import { parts, pricesOf } from './parts.ts';

export interface BillLine {
  kind: PartKind;
  references: string[];
  count: number;
}

export function billOf(board: Board): BillLine[] {
  const lines = new Map<string, BillLine>();
  for (const { kind, reference } of partsOf(board)) {
    const line = lines.get(kind.orderNumber);
    if (line) {
      line.references.push(reference);
      line.count++;
    } else lines.set(kind.orderNumber, { kind, references: [reference], count: 1 });
  }
  return [...lines.values(), ...board.loose.map(({ kind, count }) => ({ kind, references: [], count }))];
}

/** Printed board, 2 layers, at ten pieces. */
const printedBoardCents: Record<string, number> = { panel: 900, 'wall-lamp': 250 };

const euro = (cents: number): string => (cents / 100).toFixed(2);
const sumOf = (board: Board): number =>
  billOf(board).reduce(
    (sum, { kind, count }) => sum + kind.cents * count,
    printedBoardCents[board.name] ?? 0,
  );

const field = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export function billCsv(board: Board): string {
  const head = [
    'References',
    'Quantity',
    'Value',
    'Manufacturer',
    'Order number',
    'What',
    'Footprint',
    `EUR each, estimate ${pricesOf}`,
  ];
  const rows = billOf(board).map(({ kind, references, count }) => [
    references.join(' '),
    `${count}`,
    kind.value,
    kind.manufacturer,
    kind.orderNumber,
    kind.what,
    kind.footprint,
    euro(kind.cents),
  ]);
  return `${[head, ...rows].map((row) => row.map(field).join(',')).join('\n')}\n`;
}

/** D100 D101 D102 becomes D100–D102. */
export function shortReferences(references: readonly string[]): string {
  const out: string[] = [];
  for (let at = 0; at < references.length; ) {
    const [, letters = '', digits = ''] = /^([A-Z]+)(\d+)$/.exec(references[at] ?? '') ?? [];
    let end = at;
    while (references[end + 1] === `${letters}${Number(digits) + end + 1 - at}`) end++;
    out.push(end > at ? `${references[at]}–${references[end]}` : (references[at] ?? ''));
    at = end + 1;
  }
  return out.join(', ');
}

export function billTable(board: Board): string {
  const rows = billOf(board).map(
    ({ kind, references, count }) =>
      `| ${count} | ${shortReferences(references) || 'loose'} | ${kind.value} | ${kind.manufacturer} ${kind.orderNumber} | ${kind.what} | ${euro(kind.cents)} |`,
  );
  return [
    `| pieces | references | value | part | what | EUR each |`,
    '|---|---|---|---|---|---|',
    ...rows,
    `| 1 | | | printed board, 2 layers | | ${euro(printedBoardCents[board.name] ?? 0)} |`,
    '',
    `Sum: EUR ${euro(sumOf(board))} without enclosure, supply and work. Estimates of ${pricesOf} at ten pieces, no offers.`,
  ].join('\n');
}

/** Milliamperes of one thing at 5 V, and why. */
interface Load {
  what: string;
  milliamps: number;
  from: string;
}

/** High level of a register that gives 5 mA, and the lamps' voltages at that current, by their data sheets. */
const highVolts = 4.7;
const forwardVolts = { red: 1.9, green: 2.8, blue: 2.8 };

/** What one colour of one lamp takes, in milliamperes. */
export function lampMilliamps(colour: keyof typeof forwardVolts): number {
  const ohms = Number((colour === 'red' ? parts.lampsRed : parts.lampsOther).value);
  return ((highVolts - forwardVolts[colour]) / ohms) * 1000;
}

const common: Load[] = [
  { what: 'microcontroller', milliamps: 12, from: '14.7456 MHz at 5 V, pins included' },
  {
    what: 'RS-485 while sending',
    milliamps: 60,
    from: '60 Ω between the wires at the most; the panel sends for less than 5 % of the time',
  },
  { what: 'status light, sounder', milliamps: 6, from: '1 kΩ each' },
];

export function loadsOf(board: Board): Load[] {
  const count = (kind: PartKind): number => partsOf(board).filter((part) => part.kind === kind).length;
  const [lamps, registers, pixels] = [count(parts.lamp), count(parts.register), count(parts.pixel)];
  const loads = [...common];
  if (pixels > 0)
    loads.unshift({
      what: `${pixels} lamps, all white`,
      milliamps: pixels * 36,
      from: '12 mA for each colour',
    });
  if (registers > 0)
    loads.unshift({ what: `${registers} registers`, milliamps: registers, from: '1 mA each while shifting' });
  if (lamps > 0) {
    const each = (['red', 'green', 'blue'] as const).map(lampMilliamps);
    loads.unshift({
      what: `${lamps} lamps, all white`,
      milliamps: Math.ceil(lamps * each.reduce((sum, one) => sum + one, 0)),
      from: `${each.map((one) => one.toFixed(1)).join(' + ')} mA (red, green, blue)`,
    });
  }
  return loads;
}

/** What the 5 V of each board can give, in milliamperes. */
export const supplyMilliamps: Record<string, { limit: number; what: string }> = {
  panel: { limit: 1000, what: 'a supply of 5 V, 1 A; the fuse holds 1.1 A at 23 °C' },
  'wall-lamp': { limit: 500, what: 'the converter (0.5 A)' },
};

export function powerTable(board: Board): string {
  const loads = loadsOf(board);
  const sum = loads.reduce((total, { milliamps }) => total + milliamps, 0);
  const supply = supplyMilliamps[board.name];
  if (!supply || sum * 1.25 > supply.limit) throw new Error(`${board.name} takes ${sum} mA: too much`);
  const lines = [
    '| load | mA at 5 V | from |',
    '|---|---|---|',
    ...loads.map(({ what, milliamps, from }) => `| ${what} | ${milliamps} | ${from} |`),
    `| **sum, everything at once** | **${sum}** | of ${supply.limit} mA: ${supply.what} |`,
    '',
    `Margin: ${Math.round((1 - sum / supply.limit) * 100)} % (a quarter of the sum at least is asked for when this table is made).`,
  ];
  if (board.name === 'wall-lamp') {
    const at = (volts: number): number => Math.ceil((sum * 5) / volts / 0.85);
    lines.push(`Out of the cable: ${at(12)} mA at 12 V, ${at(24)} mA at 24 V (converter at 85 %).`);
  }
  return lines.join('\n');
}
