/**
 * The HTTP application without its socket: guards, routes, pages, errors. `fetch` takes a request and answers it,
 * which is how tests use it.
 */
import { Hono } from 'hono';
import type { Clock } from '../base/clock.ts';
import { CordboardError } from '../base/errors.ts';
import { randomId } from '../base/ids.ts';
import type { Logger } from '../base/log.ts';
import { Attempts } from './attempts.ts';
import { EventFeed } from './event-feed.ts';
import { accountHandlers } from './handlers/account.ts';
import { auditHandlers } from './handlers/audit.ts';
import { authHandlers } from './handlers/auth.ts';
import { backupHandlers } from './handlers/backup.ts';
import { callRecordHandlers } from './handlers/call-records.ts';
import { callTestHandlers } from './handlers/call-test.ts';
import { callHandlers } from './handlers/calls.ts';
import { campaignHandlers } from './handlers/campaigns.ts';
import { capacityHandlers } from './handlers/capacity.ts';
import { configurationHandlers, type SipAddress } from './handlers/configuration.ts';
import { deskHandlers } from './handlers/desk.ts';
import { figuresHandlers } from './handlers/figures.ts';
import { guardHandlers } from './handlers/guard.ts';
import { hoursHandlers } from './handlers/hours.ts';
import { importHandlers } from './handlers/imports.ts';
import { leadImportHandlers } from './handlers/lead-import.ts';
import { leadListHandlers } from './handlers/lists.ts';
import { liveHandlers } from './handlers/live.ts';
import { logHandlers } from './handlers/logs.ts';
import { promptChangeHandlers } from './handlers/prompt-changes.ts';
import { promptHandlers } from './handlers/prompts.ts';
import { settingsHandlers } from './handlers/settings.ts';
import { systemHandlers } from './handlers/system.ts';
import { userHandlers } from './handlers/users.ts';
import { wallHandlers } from './handlers/walls.ts';
import { webCallHandlers } from './handlers/web-calls.ts';
import type { ApiPorts, ClaimPort } from './ports.ts';
import { notFound, problemResponse } from './problem.ts';
import { guardRequest } from './request-guard.ts';
import { type App, type Handlers, registerRoutes } from './routes.ts';
import { secure } from './security-headers.ts';
import { Sessions } from './sessions.ts';
import { SettingsEditor } from './settings-editor.ts';
import type { StaticUi } from './static-ui.ts';
import { Walls } from './walls.ts';

export interface AppParts {
  ports: ApiPorts;
  claim: ClaimPort;
  ui: StaticUi;
  clock: Clock;
  log: Logger;
  /** Lower-case host names by which this box may be asked. */
  hostNames: () => ReadonlySet<string>;
  /** PEM of the local authority; null before it exists. */
  caCertificate: () => string | null;
  /** Where phones register. */
  sip: SipAddress;
  /** Port of the HTTPS server. */
  port: number;
  version: string;
  /** Everybody in this office is simulated; the pages say so. */
  isDemo?: boolean;
}

/** The application, and how its event streams end. */
export interface ApiApp {
  app: App;
  feed: EventFeed;
}

export function createApp(parts: AppParts): ApiApp {
  const { ports, clock, log } = parts;
  const sessions = new Sessions({ store: ports.sessions, settings: ports.settings, clock, port: parts.port });
  const editor = new SettingsEditor({ settings: ports.settings, audit: ports.audit, clock });
  const attempts = new Attempts();
  const walls = new Walls({ settings: ports.settings, port: parts.port });
  const feed = new EventFeed({ ...ports, clock });
  const handlers: Handlers = {
    ...authHandlers({
      ports,
      claim: parts.claim,
      sessions,
      attempts,
      clock,
      version: parts.version,
      isDemo: parts.isDemo ?? false,
    }),
    ...accountHandlers({ ports, editor, sessions, attempts, clock }),
    ...auditHandlers({ audit: ports.audit, settings: ports.settings, clock }),
    ...configurationHandlers({ editor, settings: ports.settings, sip: parts.sip }),
    ...userHandlers({ editor, passwords: ports.passwords, sessions }),
    ...hoursHandlers({ hours: ports.hours, editor }),
    ...callTestHandlers({ ...ports, editor, clock }),
    ...logHandlers({ logs: ports.logs, editor }),
    ...settingsHandlers({ editor, settings: ports.settings, panel: ports.panel }),
    ...wallHandlers({ ports, editor, walls, clock }),
    ...liveHandlers({ live: ports.live, settings: ports.settings, feed, sessions, walls }),
    ...callHandlers({ ports, clock }),
    ...deskHandlers({ ports, editor, clock }),
    ...callRecordHandlers({ ports, clock }),
    ...webCallHandlers(ports.browser),
    ...promptHandlers({ prompts: ports.prompts, editor }),
    ...promptChangeHandlers({ ...ports, takes: ports.promptTakes, editor }),
    ...backupHandlers({ ...ports, editor }),
    ...guardHandlers({ guard: ports.guard, editor }),
    ...capacityHandlers({ capacity: ports.capacity, editor }),
    ...leadImportHandlers({ ports, editor }),
    ...importHandlers({ tables: ports.tables, editor }),
    ...figuresHandlers({ figures: ports.figures, editor, clock }),
    ...campaignHandlers({ ports, editor, clock }),
    ...leadListHandlers({ ports, editor }),
    ...systemHandlers({
      health: ports.health,
      caCertificate: parts.caCertificate,
      sip: parts.sip,
      version: parts.version,
    }),
  };

  const app: App = new Hono();
  app.use(async (context, next) => {
    guardRequest(context.req.raw, parts.hostNames());
    await next();
  });
  app.use(async (context, next) => {
    await next();
    secure(context.res.headers, context.req.path);
  });
  registerRoutes(app, handlers, { sessions, walls, editor });
  app.notFound((context) => {
    const { method, path, raw } = context.req;
    const page = method === 'GET' && !path.startsWith('/api/') ? parts.ui.respond(raw) : null;
    return page ?? problemResponse(notFound(`${method} ${path.startsWith('/api/') ? path : 'such page'}`));
  });
  app.onError((error, context) => {
    const response = problemResponse(knownError(error, context.req.method, context.req.path, log));
    secure(response.headers, context.req.path);
    return response;
  });
  return { app, feed };
}

/** Expected failures as they are; anything else is logged, once, under an id that the answer names. */
function knownError(error: unknown, method: string, path: string, log: Logger): CordboardError {
  if (error instanceof CordboardError && error.code !== 'internal') return error;
  const errorId = randomId(10);
  log.error('api: a request failed unexpectedly', { errorId, method, path, error });
  return new CordboardError('internal', `Something unexpected failed. The log has it as ${errorId}.`, {
    cause: error,
    details: { errorId },
  });
}
