/**
 * The settings document: everything that is configured, as one schema. It gives the types, the validation, the
 * defaults, the forms and the OpenAPI shapes. Cross references are checked by `settingsSchema` too, so that a
 * document that parses can run.
 *
 * A `Secret` is text that is stored sealed (`sealed:…`, store/secrets) and never leaves the box by the API;
 * a plain one is accepted on input and sealed before it is written.
 */
import { z } from 'zod';
import { campaignSchema, checkCampaigns } from './settings/campaigns.ts';
import { checkDesk, deskSchema, queueDeskFields } from './settings/desk.ts';
import { answerWithinSchema, figureSettingsSchema } from './settings/figures.ts';
import { checkPanel, panelSettingsSchema } from './settings/lamps.ts';
import { ownPromptsSchema } from './settings/prompts.ts';
import { roleSchema } from './settings/roles.ts';
import { type Hours, hoursSchema, scheduleSchema } from './settings/schedules.ts';
import { secondFactorSchema, signInSchema } from './settings/sign-in.ts';
import { type Destination, destinationSchema, dialled, id, name } from './settings/values.ts';
import { checkWallboards, wallboardSchema } from './settings/wallboards.ts';

export { type Destination, destinationSchema };

export const settingsVersion = 1;

const secret = z.string().min(8, 'at least 8 characters').max(400).meta({ secret: true });
export const languages = ['en', 'hu', 'ru', 'sk', 'lt', 'tr'] as const;
export const languageSchema = z.enum(languages);
export type Language = z.infer<typeof languageSchema>;
/** IPv4/IPv6 address or CIDR block. */
const network = z
  .string()
  .regex(/^[0-9a-fA-F.:]+(\/\d{1,3})?$/, 'an IP address or a block like 192.168.1.0/24');

/** `host` or `host:port`; an IPv6 address in brackets. */
const hostPort = z
  .string()
  .trim()
  .max(253)
  .regex(
    /^(?:\[[0-9a-fA-F:.]+\]|[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?)(?::\d{1,5})?$/,
    'a host, or host:port',
  )
  .refine((text) => {
    const port = /:(\d+)$/.exec(text)?.[1];
    return port === undefined || (Number(port) >= 1 && Number(port) <= 65_535);
  }, 'a host, or host:port');

/**
 * Encryption of audio (SRTP, keys in SDP): `optional` encrypts with whoever can, `required` takes no other calls.
 */
export const mediaEncryptionSchema = z.enum(['off', 'optional', 'required']);
export type MediaEncryption = z.infer<typeof mediaEncryptionSchema>;

/**
 * How a phone or trunk sends and takes digits. `auto`: telephone events (RFC 4733) where they are negotiated,
 * otherwise SIP INFO is taken and tones are listened for and sent. The others: that way and no other.
 */
export const dtmfModeSchema = z.enum(['auto', 'rfc4733', 'info', 'inband']);
export type DtmfMode = z.infer<typeof dtmfModeSchema>;

export const extensionSchema = z.object({
  id,
  number: dialled,
  name,
  /** Digest password; the user name is `number`. */
  secret,
  /** The one algorithm this device is challenged with: many phones fail on two challenges. */
  digest: z.enum(['MD5', 'SHA-256']).default('MD5'),
  mediaEncryption: mediaEncryptionSchema.default('optional'),
  dtmf: dtmfModeSchema.default('auto'),
});
export type Extension = z.infer<typeof extensionSchema>;

export const agentSchema = z.object({
  id,
  name,
  /** The phone that rings for this agent. */
  extensionId: id,
});
export type Agent = z.infer<typeof agentSchema>;

export const queueSchema = z.object({
  id,
  name,
  /** The number that internal callers dial to reach it. */
  number: dialled.optional(),
  strategy: z.enum(['longest-idle', 'ring-all']).default('longest-idle'),
  agentIds: z.array(id).default([]),
  ringTimeoutMs: z.number().int().min(5_000).max(120_000).default(20_000),
  /** After a missed or refused offer the agent gets no offer for this long (0: at once). */
  missedPauseMs: z.number().int().min(0).max(600_000).default(10_000),
  wrapUpMs: z.number().int().min(0).max(600_000).default(15_000),
  /** Longest wait before `overflow`; 0 = no limit. */
  maxWaitMs: z.number().int().min(0).max(7_200_000).default(0),
  overflow: destinationSchema.default({ kind: 'hang-up' }),
  announcePosition: z.boolean().default(true),
  announceEveryMs: z.number().int().min(10_000).max(600_000).default(30_000),
  /** Callers waiting above this make the waiting lamp flash. */
  waitingThreshold: z.number().int().min(0).max(200).default(3),
  answerWithinMs: answerWithinSchema,
  record: z.boolean().default(true),
  language: languageSchema.optional(),
  ...queueDeskFields,
});
export type Queue = z.infer<typeof queueSchema>;

export const ivrMenuSchema = z.object({
  id,
  name,
  number: dialled.optional(),
  language: languageSchema.optional(),
  /** Prompt to play; its text is in `prompts` or the built-in catalogue. */
  greeting: z.string().min(1).max(80).default('greeting'),
  /** Wait for a digit after the greeting. */
  timeoutMs: z.number().int().min(1_000).max(60_000).default(5_000),
  /** Greeting is played at most this many times before `otherwise`. */
  maxTries: z.number().int().min(1).max(10).default(3),
  options: z
    .array(z.object({ digit: z.string().regex(/^[0-9*#]$/), destination: destinationSchema }))
    .max(12)
    .default([]),
  otherwise: destinationSchema.default({ kind: 'hang-up' }),
  /** Outside these hours the menu is not played. */
  hours: hoursSchema.optional(),
});
export type IvrMenu = z.infer<typeof ivrMenuSchema>;

export const trunkSchema = z
  .object({
    id,
    name,
    /** peer: accepted by address, no registration. register: we register at the provider. */
    kind: z.enum(['peer', 'register']),
    host: z.string().min(1).max(253),
    /** Left out: the usual one of the transport. */
    port: z.number().int().min(1).max(65_535).optional(),
    /** auto: whatever the records of `host` say (RFC 3263), UDP when they say nothing. */
    transport: z.enum(['udp', 'tcp', 'tls', 'auto']).default('udp'),
    /** Over TLS: whether the other side must prove that it is `host`. */
    tlsVerify: z.boolean().default(true),
    /** Over TLS: an authority to believe besides the public ones, PEM. */
    tlsCa: z
      .string()
      .trim()
      .max(20_000)
      .regex(
        /^-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=-]+-----END CERTIFICATE-----$/,
        'a certificate in PEM, from BEGIN CERTIFICATE to END CERTIFICATE',
      )
      .optional(),
    /** Where requests go instead of to `host`, over `transport`, when the provider names such a server. */
    outboundProxy: hostPort.optional(),
    /** Sources besides `host` from which its calls may come. */
    addresses: z.array(network).default([]),
    username: z.string().max(80).optional(),
    secret: secret.optional(),
    /** Number shown to called parties when the caller has none of its own. */
    callerNumber: dialled.optional(),
    /** Where its calls go, unless a number in `numbers` says otherwise. */
    inbound: destinationSchema.default({ kind: 'hang-up' }),
    /** For the calls that go to `inbound`. */
    hours: hoursSchema.optional(),
    /** Carriers seldom encrypt, and some mind being asked. */
    mediaEncryption: mediaEncryptionSchema.default('off'),
    dtmf: dtmfModeSchema.default('auto'),
    /** Calls at once that the provider carries; 0: not known. Campaigns keep within it. */
    maxCalls: z.number().int().min(0).max(1000).default(0),
    registerExpiresS: z.number().int().min(60).max(7200).default(600),
    enabled: z.boolean().default(true),
  })
  .refine((t) => t.kind !== 'register' || (t.username && t.secret), {
    message: 'a registering trunk needs a user name and a secret',
    path: ['username'],
  });
export type Trunk = z.infer<typeof trunkSchema>;

/** Whether requests to this trunk go over TLS, or may: then its certificates are judged as its settings say. */
export function mayUseTls({ transport }: { transport?: Trunk['transport'] | undefined }): boolean {
  return transport === 'tls' || transport === 'auto';
}

/** A number that the outside dials (as the trunk delivers it) and where it goes. */
export const inboundNumberSchema = z.object({
  id,
  number: dialled,
  destination: destinationSchema,
  hours: hoursSchema.optional(),
});
export type InboundNumber = z.infer<typeof inboundNumberSchema>;

export const userSchema = z.object({
  id,
  name: z.string().trim().min(1).max(40),
  role: roleSchema,
  /** argon2id, PHC string. */
  passwordHash: z.string().startsWith('$argon2id$').meta({ hashed: true }),
  /** The agent this user is; role `agent` must be one. */
  agentId: id.optional(),
  secondFactor: secondFactorSchema.optional(),
});
export type User = z.infer<typeof userSchema>;

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

const sections = {
  version: z.literal(settingsVersion),
  office: z
    .object({
      name: name.default('My office'),
      language: languageSchema.default('en'),
      /** IANA time zone. */
      timeZone: z
        .string()
        .min(1)
        .max(60)
        .refine(isTimeZone, 'no time zone of this name is known')
        .default('UTC'),
      /** Two-letter country, for call progress tones. */
      country: z
        .string()
        .regex(/^[A-Z]{2}$/)
        .default('GB'),
    })
    .prefault({}),
  network: z
    .object({
      /** Public address when a router translates; empty: learnt or none. */
      publicAddress: z.union([z.ipv4(), z.ipv6(), z.null()]).default(null),
      localNetworks: z
        .array(network)
        .default([
          '10.0.0.0/8',
          '172.16.0.0/12',
          '192.168.0.0/16',
          '127.0.0.0/8',
          '169.254.0.0/16',
          'fc00::/7',
          'fe80::/10',
          '::1/128',
        ]),
      /** Use a real drachtio-server instead of the embedded engine. */
      drachtio: z
        .object({ host: z.string().min(1), port: z.number().int().min(1).max(65_535).default(9022), secret })
        .nullable()
        .default(null),
    })
    .prefault({}),
  recording: z
    .object({
      /** Recording stops and an alarm is raised below this much free disk. */
      minFreeBytes: z.number().int().min(0).default(200_000_000),
      /** Recordings older than this many days are removed; 0: none are. */
      keepDays: z.number().int().min(0).max(3650).default(0),
    })
    .prefault({}),
  figures: figureSettingsSchema,
  panel: panelSettingsSchema,
  /** Texts of prompts that differ from the built-in ones, by prompt id, then language. */
  prompts: z
    .record(z.string().regex(/^[a-z0-9-]{1,40}$/), z.partialRecord(languageSchema, z.string().max(2000)))
    .default({}),
  desk: deskSchema,
  ownPrompts: ownPromptsSchema,
  extensions: z.array(extensionSchema).max(200).default([]),
  agents: z.array(agentSchema).max(200).default([]),
  queues: z.array(queueSchema).max(100).default([]),
  ivrMenus: z.array(ivrMenuSchema).max(100).default([]),
  trunks: z.array(trunkSchema).max(50).default([]),
  numbers: z.array(inboundNumberSchema).max(1000).default([]),
  schedules: z.array(scheduleSchema).max(50).default([]),
  users: z.array(userSchema).max(200).default([]),
  signIn: signInSchema.prefault({}),
  wallboards: z.array(wallboardSchema).max(50).default([]),
  campaigns: z.array(campaignSchema).max(100).default([]),
};

/** The document with its cross references checked; every problem is reported, each with its path. */
export const settingsSchema = z.object(sections).superRefine((settings, context) => {
  const problem = (path: (string | number)[], message: string): void => {
    context.addIssue({ code: 'custom', path, message });
  };
  const idsOf = (
    section:
      | 'extensions'
      | 'agents'
      | 'queues'
      | 'ivrMenus'
      | 'trunks'
      | 'numbers'
      | 'users'
      | 'wallboards'
      | 'schedules',
  ): Set<string> => {
    const seen = new Set<string>();
    settings[section].forEach((item, i) => {
      if (seen.has(item.id)) problem([section, i, 'id'], `the id ${item.id} is used twice`);
      seen.add(item.id);
    });
    return seen;
  };
  const extensions = idsOf('extensions');
  const agents = idsOf('agents');
  const queues = idsOf('queues');
  const menus = idsOf('ivrMenus');
  for (const section of ['trunks', 'numbers', 'users', 'wallboards'] as const) idsOf(section);

  const trunks = new Set(settings.trunks.map((trunk) => trunk.id));
  checkCampaigns(settings.campaigns, { queues, agents, trunks }, problem);
  const schedules = idsOf('schedules');

  const dialledNumbers = new Map<string, string>();
  const claim = (number: string | undefined, path: (string | number)[]): void => {
    if (number === undefined) return;
    const other = dialledNumbers.get(number);
    if (other) problem(path, `the number ${number} is already used by ${other}`);
    else dialledNumbers.set(number, path.slice(0, 2).join('.'));
  };
  settings.extensions.forEach((e, i) => claim(e.number, ['extensions', i, 'number']));
  settings.queues.forEach((q, i) => claim(q.number, ['queues', i, 'number']));
  settings.ivrMenus.forEach((m, i) => claim(m.number, ['ivrMenus', i, 'number']));

  const target = (destination: Destination, path: (string | number)[]): void => {
    if (destination.kind === 'queue' && !queues.has(destination.queueId))
      problem([...path, 'queueId'], `there is no queue ${destination.queueId}`);
    if (destination.kind === 'ivr' && !menus.has(destination.ivrMenuId))
      problem([...path, 'ivrMenuId'], `there is no IVR menu ${destination.ivrMenuId}`);
    if (destination.kind === 'extension' && !extensions.has(destination.extensionId))
      problem([...path, 'extensionId'], `there is no extension ${destination.extensionId}`);
  };
  const closedBy = (hours: Hours | undefined, path: (string | number)[]): void => {
    if (hours === undefined) return;
    if (!schedules.has(hours.scheduleId))
      problem([...path, 'scheduleId'], `there is no schedule ${hours.scheduleId}`);
    target(hours.closed, [...path, 'closed']);
  };
  const takenExtensions = new Map<string, string>();
  settings.agents.forEach((a, i) => {
    if (!extensions.has(a.extensionId))
      problem(['agents', i, 'extensionId'], `there is no extension ${a.extensionId}`);
    const other = takenExtensions.get(a.extensionId);
    if (other) problem(['agents', i, 'extensionId'], `this extension is already the phone of ${other}`);
    takenExtensions.set(a.extensionId, a.name);
  });
  settings.queues.forEach((q, i) => {
    q.agentIds.forEach((agentId, j) => {
      if (!agents.has(agentId)) problem(['queues', i, 'agentIds', j], `there is no agent ${agentId}`);
    });
    target(q.overflow, ['queues', i, 'overflow']);
  });
  checkDesk(settings, problem);
  settings.ivrMenus.forEach((m, i) => {
    const digits = new Set<string>();
    m.options.forEach((option, j) => {
      if (digits.has(option.digit))
        problem(['ivrMenus', i, 'options', j, 'digit'], `the key ${option.digit} is used twice`);
      digits.add(option.digit);
      target(option.destination, ['ivrMenus', i, 'options', j, 'destination']);
    });
    target(m.otherwise, ['ivrMenus', i, 'otherwise']);
    closedBy(m.hours, ['ivrMenus', i, 'hours']);
  });
  const judged = new Map<string, string>();
  settings.trunks.forEach((t, i) => {
    target(t.inbound, ['trunks', i, 'inbound']);
    closedBy(t.hours, ['trunks', i, 'hours']);
    if (!mayUseTls(t)) return;
    const host = t.host.toLowerCase();
    const way = JSON.stringify([t.tlsVerify, t.tlsCa ?? '']);
    if ((judged.get(host) ?? way) !== way)
      problem(['trunks', i, 'tlsVerify'], `another trunk to ${t.host} checks certificates differently`);
    judged.set(host, way);
  });
  settings.numbers.forEach((n, i) => {
    target(n.destination, ['numbers', i, 'destination']);
    closedBy(n.hours, ['numbers', i, 'hours']);
  });
  settings.users.forEach((u, i) => {
    if (u.agentId !== undefined && !agents.has(u.agentId))
      problem(['users', i, 'agentId'], `there is no agent ${u.agentId}`);
  });
  checkWallboards(settings.wallboards, queues, problem);
  const campaigns = new Set(settings.campaigns.map((campaign) => campaign.id));
  checkPanel(settings.panel, { queues, agents, extensions, trunks, campaigns }, problem);
});

export type Settings = z.infer<typeof settingsSchema>;
export type SettingsInput = z.input<typeof settingsSchema>;

/** An office with nothing in it. */
export function emptySettings(): Settings {
  return settingsSchema.parse({ version: settingsVersion });
}
