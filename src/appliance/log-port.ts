import type { LogPort } from '../api/ports.ts';
import { maskedLog, readLog } from '../store/log-reader.ts';

/** The log that the supervisor writes, as the API sees it. */
export function logPort(path: string): LogPort {
  return { read: (query) => readLog(path, query), masked: () => maskedLog(path) };
}
