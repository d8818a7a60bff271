import { describe, expect, it } from 'vitest';
import { languages } from '../../../src/domain/settings.ts';
import { builtInPrompts, positionPromptId } from '../../../src/prompts/catalogue.ts';

const textOf = (language: 'en' | 'hu', promptId: string): string => {
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

  it('the greeting tells that calls are recorded', () => {
    expect(textOf('en', 'greeting')).toContain('recorded');
    expect(textOf('hu', 'greeting')).toContain('rögzítjük');
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
});
