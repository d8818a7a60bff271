/** Wallboards: the links that an admin gives out, and what a screen that has one asks. */
import { z } from 'zod';
import { wallboardSchema } from '../../domain/settings/wallboards.ts';
import { languageSchema } from '../../domain/settings.ts';
import { itemId } from './configuration.ts';
import type { Endpoint } from './endpoint.ts';

export const wallboardViewSchema = wallboardSchema.omit({ tokenHash: true }).meta({ id: 'Wallboard' });
export const wallboardInputSchema = wallboardSchema
  .omit({ tokenHash: true, createdBy: true, createdAt: true })
  .extend({ id: itemId.optional() });
/** The link is `/wall/<id>#<token>`; the token is told this once and kept as a hash only. */
export const wallboardLinkSchema = z.object({ wallboard: wallboardViewSchema, token: z.string() });

/** What the wallboard's page needs to know beside the live picture. */
export const wallViewSchema = wallboardViewSchema.extend({
  officeName: z.string(),
  language: languageSchema,
  timeZone: z.string(),
});
/**
 * `wall`: see the live picture as this wallboard shows it. With its link that is the only way; a supervisor may look
 * at any.
 */
export const asWallQuery = z.object({ wall: itemId.optional() });

export const wallEndpoints = {
  listWallboards: {
    method: 'get',
    path: '/wallboards',
    access: 'admin',
    summary: 'Wallboards that have a link',
    response: z.object({ items: z.array(wallboardViewSchema), revision: z.number().int() }),
  },
  createWallboard: {
    method: 'post',
    path: '/wallboards',
    access: 'admin',
    summary: 'A new wallboard and the token of its link, which is told this once',
    body: wallboardInputSchema,
    response: wallboardLinkSchema,
    status: 201,
  },
  replaceWallboard: {
    method: 'put',
    path: '/wallboards/{id}',
    access: 'admin',
    summary: 'Changes what a wallboard shows; its link stays',
    body: wallboardInputSchema,
    response: wallboardViewSchema,
  },
  renewWallboard: {
    method: 'post',
    path: '/wallboards/{id}/token',
    access: 'admin',
    summary: 'A new link; the old one is dead at once',
    response: wallboardLinkSchema,
  },
  deleteWallboard: {
    method: 'delete',
    path: '/wallboards/{id}',
    access: 'admin',
    summary: 'Takes the link back; screens that have it go dark at once',
  },
  openWall: {
    method: 'post',
    path: '/walls/{id}/open',
    access: 'public',
    summary: 'Exchanges the token of a link for a cookie that reads this wallboard',
    body: z.object({ token: z.string().min(1).max(200) }),
    response: wallViewSchema,
  },
  wall: {
    method: 'get',
    path: '/walls/{id}',
    access: 'wallboard',
    summary: 'What this wallboard shows',
    response: wallViewSchema,
  },
} as const satisfies Record<string, Endpoint>;
