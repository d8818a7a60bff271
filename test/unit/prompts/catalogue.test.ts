import { describe, expect, it } from 'vitest';
import { type Language, languages } from '../../../src/domain/settings.ts';
import { builtInPrompts, positionPromptId } from '../../../src/prompts/catalogue.ts';

const textOf = (language: Language, promptId: string): string => {
  const content = builtInPrompts(language).get(promptId);
  return content?.kind === 'speech' ? content.text : '';
};

describe('prompt catalogue', () => {
  it('every language has the same prompts, none of them empty', () => {
    const ids = [...builtInPrompts('en').keys()];
    expect(ids.length).toBeGreaterThan(40);
    for (const language of languages) {
      const prompts = builtInPrompts(language);
      expect([...prompts.keys()]).toEqual(ids);
      for (const [promptId, content] of prompts)
        expect(content.kind === 'tone' || content.text.length > 5, promptId).toBe(true);
    }
  });

  it('every id can stand in settings and file names', () => {
    for (const promptId of builtInPrompts('en').keys()) expect(promptId).toMatch(/^[a-z0-9-]{1,40}$/);
  });

  it.each([
    ['en', 'recorded', 'press 1'],
    ['hu', 'rögzítjük', 'egyes'],
    ['ru', 'записываются', 'нажмите один'],
    ['sk', 'nahrávame', 'jednotku'],
    ['lt', 'įrašomi', 'vienetą'],
    ['tr', 'kayıt altına', 'bire basın'],
  ] as const)(
    'the %s greeting tells that calls are recorded, and which key to press',
    (language, ...words) => {
      for (const word of words) expect(textOf(language, 'greeting')).toContain(word);
    },
  );

  it('every language has a text of its own for every prompt, and for every place another one', () => {
    for (const [promptId, content] of builtInPrompts('en')) {
      if (content.kind === 'tone') continue;
      const texts = languages.map((language) => textOf(language, promptId));
      expect(new Set(texts).size, promptId).toBe(languages.length);
    }
    for (const language of languages) {
      const places = Array.from({ length: 30 }, (_, i) => textOf(language, `position-${i + 1}`));
      expect(new Set(places).size, language).toBe(30);
    }
  });

  it('a place is spelled out where a digit would be read as the end of a sentence', () => {
    for (const language of languages.filter((each) => each !== 'en'))
      for (let position = 1; position <= 30; position++)
        expect(textOf(language, `position-${position}`)).not.toMatch(/[0-9]|undefined| {2}/);
  });

  it.each([
    [1, 'position-1'],
    [30, 'position-30'],
    [31, 'position-many'],
    [500, 'position-many'],
  ])('place %i in line is told by %s', (position, promptId) => {
    expect(positionPromptId(position)).toBe(promptId);
    expect(builtInPrompts('en').has(promptId)).toBe(true);
  });

  it.each([
    [1, 'Ön az első a sorban.'],
    [2, 'Ön a második a sorban.'],
    [3, 'Ön a harmadik a sorban.'],
    [5, 'Ön az ötödik a sorban.'],
    [6, 'Ön a hatodik a sorban.'],
    [10, 'Ön a tizedik a sorban.'],
    [11, 'Ön a tizenegyedik a sorban.'],
    [18, 'Ön a tizennyolcadik a sorban.'],
    [20, 'Ön a huszadik a sorban.'],
    [22, 'Ön a huszonkettedik a sorban.'],
    [29, 'Ön a huszonkilencedik a sorban.'],
    [30, 'Ön a harmincadik a sorban.'],
  ])('place %i in Hungarian is an ordinal with its article', (position, text) => {
    expect(textOf('hu', `position-${position}`)).toBe(text);
  });

  it.each([
    ['ru', 1, 'Ваш номер в очереди — первый.'],
    ['ru', 3, 'Ваш номер в очереди — третий.'],
    ['ru', 10, 'Ваш номер в очереди — десятый.'],
    ['ru', 14, 'Ваш номер в очереди — четырнадцатый.'],
    ['ru', 20, 'Ваш номер в очереди — двадцатый.'],
    ['ru', 22, 'Ваш номер в очереди — двадцать второй.'],
    ['ru', 30, 'Ваш номер в очереди — тридцатый.'],
    ['sk', 1, 'V poradí ste na prvom mieste.'],
    ['sk', 8, 'V poradí ste na ôsmom mieste.'],
    ['sk', 15, 'V poradí ste na pätnástom mieste.'],
    ['sk', 23, 'V poradí ste na dvadsiatom treťom mieste.'],
    ['sk', 30, 'V poradí ste na tridsiatom mieste.'],
    ['lt', 1, 'Jūsų vieta eilėje – pirma.'],
    ['lt', 3, 'Jūsų vieta eilėje – trečia.'],
    ['lt', 19, 'Jūsų vieta eilėje – devyniolikta.'],
    ['lt', 21, 'Jūsų vieta eilėje – dvidešimt pirma.'],
    ['lt', 30, 'Jūsų vieta eilėje – trisdešimta.'],
    ['tr', 1, 'Kuyrukta birinci sıradasınız.'],
    ['tr', 4, 'Kuyrukta dördüncü sıradasınız.'],
    ['tr', 10, 'Kuyrukta onuncu sıradasınız.'],
    ['tr', 16, 'Kuyrukta on altıncı sıradasınız.'],
    ['tr', 29, 'Kuyrukta yirmi dokuzuncu sıradasınız.'],
    ['tr', 30, 'Kuyrukta otuzuncu sıradasınız.'],
  ] as const)('in %s the place %i is said by its grammar', (language, position, text) => {
    expect(textOf(language, `position-${position}`)).toBe(text);
  });
});
