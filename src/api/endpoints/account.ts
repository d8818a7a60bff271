/** What people do for their own sign-in, and admins for that of others. */
import { z } from 'zod';
import { signInSchema } from '../../domain/settings/sign-in.ts';
import { timeSchema } from '../domain-schemas.ts';
import type { Endpoint } from './endpoint.ts';
import { newPassword, sessionUserSchema } from './sign-in.ts';

/** The password of now: whoever sits down at a page left open cannot change how one signs in. */
const ownPassword = z.string().min(1).max(200);

export const secondFactorViewSchema = z.object({
  since: timeSchema,
  recoveryCodesLeft: z.number().int(),
});
export const accountSchema = z.object({
  user: sessionUserSchema,
  /** Null: none is set up. */
  secondFactor: secondFactorViewSchema.nullable(),
  /** This role must have one. */
  secondFactorRequired: z.boolean(),
});
export const sessionViewSchema = z.object({
  id: z.string(),
  /** The one that asks. */
  current: z.boolean(),
  createdAt: timeSchema,
  lastUsedAt: timeSchema,
  expiresAt: timeSchema,
  source: z.string(),
  /** What the browser calls itself. */
  userAgent: z.string(),
});
const sessionList = z.object({ items: z.array(sessionViewSchema) });
/** Shown this once; kept as hashes. */
export const recoveryCodesSchema = z.object({ recoveryCodes: z.array(z.string()) });

export const accountEndpoints = {
  account: {
    method: 'get',
    path: '/account',
    access: 'agent',
    beforeEnrolment: true,
    summary: 'Who I am and how I sign in',
    response: accountSchema,
  },
  changePassword: {
    method: 'put',
    path: '/account/password',
    access: 'agent',
    beforeEnrolment: true,
    summary: 'A new password of my own; my other sessions end',
    body: z.object({ oldPassword: ownPassword, password: newPassword }),
  },
  beginSecondFactor: {
    method: 'post',
    path: '/account/second-factor',
    access: 'agent',
    beforeEnrolment: true,
    summary: 'A secret for an authenticator app; in force once a code of it is confirmed, within 15 minutes',
    body: z.object({ password: ownPassword }),
    response: z.object({ secret: z.string(), uri: z.string() }),
  },
  confirmSecondFactor: {
    method: 'post',
    path: '/account/second-factor/confirm',
    access: 'agent',
    beforeEnrolment: true,
    summary: 'Puts the second factor in force and tells its recovery codes; my other sessions end',
    body: z.object({ code: z.string().max(40) }),
    response: recoveryCodesSchema,
  },
  removeSecondFactor: {
    method: 'post',
    path: '/account/second-factor/remove',
    access: 'agent',
    summary: 'Signs me in by password alone again; 409 when my role needs a second factor',
    body: z.object({ password: ownPassword }),
  },
  renewRecoveryCodes: {
    method: 'post',
    path: '/account/recovery-codes',
    access: 'agent',
    summary: 'Ten new recovery codes; the old ones are void',
    body: z.object({ password: ownPassword }),
    response: recoveryCodesSchema,
  },
  ownSessions: {
    method: 'get',
    path: '/account/sessions',
    access: 'agent',
    beforeEnrolment: true,
    summary: 'Where I am signed in, the one used last first',
    response: sessionList,
  },
  endOwnSession: {
    method: 'delete',
    path: '/account/sessions/{id}',
    access: 'agent',
    beforeEnrolment: true,
    summary: 'Signs me out there',
  },
  endOtherSessions: {
    method: 'post',
    path: '/account/sessions/end-others',
    access: 'agent',
    beforeEnrolment: true,
    summary: 'Signs me out everywhere but here',
  },
  userSessions: {
    method: 'get',
    path: '/users/{id}/sessions',
    access: 'admin',
    summary: 'Where somebody is signed in',
    response: sessionList,
  },
  endUserSession: {
    method: 'delete',
    path: '/users/{id}/sessions/{session}',
    access: 'admin',
    summary: 'Signs somebody out there',
  },
  endUserSessions: {
    method: 'delete',
    path: '/users/{id}/sessions',
    access: 'admin',
    summary: 'Signs somebody out everywhere',
  },
  resetSecondFactor: {
    method: 'delete',
    path: '/users/{id}/second-factor',
    access: 'admin',
    summary: 'Takes the second factor off somebody who lost it, and signs them out everywhere',
  },
  getSignIn: {
    method: 'get',
    path: '/sign-in',
    access: 'admin',
    summary: 'Rules of signing in',
    response: signInSchema,
  },
  replaceSignIn: {
    method: 'put',
    path: '/sign-in',
    access: 'admin',
    summary: 'Changes the rules of signing in',
    body: signInSchema,
    response: signInSchema,
  },
} as const satisfies Record<string, Endpoint>;
