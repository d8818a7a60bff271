import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../../../web-ui/styles');

test('a class is laid out by one file of styles: all are loaded together, and the last would win everywhere', () => {
  const filesOf = new Map<string, Set<string>>();
  const files = readdirSync(folder).filter((name) => name.endsWith('.css'));
  for (const file of files)
    for (const [, name = ''] of readFileSync(join(folder, file), 'utf8').matchAll(
      /^\.([a-z0-9-]+)(?= \{|,)/gm,
    ))
      filesOf.set(name, (filesOf.get(name) ?? new Set()).add(file));
  expect(filesOf.size).toBeGreaterThan(200);
  expect([...filesOf].filter(([, where]) => where.size > 1).map(([name, where]) => [name, ...where])).toEqual(
    [],
  );
});
