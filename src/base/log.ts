/**
 * Structured logs: one JSON object a line on standard error, with the fields that let a call be followed
 * (callId, legId). A logger belongs to a room of the house, named in `ns`.
 */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  debug(message: string, fields?: LogFields | (() => LogFields)): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds `fields` to each line. */
  with(fields: LogFields): Logger;
}

const rank: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

function plain(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const code = (value as { code?: unknown }).code;
  return {
    message: value.message,
    ...(code === undefined ? {} : { code }),
    stack: value.stack,
    ...(value.cause === undefined ? {} : { cause: plain(value.cause) }),
  };
}

/**
 * @param ns the room, e.g. `sip-engine`
 * @param options.level the lowest level written; default from CORDBOARD_LOG, else `info`
 */
export function createLogger(
  ns: string,
  options: { level?: LogLevel; write?: (line: string) => void; fields?: LogFields } = {},
): Logger {
  const level = options.level ?? parseLevel(process.env.CORDBOARD_LOG);
  const write = options.write ?? ((line: string) => void process.stderr.write(line));
  const emit = (lineLevel: LogLevel, message: string, fields: LogFields | (() => LogFields) = {}): void => {
    if (rank[lineLevel] < rank[level]) return;
    const own = typeof fields === 'function' ? fields() : fields;
    const line: Record<string, unknown> = { at: new Date().toISOString(), level: lineLevel, ns, message };
    for (const [key, value] of Object.entries({ ...options.fields, ...own })) line[key] = plain(value);
    write(`${JSON.stringify(line)}\n`);
  };
  return {
    debug: (message, fields) => emit('debug', message, fields),
    info: (message, fields) => emit('info', message, fields),
    warn: (message, fields) => emit('warn', message, fields),
    error: (message, fields) => emit('error', message, fields),
    with: (fields) => createLogger(ns, { level, write, fields: { ...options.fields, ...fields } }),
  };
}

function parseLevel(text: string | undefined): LogLevel {
  return text !== undefined && Object.hasOwn(rank, text) ? (text as LogLevel) : 'info';
}

/** Writes nothing; for tests of parts whose logs do not matter. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  with: () => silentLogger,
};
