/** Hungarian words of who may do what. */
import type { enAccess } from './en-access.ts';
import type { Message } from './translate.ts';

export const huAccess: Record<keyof typeof enAccess, Message> = {
  'error.auth.wall': 'Ez a kijelzőhivatkozás nem érvényes, vagy már nem az. Kérjen újat.',
  'error.auth.code':
    'A kód hibás. Azt írja be, amelyet az alkalmazás most mutat, és nézze meg, pontos-e a telefon és a doboz órája.',
  'error.auth.code-used': 'Ezt a kódot már felhasználták. Várja meg a következőt; 30 másodpercen belül jön.',
  'error.auth.ticket': 'Ez túl sokáig tartott. Kezdje elölről.',
  'error.auth.enrol': 'A szerepéhez második tényező kell. Előbb állítsa be a Saját fiók oldalon.',
  'error.auth.factor-required': 'A szerepéhez második tényező kell. Másik telefont beállíthat helyette.',
};
