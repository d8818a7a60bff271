/** Calls the box's API with the contract's types. */
import type {
  EndpointBody,
  EndpointName,
  EndpointParams,
  EndpointQuery,
  EndpointResponse,
  Problem,
} from '../../src/api/contract.ts';
import { hasText, t, translateCode } from '../i18n/translate.ts';
import { base, routes } from './routes.ts';

/** A refused or failed request. `code` is the problem's, or `ui.unreachable` when nothing answered. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly problem: Partial<Problem>;

  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail ?? problem.title ?? problem.code ?? `HTTP ${status}`);
    this.name = 'ApiError';
    this.status = status;
    this.code = problem.code ?? (status === 0 ? 'ui.unreachable' : 'internal');
    this.problem = problem;
  }
}

type Body<Name extends EndpointName> = EndpointBody<Name> extends undefined ? never : EndpointBody<Name>;
type Query<Name extends EndpointName> = EndpointQuery<Name> extends undefined ? never : EndpointQuery<Name>;

export interface Request<Name extends EndpointName> {
  params?: EndpointParams<Name>;
  body?: Body<Name>;
  query?: Partial<Query<Name>>;
  /** A sound file instead of a JSON body. */
  file?: Blob;
  /** Settings revision this change was made on. */
  revision?: number | undefined;
  signal?: AbortSignal;
}

let onSignedOut: () => void = () => undefined;
let onEnrolment: () => void = () => undefined;
/** What happens when the box says that nobody is signed in any more. */
export function whenSignedOut(action: () => void): void {
  onSignedOut = action;
}

/** What happens when the box says that a second factor comes before anything else. */
export function whenEnrolmentIsDue(action: () => void): void {
  onEnrolment = action;
}

/** The URL of an endpoint, for links, players and downloads. */
export function urlOf<Name extends EndpointName>(name: Name, params?: EndpointParams<Name>): string {
  const [, path = ''] = routes[name].split(' ');
  const values = (params ?? {}) as Record<string, string>;
  return base + path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(values[key] ?? ''));
}

/** @throws ApiError */
export async function api<Name extends EndpointName>(
  name: Name,
  request: Request<Name> = {},
): Promise<EndpointResponse<Name>> {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined && value !== null && value !== '') query.set(key, String(value));
  }
  const headers: Record<string, string> = { accept: 'application/json' };
  if (request.body !== undefined) headers['content-type'] = 'application/json';
  else if (request.file) headers['content-type'] = request.file.type || 'audio/wav';
  if (request.revision !== undefined) headers['if-match'] = `"${request.revision}"`;

  let response: Response;
  try {
    response = await fetch(urlOf(name, request.params) + (query.size > 0 ? `?${query}` : ''), {
      method: (routes[name].split(' ')[0] ?? 'get').toUpperCase(),
      headers,
      body: request.body === undefined ? (request.file ?? null) : JSON.stringify(request.body),
      credentials: 'same-origin',
      ...(request.signal ? { signal: request.signal } : {}),
    });
  } catch (cause) {
    if (request.signal?.aborted) throw cause;
    throw new ApiError(0, { code: 'ui.unreachable' });
  }
  if (!response.ok) {
    const error = new ApiError(response.status, await problemOf(response));
    if (error.code === 'auth.required') onSignedOut();
    if (error.code === 'auth.enrol') onEnrolment();
    throw error;
  }
  if (response.status === 204) return undefined as EndpointResponse<Name>;
  return (await response.json()) as EndpointResponse<Name>;
}

async function problemOf(response: Response): Promise<Partial<Problem>> {
  try {
    return (await response.json()) as Partial<Problem>;
  } catch {
    return { title: response.statusText };
  }
}

/** What went wrong, in the reader's words where the code is known, else in the server's. */
export function errorText(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  const { usedBy, retryAfterS } = error.problem;
  if (error.code === 'in-use' && usedBy && usedBy.length > 0)
    return t('error.inUseBy', { things: usedBy.map((user) => user.name).join(', ') });
  if (error.code === 'auth.rate-limited' && retryAfterS !== undefined)
    return t('error.rateLimitedFor', { count: Math.ceil(retryAfterS) });
  const key = `error.${error.code}`;
  return hasText(key) ? translateCode(key) : (error.problem.detail ?? error.code);
}
