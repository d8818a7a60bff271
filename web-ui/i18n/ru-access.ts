/** Russian words of who may do what. */
import type { enAccess } from './en-access.ts';
import type { Message } from './translate.ts';

export const ruAccess: Record<keyof typeof enAccess, Message> = {
  'error.auth.wall': 'Эта ссылка на табло недействительна или уже отозвана. Попросите новую.',
};
