import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { places } from '../../../web-ui/shell/places.ts';
import { placesFor, reaches, whereIs } from '../../../web-ui/shell/way.ts';

const pages = places.flatMap((place) => place.pages);

test('every path and every shortcut stands once in the table of places', () => {
  const paths = pages.map((page) => page.path);
  expect(new Set(paths).size).toBe(paths.length);
  const keys = places.map((place) => place.shortcut).filter((key) => key !== undefined);
  expect(new Set(keys).size).toBe(keys.length);
});

test('every page of the table can be loaded, or is drawn by the page above it', () => {
  const source = readFileSync(join(import.meta.dirname, '../../../web-ui/shell/places.ts'), 'utf8');
  const files = [...source.matchAll(/import\('(\.\.\/pages\/[^']+)'\)/g)].map((match) => match[1] ?? '');
  expect(files.length).toBeGreaterThan(5);
  expect(
    files.filter((file) => !existsSync(join(import.meta.dirname, '../../../web-ui/shell', file))),
  ).toEqual([]);
  const drawnByNobody = pages.filter(
    ({ path, load }) =>
      !load && path !== '/' && !pages.some((other) => other.load && path.startsWith(`${other.path}/`)),
  );
  expect(drawnByNobody.map((page) => page.path)).toEqual([]);
});

test('a role sees its own pages and those of the roles below it', () => {
  expect(reaches('admin', 'agent')).toBe(true);
  expect(reaches('agent', 'admin')).toBe(false);
  expect(reaches('wallboard', 'agent')).toBe(false);
  expect(reaches(undefined, 'agent')).toBe(false);
  const seen = placesFor(places, 'agent').flatMap((place) => place.pages.map((page) => page.path));
  expect(seen).toContain('/calls');
  expect(seen).not.toContain('/trunks');
  expect(placesFor(places, 'agent').every((place) => place.pages.length > 0)).toBe(true);
});

test('a path belongs to the longest page that fits, and Live to nothing but itself', () => {
  expect(whereIs(places, '/system/history')?.page.path).toBe('/system/history');
  expect(whereIs(places, '/system/unheard-of')?.page.path).toBe('/system');
  expect(whereIs(places, '/trunks/carrier')?.place.key).toBe('place.lines');
  expect(whereIs(places, '/')?.page.path).toBe('/');
  expect(whereIs(places, '/callsign')).toBeUndefined();
});
