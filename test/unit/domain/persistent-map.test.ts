import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyPersistentMap } from '../../../src/domain/acd/persistent-map.ts';

describe('a persistent map', () => {
  it('holds what a Map would hold, and every earlier one stays as it was', () => {
    const change = fc.record({
      key: fc.string({ maxLength: 2 }),
      value: fc.option(fc.nat(), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(change, { size: 'max', maxLength: 60 }), (changes) => {
        let map = emptyPersistentMap<number>();
        const model = new Map<string, number>();
        const history = [{ map, entries: [...model] }];
        for (const { key, value } of changes) {
          if (value === undefined) model.delete(key);
          else model.set(key, value);
          map = value === undefined ? map.without(key) : map.with(key, value);
          history.push({ map, entries: [...model] });
        }
        for (const moment of history) {
          expect(new Map(moment.map)).toEqual(new Map(moment.entries));
          expect(moment.map.size).toBe(moment.entries.length);
          expect(new Set(moment.map.keys())).toEqual(new Set(moment.entries.map(([key]) => key)));
          expect([...moment.map.values()].sort()).toEqual(moment.entries.map(([, value]) => value).sort());
          for (const [key, value] of moment.entries) expect(moment.map.get(key)).toBe(value);
        }
      }),
    );
  });

  it('spreads keys that differ in a counter only', () => {
    let map = emptyPersistentMap<number>();
    for (let i = 0; i < 1000; i++) map = map.with(`ring-guard/${i}`, i);
    expect(Math.max(...map.shards.map((shard) => shard?.size ?? 0))).toBeLessThan(50);
  });
});
