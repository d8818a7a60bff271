/**
 * The end of the box's log for people: newest lines last, filtered, with whatever could be used to get in crossed
 * out. The supervisor writes the file (`supervisor/log-file.ts`); only its last part is read, never all of it.
 */
import { open } from 'node:fs/promises';
import { isRecord } from './secret-fields.ts';
import { maskSecrets } from './sip-mask.ts';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

export interface LogLine {
  /** ms since the epoch; 0 for a line that is no record of ours. */
  at: number;
  level: LogLevel;
  /** The process, and the part of it. */
  ns: string;
  part: string;
  message: string;
  /** What else the line says, as JSON. */
  fields: Record<string, unknown>;
}

export interface LogQuery {
  /** This level and those above it. */
  level: LogLevel;
  part?: string | undefined;
  limit: number;
}

/** How much of the file's end is looked through. */
const readBytes = 2_000_000;
const confidentialKey = /pass|secret|token|authori[sz]ation|credential|cookie|claim|otp|^key$/i;
const crossedOut = '…';

/** The last lines that fit, and the parts that any line is of. An absent file has none. */
export async function readLog(path: string, query: LogQuery): Promise<{ lines: LogLine[]; parts: string[] }> {
  const text = await readEnd(path);
  const lines: LogLine[] = [];
  const parts = new Set<string>();
  const least = logLevels.indexOf(query.level);
  const all = text.split('\n').filter(Boolean);
  for (const raw of all.reverse()) {
    const line = parseLine(raw);
    const name = line.part || line.ns;
    if (name) parts.add(name);
    if (lines.length >= query.limit || logLevels.indexOf(line.level) < least) continue;
    if (query.part === undefined || query.part === name) lines.push(line);
  }
  return { lines: lines.reverse(), parts: [...parts].sort() };
}

/** The end of the file as it may be handed out: every line masked. */
export async function maskedLog(path: string): Promise<string> {
  const lines = (await readEnd(path)).split('\n').filter(Boolean);
  return lines
    .map((raw) => {
      const value = parsed(raw);
      return value ? JSON.stringify(masked(value)) : maskSecrets(raw);
    })
    .map((line) => `${line}\n`)
    .join('');
}

function parseLine(raw: string): LogLine {
  const value = parsed(raw);
  if (!value) return { at: 0, level: 'info', ns: '', part: '', message: maskSecrets(raw), fields: {} };
  const { at, level, ns, part, message, ...fields } = masked(value) as Record<string, unknown>;
  const text = (item: unknown): string => (typeof item === 'string' ? item : '');
  const time = Date.parse(text(at));
  return {
    at: Number.isNaN(time) ? 0 : time,
    level: logLevels.find((known) => known === level) ?? 'info',
    ns: text(ns),
    part: text(part),
    message: text(message),
    fields,
  };
}

function parsed(raw: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(raw);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A copy without what a log should not have held in the first place. */
function masked(value: unknown): unknown {
  if (typeof value === 'string') return maskSecrets(value);
  if (Array.isArray(value)) return value.map(masked);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      confidentialKey.test(key) && (typeof item === 'string' || typeof item === 'number')
        ? crossedOut
        : masked(item),
    ]),
  );
}

/** The last whole lines of the file. */
async function readEnd(path: string): Promise<string> {
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!handle) return '';
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - readBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    const text = buffer.subarray(0, bytesRead).toString('utf8');
    return from === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } finally {
    await handle.close();
  }
}
