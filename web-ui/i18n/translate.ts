/**
 * Text for people. Every string of the interface comes from one catalogue per language (`en.ts`, `hu.ts` …); only the
 * language in use is loaded. A message is a text with `{gaps}`, or its plural forms, chosen by `{count}`.
 */
import { signal } from '@preact/signals';
import type { en } from './en.ts';

/** Plural forms as Intl.PluralRules names them; `other` always exists. */
export type Plural = {
  zero?: string;
  one?: string;
  two?: string;
  few?: string;
  many?: string;
  other: string;
};
export type Message = string | Plural;
export type Key = keyof typeof en;
export type Catalogue = Record<Key, Message>;
export type Params = Record<string, string | number>;

type TextOf<K extends Key> = (typeof en)[K] extends string
  ? (typeof en)[K]
  : (typeof en)[K] extends { other: infer Other extends string }
    ? Other
    : never;
type Gaps<S extends string> = S extends `${string}{${infer Gap}}${infer Rest}` ? Gap | Gaps<Rest> : never;
type Fillings<K extends Key> = [Gaps<TextOf<K>>] extends [never]
  ? []
  : [params: { [Gap in Gaps<TextOf<K>>]: string | number }];

export type UiLanguage = 'en' | 'hu' | 'ru' | 'sk' | 'lt' | 'tr';

/** The language shown now; reading it in a component re-renders it when the language changes. */
export const language = signal<UiLanguage>('en');
const catalogue = signal<Catalogue | undefined>(undefined);

const loaders: Record<UiLanguage, () => Promise<Catalogue>> = {
  en: async () => (await import('./en.ts')).en,
  hu: async () => (await import('./hu.ts')).hu,
  ru: async () => (await import('./ru.ts')).ru,
  sk: async () => (await import('./sk.ts')).sk,
  lt: async () => (await import('./lt.ts')).lt,
  tr: async () => (await import('./tr.ts')).tr,
};

/** The languages there are, each in its own words. */
export const languageNames: Record<UiLanguage, string> = {
  en: 'English',
  hu: 'Magyar',
  ru: 'Русский',
  sk: 'Slovenčina',
  lt: 'Lietuvių',
  tr: 'Türkçe',
};

/** Whether there is a catalogue of this language. */
export function isUiLanguage(tag: string | null | undefined): tag is UiLanguage {
  return typeof tag === 'string' && Object.hasOwn(languageNames, tag);
}

/** The first of a browser's languages (BCP 47 tags, the most wanted first) that there is a catalogue of. */
export function firstKnownLanguage(tags: readonly string[]): UiLanguage | undefined {
  return tags.map((tag) => tag.toLowerCase().split('-')[0]).find(isUiLanguage);
}

/** Loads a language and shows it. */
export async function showLanguage(next: UiLanguage): Promise<void> {
  setCatalogue(next, await loaders[next]());
  document.documentElement.lang = next;
}

/** Shows a catalogue already at hand (tests, and `showLanguage`). */
export function setCatalogue(next: UiLanguage, messages: Catalogue): void {
  catalogue.value = messages;
  language.value = next;
}

/** The text of a key, its gaps filled. */
export function t<K extends Key>(key: K, ...[params]: Fillings<K>): string {
  return translateCode(key, params ?? {});
}

/**
 * The text of a key known only at run time (`trace.<code>`, `error.<code>` …). An unknown key gives `fallback`,
 * by default what follows its first dot: the code itself, never nothing.
 */
export function translateCode(key: string, params: Params = {}, fallback?: string): string {
  const message = (catalogue.value as Record<string, Message> | undefined)?.[key];
  if (message === undefined) return fallback ?? (key.slice(key.indexOf('.') + 1) || key);
  return format(message, params, language.value);
}

/** Whether the catalogue has this key. */
export function hasText(key: string): boolean {
  return catalogue.value !== undefined && Object.hasOwn(catalogue.value, key);
}

const pluralRules = new Map<string, Intl.PluralRules>();

/** Fills a message; a gap without a value stays visible as `{gap}`. */
export function format(message: Message, params: Params, locale: string): string {
  let text: string;
  if (typeof message === 'string') text = message;
  else {
    let rules = pluralRules.get(locale);
    if (!rules) {
      rules = new Intl.PluralRules(locale);
      pluralRules.set(locale, rules);
    }
    text = message[rules.select(Number(params.count))] ?? message.other;
  }
  return text.replace(/\{(\w+)\}/g, (gap, name: string) => {
    const value = params[name];
    if (value === undefined) return gap;
    return typeof value === 'number' ? new Intl.NumberFormat(locale).format(value) : value;
  });
}
