import { describe, expect, it } from 'vitest';
import { front, labelStrip, lampLabels, linesOf, shorten, widthOf } from '../../../src/domain/label-strip.ts';

const sheet = (text: string, lamp = 0): string =>
  labelStrip({ title: 'Office', hint: 'Print at 100 %', labels: [{ lamp, text }] });
const written = (svg: string): string[] =>
  [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = '']) => text);

describe('names of the lamps', () => {
  it('come from the assignments, in the order of the lamps, the later of two for one lamp', () => {
    const labels = lampLabels(
      [
        { lamp: 4, shows: { fact: 'faults' } },
        { lamp: 1, shows: { fact: 'agent', agentId: 'anna' } },
        { lamp: 4, shows: { fact: 'trunks' } },
      ],
      (shows) => (shows.fact === 'agent' ? shows.agentId : shows.fact),
    );
    expect(labels).toEqual([
      { lamp: 1, text: 'anna' },
      { lamp: 4, text: 'trunks' },
    ]);
  });

  const sizes = { one: 4.2, two: 3.5 };
  it.each([
    ['short: one line', 'Anna', ['Anna']],
    ['empty: none', '  \n ', []],
    ['too long for one: two, broken between words', 'Second level support', ['Second level', 'support']],
    [
      'too long for two: an ellipsis',
      'Support queue, second level and returns',
      ['Support queue,', 'second level and r…'],
    ],
    [
      'one endless word: cut',
      'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch',
      ['Llanfairpwllgwyn…'],
    ],
    ['spaces and line breaks count as one space', 'Anna\n\tKovács', ['Anna Kovács']],
  ])('%s', (_, text, lines) => {
    expect(linesOf(text, front.cell.width - 3, sizes).lines).toEqual(lines);
  });

  it.each([
    ['en', 'Customer complaints and returned goods department'],
    ['hu', 'Ügyfélszolgálati panaszkezelő és visszáru osztály'],
    ['ru', 'Отдел рассмотрения жалоб и возврата товаров'],
    ['sk', 'Oddelenie reklamácií a vrátených zásielok zákazníkov'],
    ['lt', 'Klientų skundų nagrinėjimo ir grąžinimų skyrius'],
    ['tr', 'Müşteri şikâyetleri ve iade işlemleri bölümü'],
    ['wide letters', 'ШШШШШШШШШШШШШШШШШШШШШШШШШШ WWWWWWWWWWWWWWWWWWWWWWWWW'],
  ])('stay within the window, whatever the script (%s)', (_, text) => {
    const width = front.cell.width - 3;
    const { lines, size } = linesOf(text, width, sizes);
    expect(lines.length).toBeLessThanOrEqual(2);
    for (const line of lines) expect(widthOf(line, size)).toBeLessThanOrEqual(width);
  });

  it('are cut at a whole letter: accents and joined signs stay together', () => {
    const accented = 'é'.repeat(40).normalize('NFD');
    const cut = shorten(accented, 20, 4);
    expect(cut.endsWith('e\u0301…')).toBe(true);
    expect(shorten('👩‍🚒'.repeat(20), 20, 4)).toBe(`${'👩‍🚒'.repeat(3)}…`);
  });
});

describe('the sheet of strips', () => {
  it('is A4 in millimetres, so that it prints at full size', () => {
    const svg = sheet('Anna');
    expect(svg).toContain('width="210mm" height="297mm" viewBox="0 0 210 297"');
    expect(svg).toContain('h100m0');
    const cuts = [
      ...svg.matchAll(/class="cut" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"/g),
    ];
    expect(cuts).toHaveLength(2 * front.columns);
    for (const [, x, y, width, height] of cuts) {
      expect(Number(x)).toBeGreaterThanOrEqual(10);
      expect(Number(x) + Number(width)).toBeLessThanOrEqual(200);
      expect(Number(y) + Number(height)).toBeLessThanOrEqual(287);
    }
    expect(cuts[0]?.slice(3)).toEqual(['44', '100']);
  });

  it('puts lamp 8 at the top of the second column', () => {
    const place = (lamp: number): number[] =>
      [.../<text x="([\d.]+)" y="([\d.]+)" font-size="4.2">Anna/.exec(sheet('Anna', lamp))!.slice(1)].map(
        Number,
      );
    const [x0 = 0, y0 = 0] = place(0);
    const [x8 = 0, y8 = 0] = place(8);
    const [, y7 = 0] = place(7);
    expect(y8).toBe(y0);
    expect(x8 - x0).toBe(front.cell.width + 2 * front.overlap + 3);
    expect(y7 - y0).toBe(7 * front.cell.height);
  });

  it('says nothing for lamps that the front does not have', () => {
    expect(written(sheet('Anna', 32))).not.toContain('Anna');
  });

  it('takes hostile names as text', () => {
    const svg = sheet('<script>&"\u0000\ud800');
    expect(svg).toContain('&lt;script&gt;&amp;&quot;');
    expect(svg).not.toContain('<script');
    expect(svg).not.toContain('\u0000');
    expect(svg).not.toContain('\ud800');
  });

  it('has the buttons’ names on strips of their own', () => {
    const svg = labelStrip({ title: 'Office', hint: '', labels: [], buttons: ['Night mode', '', 'Help'] });
    expect(written(svg)).toEqual(expect.arrayContaining(['Night mode', 'Help']));
  });
});
