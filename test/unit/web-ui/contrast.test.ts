import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const tokens = readFileSync(join(import.meta.dirname, '../../../web-ui/styles/tokens.css'), 'utf8');

/** The two colours of each token: light, dark. */
const colours = new Map(
  [...tokens.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, [light, dark]],
  ),
);

function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The lower of the contrasts in light and in dark (WCAG 2.2, "contrast ratio"). */
function contrast(front: string, back: string): number {
  const ratios = [0, 1].map((scheme) => {
    const a = luminance(colours.get(front)?.[scheme] ?? '');
    const b = luminance(colours.get(back)?.[scheme] ?? '');
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  });
  return Math.min(...ratios);
}

const grounds = ['paper', 'sheet', 'sunken', 'accent-wash'];

test.each(grounds)(
  'on %s figures and texts reach 7 to 1, quiet words 4.5 to 1, in light and in dark',
  (ground) => {
    expect(contrast('ink', ground)).toBeGreaterThanOrEqual(7);
    expect(contrast('ink-2', ground)).toBeGreaterThanOrEqual(7);
    expect(contrast('ink-3', ground)).toBeGreaterThanOrEqual(4.5);
    expect(contrast('accent', ground)).toBeGreaterThanOrEqual(4.5);
  },
);

test.each(grounds)('on %s every lamp and the edge of every field reaches 3 to 1', (ground) => {
  for (const lamp of ['dark', 'green', 'amber', 'blue', 'red'])
    expect(contrast(`lamp-${lamp}`, ground), lamp).toBeGreaterThanOrEqual(3);
  if (ground !== 'accent-wash') expect(contrast('line-strong', ground)).toBeGreaterThanOrEqual(3);
});

test('words on the accent reach 4.5 to 1', () => {
  expect(contrast('on-accent', 'accent')).toBeGreaterThanOrEqual(4.5);
});
