/** Slovak words of who may do what. */
import type { enAccess } from './en-access.ts';
import type { Message } from './translate.ts';

export const skAccess: Record<keyof typeof enAccess, Message> = {
  'error.auth.wall': 'Tento odkaz na nástenku neplatí alebo už neplatí. Vyžiadajte si nový.',
  'error.auth.code':
    'Kód je nesprávny. Zadajte ten, ktorý aplikácia ukazuje teraz, a overte hodiny telefónu aj ústredne.',
  'error.auth.code-used': 'Tento kód už bol použitý. Počkajte na ďalší; príde do 30 sekúnd.',
  'error.auth.ticket': 'Trvalo to príliš dlho. Začnite znova.',
  'error.auth.enrol': 'Vaša rola potrebuje druhý faktor. Najprv ho nastavte v časti Môj účet.',
  'error.auth.factor-required':
    'Vaša rola potrebuje druhý faktor. Namiesto neho môžete nastaviť iný telefón.',
};
