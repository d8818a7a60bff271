/** What this machine carries: the limit in force, the test that measures it, and what earlier tests found. */
import { z } from 'zod';
import { shortages } from '../../domain/admission.ts';
import { capacityStops } from '../../domain/capacity.ts';
import { timeSchema } from '../domain-schemas.ts';
import type { Endpoint } from './endpoint.ts';

export const capacityStepSchema = z
  .object({
    /** Recorded two-party calls at once. */
    calls: z.number().int(),
    /** Of all packets, 0..1. */
    lossShare: z.number(),
    latencyP99Ms: z.number(),
    /** Of all processors, 0..1. */
    processorShare: z.number(),
    /** Calls that could not be set up, or broke. */
    failed: z.number().int(),
  })
  .meta({ id: 'CapacityStep' });

export const capacityResultSchema = z
  .object({
    at: timeSchema,
    durationMs: z.number(),
    machine: z.object({ processors: z.number().int(), model: z.string(), memoryBytes: z.number() }),
    versions: z.record(z.string(), z.string()),
    steps: z.array(capacityStepSchema),
    /** Why it went no further. */
    stop: z.enum(capacityStops),
    /** The highest step that went well. */
    carried: z.number().int(),
    /** Calls admitted because of it. */
    limit: z.number().int(),
  })
  .meta({ id: 'CapacityResult' });

export const capacitySchema = z.object({
  /** Calls admitted at once. */
  limit: z.number().int(),
  /** Where the limit comes from: a test, nothing better, or CORDBOARD_MAX_CALLS. */
  source: z.enum(['measured', 'assumed', 'fixed']),
  calls: z.number().int(),
  /** Of what there is too little, so that new calls are refused. */
  short: z.array(z.enum(shortages)),
  /** Calls refused since the start. */
  refused: z.number().int(),
  running: z
    .object({
      startedAt: timeSchema,
      calls: z.number().int(),
      /** How many steps there are at most. */
      stepsInAll: z.number().int(),
      steps: z.array(capacityStepSchema),
    })
    .nullable(),
  /**
   * Why the latest test gave no result: a call came, a person broke it off, the machine was busy with something
   * else, it failed; null: it gave one.
   */
  aborted: z.enum(['call', 'person', 'busy', 'failed']).nullable(),
  /** The latest first. */
  results: z.array(capacityResultSchema),
});

export const capacityEndpoints = {
  capacity: {
    method: 'get',
    path: '/system/capacity',
    access: 'admin',
    summary: 'Calls admitted at once, and what tests of this machine found',
    response: capacitySchema,
  },
  testCapacity: {
    method: 'post',
    path: '/system/capacity',
    access: 'admin',
    summary:
      'Begins a test of what this machine carries; about a minute, while no call is up; events tell of it',
    response: capacitySchema,
    status: 202,
  },
  abortCapacityTest: {
    method: 'delete',
    path: '/system/capacity',
    access: 'admin',
    summary: 'Breaks the test off',
  },
} as const satisfies Record<string, Endpoint>;
