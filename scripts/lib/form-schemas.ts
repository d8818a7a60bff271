/** The schemas of what forms send, for the pages: without zod, and without the patterns that the API checks. */
import { z } from 'zod';
import { endpoints } from '../../src/api/contract.ts';

type Json = Record<string, unknown>;

/** Only what a form can use is kept; it makes three quarters of the weight. */
function lean(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lean);
  if (value === null || typeof value !== 'object') return value;
  const dropped = ['$schema', 'pattern', 'format', 'additionalProperties'];
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, each]) => !dropped.includes(key) || typeof each === 'object')
      .map(([key, each]) => [key, lean(each)]),
  );
}

/** By endpoint: every body of a PUT that is an object. */
export function formSchemas(): Record<string, Json> {
  const schemas: Record<string, Json> = {};
  for (const [name, endpoint] of Object.entries(endpoints)) {
    if (!name.startsWith('replace') || !('body' in endpoint)) continue;
    const schema = lean(
      z.toJSONSchema(endpoint.body as z.ZodType, { io: 'input', unrepresentable: 'any' }),
    ) as Json;
    if (schema.type === 'object') schemas[name] = schema;
  }
  return schemas;
}
