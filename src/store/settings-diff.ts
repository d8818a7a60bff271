/** What changed between two settings documents, for the revision history. */
import { isRecord } from './secret-fields.ts';
import { secretMask } from './secrets.ts';

export interface Change {
  /** Keys joined by dots; list items with an id by that id: `queues[sales].ringTimeoutMs`. */
  path: string;
  /** Absent: it was added. */
  before?: unknown;
  /** Absent: it was removed. */
  after?: unknown;
}

/** Changes from `before` to `after`, in the order of the document. Equal documents give none. */
export function diffDocuments(before: unknown, after: unknown, path = ''): Change[] {
  if (Object.is(before, after)) return [];
  if (isRecord(before) && isRecord(after)) {
    return keysOf(before, after).flatMap((key) =>
      diffDocuments(before[key], after[key], path === '' ? key : `${path}.${key}`),
    );
  }
  if (Array.isArray(before) && Array.isArray(after)) return diffLists(before, after, path);
  return [
    {
      path,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    },
  ];
}

function diffLists(before: unknown[], after: unknown[], path: string): Change[] {
  const old = byId(before);
  const young = byId(after);
  if (!old || !young)
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
  const changes = keysOf(Object.fromEntries(old), Object.fromEntries(young)).flatMap((id) =>
    diffDocuments(old.get(id), young.get(id), `${path}[${id}]`),
  );
  const order = (list: Map<string, unknown>, other: Map<string, unknown>): string[] =>
    [...list.keys()].filter((id) => other.has(id));
  const [orderBefore, orderAfter] = [order(old, young), order(young, old)];
  if (orderBefore.join() !== orderAfter.join())
    changes.push({ path: `${path}[order]`, before: [...old.keys()], after: [...young.keys()] });
  return changes;
}

/** The items by id; undefined when some have none, or share one. */
function byId(list: unknown[]): Map<string, unknown> | undefined {
  const map = new Map<string, unknown>();
  for (const item of list) {
    if (!isRecord(item) || typeof item.id !== 'string' || map.has(item.id)) return undefined;
    map.set(item.id, item);
  }
  return map;
}

function keysOf(a: Record<string, unknown>, b: Record<string, unknown>): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

/** Sealed texts and hashes differ when the secret does, and tell nothing else: in the history both are masked. */
export function maskChange(change: Change): Change {
  return maskTexts(change) as Change;
}

function maskTexts(value: unknown): unknown {
  if (typeof value === 'string')
    return value.startsWith('sealed:v1:') || /^\$(argon2id|sha256)\$/.test(value) ? secretMask : value;
  if (Array.isArray(value)) return value.map(maskTexts);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, maskTexts(item)]));
}

/** RFC 7396: objects are merged, lists and values replaced, null removes. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const merged: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}
