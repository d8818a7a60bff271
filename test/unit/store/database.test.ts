import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { statementOf } from '../../../src/store/database.ts';

let database: DatabaseSync;
beforeEach(() => {
  database = new DatabaseSync(':memory:');
});
afterEach(() => database.close());

it('a statement is made once for each database and text', () => {
  const first = statementOf(database, 'SELECT 1 AS one');
  expect(statementOf(database, 'SELECT 1 AS one')).toBe(first);
  expect(first.get()).toEqual({ one: 1 });
  const other = new DatabaseSync(':memory:');
  expect(statementOf(other, 'SELECT 1 AS one')).not.toBe(first);
  other.close();
});

it('of many texts those used last are kept', () => {
  const kept = statementOf(database, 'SELECT 1 AS kept');
  const gone = statementOf(database, 'SELECT 1 AS gone');
  for (let i = 0; i < 63; i++) {
    statementOf(database, `SELECT ${i}`);
    statementOf(database, 'SELECT 1 AS kept');
  }
  expect(statementOf(database, 'SELECT 1 AS kept')).toBe(kept);
  expect(statementOf(database, 'SELECT 1 AS gone')).not.toBe(gone);
});
