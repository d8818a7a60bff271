import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Rooms that join the others. */
const composition = ['main', 'appliance', 'call-control'];
/** Rooms that every room may read from. */
const common = ['domain', 'codec', 'base', 'config'];
/** What the pure rooms may take from elsewhere: it neither reads nor writes anything. */
const purePackages = ['zod', 'libphonenumber-js/max'];
const pureFunctions: Record<string, string[]> = {
  'node:crypto': ['createHash', 'hash', 'timingSafeEqual'],
  'node:net': ['BlockList', 'isIP', 'isIPv4', 'isIPv6'],
};

interface Import {
  file: string;
  specifier: string;
  typeOnly: boolean;
  /** What stands between `import` and `from`. */
  clause: string;
}

const statement = /^\s*(?:import|export)\s+(type\s)?(?:([^'";]*?)\sfrom\s+)?'([^']+)'/gm;
const dynamic = /\bimport\(\s*'([^']+)'\s*\)/g;

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8');
  return [
    ...[...text.matchAll(statement)].map((m) => ({
      file,
      specifier: m[3] ?? '',
      typeOnly: m[1] !== undefined,
      clause: m[2] ?? '',
    })),
    ...[...text.matchAll(dynamic)].map((m) => ({ file, specifier: m[1] ?? '', typeOnly: false, clause: '' })),
  ];
}

function sources(directory: string): string[] {
  return readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('node_modules') && !name.startsWith('dist'))
    .map((name) => join(root, directory, name));
}

/** The room of a path: the folder under src/, or the file itself (`main`, `config`). */
function roomOf(path: string): string {
  return (relative(join(root, 'src'), path).split('/')[0] ?? '').replace(/\.ts$/, '');
}

/** Whether all these names are interfaces or types of that file: nothing of it runs here, no class is bound. */
function areInterfaces(path: string, names: readonly string[]): boolean {
  if (!existsSync(path) || names.length === 0) return false;
  const text = readFileSync(path, 'utf8');
  return names.every((name) => new RegExp(`^export (?:interface|type) ${name}\\b`, 'm').test(text));
}

/** Why this import is not allowed; undefined when it is. */
function breach({ file, specifier, typeOnly, clause }: Import): string | undefined {
  const room = roomOf(file);
  const path = relative(root, file);
  const names = clause.match(/\w+/g) ?? [];
  const isPureFunction = names.length > 0 && names.every((n) => pureFunctions[specifier]?.includes(n));
  const isPure = room === 'domain' || room === 'codec';
  if (!specifier.startsWith('.')) {
    const allowed =
      !isPure ||
      purePackages.includes(specifier) ||
      isPureFunction ||
      (typeOnly && specifier.startsWith('node:'));
    return allowed
      ? undefined
      : `${path} imports ${specifier}: ${room} is pure and needs neither node nor network`;
  }
  const target = resolve(dirname(file), specifier);
  const to = roomOf(target);
  if (to === room || composition.includes(room)) return undefined;
  if (to.startsWith('..')) return `${path} imports ${specifier}: nothing in src reaches outside it`;
  if (room === 'base') return `${path} imports ${specifier}: base stands below every room`;
  if (isPure)
    return ['domain', 'codec', 'base'].includes(to)
      ? undefined
      : `${path} imports ${specifier}: ${room} imports only domain, codec and base`;
  if (common.includes(to)) return undefined;
  // Through an interface: another room may implement it or be given it, not call what stands behind it.
  if (typeOnly && areInterfaces(target, names)) return undefined;
  return `${path} imports ${specifier}: ${room} and ${to} are joined by call-control or appliance only`;
}

describe('imports point inward', () => {
  const imports = sources('src').flatMap(importsOf);

  it('in every file of src', () => {
    expect(imports.length).toBeGreaterThan(50);
    expect(imports.flatMap((one) => breach(one) ?? [])).toEqual([]);
  });

  it('and the page takes no more of src than the contract and what is pure', () => {
    const allowed = [...common.filter((room) => room !== 'config')];
    const found = sources('web-ui')
      .flatMap(importsOf)
      .filter(({ specifier }) => specifier.startsWith('.'))
      .flatMap(({ file, specifier }) => {
        const target = resolve(dirname(file), specifier);
        if (relative(root, target).startsWith('web-ui')) return [];
        const isContract = relative(root, target) === 'src/api/contract.ts';
        return isContract || allowed.includes(roomOf(target))
          ? []
          : [`${relative(root, file)} imports ${specifier}`];
      });
    expect(found).toEqual([]);
  });
});

describe('the rule itself', () => {
  const at = (path: string): string => join(root, 'src', path);

  it.each<[string, string, boolean, string?]>([
    ['domain/x.ts', 'node:fs', false],
    ['domain/x.ts', 'zod', true],
    ['domain/x.ts', '../codec/y.ts', true],
    ['domain/x.ts', '../store/y.ts', false],
    ['codec/x.ts', '../domain/y.ts', true],
    ['base/x.ts', '../domain/y.ts', false],
    ['store/x.ts', '../base/y.ts', true],
    ['store/x.ts', '../api/y.ts', false],
    ['panel/x.ts', '../domain/y.ts', true],
    ['store/x.ts', '../telephony/contract.ts', false],
    ['store/x.ts', '../telephony/contract.ts', true, 'type { DialogJournal }'],
    ['store/x.ts', '../panel/panel.ts', false, 'type { Panel }'],
    ['codec/x.ts', 'node:net', true, '{ isIP }'],
    ['codec/x.ts', 'node:net', false, '{ connect, isIP }'],
    ['call-control/x.ts', '../telephony/contract.ts', true],
    ['appliance/x.ts', '../store/y.ts', true],
    ['api/x.ts', '../config.ts', true],
    ['api/x.ts', '../../test/support/y.ts', false],
  ])('from %s to %s: %s', (file, specifier, allowed, clause = '{ x }') => {
    const one = {
      file: at(file),
      specifier,
      typeOnly: clause.startsWith('type '),
      clause: clause.replace('type ', ''),
    };
    expect(breach(one) === undefined).toBe(allowed);
  });
});
