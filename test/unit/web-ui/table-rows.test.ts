import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sparkPath } from '../../../web-ui/components/stat.tsx';
import { held, matching, sorted } from '../../../web-ui/components/table-rows.ts';

const people = ['Kovács Anna', 'Čech Ivo', 'Whitmore Cleo'];

test('a filter looks for every word, without regard to case, marks or their order', () => {
  const found = (words: string): readonly string[] => matching(people, words, (name) => name);
  expect(found('anna KOVACS')).toEqual(['Kovács Anna']);
  expect(found('cech')).toEqual(['Čech Ivo']);
  expect(found('  ')).toEqual(people);
  expect(found('anna ivo')).toEqual([]);
});

test('numbers in texts sort as numbers, letters as the language has them, and what is missing comes last', () => {
  const order = (values: (string | number | undefined)[], down: boolean, language = 'en') =>
    sorted(values, (value) => value, down, language);
  expect(order(['10', '9', '101'], false)).toEqual(['9', '10', '101']);
  expect(order([3, undefined, 1], false)).toEqual([1, 3, undefined]);
  expect(order([3, undefined, 1], true)).toEqual([3, 1, undefined]);
  expect(order(['Zelník', 'Čech', 'Dan'], false, 'sk')).toEqual(['Čech', 'Dan', 'Zelník']);
});

test('rows under a hand keep their order; new ones come last and none is lost', () => {
  expect(held(['c', 'a', 'd', 'b'], ['a', 'b', 'c'], (key) => key)).toEqual(['a', 'b', 'c', 'd']);
  fc.assert(
    fc.property(fc.uniqueArray(fc.string()), fc.uniqueArray(fc.string()), (rows, order) => {
      const kept = held(rows, order, (key) => key);
      expect([...kept].sort()).toEqual([...rows].sort());
      const known = order.filter((key) => rows.includes(key));
      expect(kept.slice(0, known.length)).toEqual(known);
    }),
  );
});

test('a sparkline has a gap where nothing was measured, and stays flat where nothing changes', () => {
  expect(sparkPath([])).toBe('');
  expect(sparkPath([undefined])).toBe('');
  expect(sparkPath([0, undefined, 2])).toBe('M0.0 23.0M100.0 1.0');
  expect(sparkPath([4, 4])).toBe('M0.0 1.0L100.0 1.0');
});
