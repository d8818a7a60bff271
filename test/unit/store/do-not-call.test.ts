import type { DatabaseSync } from 'node:sqlite';
import { beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/store/database.ts';
import { addDoNotCall, listDoNotCall } from '../../../src/store/do-not-call.ts';
import { leadsSchema } from '../../../src/store/leads-schema.ts';

const by = { who: 'Ada', source: 'person' } as const;
let database: DatabaseSync;

function add(at: number, ...numbers: string[]): void {
  addDoNotCall(
    database,
    numbers.map((number) => ({ number, reason: '' })),
    by,
    at,
  );
}

/** All pages of so many rows, one after the other. */
function paged(limit: number, between: () => void = () => undefined): string[][] {
  const pages: string[][] = [];
  for (let cursor: string | undefined; ; between()) {
    const page = listDoNotCall(database, { limit, cursor });
    pages.push(page.items.map(({ number }) => number));
    if (page.next === null) return pages;
    cursor = page.next;
  }
}

beforeEach(() => {
  database = openDatabase(':memory:', leadsSchema).database;
});

describe('the do-not-call list', () => {
  it('is shown newest first, whatever the numbers are', () => {
    add(1_000, '+36309999999');
    add(3_000, '+36301111111');
    add(2_000, '+4915112345678');
    expect(paged(50)).toEqual([['+36301111111', '+4915112345678', '+36309999999']]);
  });

  it('has every number once on its pages, also of those that came at once, while new ones come in', () => {
    add(1_000, '+361', '+362', '+363', '+364');
    add(2_000, '+365');
    let later = 3_000;
    const pages = paged(2, () => add(++later, `+49${later}`));
    expect(pages).toEqual([['+365', '+364'], ['+363', '+362'], ['+361']]);
    expect(listDoNotCall(database, { limit: 1 })).toMatchObject({ items: [{ number: '+493002' }], total: 7 });
  });

  it('is read by its index', () => {
    const plan = database
      .prepare(
        'EXPLAIN QUERY PLAN SELECT * FROM do_not_call WHERE (added_at, number) < (?, ?) ORDER BY added_at DESC, number DESC LIMIT 50',
      )
      .all()
      .map(({ detail }) => String(detail));
    expect(plan.join('; ')).toContain('do_not_call_by_age');
    expect(plan.join('; ')).not.toContain('TEMP B-TREE');
  });

  it.each(['+361', 'x', "1-1' OR 1=1", '1-'])('refuses the cursor %s, which no page gave', (cursor) => {
    expect(() => listDoNotCall(database, { cursor })).toThrow('cursor');
  });
});
