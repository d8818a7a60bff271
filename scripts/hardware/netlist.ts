/** What a board is: parts, and the net at each of their pins. Schematic, bill of materials and checks are made of it. */

/** As KiCad's rule check knows them. */
export type PinType =
  | 'passive'
  | 'input'
  | 'output'
  | 'bidirectional'
  | 'tri_state'
  | 'power_in'
  | 'power_out';

export interface Pin {
  number: string;
  name: string;
  type: PinType;
  side: 'left' | 'right';
}

export type Shape = 'box' | 'resistor' | 'capacitor' | 'diode' | 'flag';

/** A thing that can be bought. */
export interface PartKind {
  symbol: string;
  shape: Shape;
  pins: readonly Pin[];
  value: string;
  /** Of KiCad's standard library; empty: none, it is not soldered to the board. */
  footprint: string;
  manufacturer: string;
  /** The manufacturer's own, complete number to order by. */
  orderNumber: string;
  what: string;
  /** Estimate for one at a quantity of ten, in euro cents. */
  cents: number;
}

export interface Part {
  reference: string;
  kind: PartKind;
  /** Net at each pin number; null: left open on purpose. */
  nets: Readonly<Record<string, string | null>>;
}

export interface Section {
  title: string;
  parts: readonly Part[];
  /** Begins a column of the sheet. */
  newColumn?: boolean;
}

export interface Board {
  /** File name, and name of the KiCad project. */
  name: string;
  title: string;
  paper: { name: string; widthMm: number; heightMm: number };
  sections: readonly Section[];
  /** Nets that a supply comes in by, through parts that the rule check takes for passive. */
  supplied: readonly string[];
  notes: readonly string[];
  /** Things bought that no net is at: jumpers, plugs, caps. */
  loose: readonly { kind: PartKind; count: number }[];
  /** Signals of the pin map that this board leaves open, and why. */
  unusedSignals: Readonly<Record<string, string>>;
}

export const partsOf = (board: Board): Part[] => board.sections.flatMap(({ parts }) => parts);

/** One end of a net: a part and the number of its pin. */
export interface NetEnd {
  part: Part;
  pin: Pin;
}

/** Every net with its ends, in the order of the parts. */
export function netsOf(board: Board): Map<string, NetEnd[]> {
  const nets = new Map<string, NetEnd[]>();
  for (const part of partsOf(board))
    for (const pin of part.kind.pins) {
      const net = part.nets[pin.number];
      if (net == null) continue;
      const ends = nets.get(net);
      if (ends) ends.push({ part, pin });
      else nets.set(net, [{ part, pin }]);
    }
  return nets;
}
