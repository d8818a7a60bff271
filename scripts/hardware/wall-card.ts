/** The page for the office's wall: what each lamp means, one A4 sheet in one language. */
import type { LampState } from '../../src/codec/panel-message.ts';
import { en } from '../../web-ui/i18n/en.ts';
import { hu } from '../../web-ui/i18n/hu.ts';
import { lt } from '../../web-ui/i18n/lt.ts';
import { ru } from '../../web-ui/i18n/ru.ts';
import { sk } from '../../web-ui/i18n/sk.ts';
import { tr } from '../../web-ui/i18n/tr.ts';
import type { Key } from '../../web-ui/i18n/translate.ts';
import { type CardLanguage, type CardRow, cardTexts, groups, secondsOf } from './lamp-language.ts';
import { round, sheet, text, wrapped } from './svg.ts';

const catalogues = { en, hu, ru, sk, lt, tr };

const paint: Record<LampState['colour'], string> = {
  off: '#ffffff',
  white: '#d8dade',
  red: '#c62828',
  amber: '#e69500',
  green: '#2e8b4f',
  blue: '#2565c7',
};

const left = 18;
const width = 210 - 2 * left;
const meaningAt = left + 62;

/** "amber, fast flashing", in the words of the pages. */
export function nameOf(shown: CardRow['shown'], language: CardLanguage): string {
  const word = (key: Key): string => {
    const message = catalogues[language][key];
    if (typeof message !== 'string') throw new Error(`${key} has plural forms`);
    return message;
  };
  const colour = word(`colour.${shown.colour}`);
  return shown.colour === 'off' ? colour : `${colour}, ${word(`pattern.${shown.pattern}`)}`;
}

/** Two seconds of the lamp. Breathing is drawn as a swelling, so that it differs without colour as well. */
function timeline(shown: CardRow['shown'], x: number, y: number, protocol: string): string {
  const long = 40;
  const frame = `<rect class="frame" x="${x}" y="${y}" width="${long}" height="4"/>`;
  const fill = `fill="${paint[shown.colour]}"`;
  if (shown.colour === 'off') return frame;
  if (shown.pattern === 'breathing')
    return `<path ${fill} d="M${x} ${round(y + 3.5)}q10 -4 20 -3.3q10 -.7 20 3.3v.5h-40z"/>${frame}`;
  const seconds = secondsOf(protocol, shown.pattern);
  if (!seconds) return `<rect ${fill} x="${x}" y="${y}" width="${long}" height="4"/>${frame}`;
  const bars: string[] = [];
  for (let at = 0, part = 0; at < 2 - 1e-9; part++) {
    const one = seconds[part % seconds.length] ?? 2;
    const end = Math.min(2, at + one);
    if (part % 2 === 0)
      bars.push(
        `<rect ${fill} x="${round(x + (at / 2) * long)}" y="${y}" width="${round(((end - at) / 2) * long)}" height="4"/>`,
      );
    at += one;
  }
  return bars.join('') + frame;
}

export function wallCard(language: CardLanguage, protocol: string): string {
  const body: string[] = [text(cardTexts.title[language], left, 26, 9, 'font-weight="700"')];
  let y = 34;
  for (const line of wrapped(cardTexts.intro[language], width, 3.6)) {
    body.push(text(line, left, y, 3.6, 'class="quiet"'));
    y += 5;
  }
  for (const group of groups) {
    y += 6;
    body.push(text(group.title[language], left, y, 5, 'font-weight="700"'));
    body.push(`<path class="rule" d="M${left} ${round(y + 2)}h${width}"/>`);
    y += 4;
    for (const { shown, means } of group.rows) {
      const lines = wrapped(means[language], left + width - meaningAt, 4.4);
      const names = wrapped(nameOf(shown, language), meaningAt - left - 16, 3);
      const high = Math.max(8.4 + names.length * 3.6, lines.length * 5.4 + 3);
      const middle = round(y + high / 2);
      const empty = shown.colour === 'off';
      body.push(
        `<circle cx="${left + 5}" cy="${middle}" r="4" fill="${paint[shown.colour]}" class="${empty ? 'dark' : 'frame'}"/>`,
        timeline(shown, left + 13, round(middle - 5), protocol),
        ...names.map((name, at) => text(name, left + 13, middle + 3.2 + at * 3.6, 3, 'class="quiet"')),
        ...lines.map((line, at) =>
          text(line, meaningAt, middle + 1.6 + (at - (lines.length - 1) / 2) * 5.4, 4.4),
        ),
      );
      y = round(y + high);
    }
  }
  y += 5;
  body.push(`<path class="rule" d="M${left} ${y}h${width}"/>`);
  y += 6;
  for (const one of [cardTexts.update, cardTexts.status])
    for (const line of wrapped(one[language], width, 3.6)) {
      body.push(text(line, left, y, 3.6));
      y += 5;
    }
  if (y > 287) throw new Error(`the wall page in ${language} is ${y} mm long`);
  body.push(text('Cordboard', left, 289, 3, 'class="quiet"'));
  return sheet(
    210,
    297,
    '.quiet{fill:#555}.rule{fill:none;stroke:#888;stroke-width:.25}.frame{stroke:#333;stroke-width:.2;fill-opacity:1}rect.frame{fill:none}.dark{stroke:#777;stroke-width:.6}',
    body,
    language,
  );
}
