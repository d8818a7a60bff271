/**
 * The sentence that tells a caller the place in line, in each language's grammar. Ordinals are spelled out, because a
 * speech synthesiser reads "3." as the end of a sentence, and because they bend: with their article, case or gender.
 */
import type { Language } from '../domain/settings.ts';

/** Highest place in line that has a sentence of its own. */
export const maxSpokenPosition = 30;

/** `position` is 1 to `maxSpokenPosition`. */
export const positionSentence: Readonly<Record<Language, (position: number) => string>> = {
  en: (position) => `You are number ${position} in line.`,
  hu: (position) => {
    const ordinal = hungarianOrdinal(position);
    const article = /^[aáeéiíoóöőuúüű]/.test(ordinal) ? 'az' : 'a';
    return `Ön ${article} ${ordinal} a sorban.`;
  },
  // The number bends, not the caller: whether he or she waits is not known.
  ru: (position) => `Ваш номер в очереди — ${spelled(position, russian)}.`,
  sk: (position) => `V poradí ste na ${spelled(position, slovak)} mieste.`,
  lt: (position) => `Jūsų vieta eilėje – ${spelled(position, lithuanian)}.`,
  tr: (position) => `Kuyrukta ${spelled(position, turkish)} sıradasınız.`,
};

interface Ordinals {
  /** 1 to 9, also behind a ten above 20. */
  ones: readonly string[];
  /** 10 to 19; left out where they are put together like those above 20. */
  teens?: readonly string[];
  /** 10, 20 and 30 by themselves. */
  tens: readonly string[];
  /** 10, 20 and 30 before one of `ones`. */
  before: readonly string[];
}

/** Masculine nominative: номер. */
const russian: Ordinals = {
  ones: 'первый второй третий четвёртый пятый шестой седьмой восьмой девятый'.split(' '),
  teens:
    'десятый одиннадцатый двенадцатый тринадцатый четырнадцатый пятнадцатый шестнадцатый семнадцатый восемнадцатый девятнадцатый'.split(
      ' ',
    ),
  tens: ['десятый', 'двадцатый', 'тридцатый'],
  before: ['', 'двадцать', 'тридцать'],
};

/** Neuter locative: na mieste. Both parts bend. */
const slovak: Ordinals = {
  ones: 'prvom druhom treťom štvrtom piatom šiestom siedmom ôsmom deviatom'.split(' '),
  teens:
    'desiatom jedenástom dvanástom trinástom štrnástom pätnástom šestnástom sedemnástom osemnástom devätnástom'.split(
      ' ',
    ),
  tens: ['desiatom', 'dvadsiatom', 'tridsiatom'],
  before: ['', 'dvadsiatom', 'tridsiatom'],
};

/** Feminine nominative: vieta. */
const lithuanian: Ordinals = {
  ones: 'pirma antra trečia ketvirta penkta šešta septinta aštunta devinta'.split(' '),
  teens:
    'dešimta vienuolikta dvylikta trylikta keturiolikta penkiolikta šešiolikta septyniolikta aštuoniolikta devyniolikta'.split(
      ' ',
    ),
  tens: ['dešimta', 'dvidešimta', 'trisdešimta'],
  before: ['', 'dvidešimt', 'trisdešimt'],
};

const turkish: Ordinals = {
  ones: 'birinci ikinci üçüncü dördüncü beşinci altıncı yedinci sekizinci dokuzuncu'.split(' '),
  tens: ['onuncu', 'yirminci', 'otuzuncu'],
  before: ['on', 'yirmi', 'otuz'],
};

/** 1 to 39. */
function spelled(value: number, { ones, teens, tens, before }: Ordinals): string {
  const ten = Math.floor(value / 10);
  const one = value % 10;
  if (ten === 0) return ones[one - 1] ?? '';
  if (one === 0) return tens[ten - 1] ?? '';
  if (ten === 1 && teens) return teens[one] ?? '';
  return `${before[ten - 1]} ${ones[one - 1]}`;
}

const ones = ['', 'egy', 'kett', 'harm', 'negy', 'öt', 'hat', 'het', 'nyolc', 'kilenc'];
const endings = ['', 'edik', 'edik', 'adik', 'edik', 'ödik', 'odik', 'edik', 'adik', 'edik'];

/** 1 to 39. */
function hungarianOrdinal(value: number): string {
  if (value === 1) return 'első';
  if (value === 2) return 'második';
  const ten = Math.floor(value / 10);
  const one = value % 10;
  if (one === 0) return ['', 'tizedik', 'huszadik', 'harmincadik'][ten] ?? '';
  return `${['', 'tizen', 'huszon', 'harminc'][ten]}${ones[one]}${endings[one]}`;
}
