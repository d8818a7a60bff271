/**
 * Every problem of a settings document at once, each with its path.
 *
 * zod skips the cross references while any field has a wrong type. So a broken document is checked a second time
 * with its broken fields filled with something harmless; what the second check says about other places is reported
 * together with the first.
 */
import { z } from 'zod';
import { type Settings, settingsSchema } from '../domain/settings.ts';
import { definitionOf, type FieldPath, isRecord, unwrap } from './secret-fields.ts';

export interface Problem {
  /** Keys and list positions joined by dots, e.g. `queues.0.ringTimeoutMs`; empty: the document itself. */
  path: string;
  message: string;
}

type Schema = z.core.$ZodType;

/** The settings, defaults filled in, or all that is wrong with them. */
export type Checked = { settings: Settings; problems: [] } | { settings: null; problems: Problem[] };

export function formatPath(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}

/** @param strict report keys that the schema does not know, instead of leaving them out */
export function checkSettings(document: unknown, options: { strict: boolean }): Checked {
  const unknown = options.strict ? unknownKeys(settingsSchema, document, []) : [];
  const first = settingsSchema.safeParse(document);
  if (first.success && unknown.length === 0) return { settings: first.data, problems: [] };
  const issues = first.success ? [] : first.error.issues;
  const problems = [...unknown, ...issues.map(toProblem)];
  if (issues.length > 0 && isRecord(document)) {
    const { repaired, places } = repair(document, issues);
    const second = settingsSchema.safeParse(repaired);
    const broken = [...issues.map((issue) => issue.path), ...places];
    for (const issue of second.success ? [] : second.error.issues) {
      if (!broken.some((path) => overlaps(path, issue.path))) problems.push(toProblem(issue));
    }
  }
  return { settings: null, problems: unique(problems) };
}

function toProblem(issue: z.core.$ZodIssue): Problem {
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const messages = issue.errors.flat().map((nested) => nested.message);
    return { path: formatPath(issue.path), message: [...new Set(messages)].join('; or ') };
  }
  return { path: formatPath(issue.path), message: issue.message };
}

function unique(problems: Problem[]): Problem[] {
  const byText = new Map(problems.map((problem) => [`${problem.path}\n${problem.message}`, problem]));
  return [...byText.values()];
}

/** Whether one path lies within the other. */
function overlaps(a: readonly PropertyKey[], b: readonly PropertyKey[]): boolean {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) if (a[i] !== b[i]) return false;
  return true;
}

function unknownKeys(schema: Schema, value: unknown, path: FieldPath): Problem[] {
  const inner = unwrap(schema);
  const def = definitionOf(inner);
  if (def.type === 'object' && isRecord(value)) {
    return Object.entries(value).flatMap(([key, item]) => {
      const field = Object.hasOwn(def.shape, key) ? def.shape[key] : undefined;
      return field
        ? unknownKeys(field, item, [...path, key])
        : [{ path: formatPath([...path, key]), message: 'there is no such setting' }];
    });
  }
  if (def.type === 'array' && Array.isArray(value))
    return value.flatMap((item, i) => unknownKeys(def.element, item, [...path, i]));
  if (def.type === 'record' && isRecord(value)) {
    return Object.entries(value).flatMap(([key, item]) => unknownKeys(def.valueType, item, [...path, key]));
  }
  if (def.type === 'union') {
    const fitting = def.options.find((option) => z.safeParse(option, value).success);
    return fitting ? unknownKeys(fitting, value, path) : [];
  }
  return [];
}

/** A copy in which every field with an issue has a harmless value, and the places where one was put. */
function repair(
  document: Record<string, unknown>,
  issues: z.core.$ZodIssue[],
): { repaired: unknown; places: PropertyKey[][] } {
  const copy = structuredClone(document);
  const places: PropertyKey[][] = [];
  issues.forEach((issue, i) => {
    let holder: unknown = copy;
    let schema: Schema = settingsSchema;
    for (const [depth, step] of issue.path.entries()) {
      const next = fieldOf(schema, step);
      if (next === undefined || typeof holder !== 'object' || holder === null) return;
      const slots = holder as Record<PropertyKey, unknown>;
      const last = depth === issue.path.length - 1;
      if (last || definitionOf(unwrap(next)).type === 'union') {
        const value = harmless(next, i);
        if (value === undefined) delete slots[step];
        else slots[step] = value;
        places.push(issue.path.slice(0, depth + 1));
        return;
      }
      holder = slots[step];
      schema = next;
    }
  });
  return { repaired: copy, places };
}

function fieldOf(schema: Schema, step: PropertyKey): Schema | undefined {
  const def = definitionOf(unwrap(schema));
  if (def.type === 'object') return Object.hasOwn(def.shape, step) ? def.shape[String(step)] : undefined;
  if (def.type === 'array') return def.element;
  return def.type === 'record' ? def.valueType : undefined;
}

/** A value that `schema` accepts; undefined where leaving the field out is accepted, or none is known. */
function harmless(schema: Schema, serial: number): unknown {
  if (z.safeParse(schema, undefined).success) return undefined;
  const inner = unwrap(schema);
  const def = definitionOf(inner);
  if (def.type === 'object') {
    const fields = Object.entries(def.shape).map(([key, field]) => [key, harmless(field, serial)] as const);
    return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
  }
  if (def.type === 'union') {
    return def.options.map((option) => harmless(option, serial)).find((value) => accepts(schema, value));
  }
  const candidates: unknown[] = [
    `filler-${serial}`,
    String(900_000_000_000 + serial),
    '127.0.0.1',
    '$argon2id$filler',
    'GB',
    '1',
    ...(def.type === 'enum' ? Object.values(def.entries) : []),
    ...(def.type === 'literal' ? def.values : []),
    ...[0, 1, 10, 100, 1_000, 10_000, 100_000],
    false,
    [],
    {},
  ];
  return candidates.find((value) => accepts(schema, value));
}

function accepts(schema: Schema, value: unknown): boolean {
  return z.safeParse(schema, value).success;
}
