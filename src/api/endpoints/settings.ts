/** Office, network, recording and panel settings, their history, and the sample office. */
import { z } from 'zod';
import { lampFactSchema, lampSchema } from '../../domain/settings/lamps.ts';
import { agentSchema, ivrMenuSchema, queueSchema, settingsSchema } from '../../domain/settings.ts';
import { timeSchema } from '../domain-schemas.ts';
import { extensionViewSchema, newSecret } from './configuration.ts';
import type { Endpoint } from './endpoint.ts';

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

export const lampColourSchema = z.enum(['off', 'green', 'amber', 'blue', 'red', 'white']);
export const lampPatternSchema = z.enum(['steady', 'slow', 'fast', 'double', 'breathing']);
export const lampStateSchema = z
  .object({
    lamp: z.number().int(),
    colour: lampColourSchema,
    pattern: lampPatternSchema,
    /** What the lamp shows; absent for a lamp without assignment. */
    shows: lampSchema.shape.shows.optional(),
    /** More facts on the same lamp; the most urgent shines. */
    also: z.array(lampFactSchema).optional(),
    /** It shows an alarm that somebody tries. */
    simulated: z.literal(true).optional(),
  })
  .meta({ id: 'LampState' });
export const panelViewSchema = z.object({
  settings: panelSettingsSchema,
  /** `absent`: none configured. */
  state: z.enum(['absent', 'connected', 'disconnected']),
  device: z.string(),
  /** What the panel says of itself, once it has answered. */
  firmware: z.string().optional(),
  lamps: z.array(lampStateSchema),
});

/** Endpoints of settings and panel. */
export const settingsEndpoints = {
  createSampleOffice: {
    method: 'post',
    path: '/setup/sample-office',
    access: 'admin',
    summary: 'Fills an empty office with a working example',
    response: sampleOfficeSchema,
    status: 201,
  },
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
    response: z.object({
      items: z.array(revisionSchema),
      revision: z.number().int(),
      /** Of the things that exist now, by the path they have in changes: `queues[sales]`. */
      names: z.record(z.string(), z.string()),
    }),
  },
  rollbackChanges: {
    method: 'get',
    path: '/settings/revisions/{id}/changes',
    access: 'admin',
    summary: 'What going back to this revision would change now',
    response: revisionSchema.pick({ changes: true }),
  },
  rollback: {
    method: 'post',
    path: '/settings/rollback',
    access: 'admin',
    summary: 'Brings the settings of an earlier revision back, as a new revision',
    body: z.object({ revision: z.number().int().min(0) }),
    response: z.object({ revision: z.number().int() }),
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
  previewLamps: {
    method: 'post',
    path: '/panel/preview',
    access: 'admin',
    summary: 'What lamps laid out like this would show now; nothing is saved',
    body: z.object({ lamps: z.array(lampSchema).max(128) }),
    response: z.object({ lamps: z.array(lampStateSchema) }),
  },
  suggestLamps: {
    method: 'get',
    path: '/panel/suggestion',
    access: 'admin',
    summary: 'A layout that fits the office and the panel',
    response: z.object({ lamps: z.array(lampSchema) }),
  },
  simulateAlarm: {
    method: 'post',
    path: '/panel/simulate-alarm',
    access: 'admin',
    summary: 'Shows an alarm on the lamps for ten seconds',
  },
} as const satisfies Record<string, Endpoint>;
