/** Hungarian words of who may do what. */
import type { enAccess } from './en-access.ts';
import type { Message } from './translate.ts';

export const huAccess: Record<keyof typeof enAccess, Message> = {
  'error.auth.wall': 'Ez a kijelzőhivatkozás nem érvényes, vagy már nem az. Kérjen újat.',
};
