/** Failures as RFC 9457 problem documents: one table from code to HTTP status, and the way there. */
import { CordboardError, type ErrorCode, errorCodes } from '../base/errors.ts';
import type { Problem } from './contract.ts';

/** Codes that a client can cause or act on. Any other code is a failure of this box: 500. */
const statuses: Partial<Record<ErrorCode, number>> = {
  'settings.invalid': 422,
  'settings.conflict': 409,
  'settings.not-empty': 409,
  'not-found': 404,
  'in-use': 409,
  'control.disconnected': 503,
  'ports-exhausted': 503,
  'media.unknown-leg': 404,
  'media.bad-state': 409,
  'media.worker-died': 503,
  'sdp.invalid': 422,
  'sdp.no-common-codec': 422,
  'sip.engine-down': 503,
  'sip.rejected': 502,
  'sip.timeout': 504,
  'sip.cancelled': 409,
  'dial.no-contact': 409,
  'dial.no-trunk': 409,
  'capacity.busy': 409,
  'capacity.impossible': 409,
  'disposition.missing': 409,
  overloaded: 503,
  'dial.bad-number': 422,
  'disk.full': 507,
  'auth.required': 401,
  'auth.forbidden': 403,
  'auth.failed': 401,
  'auth.rate-limited': 429,
  'auth.code': 401,
  'auth.code-used': 401,
  'auth.ticket': 401,
  'auth.enrol': 403,
  'auth.factor-required': 409,
  'auth.wall': 401,
  'auth.claimed': 409,
  'auth.last-admin': 409,
  'request.invalid': 422,
  'request.too-large': 413,
  'request.host': 421,
  'request.origin': 403,
  'recording.running': 409,
  'prompt.invalid': 422,
  'import.unreadable': 422,
  'import.gone': 404,
  'import.busy': 409,
  'backup.invalid': 422,
  'backup.newer': 422,
  'backup.passphrase': 422,
  'backup.busy': 409,
  'panel.port': 409,
  'panel.no-alarm-lamp': 409,
  'panel.firmware': 422,
  'panel.update': 502,
};

/** HTTP status of a code. */
export function statusOf(code: ErrorCode): number {
  return statuses[code] ?? 500;
}

export interface FieldError {
  path: string;
  message: string;
}

/** A request that breaks its schema; all faults at once. */
export function invalidRequest(errors: FieldError[], code: ErrorCode = 'request.invalid'): CordboardError {
  const summary = errors.map((e) => (e.path === '' ? e.message : `${e.path}: ${e.message}`)).join('; ');
  return new CordboardError(code, summary, { details: { errors } });
}

/** What zod found, with dotted paths. `base` is cut off the front of paths that begin with it. */
export function fieldErrors(
  issues: readonly { path: PropertyKey[]; message: string }[],
  base: readonly PropertyKey[] = [],
): FieldError[] {
  return issues.map(({ path, message }) => {
    const own = base.every((part, i) => path[i] === part) ? path.slice(base.length) : path;
    return { path: own.map(String).join('.'), message };
  });
}

export function notFound(what: string): CordboardError {
  return new CordboardError('not-found', `There is no ${what}.`);
}

/** The answer to a failed request. Only details meant for the outside go into it. */
export function problemOf(error: CordboardError): Problem {
  const details = error.details as Partial<Problem> & { problems?: FieldError[] };
  const { usedBy, retryAfterS, errorId } = details;
  // The settings store tells its findings as `problems`.
  const errors = details.errors ?? details.problems;
  return {
    type: `urn:cordboard:problem:${error.code}`,
    title: errorCodes[error.code],
    status: statusOf(error.code),
    detail: error.message,
    code: error.code,
    ...(errors ? { errors } : {}),
    ...(usedBy ? { usedBy } : {}),
    ...(retryAfterS === undefined ? {} : { retryAfterS }),
    ...(errorId === undefined ? {} : { errorId }),
  };
}

export function problemResponse(error: CordboardError): Response {
  const problem = problemOf(error);
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  if (problem.retryAfterS !== undefined) headers.set('retry-after', String(problem.retryAfterS));
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}
