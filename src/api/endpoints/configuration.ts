/** Extensions, agents, queues, IVR menus, trunks, numbers and users: the lists of the settings. */
import { z } from 'zod';
import {
  agentSchema,
  extensionSchema,
  inboundNumberSchema,
  ivrMenuSchema,
  queueSchema,
  trunkSchema,
  userSchema,
} from '../../domain/settings.ts';
import { timeSchema } from '../domain-schemas.ts';
import type { Endpoint } from './endpoint.ts';
import { newPassword, passwordIsNotName, passwordNotName } from './sign-in.ts';

/** Id of an item of the settings. */
export const itemId = extensionSchema.shape.id;
/** At creation the id may be left out: it is then made of the name. */
const withOptionalId = { id: itemId.optional() };
/** A text that looks sealed is refused: it would be taken for one the store made. */
export const newSecret = extensionSchema.shape.secret.refine((text) => !text.startsWith('sealed:'), {
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
export const userViewSchema = userSchema
  .omit({ passwordHash: true, secondFactor: true })
  .extend({
    /** Since when there is a second factor; null: none. */
    secondFactorSince: timeSchema.nullable(),
  })
  .meta({ id: 'User' });
/** `password` is needed at creation; at replacement its absence keeps the old one. */
export const userInputSchema = userSchema
  .omit({ passwordHash: true, secondFactor: true })
  .extend({ ...withOptionalId, password: newPassword.optional() })
  .refine((input) => passwordIsNotName(input, input.name), passwordNotName);

const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), /** Of the settings; send it as If-Match. */ revision: z.number().int() });

/** What a phone needs to register. */
export const extensionSecretSchema = z.object({
  userName: z.string(),
  secret: z.string(),
  digest: z.enum(['MD5', 'SHA-256']),
  /** Addresses of this box a phone can use, best first. */
  servers: z.array(z.string()),
  /** For UDP and TCP. */
  port: z.number().int(),
  tlsPort: z.number().int(),
  transports: z.array(z.enum(['udp', 'tcp', 'tls'])),
});

/** The five endpoints of a list of the settings. */
export const crud = <
  Segment extends string,
  Word extends string,
  View extends z.ZodType,
  Input extends z.ZodType,
>(
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

/** Endpoints of the lists, the same five for each. */
export const configurationEndpoints = {
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
} as const satisfies Record<string, Endpoint>;
