/** Slovak words of who may do what. */
import type { enAccess } from './en-access.ts';
import type { Message } from './translate.ts';

export const skAccess: Record<keyof typeof enAccess, Message> = {
  'error.auth.wall': 'Tento odkaz na nástenku neplatí alebo už neplatí. Vyžiadajte si nový.',
};
