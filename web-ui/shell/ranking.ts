/** Which entries of the palette answer what was typed, the best first. Pure. */
import { plain } from '../components/table-rows.ts';

export interface Findable {
  /** What is shown, and searched first. */
  text: string;
  /** Also searched: number, id, the place it is in. */
  also?: string | undefined;
}

/** 0: it does not answer; more is better. Every word must occur; a beginning counts more than a middle. */
export function score(entry: Findable, words: readonly string[]): number {
  const text = plain(entry.text);
  const all = `${text} ${plain(entry.also ?? '')}`;
  let sum = 0;
  for (const word of words) {
    if (!all.includes(word)) return 0;
    if (text === word) sum += 8;
    else if (text.startsWith(word)) sum += 5;
    else if (` ${text}`.includes(` ${word}`)) sum += 3;
    else if (` ${all}`.includes(` ${word}`)) sum += 2;
    else sum += 1;
  }
  return sum;
}

/** The best `count`; equals keep their order. */
export function best<Entry extends Findable>(
  entries: readonly Entry[],
  typed: string,
  count: number,
): Entry[] {
  const words = plain(typed).split(/\s+/).filter(Boolean);
  if (words.length === 0) return entries.slice(0, count);
  return entries
    .map((entry) => ({ entry, points: score(entry, words) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points)
    .slice(0, count)
    .map(({ entry }) => entry);
}
