/** In which order the servers of a service are tried (RFC 2782). */

export interface Weighted {
  priority: number;
  weight: number;
}

/**
 * Lower priority first, and among equals a draw by weight. The draw depends on `seed` alone, so that requests of one
 * call (a second try with credentials, a refresh) meet the same server, while calls spread (RFC 3263 §4.4).
 */
export function inServiceOrder<T extends Weighted>(records: readonly T[], seed: string): T[] {
  if (records.length <= 1) return [...records];
  const random = randomFrom(seed);
  // Those of weight 0 first in a group: they have a small chance while others have weight.
  const left = [...records].sort((a, b) => a.priority - b.priority || a.weight - b.weight);
  const ordered: T[] = [];
  while (left.length > 0) {
    const priority = left[0]?.priority;
    const group = left.filter((each) => each.priority === priority);
    const total = group.reduce((sum, each) => sum + each.weight, 0);
    const drawn = Math.floor(random() * (total + 1));
    let sum = 0;
    const winner = group.find((each) => {
      sum += each.weight;
      return sum >= drawn;
    });
    const at = left.indexOf(winner ?? (group[0] as T));
    ordered.push(...left.splice(at, 1));
  }
  return ordered;
}

/** Numbers from 0 to 1, the same for the same seed: FNV-1a of it, continued by mulberry32. */
function randomFrom(seed: string): () => number {
  let state = 0x811c9dc5;
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
