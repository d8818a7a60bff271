/**
 * The prompts that come with the system: what is said, by prompt id and language. An office replaces any of them by
 * its own text (settings `prompts`) or by an uploaded sound.
 */
import type { Language } from '../domain/settings.ts';

/** A text to be spoken, or a sound that is the same in all languages. */
export type PromptContent =
  | { kind: 'speech'; text: string }
  /** One sine; level of the sine in dBm0. */
  | { kind: 'tone'; frequencyHz: number; durationMs: number; levelDbm0: number };

/** Highest place in line that has a sentence of its own; beyond it `position-many` is played. */
export const maxSpokenPosition = 30;

/** Sentences by id; the places in line are made below. */
const sentences: Record<string, Record<Language, string>> = {
  greeting: {
    en: 'Welcome. Please note that calls are recorded. To speak with an agent, press 1.',
    hu: 'Üdvözöljük! Tájékoztatjuk, hogy a beszélgetéseket rögzítjük. Ha munkatársunkkal szeretne beszélni, nyomja meg az egyes gombot.',
  },
  'queue-welcome': {
    en: 'Thank you for calling. We will connect you with the next free agent.',
    hu: 'Köszönjük hívását. Az első szabad munkatársunkkal kapcsoljuk.',
  },
  'please-hold': {
    en: 'Please hold the line. Your call will be answered as soon as possible.',
    hu: 'Kérjük, tartsa a vonalat. Hívását hamarosan fogadjuk.',
  },
  'no-agent': {
    en: 'No agent is available at the moment. Please try again later.',
    hu: 'Jelenleg egyetlen munkatársunk sem elérhető. Kérjük, próbálja meg később.',
  },
  goodbye: {
    en: 'Thank you for calling. Goodbye.',
    hu: 'Köszönjük hívását. Viszonthallásra!',
  },
  'invalid-choice': {
    en: 'That is not a valid choice.',
    hu: 'Ez nem választható lehetőség.',
  },
  'no-input': {
    en: 'We have not received your choice.',
    hu: 'Nem érzékeltük a választását.',
  },
  closed: {
    en: 'Our office is closed now. Please call again during opening hours.',
    hu: 'Irodánk jelenleg zárva tart. Kérjük, hívjon minket nyitvatartási időben.',
  },
  'all-lines-busy': {
    en: 'All lines are busy. Please try again later.',
    hu: 'Minden vonalunk foglalt. Kérjük, próbálja meg később.',
  },
  'number-not-in-service': {
    en: 'The number you have dialled is not in service. Please check the number.',
    hu: 'Az Ön által hívott szám nem kapcsolható. Kérjük, ellenőrizze a számot.',
  },
  'position-many': {
    en: 'There are thirty or more callers ahead of you.',
    hu: 'Harmincan vagy többen várnak Ön előtt.',
  },
};

const beep: PromptContent = { kind: 'tone', frequencyHz: 1000, durationMs: 400, levelDbm0: -16 };

/** The prompt that tells a caller the place in line; `position` counts from 1. */
export function positionPromptId(position: number): string {
  return position <= maxSpokenPosition ? `position-${Math.max(1, position)}` : 'position-many';
}

/** All built-in prompts of a language, by id. */
export function builtInPrompts(language: Language): Map<string, PromptContent> {
  const prompts = new Map<string, PromptContent>();
  for (const [promptId, texts] of Object.entries(sentences))
    prompts.set(promptId, { kind: 'speech', text: texts[language] });
  for (let position = 1; position <= maxSpokenPosition; position++)
    prompts.set(positionPromptId(position), { kind: 'speech', text: positionSentence[language](position) });
  prompts.set('beep', beep);
  return prompts;
}

const positionSentence: Record<Language, (position: number) => string> = {
  en: (position) => `You are number ${position} in line.`,
  hu: (position) => {
    const ordinal = hungarianOrdinal(position);
    const article = /^[aáeéiíoóöőuúüű]/.test(ordinal) ? 'az' : 'a';
    return `Ön ${article} ${ordinal} a sorban.`;
  },
};

const ones = ['', 'egy', 'kett', 'harm', 'negy', 'öt', 'hat', 'het', 'nyolc', 'kilenc'];
const endings = ['', 'edik', 'edik', 'adik', 'edik', 'ödik', 'odik', 'edik', 'adik', 'edik'];

/** Spelled out, because a speech synthesiser reads "3." as the end of a sentence. 1 to 39. */
function hungarianOrdinal(value: number): string {
  if (value === 1) return 'első';
  if (value === 2) return 'második';
  const ten = Math.floor(value / 10);
  const one = value % 10;
  if (one === 0) return ['', 'tizedik', 'huszadik', 'harmincadik'][ten] ?? '';
  return `${['', 'tizen', 'huszon', 'harminc'][ten]}${ones[one]}${endings[one]}`;
}
