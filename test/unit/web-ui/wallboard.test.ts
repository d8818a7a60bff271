import { describe, expect, it } from 'vitest';
import { layoutOf, rowsFor, spanOf } from '../../../web-ui/pages/wallboard/layout.ts';
import { usualTiles, valueOnWall, type WallFigures } from '../../../web-ui/pages/wallboard/wall-values.ts';

const one = { columns: 1, rows: 1 };

describe('the tiles of a wallboard', () => {
  it('fill gaps in order, as the screen does', () => {
    expect(rowsFor([one, { columns: 2, rows: 2 }, one], 3)).toBe(2);
    expect(rowsFor([one, one, one], 2)).toBe(2);
    expect(rowsFor([{ columns: 2, rows: 2 }, one, one, one], 3)).toBe(3);
  });

  it.each([1, 2, 3, 5, 8, 12, 17, 24])(
    '%s of them stay near the shape of a figure on a wide screen',
    (count) => {
      const { columns, rows } = layoutOf(
        Array.from({ length: count }, () => one),
        16 / 9,
      );
      expect(columns * rows).toBeGreaterThanOrEqual(count);
      const shape = ((16 / 9) * rows) / columns;
      expect(shape).toBeGreaterThan(0.6);
      expect(shape).toBeLessThan(3.6);
    },
  );

  it('the usual ones fit a wide screen and an upright one', () => {
    const spans = usualTiles.map(spanOf);
    const cells = spans.reduce((sum, span) => sum + span.columns * span.rows, 0);
    for (const aspect of [16 / 9, 9 / 16]) {
      const { columns, rows } = layoutOf(spans, aspect);
      expect(columns * rows).toBeLessThanOrEqual(cells * 1.4);
      expect(rowsFor(spans, columns)).toBe(rows);
    }
  });
});

describe('a figure on a wall', () => {
  const part = (numerator: number, denominator?: number) => ({
    value: denominator === undefined ? numerator : denominator > 0 ? numerator / denominator : null,
    numerator,
    ...(denominator === undefined ? {} : { denominator }),
  });
  const figures = (total: WallFigures['total'], groups: WallFigures['groups']): WallFigures => ({
    at: 0,
    from: 0,
    until: 1,
    timeZone: 'UTC',
    counted: null,
    serviceLevel: 'service-level-reached',
    limits: { answerWithinMs: 20_000, shortAbandonMs: 0, queues: {} },
    total,
    groups,
  });
  const groups: WallFigures['groups'] = [
    { id: 'a', figures: { answered: part(3), 'service-level-reached': part(3, 4), 'longest-wait': part(9) } },
    {
      id: 'b',
      figures: { answered: part(1), 'service-level-reached': part(0, 4), 'longest-wait': part(70) },
    },
  ];

  it('is the total where there is one, or that of the queue asked for', () => {
    const all = figures({ answered: part(4) }, groups);
    expect(valueOnWall(all, 'answered', undefined)).toBe(4);
    expect(valueOnWall(all, 'answered', 'b')).toBe(1);
    expect(valueOnWall(all, 'answered', 'gone')).toBeNull();
  });

  it('of some queues is made of what theirs were made of, and not of their averages', () => {
    const some = figures({}, groups);
    expect(valueOnWall(some, 'answered', undefined)).toBe(4);
    expect(valueOnWall(some, 'service-level', undefined)).toBe(3 / 8);
    expect(valueOnWall(some, 'longest-wait', undefined)).toBe(70);
    expect(valueOnWall(figures({}, []), 'answered', undefined)).toBeNull();
  });
});
