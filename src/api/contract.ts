/**
 * The HTTP API's contract: every endpoint with who may use it, what it takes and what it answers. The server
 * registers its routes from this table, the OpenAPI document is made of it, and web-ui gets its types from it.
 * Safe to import in a browser.
 */
import { z } from 'zod';
import {
  callSchema,
  liveAgentSchema,
  liveFaultSchema,
  liveHoursSchema,
  livePhoneSchema,
  liveQueueSchema,
  liveSnapshotSchema,
  liveTrunkSchema,
  timeSchema,
} from './domain-schemas.ts';
import { accountEndpoints } from './endpoints/account.ts';
import { auditEndpoints } from './endpoints/audit.ts';
import { backupEndpoints } from './endpoints/backup.ts';
import { callRecordEndpoints, type peaksSchema } from './endpoints/call-records.ts';
import { callTestEndpoints } from './endpoints/call-test.ts';
import { callEndpoints, type ladderSchema } from './endpoints/calls.ts';
import { campaignEndpoints } from './endpoints/campaigns.ts';
import { capacityEndpoints, capacitySchema } from './endpoints/capacity.ts';
import { configurationEndpoints } from './endpoints/configuration.ts';
import { deskEndpoints } from './endpoints/desk.ts';
import type { Endpoint } from './endpoints/endpoint.ts';
import { figuresEndpoints } from './endpoints/figures.ts';
import { guardEndpoints } from './endpoints/guard.ts';
import { hoursEndpoints } from './endpoints/hours.ts';
import { importEndpoints } from './endpoints/imports.ts';
import { leadImportEndpoints } from './endpoints/lead-import.ts';
import { listEndpoints } from './endpoints/lists.ts';
import { logEndpoints } from './endpoints/logs.ts';
import { promptEndpoints } from './endpoints/prompts.ts';
import { lampStateSchema, settingsEndpoints } from './endpoints/settings.ts';
import { type sessionUserSchema, signInEndpoints } from './endpoints/sign-in.ts';
import { systemEndpoints } from './endpoints/system.ts';
import { wallEndpoints } from './endpoints/walls.ts';
import { webCallEndpoints } from './endpoints/web-calls.ts';

/** Shortest password taken, for pages that say so beforehand. */
export { passwordMinLength } from './endpoints/sign-in.ts';

/** All paths below are relative to this. */
export const apiBase = '/api/v1';

/** RFC 9457 problem document; the answer to every request that fails. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    /** What happened and what to do, for people. */
    detail: z.string(),
    /** Stable, one of `errorCodes` in base/errors. */
    code: z.string(),
    /** Every fault found in the request, with the path of the value (`options.0.digit`). */
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    /** What still uses the thing that was to be deleted. */
    usedBy: z.array(z.object({ kind: z.string(), id: z.string(), name: z.string() })).optional(),
    /** Seconds to wait before the next try, with `auth.rate-limited`. */
    retryAfterS: z.number().optional(),
    /** Finds the log line of an unexpected failure. */
    errorId: z.string().optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;

/** Who is signed in. */
export type SessionUser = z.infer<typeof sessionUserSchema>;
/** One lamp as it is now. */
export type LampState = z.infer<typeof lampStateSchema>;
/** The SIP messages of a call. */
export type Ladder = z.infer<typeof ladderSchema>;

/** How a recording looks. */
export type Peaks = z.infer<typeof peaksSchema>;

/** Every endpoint of the API, by name. */
export const endpoints = {
  ...signInEndpoints,
  ...accountEndpoints,
  ...auditEndpoints,
  ...configurationEndpoints,
  ...hoursEndpoints,
  ...callTestEndpoints,
  ...logEndpoints,
  ...settingsEndpoints,
  ...callEndpoints,
  ...callRecordEndpoints,
  ...webCallEndpoints,
  ...promptEndpoints,
  ...systemEndpoints,
  ...wallEndpoints,
  ...guardEndpoints,
  ...importEndpoints,
  ...leadImportEndpoints,
  ...capacityEndpoints,
  ...campaignEndpoints,
  ...listEndpoints,
  ...deskEndpoints,
  ...figuresEndpoints,
  ...backupEndpoints,
} as const satisfies Record<string, Endpoint>;

type Endpoints = typeof endpoints;
export type EndpointName = keyof Endpoints;

type Parameters<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Parameters<Rest>
  : never;
/** What fills the braces of an endpoint's path. */
export type EndpointParams<Name extends EndpointName> = Record<Parameters<Endpoints[Name]['path']>, string>;
/** JSON body as sent (defaults may be left out). */
export type EndpointBody<Name extends EndpointName> = Endpoints[Name] extends {
  body: infer Schema extends z.ZodType;
}
  ? z.input<Schema>
  : undefined;
/** JSON body as the server sees it, defaults filled in. */
export type EndpointParsedBody<Name extends EndpointName> = Endpoints[Name] extends {
  body: infer Schema extends z.ZodType;
}
  ? z.output<Schema>
  : undefined;
export type EndpointQuery<Name extends EndpointName> = Endpoints[Name] extends {
  query: infer Schema extends z.ZodType;
}
  ? z.input<Schema>
  : undefined;
export type EndpointParsedQuery<Name extends EndpointName> = Endpoints[Name] extends {
  query: infer Schema extends z.ZodType;
}
  ? z.output<Schema>
  : undefined;
/** JSON answer; undefined for 204 and for downloads. */
export type EndpointResponse<Name extends EndpointName> = Endpoints[Name] extends {
  response: infer Schema extends z.ZodType;
}
  ? z.output<Schema>
  : undefined;

/** The URL path of an endpoint, parameters filled in and escaped. */
export function endpointUrl<Name extends EndpointName>(
  name: Name,
  ...[params]: keyof EndpointParams<Name> extends never ? [] : [params: EndpointParams<Name>]
): string {
  const values: Readonly<Record<string, string>> = params ?? {};
  return (
    apiBase +
    endpoints[name].path.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(values[key] ?? ''))
  );
}

/** What changed since the event before; lists hold only what changed, `gone` the ids that left. */
export const liveDeltaSchema = z.object({
  version: z.number().int(),
  at: timeSchema,
  calls: z.array(callSchema),
  agents: z.array(liveAgentSchema),
  queues: z.array(liveQueueSchema),
  trunks: z.array(liveTrunkSchema),
  phones: z.array(livePhoneSchema),
  /** All faults when any changed, else absent. */
  faults: z.array(liveFaultSchema).optional(),
  /** Present when it changed. */
  hours: liveHoursSchema.optional(),
  gone: z.object({
    calls: z.array(z.string()),
    agents: z.array(z.string()),
    queues: z.array(z.string()),
    trunks: z.array(z.string()),
    phones: z.array(z.string()),
  }),
});
export type LiveDelta = z.infer<typeof liveDeltaSchema>;

/**
 * Events of `GET /events`, by SSE event name. The first is always `snapshot`, or, when resuming, the deltas missed.
 * `heartbeat` comes every 15 s: a page that hears nothing for 40 s shows itself as stale.
 */
export const serverEvents = {
  snapshot: liveSnapshotSchema,
  delta: liveDeltaSchema,
  /** The settings changed: read again what is shown of them. */
  settings: z.object({ revision: z.number().int() }),
  /** The lamps as they are now; admins only. */
  panel: z.object({ lamps: z.array(lampStateSchema) }),
  /** The capacity test began, went a step on or ended; admins only. */
  capacity: capacitySchema,
  /** Something about campaigns changed: ask again for what is shown of them. At most once a second. */
  campaigns: z.object({ at: timeSchema }),
  /** The card of this agent changed: ask for it. */
  card: z.object({ agentId: z.string() }),
  heartbeat: z.object({ at: timeSchema }),
} as const;
export type ServerEventName = keyof typeof serverEvents;
export type ServerEvent<Name extends ServerEventName> = z.infer<(typeof serverEvents)[Name]>;

/** Time between two heartbeats. */
export const heartbeatMs = 15_000;
