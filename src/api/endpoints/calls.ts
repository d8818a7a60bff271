/** Calls as they are and were, what agents do, and calls made from the page. */
import { z } from 'zod';
import { callResults } from '../../domain/call-result.ts';
import {
  agentStatusSchema,
  callSchema,
  liveAgentSchema,
  liveSnapshotSchema,
  timeSchema,
} from '../domain-schemas.ts';
import { itemId } from './configuration.ts';
import type { Endpoint } from './endpoint.ts';
import { asWallQuery } from './walls.ts';

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
  /** Words, each a part of a number, a name or a note; three characters at least. */
  text: z.string().trim().max(100).optional(),
  result: z.enum(callResults).optional(),
  hasRecording: z.enum(['true', 'false']).optional(),
  /** Talked for at least so many milliseconds. */
  minTalkMs: z.coerce.number().int().min(0).max(86_400_000).optional(),
  /** One of the parties sounded so. */
  sound: z.enum(['poor']).optional(),
  disposition: z.string().min(1).max(40).optional(),
});
/** Newest first. */
export const callPageSchema = z.object({
  items: z.array(callSchema),
  next: z.string().nullable(),
  /** The page is not full, but nothing older than this was looked at yet: `next` goes on from here. */
  lookedBackTo: timeSchema.optional(),
});

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

/** Endpoints of calls, live and past. */
export const callEndpoints = {
  live: {
    method: 'get',
    path: '/live',
    access: 'wallboard',
    summary: 'Everything that is true now, as far as one may see it',
    query: asWallQuery,
    response: liveSnapshotSchema,
  },
  events: {
    method: 'get',
    path: '/events',
    access: 'wallboard',
    summary: 'Server-sent events (see ServerEvents); resumes by Last-Event-ID',
    query: asWallQuery,
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
} as const satisfies Record<string, Endpoint>;
