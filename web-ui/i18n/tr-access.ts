/** Turkish words of who may do what. */
import type { enAccess } from './en-access.ts';
import type { Message } from './translate.ts';

export const trAccess: Record<keyof typeof enAccess, Message> = {
  'error.auth.wall': 'Bu pano bağlantısı geçerli değil ya da artık geçerli değil. Yenisini isteyin.',
  'error.auth.code':
    'Kod yanlış. Uygulamanın şu an gösterdiğini girin; telefonun ve santralin saatini de denetleyin.',
  'error.auth.code-used': 'Bu kod zaten kullanıldı. Sonrakini bekleyin; 30 saniye içinde gelir.',
  'error.auth.ticket': 'Bu çok uzun sürdü. Baştan başlayın.',
  'error.auth.enrol': 'Rolünüz ikinci bir adım gerektiriyor. Önce Hesabım sayfasında kurun.',
  'error.auth.factor-required':
    'Rolünüz ikinci bir adım gerektiriyor. Yerine başka bir telefon kurabilirsiniz.',
};
