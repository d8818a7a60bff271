/** What a form needs to know of a value, read from its JSON Schema. Pure. */

export interface JsonSchema {
  type?: string;
  enum?: string[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
}

export type FieldShape = { name: string; fallback: unknown } & (
  | { kind: 'text'; maxLength?: number; nullable: boolean; optional: boolean }
  | { kind: 'choice'; values: string[]; optional: boolean }
  | { kind: 'flag' }
  | { kind: 'number'; unit: 'seconds' | 'megabytes' | undefined; scale: number; min?: number; max?: number }
  | { kind: 'lines' }
  /** Only a page of its own can draw it: a destination, rows of several values. */
  | { kind: 'other' }
);

/** Durations and sizes are stored in small units and read in friendly ones; the name tells which. */
function unitOf(name: string): { unit: 'seconds' | 'megabytes' | undefined; scale: number } {
  if (name.endsWith('Ms')) return { unit: 'seconds', scale: 1000 };
  if (name.endsWith('Bytes')) return { unit: 'megabytes', scale: 1_000_000 };
  return { unit: name.endsWith('S') ? 'seconds' : undefined, scale: 1 };
}

/** Beyond this a limit is the number format's, not the setting's. */
const meantAtMost = 1e12;

function shapeOf(name: string, given: JsonSchema, required: boolean): FieldShape {
  const fallback = given.default;
  const nullable = given.anyOf?.some((each) => each.type === 'null') ?? false;
  const kinds = given.anyOf?.filter((each) => each.type !== 'null') ?? [given];
  const schema = kinds.every((each) => each.type === kinds[0]?.type) ? kinds[0] : undefined;
  const optional = !required && fallback === undefined;
  if (schema?.type === 'string' && schema.enum)
    return { name, fallback, kind: 'choice', values: schema.enum, optional };
  if (schema?.type === 'string')
    return {
      name,
      fallback,
      kind: 'text',
      nullable,
      optional,
      ...(schema.maxLength === undefined ? {} : { maxLength: schema.maxLength }),
    };
  if (schema?.type === 'boolean') return { name, fallback, kind: 'flag' };
  if (schema?.type === 'integer' || schema?.type === 'number') {
    const { unit, scale } = unitOf(name);
    const { minimum, maximum } = schema;
    return {
      name,
      fallback,
      kind: 'number',
      unit,
      scale,
      ...(minimum === undefined ? {} : { min: minimum / scale }),
      ...(maximum === undefined || maximum > meantAtMost ? {} : { max: maximum / scale }),
    };
  }
  if (schema?.type === 'array' && schema.items?.type === 'string' && !schema.items.enum)
    return { name, fallback, kind: 'lines' };
  return { name, fallback, kind: 'other' };
}

/** The fields of an object in the order of its schema. */
export function shapesOf(schema: JsonSchema): FieldShape[] {
  return Object.entries(schema.properties ?? {}).map(([name, each]) =>
    shapeOf(name, each, schema.required?.includes(name) ?? false),
  );
}
