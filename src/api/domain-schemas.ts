/**
 * Schemas of what the API shows of the domain (domain/call, domain/live): they document the responses. The types
 * stay the domain's own; `of` makes the compiler refuse a schema that says something else.
 */
import { z } from 'zod';
import type { QualityRecord } from '../codec/media-control.ts';
import { srtpSuites } from '../codec/sdes.ts';
import type { Call, CallLeg, CallRecording, PastCall } from '../domain/call.ts';
import type {
  LiveAgent,
  LiveFault,
  LiveHours,
  LivePhone,
  LiveQueue,
  LiveSnapshot,
  LiveTrunk,
} from '../domain/live.ts';
import { dispositionKindSchema } from '../domain/settings/desk.ts';
import type { Termination } from '../domain/termination.ts';

/** The same type with `undefined` allowed where a property may be absent: zod's idea of optional. */
type Relaxed<T> = T extends (infer Item)[]
  ? Relaxed<Item>[]
  : T extends object
    ? { [Key in keyof T]: undefined extends T[Key] ? Relaxed<T[Key]> | undefined : Relaxed<T[Key]> }
    : T;

/**
 * Takes a schema as one of `T`; it must have every property of `T`, the optional ones too. Optional properties are
 * absent, never `undefined`: JSON has no such value.
 */
export function of<T>() {
  return <Output extends Relaxed<T>>(
    schema: Exclude<keyof T, keyof Output> extends never ? z.ZodType<Output> : never,
  ): z.ZodType<T> => schema as unknown as z.ZodType<T>;
}

/** Milliseconds since the Unix epoch. */
export const timeSchema = z.number().meta({ description: 'milliseconds since the Unix epoch' });
const durationSchema = z.number().meta({ description: 'milliseconds' });

export const terminationSchema = of<Termination>()(
  z
    .object({
      class: z.enum(['success', 'client', 'server', 'upstream', 'indeterminate']),
      reason: z.string(),
      sipStatus: z.number().int().optional(),
    })
    .meta({ id: 'Termination', description: 'how a leg or call ended' }),
);

const qualitySchema = of<QualityRecord>()(
  z
    .object({
      packetsReceived: z.number(),
      packetsLost: z.number(),
      packetsSent: z.number(),
      bytesReceived: z.number(),
      jitterMeanMs: z.number(),
      jitterMaxMs: z.number(),
      roundTripMs: z.number().nullable(),
      remoteLossFraction: z.number().nullable(),
      mos: z.number().nullable(),
      foreignDropped: z.number(),
      longestSilenceMs: z.number(),
      srtp: z
        .object({ suite: z.enum(srtpSuites), throughout: z.boolean(), rejected: z.number() })
        .optional()
        .meta({ description: 'absent: the audio was never encrypted' }),
      invalidDropped: z.number(),
    })
    .meta({ id: 'Quality', description: 'audio quality of one leg; MOS by a simplified ITU-T G.107' }),
);

const callLegSchema = of<CallLeg>()(
  z
    .object({
      legId: z.string(),
      role: z.enum(['caller', 'agent', 'callee']),
      party: z.string(),
      sipCallId: z.string().optional(),
      signalling: z.enum(['udp', 'tcp', 'tls', 'https']).optional(),
      startedAt: timeSchema,
      answeredAt: timeSchema.optional(),
      endedAt: timeSchema.optional(),
      termination: terminationSchema.optional(),
      quality: qualitySchema.optional(),
      held: z.boolean(),
    })
    .meta({ id: 'CallLeg' }),
);

const callRecordingSchema = of<CallRecording>()(
  z
    .object({
      recordingId: z.string(),
      file: z.string(),
      startedAt: timeSchema,
      state: z.enum(['running', 'done', 'failed']),
      durationMs: durationSchema.optional(),
      bytes: z.number().optional(),
      sha256: z.string().optional(),
      failure: z.string().optional(),
      deleted: z.object({ at: timeSchema, by: z.string().optional(), reason: z.string() }).optional(),
    })
    .meta({ id: 'CallRecording' }),
);

const writtenBy = { agentId: z.string().optional(), by: z.string().optional(), at: timeSchema };
/** A reason: key of the message catalogue, and what fills its gaps. */
export const noteShape = {
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
};
const reasonSchema = z.object(noteShape);

const noteSchema = z.object({ ...writtenBy, text: z.string() });
const callDispositionSchema = z.object({
  ...writtenBy,
  code: z.string(),
  label: z.string(),
  kind: dispositionKindSchema,
});

/** A call as the log tells it, with legs, recordings and trace. */
export const callSchema = of<Call>()(
  z
    .object({
      callId: z.string(),
      direction: z.enum(['inbound', 'outbound', 'internal']),
      from: z.string(),
      fromName: z.string().optional(),
      to: z.string(),
      trunkId: z.string().optional(),
      campaignId: z.string().optional(),
      leadId: z.number().int().optional(),
      phase: z.enum(['ringing', 'ivr', 'queued', 'offering', 'talking', 'held', 'ended']),
      phaseSince: timeSchema,
      startedAt: timeSchema,
      answeredAt: timeSchema.optional(),
      endedAt: timeSchema.optional(),
      ivrMenuId: z.string().optional(),
      queueId: z.string().optional(),
      enteredQueueAt: timeSchema.optional(),
      agentId: z.string().optional(),
      offers: z.array(z.object({ offerId: z.string(), agentId: z.string() })),
      connectedAt: timeSchema.optional(),
      talkSince: timeSchema.optional(),
      waitMs: durationSchema,
      talkMs: durationSchema,
      abandoned: z.boolean(),
      legs: z.array(callLegSchema),
      recordings: z.array(callRecordingSchema),
      trace: z.array(
        z.object({
          at: timeSchema,
          code: z.string(),
          params: z.record(z.string(), z.union([z.string(), z.number()])),
        }),
      ),
      notes: z.array(noteSchema).optional(),
      disposition: callDispositionSchema.optional(),
      termination: terminationSchema.optional(),
    })
    .meta({ id: 'Call' }),
);

/** A call as one line of a caller's history. */
export const pastCallSchema = of<PastCall>()(
  z
    .object({
      callId: z.string(),
      direction: z.enum(['inbound', 'outbound', 'internal']),
      from: z.string(),
      fromName: z.string().optional(),
      to: z.string(),
      startedAt: timeSchema,
      queueId: z.string().optional(),
      agentId: z.string().optional(),
      connectedAt: timeSchema.optional(),
      waitMs: durationSchema,
      talkMs: durationSchema,
      abandoned: z.boolean(),
      notes: z.array(noteSchema).optional(),
      disposition: callDispositionSchema.optional(),
    })
    .meta({ id: 'PastCall' }),
);

export const agentStatusSchema = z.enum(['available', 'on-break', 'logged-out']);

export const liveAgentSchema = of<LiveAgent>()(
  z
    .object({
      agentId: z.string(),
      name: z.string(),
      status: agentStatusSchema,
      state: z.enum(['waiting', 'offered', 'in-call', 'wrap-up']),
      since: timeSchema,
      reachable: z.boolean(),
      holding: z.boolean(),
      callId: z.string().optional(),
      reason: z.string().optional(),
      wrapUp: z
        .object({ endsAt: timeSchema, moreMs: durationSchema, needsDisposition: z.boolean() })
        .optional(),
      nextStatus: agentStatusSchema.optional(),
      missedUntil: timeSchema.optional(),
    })
    .meta({ id: 'LiveAgent' }),
);

export const liveQueueSchema = of<LiveQueue>()(
  z
    .object({
      queueId: z.string(),
      name: z.string(),
      waiting: z.number().int(),
      oldestEnteredAt: timeSchema.optional(),
      agentsAvailable: z.number().int(),
      waitingThreshold: z.number().int(),
    })
    .meta({ id: 'LiveQueue' }),
);

export const liveTrunkSchema = of<LiveTrunk>()(
  z
    .object({
      trunkId: z.string(),
      name: z.string(),
      state: z.enum(['up', 'down', 'unknown', 'disabled']),
      detail: z.string(),
      reason: reasonSchema.optional(),
      since: timeSchema.optional(),
      lastReplyAt: timeSchema.optional(),
      latencyMs: durationSchema.optional(),
    })
    .meta({ id: 'LiveTrunk' }),
);

export const livePhoneSchema = of<LivePhone>()(
  z
    .object({
      extensionId: z.string(),
      number: z.string(),
      contacts: z.array(
        z.object({
          uri: z.string(),
          source: z.string(),
          transport: z.string(),
          expiresAt: timeSchema,
          userAgent: z.string(),
        }),
      ),
    })
    .meta({ id: 'LivePhone' }),
);

export const liveFaultSchema = of<LiveFault>()(
  z
    .object({ code: z.string(), message: z.string(), since: timeSchema })
    .meta({ id: 'LiveFault', description: 'something that is wrong now' }),
);

export const liveHoursSchema = of<LiveHours>()(
  z
    .object({
      night: z
        .object({
          mode: z.enum(['closed', 'open']),
          since: timeSchema,
          who: z.string(),
          ends: z.enum(['next-opening', 'stays']),
        })
        .nullable(),
      schedules: z.array(
        z.object({
          scheduleId: z.string(),
          name: z.string(),
          open: z.boolean(),
          reason: reasonSchema,
          changesAt: timeSchema.optional(),
        }),
      ),
    })
    .meta({ id: 'LiveHours', description: 'the night button, and what each schedule of opening hours says' }),
);

/** Everything that is true at this moment. */
export const liveSnapshotSchema = of<LiveSnapshot>()(
  z
    .object({
      version: z.number().int(),
      at: timeSchema,
      calls: z.array(callSchema),
      agents: z.array(liveAgentSchema),
      queues: z.array(liveQueueSchema),
      trunks: z.array(liveTrunkSchema),
      phones: z.array(livePhoneSchema),
      faults: z.array(liveFaultSchema),
      hours: liveHoursSchema,
    })
    .meta({ id: 'LiveSnapshot' }),
);
