/**
 * The HTTP API's contract: every endpoint with who may use it, what it takes and what it answers. The server
 * registers its routes from this table, the OpenAPI document is made of it, and web-ui gets its types from it.
 * Safe to import in a browser.
 */
import { z } from 'zod';
import {
  agentSchema,
  extensionSchema,
  inboundNumberSchema,
  ivrMenuSchema,
  lampSchema,
  languageSchema,
  queueSchema,
  settingsSchema,
  trunkSchema,
  userSchema,
} from '../domain/settings.ts';
import {
  agentStatusSchema,
  callSchema,
  liveAgentSchema,
  liveFaultSchema,
  livePhoneSchema,
  liveQueueSchema,
  liveSnapshotSchema,
  liveTrunkSchema,
  timeSchema,
} from './domain-schemas.ts';

/** All paths below are relative to this. */
export const apiBase = '/api/v1';

/** Who may call an endpoint. `agent` means any signed-in user; what concerns agents is then limited to their own. */
export type Access = 'public' | 'agent' | 'admin';

// ---- errors -------------------------------------------------------------------------------------------------

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

// ---- sign-in ------------------------------------------------------------------------------------------------

export const roleSchema = z.enum(['admin', 'agent']);
export type Role = z.infer<typeof roleSchema>;

const userName = z.string().trim().min(1).max(40);
/** Shortest password taken. */
export const passwordMinLength = 10;
const newPassword = z
  .string()
  .min(passwordMinLength, `at least ${passwordMinLength} characters`)
  .max(200, 'at most 200 characters');
const passwordIsNotName = (input: { password?: string | undefined }, name: string | undefined): boolean =>
  input.password === undefined ||
  name === undefined ||
  input.password.trim().toLowerCase() !== name.trim().toLowerCase();
const passwordNotName = { message: 'the password must not be the name', path: ['password'] };

export const statusSchema = z.object({
  /** False until the first visitor has entered the claim code and made the admin. */
  claimed: z.boolean(),
  officeName: z.string(),
  language: languageSchema,
  languages: z.array(languageSchema),
  version: z.string(),
});
export const claimSchema = z
  .object({ code: z.string().min(1).max(40), userName, password: newPassword })
  .refine((input) => passwordIsNotName(input, input.userName), passwordNotName);
export const loginSchema = z.object({ userName, password: z.string().min(1).max(200) });
export const sessionUserSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: roleSchema,
  agentId: z.string().optional(),
});
export type SessionUser = z.infer<typeof sessionUserSchema>;
/** `user` is null for a visitor who has not signed in. */
export const sessionSchema = z.object({
  user: sessionUserSchema.nullable(),
  expiresAt: timeSchema.nullable(),
});

// ---- configuration ------------------------------------------------------------------------------------------

const itemId = extensionSchema.shape.id;
/** At creation the id may be left out: it is then made of the name. */
const withOptionalId = { id: itemId.optional() };
/** A text that looks sealed is refused: it would be taken for one the store made. */
const newSecret = extensionSchema.shape.secret.refine((text) => !text.startsWith('sealed:'), {
  message: 'a secret cannot begin with sealed:',
});

/** An extension as shown: never with its secret. */
export const extensionViewSchema = extensionSchema.omit({ secret: true }).meta({ id: 'Extension' });
/** Without `secret`, one is generated at creation and kept at replacement. */
export const extensionInputSchema = extensionSchema.extend({
  ...withOptionalId,
  secret: newSecret.optional(),
});
export const agentInputSchema = agentSchema.extend(withOptionalId);
export const queueInputSchema = queueSchema.extend(withOptionalId);
export const ivrMenuInputSchema = ivrMenuSchema.extend(withOptionalId);
export const numberInputSchema = inboundNumberSchema.extend(withOptionalId);
export const trunkViewSchema = z
  .object(trunkSchema.shape)
  .omit({ secret: true })
  .extend({ hasSecret: z.boolean() })
  .meta({ id: 'Trunk' });
/** Without `secret` the stored one is kept; null removes it. */
export const trunkInputSchema = z
  .object(trunkSchema.shape)
  .extend({ ...withOptionalId, secret: newSecret.nullable().optional() });
export const userViewSchema = userSchema.omit({ passwordHash: true }).meta({ id: 'User' });
/** `password` is needed at creation; at replacement its absence keeps the old one. */
export const userInputSchema = userSchema
  .omit({ passwordHash: true })
  .extend({ ...withOptionalId, password: newPassword.optional() })
  .refine((input) => passwordIsNotName(input, input.name), passwordNotName);

const settingsShape = settingsSchema.shape;
export const officeSchema = settingsShape.office.unwrap();
export const recordingSettingsSchema = settingsShape.recording.unwrap();
export const panelSettingsSchema = settingsShape.panel.unwrap();
const networkShape = settingsShape.network.unwrap();
const drachtio = networkShape.shape.drachtio.unwrap().unwrap();
export const networkViewSchema = networkShape.extend({
  drachtio: drachtio.omit({ secret: true }).nullable(),
});
/** `drachtio.secret` absent keeps the stored one. */
export const networkInputSchema = networkShape.extend({
  drachtio: drachtio.extend({ secret: newSecret.optional() }).nullable().default(null),
});

const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), /** Of the settings; send it as If-Match. */ revision: z.number().int() });

/** What a phone needs to register. */
export const extensionSecretSchema = z.object({
  userName: z.string(),
  secret: z.string(),
  digest: z.enum(['MD5', 'SHA-256']),
  /** Addresses of this box a phone can use, best first. */
  servers: z.array(z.string()),
  port: z.number().int(),
  transports: z.array(z.enum(['udp', 'tcp'])),
});

export const sampleOfficeSchema = z.object({
  extensions: z.array(extensionViewSchema),
  agents: z.array(agentSchema),
  queues: z.array(queueSchema),
  ivrMenus: z.array(ivrMenuSchema),
  revision: z.number().int(),
});

export const revisionSchema = z.object({
  revision: z.number().int(),
  at: timeSchema,
  /** Name of the user who made it, or what did. */
  who: z.string(),
  /** What changed, by path; secrets are masked. Without `before` it was added, without `after` removed. */
  changes: z.array(
    z.object({ path: z.string(), before: z.unknown().optional(), after: z.unknown().optional() }),
  ),
});

// ---- calls --------------------------------------------------------------------------------------------------

const limit = z.coerce.number().int().min(1).max(200).default(50);
const cursor = z.string().max(200).optional();

export const callsQuerySchema = z.object({
  /** `next` of the page before. */
  cursor,
  limit,
  direction: z.enum(['inbound', 'outbound', 'internal']).optional(),
  queueId: itemId.optional(),
  agentId: itemId.optional(),
  trunkId: itemId.optional(),
  /** Part of a caller's or called number. */
  number: z
    .string()
    .regex(/^[0-9*#+]{1,24}$/, 'digits only')
    .optional(),
  /** Calls that began at or after this moment (ms since the epoch). */
  from: z.coerce.number().int().min(0).optional(),
  /** Calls that began before this moment. */
  until: z.coerce.number().int().min(0).optional(),
  abandoned: z.enum(['true', 'false']).optional(),
});
/** Newest first. */
export const callPageSchema = z.object({ items: z.array(callSchema), next: z.string().nullable() });

/** Rings the phone first, then dials `number`. An agent user may leave out whose phone: it is their own. */
export const clickToCallSchema = z
  .object({
    agentId: itemId.optional(),
    extensionId: itemId.optional(),
    number: z
      .string()
      .trim()
      .transform((text) => text.replace(/[\s()./-]/g, ''))
      .pipe(z.string().regex(/^\+?[0-9*#]{1,24}$/, 'a number to dial, at most 24 digits')),
  })
  .refine((input) => input.agentId === undefined || input.extensionId === undefined, {
    message: 'name an agent or an extension, not both',
    path: ['extensionId'],
  });

export const ladderSchema = z.object({
  messages: z.array(
    z.object({
      at: timeSchema,
      /** `in`: came to this box. */
      direction: z.enum(['in', 'out']),
      transport: z.string(),
      /** `address:port`. */
      local: z.string(),
      remote: z.string(),
      sipCallId: z.string(),
      /** `INVITE`, `200 OK (INVITE)`: what stands on the arrow. */
      label: z.string(),
      /** The whole message; credentials are crossed out. */
      text: z.string(),
    }),
  ),
});
export type Ladder = z.infer<typeof ladderSchema>;

// ---- calls from the browser -----------------------------------------------------------------------------------

export const webDirectionSchema = z.enum(['send', 'recv']);
/** What mediasoup-client takes; opaque to this API. */
const opaque = z.record(z.string(), z.unknown());
export const webCallSchema = z.object({
  legId: z.string(),
  routerRtpCapabilities: z.unknown(),
  transportOptions: z.object({ send: z.unknown(), recv: z.unknown() }),
});
export const webConsumerSchema = z.object({
  consumerId: z.string(),
  producerId: z.string(),
  kind: z.string(),
  rtpParameters: z.unknown(),
});

// ---- prompts, panel, system -----------------------------------------------------------------------------------

export const promptSchema = z
  .object({
    promptId: z.string(),
    sounds: z.array(
      z.object({
        language: languageSchema,
        /** What is said when no upload stands before it; null for a sound without words. */
        text: z.string().nullable(),
        /** Where it comes from: `upload` replaces the others, `text` is the office's own words. */
        source: z.enum(['built-in', 'text', 'upload']),
        /** Null: not rendered yet. */
        durationMs: z.number().nullable(),
      }),
    ),
  })
  .meta({ id: 'Prompt' });

export const lampColourSchema = z.enum(['off', 'green', 'amber', 'blue', 'red', 'white']);
export const lampPatternSchema = z.enum(['steady', 'slow', 'fast', 'double', 'breathing']);
export const lampStateSchema = z
  .object({
    lamp: z.number().int(),
    colour: lampColourSchema,
    pattern: lampPatternSchema,
    /** What the lamp shows; absent for a lamp without assignment. */
    shows: lampSchema.shape.shows.optional(),
  })
  .meta({ id: 'LampState' });
export type LampState = z.infer<typeof lampStateSchema>;
export const panelViewSchema = z.object({
  settings: panelSettingsSchema,
  /** `absent`: none configured. */
  state: z.enum(['absent', 'connected', 'disconnected']),
  device: z.string(),
  /** What the panel says of itself, once it has answered. */
  firmware: z.string().optional(),
  lamps: z.array(lampStateSchema),
});

export const healthSchema = z.object({
  faults: z.array(liveFaultSchema),
  versions: z.record(z.string(), z.string()),
  startedAt: timeSchema,
  disk: z.object({ freeBytes: z.number(), totalBytes: z.number(), recordingsBytes: z.number() }),
  processes: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['up', 'down']),
      pid: z.number().int().nullable(),
      memoryBytes: z.number().nullable(),
    }),
  ),
  /** Where phones register. */
  sip: z.object({ servers: z.array(z.string()), port: z.number().int() }),
});

// ---- the table ------------------------------------------------------------------------------------------------

/** One endpoint. `path` is relative to `apiBase`, parameters in braces. */
export interface Endpoint {
  method: 'get' | 'post' | 'put' | 'delete';
  path: string;
  access: Access;
  summary: string;
  query?: z.ZodType;
  body?: z.ZodType;
  /** The body is a sound file (`audio/*`) instead of JSON. */
  upload?: 'audio';
  /** JSON answer; without it 204, or the media type named by `download`. */
  response?: z.ZodType;
  /** Media type of an answer that is a file or stream. */
  download?: string;
  /** Status of success when not 200 (204 without an answer). */
  status?: 201;
}

const crud = <Segment extends string, Word extends string, View extends z.ZodType, Input extends z.ZodType>(
  segment: Segment,
  word: Word,
  view: View,
  input: Input,
) => ({
  list: {
    method: 'get' as const,
    path: `/${segment}` as const,
    access: 'admin' as const,
    summary: `All ${segment}`,
    response: listOf(view),
  },
  get: {
    method: 'get' as const,
    path: `/${segment}/{id}` as const,
    access: 'admin' as const,
    summary: `One ${word}`,
    response: view,
  },
  create: {
    method: 'post' as const,
    path: `/${segment}` as const,
    access: 'admin' as const,
    summary: `A new ${word}`,
    body: input,
    response: view,
    status: 201 as const,
  },
  replace: {
    method: 'put' as const,
    path: `/${segment}/{id}` as const,
    access: 'admin' as const,
    summary: `Change a ${word} (all of it)`,
    body: input,
    response: view,
  },
  remove: {
    method: 'delete' as const,
    path: `/${segment}/{id}` as const,
    access: 'admin' as const,
    summary: `Delete a ${word}; 409 while something uses it`,
  },
});

const extensions = crud('extensions', 'extension', extensionViewSchema, extensionInputSchema);
const agents = crud('agents', 'agent', agentSchema, agentInputSchema);
const queues = crud('queues', 'queue', queueSchema, queueInputSchema);
const ivrMenus = crud('ivr-menus', 'IVR menu', ivrMenuSchema, ivrMenuInputSchema);
const trunks = crud('trunks', 'trunk', trunkViewSchema, trunkInputSchema);
const numbers = crud('numbers', 'number', inboundNumberSchema, numberInputSchema);
const users = crud('users', 'user', userViewSchema, userInputSchema);

/** Every endpoint of the API, by name. */
export const endpoints = {
  status: {
    method: 'get',
    path: '/status',
    access: 'public',
    summary: 'What a visitor may know before signing in',
    response: statusSchema,
  },
  claim: {
    method: 'post',
    path: '/claim',
    access: 'public',
    summary: 'First visit: makes the admin and signs in',
    body: claimSchema,
    response: sessionSchema,
  },
  login: {
    method: 'post',
    path: '/login',
    access: 'public',
    summary: 'Signs in; sets the session cookie',
    body: loginSchema,
    response: sessionSchema,
  },
  logout: {
    method: 'post',
    path: '/logout',
    access: 'public',
    summary: 'Signs out; harmless without session',
  },
  session: {
    method: 'get',
    path: '/session',
    access: 'public',
    summary: 'Who am I; user is null for a visitor',
    response: sessionSchema,
  },
  createSampleOffice: {
    method: 'post',
    path: '/setup/sample-office',
    access: 'admin',
    summary: 'Fills an empty office with a working example',
    response: sampleOfficeSchema,
    status: 201,
  },

  listExtensions: extensions.list,
  getExtension: extensions.get,
  createExtension: extensions.create,
  replaceExtension: extensions.replace,
  deleteExtension: extensions.remove,
  extensionSecret: {
    method: 'post',
    path: '/extensions/{id}/secret',
    access: 'admin',
    summary: 'Shows what a phone needs to register; new: true makes a new secret. Audited',
    body: z.object({ new: z.boolean().default(false) }),
    response: extensionSecretSchema,
  },
  listAgents: agents.list,
  getAgent: agents.get,
  createAgent: agents.create,
  replaceAgent: agents.replace,
  deleteAgent: agents.remove,
  listQueues: queues.list,
  getQueue: queues.get,
  createQueue: queues.create,
  replaceQueue: queues.replace,
  deleteQueue: queues.remove,
  listIvrMenus: ivrMenus.list,
  getIvrMenu: ivrMenus.get,
  createIvrMenu: ivrMenus.create,
  replaceIvrMenu: ivrMenus.replace,
  deleteIvrMenu: ivrMenus.remove,
  listTrunks: trunks.list,
  getTrunk: trunks.get,
  createTrunk: trunks.create,
  replaceTrunk: trunks.replace,
  deleteTrunk: trunks.remove,
  listNumbers: numbers.list,
  getNumber: numbers.get,
  createNumber: numbers.create,
  replaceNumber: numbers.replace,
  deleteNumber: numbers.remove,
  listUsers: users.list,
  getUser: users.get,
  createUser: users.create,
  replaceUser: users.replace,
  deleteUser: users.remove,

  getOffice: {
    method: 'get',
    path: '/office',
    access: 'admin',
    summary: 'Name, language, time zone',
    response: officeSchema,
  },
  replaceOffice: {
    method: 'put',
    path: '/office',
    access: 'admin',
    summary: 'Changes name, language, time zone',
    body: officeSchema,
    response: officeSchema,
  },
  getNetwork: {
    method: 'get',
    path: '/network',
    access: 'admin',
    summary: 'Addresses',
    response: networkViewSchema,
  },
  replaceNetwork: {
    method: 'put',
    path: '/network',
    access: 'admin',
    summary: 'Changes addresses',
    body: networkInputSchema,
    response: networkViewSchema,
  },
  getRecordingSettings: {
    method: 'get',
    path: '/recording',
    access: 'admin',
    summary: 'Recording rules',
    response: recordingSettingsSchema,
  },
  replaceRecordingSettings: {
    method: 'put',
    path: '/recording',
    access: 'admin',
    summary: 'Changes recording rules',
    body: recordingSettingsSchema,
    response: recordingSettingsSchema,
  },
  listRevisions: {
    method: 'get',
    path: '/settings/revisions',
    access: 'admin',
    summary: 'Who changed the settings and when, newest first',
    response: z.object({ items: z.array(revisionSchema), revision: z.number().int() }),
  },
  rollback: {
    method: 'post',
    path: '/settings/rollback',
    access: 'admin',
    summary: 'Brings the settings of an earlier revision back, as a new revision',
    body: z.object({ revision: z.number().int().min(0) }),
    response: z.object({ revision: z.number().int() }),
  },

  live: {
    method: 'get',
    path: '/live',
    access: 'agent',
    summary: 'Everything that is true now',
    response: liveSnapshotSchema,
  },
  events: {
    method: 'get',
    path: '/events',
    access: 'agent',
    summary: 'Server-sent events (see ServerEvents); resumes by Last-Event-ID',
    download: 'text/event-stream',
  },
  setAgentStatus: {
    method: 'put',
    path: '/agents/{id}/status',
    access: 'agent',
    summary: 'Available, on break or logged out',
    body: z.object({ status: agentStatusSchema, reason: z.string().trim().max(80).optional() }),
    response: liveAgentSchema,
  },
  agentReady: {
    method: 'post',
    path: '/agents/{id}/ready',
    access: 'agent',
    summary: 'Ends wrap-up',
    response: liveAgentSchema,
  },

  listCalls: {
    method: 'get',
    path: '/calls',
    access: 'agent',
    summary: 'Calls, newest first; an agent sees their own',
    query: callsQuerySchema,
    response: callPageSchema,
  },
  getCall: {
    method: 'get',
    path: '/calls/{id}',
    access: 'agent',
    summary: 'One call with legs, recordings and trace',
    response: callSchema,
  },
  callLadder: {
    method: 'get',
    path: '/calls/{id}/ladder',
    access: 'admin',
    summary: 'Its SIP messages, credentials crossed out',
    response: ladderSchema,
  },
  callPcap: {
    method: 'get',
    path: '/calls/{id}/pcap',
    access: 'admin',
    summary: 'The same as a packet capture',
    download: 'application/vnd.tcpdump.pcap',
  },
  clickToCall: {
    method: 'post',
    path: '/calls',
    access: 'agent',
    summary: 'Click to call: the phone rings first, then the number is dialled',
    body: clickToCallSchema,
    response: z.object({ callId: z.string() }),
    status: 201,
  },
  hangUpCall: {
    method: 'delete',
    path: '/calls/{id}',
    access: 'agent',
    summary: 'Hangs up; an agent only their own call',
  },
  recording: {
    method: 'get',
    path: '/recordings/{id}',
    access: 'agent',
    summary: 'The sound, with Range; audited. An agent only of their own calls',
    download: 'audio/wav',
  },

  openWebCall: {
    method: 'post',
    path: '/web-calls',
    access: 'agent',
    summary: 'Opens the media side of a call from this browser',
    response: webCallSchema,
    status: 201,
  },
  connectWebCall: {
    method: 'post',
    path: '/web-calls/{id}/connect',
    access: 'agent',
    summary: 'Connects one of its two transports',
    body: z.object({ direction: webDirectionSchema, dtlsParameters: opaque }),
  },
  produceWebCall: {
    method: 'post',
    path: '/web-calls/{id}/produce',
    access: 'agent',
    summary: 'The microphone starts',
    body: z.object({ rtpParameters: opaque }),
    response: z.object({ producerId: z.string() }),
  },
  consumeWebCall: {
    method: 'post',
    path: '/web-calls/{id}/consume',
    access: 'agent',
    summary: 'What the browser will hear',
    body: z.object({ rtpCapabilities: opaque }),
    response: webConsumerSchema,
  },
  dialWebCall: {
    method: 'post',
    path: '/web-calls/{id}/dial',
    access: 'agent',
    summary: 'Places the call',
    body: z.object({ to: z.string().regex(/^[0-9*#+]{1,24}$/, 'digits, * and # only, at most 24') }),
  },
  digitWebCall: {
    method: 'post',
    path: '/web-calls/{id}/digit',
    access: 'agent',
    summary: 'A key of the keypad',
    body: z.object({ digit: z.string().regex(/^[0-9*#A-D]$/, 'one key') }),
  },
  hangUpWebCall: {
    method: 'delete',
    path: '/web-calls/{id}',
    access: 'agent',
    summary: 'Hangs up; idempotent',
  },

  listPrompts: {
    method: 'get',
    path: '/prompts',
    access: 'admin',
    summary: 'All prompts with their sounds',
    response: z.object({ items: z.array(promptSchema) }),
  },
  promptSound: {
    method: 'get',
    path: '/prompts/{id}/{language}',
    access: 'admin',
    summary: 'The sound of a prompt',
    download: 'audio/wav',
  },
  uploadPrompt: {
    method: 'put',
    path: '/prompts/{id}/{language}',
    access: 'admin',
    summary: 'Replaces the sound of a prompt; at most 20 MB',
    upload: 'audio',
    response: promptSchema,
  },
  restorePrompt: {
    method: 'delete',
    path: '/prompts/{id}/{language}',
    access: 'admin',
    summary: 'Brings the built-in sound back',
    response: promptSchema,
  },

  panel: {
    method: 'get',
    path: '/panel',
    access: 'admin',
    summary: 'Lamp panel: settings, connection, lamps now',
    response: panelViewSchema,
  },
  replacePanel: {
    method: 'put',
    path: '/panel',
    access: 'admin',
    summary: 'Changes device and lamps',
    body: panelSettingsSchema,
    response: panelSettingsSchema,
  },
  testLamp: {
    method: 'post',
    path: '/panel/test',
    access: 'admin',
    summary: 'Flashes one lamp for a few seconds',
    body: z.object({ lamp: lampSchema.shape.lamp }),
  },

  health: {
    method: 'get',
    path: '/system/health',
    access: 'admin',
    summary: 'Faults, versions, disk, processes',
    response: healthSchema,
  },
  caCertificate: {
    method: 'get',
    path: '/system/ca.pem',
    access: 'public',
    summary: 'Certificate of the local authority, to be trusted by browsers',
    download: 'application/x-pem-file',
  },
  openapi: {
    method: 'get',
    path: '/openapi.json',
    access: 'public',
    summary: 'This document',
    download: 'application/json',
  },
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

// ---- server-sent events ---------------------------------------------------------------------------------------

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
  heartbeat: z.object({ at: timeSchema }),
} as const;
export type ServerEventName = keyof typeof serverEvents;
export type ServerEvent<Name extends ServerEventName> = z.infer<(typeof serverEvents)[Name]>;

/** Time between two heartbeats. */
export const heartbeatMs = 15_000;
