/** Russian words of who may do what. */
import type { enAccess } from './en-access.ts';
import type { Message } from './translate.ts';

export const ruAccess: Record<keyof typeof enAccess, Message> = {
  'error.auth.wall': 'Эта ссылка на табло недействительна или уже отозвана. Попросите новую.',
  'error.auth.code':
    'Код неверный. Введите тот, что приложение показывает сейчас, и проверьте часы телефона и станции.',
  'error.auth.code-used': 'Этот код уже использован. Дождитесь следующего; он появится в течение 30 секунд.',
  'error.auth.ticket': 'Это длилось слишком долго. Начните сначала.',
  'error.auth.enrol': 'Вашей роли нужен второй фактор. Сначала настройте его в разделе «Моя учётная запись».',
  'error.auth.factor-required': 'Вашей роли нужен второй фактор. Вместо него можно настроить другой телефон.',
};
