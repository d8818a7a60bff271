/** How a part is drawn in the schematic. Millimetres; y goes up, as in KiCad's symbols. */
import type { PartKind, Pin } from './netlist.ts';

/** Pins stand on it; half of it is KiCad's finest usual step. */
export const grid = 2.54;

export interface Drawing {
  halfWidth: number;
  halfHeight: number;
  graphics: string[];
  /** Names and numbers of pins are written. */
  showsNames: boolean;
}

const stroke = '(stroke (width 0.2) (type default))';
const line = (...points: [number, number][]): string =>
  `(polyline (pts ${points.map(([x, y]) => `(xy ${x} ${y})`).join(' ')}) ${stroke} (fill (type none)))`;
const box = (x: number, y: number, fill = 'background'): string =>
  `(rectangle (start ${-x} ${y}) (end ${x} ${-y}) ${stroke} (fill (type ${fill})))`;

const rows = (kind: PartKind): number =>
  Math.max(
    ...(['left', 'right'] as const).map((side) => kind.pins.filter((pin) => pin.side === side).length),
  );

export function drawingOf(kind: PartKind): Drawing {
  const small = { halfWidth: grid, halfHeight: 1.27, showsNames: false };
  switch (kind.shape) {
    case 'resistor':
      return { ...small, graphics: [box(2.54, 0.9)] };
    case 'capacitor':
      return {
        ...small,
        halfHeight: 1.6,
        graphics: [
          line([-0.5, 1.5], [-0.5, -1.5]),
          line([0.5, 1.5], [0.5, -1.5]),
          line([-2.54, 0], [-0.5, 0]),
          line([0.5, 0], [2.54, 0]),
        ],
      };
    case 'diode':
      return {
        ...small,
        halfHeight: 1.4,
        graphics: [
          line([-1.2, 1.2], [-1.2, -1.2], [1.2, 0], [-1.2, 1.2]),
          line([1.2, 1.2], [1.2, -1.2]),
          line([-2.54, 0], [2.54, 0]),
        ],
      };
    case 'flag':
      return {
        halfWidth: grid,
        halfHeight: 1.4,
        showsNames: false,
        graphics: [line([-2.54, 0], [0, 1.2], [2.54, 0], [0, -1.2], [-2.54, 0])],
      };
    case 'box': {
      const halfHeight = (Math.ceil(rows(kind)) + 1) * 1.27;
      const longest = (side: Pin['side']): number =>
        Math.max(
          ...kind.pins
            .filter((pin) => pin.side === side)
            .map(({ name }) => name.replace(/[~{}]/g, '').length),
        );
      const halfWidth =
        Math.max(2, Math.ceil(((longest('left') + longest('right')) * 1.2 + 4) / 2 / grid)) * grid;
      return { halfWidth, halfHeight, showsNames: true, graphics: [box(halfWidth, halfHeight)] };
    }
  }
}

export interface PinPlace {
  x: number;
  y: number;
  /** In degrees: where the pin goes, from its free end. */
  turn: 0 | 180;
}

/** The free end of each pin, by its number. */
export function pinPlaces(kind: PartKind): Map<string, PinPlace> {
  const { halfWidth } = drawingOf(kind);
  const places = new Map<string, PinPlace>();
  // The first row lies on the grid whatever the number of rows: half a step off would miss the wires.
  const first = Math.floor((rows(kind) - 1) / 2) * grid;
  for (const side of ['left', 'right'] as const)
    kind.pins
      .filter((pin) => pin.side === side)
      .forEach(({ number }, row) => {
        const x = (halfWidth + grid) * (side === 'left' ? -1 : 1);
        places.set(number, { x, y: first - row * grid, turn: side === 'left' ? 0 : 180 });
      });
  return places;
}
