/** Turkish words of who may do what. */
import type { enAccess } from './en-access.ts';
import type { Message } from './translate.ts';

export const trAccess: Record<keyof typeof enAccess, Message> = {
  'error.auth.wall': 'Bu pano bağlantısı geçerli değil ya da artık geçerli değil. Yenisini isteyin.',
};
