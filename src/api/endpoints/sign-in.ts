/** Claiming the office, signing in and out. */
import { z } from 'zod';
import { roleSchema } from '../../domain/settings/roles.ts';
import { languageSchema } from '../../domain/settings.ts';
import { timeSchema } from '../domain-schemas.ts';
import type { Endpoint } from './endpoint.ts';

const userName = z.string().trim().min(1).max(40);
/** Shortest password taken. */
export const passwordMinLength = 10;
/** A password that is being set. */
export const newPassword = z
  .string()
  .min(passwordMinLength, `at least ${passwordMinLength} characters`)
  .max(200, 'at most 200 characters');
/** Whether a new password differs from the user's name. */
export const passwordIsNotName = (
  input: { password?: string | undefined },
  name: string | undefined,
): boolean =>
  input.password === undefined ||
  name === undefined ||
  input.password.trim().toLowerCase() !== name.trim().toLowerCase();
export const passwordNotName = { message: 'the password must not be the name', path: ['password'] };

export const statusSchema = z.object({
  /** False until the first visitor has entered the claim code and made the admin. */
  claimed: z.boolean(),
  officeName: z.string(),
  language: languageSchema,
  languages: z.array(languageSchema),
  version: z.string(),
  /** Everybody in this office is simulated. */
  demo: z.boolean(),
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
  /** The role needs a second factor and this person has none: until it is set up, only that can be done. */
  mustEnrol: z.boolean().optional(),
});
/** `user` is null for a visitor who has not signed in. */
export const sessionSchema = z.object({
  user: sessionUserSchema.nullable(),
  expiresAt: timeSchema.nullable(),
});
export const loginAnswerSchema = sessionSchema.extend({
  /** The password was right, and a code of the second factor is wanted with this, within 5 minutes. */
  ticket: z.string().optional(),
});

/** Endpoints of signing in. */
export const signInEndpoints = {
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
    summary: 'Signs in and sets the session cookie; or asks for the code of the second factor',
    body: loginSchema,
    response: loginAnswerSchema,
  },
  loginCode: {
    method: 'post',
    path: '/login/code',
    access: 'public',
    summary: 'The second step: a code of the authenticator app, or a recovery code; sets the session cookie',
    body: z.object({ ticket: z.string().max(100), code: z.string().trim().min(1).max(40) }),
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
} as const satisfies Record<string, Endpoint>;
