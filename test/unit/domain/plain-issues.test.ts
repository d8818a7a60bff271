import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { plainIssue } from '../../../src/domain/plain-issues.ts';

describe('plainIssue says what is wrong in words for the person who typed it', () => {
  const said = (schema: z.ZodType, value: unknown): string | undefined => {
    const result = schema.safeParse(value, { error: (issue) => plainIssue(issue as never) });
    return result.error?.issues[0]?.message;
  };
  it.each([
    ['an empty text', z.string().min(1), '', 'must not be empty'],
    ['a short text', z.string().min(10), 'abc', 'must have at least 10 characters'],
    ['a long text', z.string().max(2), 'abc', 'must have at most 2 characters'],
    ['a missing value', z.object({ a: z.string() }), {}, 'is missing'],
    ['a wrong type', z.number(), 'x', 'must be a number'],
    ['a small number', z.number().min(5), 1, 'must be 5 or more'],
    ['a large number', z.number().max(5), 9, 'must be 5 or less'],
    ['an unknown choice', z.enum(['udp', 'tcp']), 'sctp', 'must be one of: udp, tcp'],
    ['an unknown key', z.strictObject({}), { b: 1 }, 'does not know: b'],
  ] as const)('%s', (_, schema, value, words) => {
    expect(said(schema, value)).toBe(words);
  });
  it('leaves the words of the schema alone', () => {
    expect(said(z.string().min(8, 'eight at least'), 'abc')).toBe('eight at least');
  });
});
