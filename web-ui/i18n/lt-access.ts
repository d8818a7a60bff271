/** Lithuanian words of who may do what. */
import type { enAccess } from './en-access.ts';
import type { Message } from './translate.ts';

export const ltAccess: Record<keyof typeof enAccess, Message> = {
  'error.auth.wall': 'Ši švieslentės nuoroda negalioja arba nebegalioja. Paprašykite naujos.',
};
