/** The front of the panel with its holes, and the box behind it, at full size on A3. */
import { front } from '../../src/domain/label-strip.ts';
import { round, sheet, text } from './svg.ts';

/** Millimetres, from the top left corner of the front. */
export const holes = {
  width: 236,
  height: 156,
  /** Of the front plate; the box behind it, with it. */
  thickness: 3,
  depth: 38,
  corner: 4,
  lamp: { diameter: 5, firstX: 14, firstY: 26, pitchX: 54, pitchY: front.cell.height },
  /** From a lamp's middle to its name's window. */
  windowFrom: 6,
  button: { side: 13, y: 141 },
  screw: { diameter: 3.4, inset: 6 },
  keyhole: { pitch: 180, y: 30, large: 8, small: 4 },
  socket: { width: 18, height: 10, pitch: 30, y: 120 },
} as const;

export interface Place {
  x: number;
  y: number;
}

const columns = Array.from({ length: front.columns }, (_, column) => column);
const columnX = (column: number): number => holes.lamp.firstX + column * holes.lamp.pitchX;
export const windowX = (column: number): number => columnX(column) + holes.windowFrom;
export const windowY = holes.lamp.firstY - front.cell.height / 2;
export const windowHeight = front.rows * front.cell.height;
/** The strips are larger than their windows: between two windows there is room for both. */
export const buttonWindowY = windowY + windowHeight + 3 * front.overlap;

/** Middle of the hole of each lamp, by its number. */
export const lampPlaces: Place[] = columns.flatMap((column) =>
  Array.from({ length: front.rows }, (_, row) => ({
    x: columnX(column),
    y: holes.lamp.firstY + row * holes.lamp.pitchY,
  })),
);

export const buttonPlaces: Place[] = columns.map((column) => ({
  x: windowX(column) + front.cell.width / 2,
  y: holes.button.y,
}));

const middle = 'text-anchor="middle"';

/** A measure between two points of one line, level or upright, with its number. */
function measure(from: Place, to: Place, scale = 1): string {
  const level = from.y === to.y;
  const value = `${round(Math.abs(level ? to.x - from.x : to.y - from.y))}`;
  const size = 3 * scale;
  const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
  const tick = ({ x: tx, y: ty }: Place): string =>
    `M${round(tx - scale)} ${round(ty + scale)}l${2 * scale} ${-2 * scale}`;
  const words = level
    ? text(value, x, y - scale, size, middle)
    : text(value, x - scale, y, size, `${middle} transform="rotate(-90 ${round(x - scale)} ${round(y)})"`);
  return `<path class="measure" d="M${round(from.x)} ${round(from.y)}L${round(to.x)} ${round(to.y)}${tick(from)}${tick(to)}"/>${words}`;
}

const circle = ({ x, y }: Place, diameter: number): string =>
  `<circle class="hole" cx="${round(x)}" cy="${round(y)}" r="${diameter / 2}"/>`;
const rectangle = (x: number, y: number, width: number, height: number, className = 'hole'): string =>
  `<rect class="${className}" x="${round(x)}" y="${round(y)}" width="${width}" height="${height}"/>`;

const screws: Place[] = [holes.screw.inset, holes.height - holes.screw.inset].flatMap((y) =>
  [holes.screw.inset, holes.width - holes.screw.inset].map((x) => ({ x, y })),
);

function frontPlate(): string[] {
  const { width, height, lamp, button } = holes;
  return [
    `<rect class="plate" width="${width}" height="${height}" rx="${holes.corner}"/>`,
    ...columns.flatMap((column) => [
      rectangle(windowX(column), windowY, front.cell.width, windowHeight),
      rectangle(windowX(column), buttonWindowY, front.buttonCell.width, front.buttonCell.height),
    ]),
    ...lampPlaces.map((place) => circle(place, lamp.diameter)),
    ...lampPlaces.map((place, number) =>
      text(`${number}`, place.x - 3.4, place.y + 0.8, 2.2, 'class="quiet" text-anchor="end"'),
    ),
    ...buttonPlaces.map(({ x, y }) =>
      rectangle(x - button.side / 2, y - button.side / 2, button.side, button.side),
    ),
    ...buttonPlaces.map(({ x, y }, number) => text(`${number}`, x, y + 0.8, 2.4, `class="quiet" ${middle}`)),
    ...screws.map((place) => circle(place, holes.screw.diameter)),
  ];
}

function frontMeasures(): string[] {
  const { width, height, lamp } = holes;
  const first = lampPlaces[0] ?? { x: 0, y: 0 };
  const windowRight = windowX(0) + front.cell.width;
  const across = (fromX: number, toX: number, y: number): string => measure({ x: fromX, y }, { x: toX, y });
  const down = (fromY: number, toY: number, x: number): string => measure({ x, y: fromY }, { x, y: toY });
  return [
    across(0, width, -24),
    across(0, first.x, -8),
    across(first.x, first.x + lamp.pitchX, -16),
    across(first.x, windowX(0), -8),
    across(windowX(0), windowRight, -8),
    down(0, height, -24),
    down(0, first.y, -8),
    down(first.y, first.y + lamp.pitchY, -8),
    down(0, holes.button.y, -16),
    down(0, windowY, width + 10),
    down(windowY, windowY + windowHeight, width + 10),
    down(windowY + windowHeight, buttonWindowY, width + 18),
    down(buttonWindowY, buttonWindowY + front.buttonCell.height, width + 10),
    across(0, buttonPlaces[0]?.x ?? 0, height + 10),
    across(buttonPlaces[0]?.x ?? 0, buttonPlaces[1]?.x ?? 0, height + 10),
    across(width - holes.screw.inset, width, height + 10),
    down(height - holes.screw.inset, height, width + 10),
  ];
}

/** Seen from the right: front plate, board, back. */
function sideView(): string[] {
  const { height, depth, thickness } = holes;
  const boardAt = thickness + 9;
  return [
    `<path class="plate" d="M0 0h${thickness}v${height}h-${thickness}zM${thickness} 0h${depth - thickness}v${height}h-${depth - thickness}"/>`,
    `<path class="board" d="M${boardAt} 12v${height - 24}h1.6v-${height - 24}z"/>`,
    measure({ x: 0, y: -8 }, { x: depth, y: -8 }),
    measure({ x: 0, y: height + 10 }, { x: boardAt, y: height + 10 }),
    text('board', boardAt + 3, height / 2, 3),
  ];
}

/** Drawn at a third of its size, so that what is written is three times as large. */
const backScale = 3;

/** Seen from behind: what hangs it up, and where the cable goes in. */
function back(): string[] {
  const { width, height, keyhole, socket } = holes;
  const xs = [(width - keyhole.pitch) / 2, (width + keyhole.pitch) / 2] as const;
  const sockets = [width / 2 - socket.pitch / 2, width / 2 + socket.pitch / 2] as const;
  const status = { x: width / 2 + socket.pitch, y: socket.y };
  const size = 3 * backScale;
  const across = (from: number, to: number, y: number): string =>
    measure({ x: from, y }, { x: to, y }, backScale);
  const down = (from: number, to: number, x: number): string =>
    measure({ x, y: from }, { x, y: to }, backScale);
  return [
    `<rect class="plate" width="${width}" height="${height}" rx="${holes.corner}"/>`,
    ...xs.flatMap((x) => [
      circle({ x, y: keyhole.y }, keyhole.large),
      rectangle(x - keyhole.small / 2, keyhole.y - 10, keyhole.small, 10),
    ]),
    ...sockets.map((x) =>
      rectangle(x - socket.width / 2, socket.y - socket.height / 2, socket.width, socket.height),
    ),
    ...sockets.map((x, index) => text(`J${2 - index}`, x, socket.y + 18, size, middle)),
    circle(status, 3),
    text('status light', status.x + 6, status.y + 3, size),
    across(xs[0], xs[1], keyhole.y + 14),
    across(sockets[0], sockets[1], socket.y - 14),
    down(socket.y, height, 46),
    down(0, keyhole.y, 14),
    text(
      `keyholes ${keyhole.large} / ${keyhole.small}, sockets ${socket.width} × ${socket.height}`,
      40,
      80,
      size,
    ),
  ];
}

const at = (x: number, y: number, scale: number, parts: readonly string[]): string =>
  `<g transform="translate(${x} ${y})${scale === 1 ? '' : ` scale(${scale})`}">\n${parts.join('\n')}\n</g>`;

export function enclosureDrawing(): string {
  const { lamp, button, screw, thickness } = holes;
  const notes = [
    `Front: ${lampPlaces.length} holes ${lamp.diameter} mm for lamps; ${front.columns} windows ${front.cell.width} × ${windowHeight} mm for names,`,
    `${front.columns} windows ${front.buttonCell.width} × ${front.buttonCell.height} mm for the buttons' names, ${front.columns} holes ${button.side} × ${button.side} mm for caps,`,
    `4 holes ${screw.diameter} mm for M3 screws, ${screw.inset} mm from the edges. Columns and rows are equal throughout.`,
    `Plate ${thickness} mm (aluminium or ABS). Behind the lamp holes a sheet of opal film and a grid between the lamps,`,
    'so that none lights its neighbour. Behind the windows clear film; strips slide in from the top.',
    'Millimetres; tolerance 0.2, holes +0.1. Drawn, not yet built.',
  ];
  return sheet(
    420,
    297,
    '.plate{fill:none;stroke:#000;stroke-width:.4}.hole{fill:none;stroke:#000;stroke-width:.25}.board{fill:#dfe8df;stroke:#000;stroke-width:.2}.measure{fill:none;stroke:#2565c7;stroke-width:.15}.quiet{fill:#777}',
    [
      text('Cordboard lamp panel: front and box', 20, 16, 6, 'font-weight="700"'),
      text('Front 1:1', 44, 25, 4),
      at(44, 54, 1, [...frontPlate(), ...frontMeasures()]),
      text('From the right 1:1', 330, 25, 4),
      at(336, 54, 1, sideView()),
      text('From behind 1:3', 20, 228, 4),
      at(20, 236, 1 / backScale, back()),
      ...notes.map((note, line) => text(note, 120, 240 + line * 6, 3.6)),
    ],
  );
}
