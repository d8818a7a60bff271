/** Which places somebody may see, and in which of them a path lies. */
import type { Page, Place, Rank } from './places.ts';

const ranks: Record<string, number> = { agent: 1, supervisor: 2, admin: 3 };

/** Whether a role is at least of this rank. */
export function reaches(role: string | undefined, rank: Rank): boolean {
  return (ranks[role ?? ''] ?? 0) >= (ranks[rank] ?? Number.POSITIVE_INFINITY);
}

/**
 * The places with a page for this role, each with those pages only.
 * @param takesCalls false: somebody who is no agent
 */
export function placesFor(all: readonly Place[], role: string | undefined, takesCalls = true): Place[] {
  return all
    .map((place) => ({
      ...place,
      pages: place.pages.filter((page) => reaches(role, page.for) && (takesCalls || !page.agentsOnly)),
    }))
    .filter((place) => place.pages.length > 0);
}

/** Whether a path is this page or an item of it. */
function covers(page: Page, path: string): boolean {
  return path === page.path || (page.path !== '/' && path.startsWith(`${page.path}/`));
}

/** The place and page of a path: the longest that fits, so that `/system/history` is not `/system`. */
export function whereIs(all: readonly Place[], path: string): { place: Place; page: Page } | undefined {
  let found: { place: Place; page: Page } | undefined;
  for (const place of all)
    for (const page of place.pages)
      if (covers(page, path) && page.path.length >= (found?.page.path.length ?? 0)) found = { place, page };
  return found;
}
