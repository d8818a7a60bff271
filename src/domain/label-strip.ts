/**
 * The paper strips with the names of the lamps, as a sheet of A4 to be printed at full size, cut and slid behind the
 * windows of the panel's front. Pure: the caller says what each lamp is called.
 *
 *     column 0   1   2   3        lamp = 8 × column + row; below, a strip for the button of each column
 */
import type { LampAssignment } from './settings/lamps.ts';

/** The front that the strips are made for; `hardware/` draws it from the same numbers. Millimetres. */
export const front = {
  columns: 4,
  rows: 8,
  /** Window of one lamp's name. */
  cell: { width: 40, height: 12 },
  buttonCell: { width: 40, height: 8 },
  /** Paper that the front holds, beyond the window, on every side. */
  overlap: 2,
} as const;

export interface StripLabel {
  lamp: number;
  text: string;
}

export interface StripSheet {
  /** Above the strips, not cut out: which office, which panel. */
  title: string;
  /** Says to print at 100 % and to measure the line beside it. */
  hint: string;
  labels: readonly StripLabel[];
  /** Of buttons 0 to 3; empty or missing: no text. */
  buttons?: readonly string[];
}

/** Names of the assigned lamps. Of two assignments for one lamp the later counts, as on the panel. */
export function lampLabels(
  assignments: readonly Pick<LampAssignment, 'lamp' | 'shows'>[],
  nameOf: (shows: LampAssignment['shows']) => string,
): StripLabel[] {
  const texts = new Map(assignments.map(({ lamp, shows }) => [lamp, nameOf(shows)]));
  return [...texts].map(([lamp, text]) => ({ lamp, text })).sort((one, other) => one.lamp - other.lamp);
}

const page = { width: 210, height: 297 } as const;
const gap = 3;
const top = 46;

/** Letters of nearly every script are not wider than this part of their size in a sans typeface; wide ones are listed. */
const usualWidth = 0.6;
const narrow = /^[ .,:;'|!iljtfrI1()[\]ıİíìîïļĺ]$/u;
const wide = /^[mwMWQOGДЖМФШЩЫЮжмфшщыю@%—…]$/u;
const full =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}]/u;

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const lettersOf = (text: string): string[] => Array.from(graphemes.segment(text), ({ segment }) => segment);

/** How wide the text is at most, without the typeface at hand. */
export function widthOf(text: string, size: number): number {
  let ems = 0;
  for (const letter of lettersOf(text))
    ems += full.test(letter)
      ? 1.1
      : wide.test(letter)
        ? 0.95
        : narrow.test(letter)
          ? 0.4
          : /^\p{Lu}/u.test(letter)
            ? 0.72
            : usualWidth;
  return ems * size;
}

/** Cut at a whole letter, with an ellipsis, so that it is not wider. */
export function shorten(text: string, width: number, size: number): string {
  if (widthOf(text, size) <= width) return text;
  const letters = lettersOf(text);
  while (letters.length > 0 && widthOf(`${letters.join('').trimEnd()}…`, size) > width) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}

/** One line where it fits, else two, the second shortened where it must be. */
export function linesOf(
  text: string,
  width: number,
  sizes: { one: number; two: number },
): { lines: string[]; size: number } {
  const clean = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  if (widthOf(clean, sizes.one) <= width) return { lines: clean ? [clean] : [], size: sizes.one };
  const words = clean.split(' ');
  let first = '';
  while (words.length > 0 && widthOf(`${first} ${words[0]}`.trim(), sizes.two) <= width)
    first = `${first} ${words.shift()}`.trim();
  if (first === '') return { lines: [shorten(clean, width, sizes.two)], size: sizes.two };
  const rest = words.join(' ');
  return { lines: rest ? [first, shorten(rest, width, sizes.two)] : [first], size: sizes.two };
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** What XML cannot hold at all is left out. */
const escaped = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '').replace(/[&<>"]/g, (one) => entities[one] ?? '');

function cellText(text: string, x: number, y: number, cell: { width: number; height: number }): string {
  const { lines, size } = linesOf(
    text,
    cell.width - 3,
    cell.height > 10 ? { one: 4.2, two: 3.5 } : { one: 3.6, two: 2.8 },
  );
  const step = size * 1.2;
  const first = y + cell.height / 2 - ((lines.length - 1) * step) / 2 + size * 0.35;
  return lines
    .map(
      (line, at) =>
        `<text x="${n(x + 1.5)}" y="${n(first + at * step)}" font-size="${size}">${escaped(line)}</text>`,
    )
    .join('');
}

const n = (value: number): number => Math.round(value * 100) / 100;

/** A strip with a line between its cells, and crosses nowhere: its edge is where to cut. */
function strip(
  x: number,
  y: number,
  cell: { width: number; height: number },
  texts: readonly string[],
): string {
  const { overlap } = front;
  const [width, height] = [cell.width + 2 * overlap, cell.height * texts.length + 2 * overlap];
  const out = [`<rect class="cut" x="${n(x)}" y="${n(y)}" width="${width}" height="${height}"/>`];
  texts.forEach((text, row) => {
    const rowY = y + overlap + row * cell.height;
    if (row > 0) out.push(`<path class="line" d="M${n(x + overlap)} ${n(rowY)}h${cell.width}"/>`);
    if (text) out.push(cellText(text, x + overlap, rowY, cell));
  });
  return out.join('\n');
}

/** The sheet as SVG, in millimetres. */
export function labelStrip({ title, hint, labels, buttons = [] }: StripSheet): string {
  const { columns, rows, cell, buttonCell, overlap } = front;
  const texts = new Map(labels.map(({ lamp, text }) => [lamp, text]));
  const width = cell.width + 2 * overlap;
  const left = (page.width - columns * width - (columns - 1) * gap) / 2;
  const buttonTop = top + rows * cell.height + 2 * overlap + 8;
  const columnsOf = Array.from({ length: columns }, (_, column) => {
    const x = left + column * (width + gap);
    const names = Array.from({ length: rows }, (_, row) => texts.get(column * rows + row) ?? '');
    const numbers = `${column * rows}–${column * rows + rows - 1}`;
    return [
      `<text class="aside" x="${n(x)}" y="${top - 2}" font-size="3">${numbers}</text>`,
      strip(x, top, cell, names),
      strip(x, buttonTop, buttonCell, [buttons[column] ?? '']),
    ].join('\n');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${page.width}mm" height="${page.height}mm" viewBox="0 0 ${page.width} ${page.height}" font-family="Inter, 'DejaVu Sans', sans-serif">
<style>.cut{fill:#fff;stroke:#000;stroke-width:.15;stroke-dasharray:1 1}.line{fill:none;stroke:#999;stroke-width:.15}.rule{fill:none;stroke:#000;stroke-width:.3}.aside{fill:#555}</style>
<rect width="${page.width}" height="${page.height}" fill="#fff"/>
<text x="${n(left)}" y="18" font-size="5" font-weight="600">${escaped(shorten(title, page.width - 2 * left, 5))}</text>
<text x="${n(left)}" y="25" font-size="3.2">${escaped(shorten(hint, page.width - 2 * left, 3.2))}</text>
<path class="rule" d="M${n(left)} 30v4m0 -2h100m0 -2v4"/><text x="${n(left + 103)}" y="33" font-size="3">100 mm</text>
${columnsOf.join('\n')}
</svg>
`;
}
