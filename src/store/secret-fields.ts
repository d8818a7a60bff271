/**
 * Finds the fields of a document that its schema declares confidential: `.meta({ secret: true })` (stored sealed)
 * and `.meta({ hashed: true })` (a password hash: not sealed, but not shown either).
 */
import { z } from 'zod';

export type Confidentiality = 'secret' | 'hashed';
export type FieldPath = readonly (string | number)[];
type Replace = (text: string, path: FieldPath, kind: Confidentiality) => string;
type Schema = z.core.$ZodType;
type AnyDef = z.core.$ZodTypes['_zod']['def'];

/** The definition of a schema, as a union that can be switched over. */
export function definitionOf(schema: Schema): AnyDef {
  return (schema as z.core.$ZodTypes)._zod.def;
}

/** The schema within wrappers such as optional or default; itself when there is none. */
export function unwrap(schema: Schema): Schema {
  const def = definitionOf(schema);
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'readonly':
    case 'nonoptional':
    case 'catch':
      return unwrap(def.innerType);
    default:
      return schema;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function confidentialityOf(schema: Schema): Confidentiality | undefined {
  const meta = z.globalRegistry.get(schema as z.ZodType);
  if (meta?.secret === true) return 'secret';
  return meta?.hashed === true ? 'hashed' : undefined;
}

/**
 * A copy of `value` in which `replace` was asked about each confidential text. What does not fit the schema is
 * copied as it is: a document need not be valid to be masked.
 */
export function mapConfidential<T>(schema: Schema, value: T, replace: Replace): T {
  return walk(schema, value, [], replace) as T;
}

function walk(schema: Schema, value: unknown, path: FieldPath, replace: Replace): unknown {
  const inner = unwrap(schema);
  const kind = confidentialityOf(schema) ?? confidentialityOf(inner);
  if (kind !== undefined) return typeof value === 'string' ? replace(value, path, kind) : value;
  const def = definitionOf(inner);
  if (def.type === 'object' && isRecord(value)) {
    const copy: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) {
      const field = Object.hasOwn(def.shape, key) ? def.shape[key] : undefined;
      copy[key] = field ? walk(field, item, [...path, key], replace) : structuredClone(item);
    }
    return copy;
  }
  if (def.type === 'array' && Array.isArray(value))
    return value.map((item, i) => walk(def.element, item, [...path, i], replace));
  if (def.type === 'record' && isRecord(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, walk(def.valueType, item, [...path, key], replace)]),
    );
  }
  if (def.type === 'union')
    return def.options.reduce<unknown>((copy, option) => walk(option, copy, path, replace), value);
  return structuredClone(value);
}
