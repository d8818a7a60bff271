/** Lithuanian words of who may do what. */
import type { enAccess } from './en-access.ts';
import type { Message } from './translate.ts';

export const ltAccess: Record<keyof typeof enAccess, Message> = {
  'error.auth.wall': 'Ši švieslentės nuoroda negalioja arba nebegalioja. Paprašykite naujos.',
  'error.auth.code':
    'Kodas neteisingas. Įveskite tą, kurį programėlė rodo dabar, ir patikrinkite telefono bei stotelės laikrodžius.',
  'error.auth.code-used': 'Šis kodas jau panaudotas. Palaukite kito; jis pasirodys per 30 sekundžių.',
  'error.auth.ticket': 'Tai užtruko per ilgai. Pradėkite iš naujo.',
  'error.auth.enrol':
    'Jūsų vaidmeniui reikia antrojo veiksnio. Pirmiausia jį nustatykite puslapyje „Mano paskyra“.',
  'error.auth.factor-required':
    'Jūsų vaidmeniui reikia antrojo veiksnio. Vietoj jo galite nustatyti kitą telefoną.',
};
