/** Small words of SVG, in millimetres. */
import { widthOf } from '../../src/domain/label-strip.ts';

export const round = (value: number): number => Math.round(value * 100) / 100;

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export function text(words: string, x: number, y: number, size: number, more = ''): string {
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" ${more}>${escaped(words)}</text>`;
}

/** Words put into lines that are not wider. */
export function wrapped(words: string, width: number, size: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of words.split(' ')) {
    const longer = line ? `${line} ${word}` : word;
    if (line && widthOf(longer, size) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line ? [...lines, line] : lines;
}

export function sheet(
  width: number,
  height: number,
  style: string,
  body: readonly string[],
  language = 'en',
): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" xml:lang="${language}" width="${width}mm" height="${height}mm" viewBox="0 0 ${width} ${height}" font-family="Inter, 'DejaVu Sans', sans-serif">
<style>${style}</style>
<rect width="${width}" height="${height}" fill="#fff"/>
${body.join('\n')}
</svg>
`;
}
