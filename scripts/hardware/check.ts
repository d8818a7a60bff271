/** Checks the boards: by our own rules always, by KiCad's where it is installed; says which of them ran. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { readPinMap } from '../panel-pins.ts';
import { boardsOf } from './boards.ts';
import { exported, exportRecord, folder, madeFiles } from './files.ts';
import { kicadCli, kicadVersion, runProgram } from './kicad-cli.ts';
import { type Board, netsOf, partsOf } from './netlist.ts';
import { faultsOf } from './rules.ts';

const map = readPinMap();
const boards = boardsOf(map);
let faults = 0;

function report(title: string, found: readonly string[]): void {
  console.log(`${found.length === 0 ? 'good' : 'BAD '}  ${title}`);
  for (const one of found) console.log(`        ${one}`);
  faults += found.length;
}

function staleFiles(): string[] {
  const made = madeFiles();
  const stale = [...made]
    .filter(
      ([name, text]) =>
        !existsSync(resolve(folder, name)) || readFileSync(resolve(folder, name), 'utf8') !== text,
    )
    .map(([name]) => name);
  const record = JSON.parse(readFileSync(resolve(folder, 'exports.json'), 'utf8')) as Record<string, string>;
  const now = exportRecord(made);
  return [...stale, ...Object.keys(exported).filter((name) => record[name] !== now[name])];
}

/** What KiCad's electrical rule check finds; errors and warnings count. */
function ruleCheck(board: Board, scratch: string): string[] {
  const output = join(scratch, `${board.name}.json`);
  runProgram(kicadCli, [
    ...['sch', 'erc', '--format=json', '--severity-all', `--output=${output}`],
    resolve(folder, `kicad/${board.name}.kicad_sch`),
  ]);
  const { sheets } = JSON.parse(readFileSync(output, 'utf8')) as {
    sheets: { violations: { type: string; description: string; items: { description: string }[] }[] }[];
  };
  return sheets.flatMap(({ violations }) =>
    violations.map(
      ({ type, description, items }) =>
        `${type}: ${description} (${items.map((item) => item.description).join('; ')})`,
    ),
  );
}

/** Whether KiCad reads the very nets that we wrote: names aside, the same pins together. */
function netlistFaults(board: Board, scratch: string): string[] {
  const output = join(scratch, `${board.name}.net`);
  runProgram(kicadCli, [
    'sch',
    'export',
    'netlist',
    `--output=${output}`,
    resolve(folder, `kicad/${board.name}.kicad_sch`),
  ]);
  const read = new Map<string, string>();
  for (const chunk of readFileSync(output, 'utf8').split('(net (code').slice(1)) {
    const name = /\(name "\/?([^"]+)"/.exec(chunk)?.[1] ?? '';
    if (name.startsWith('unconnected-')) continue;
    const ends = [...chunk.matchAll(/\(ref "([^"]+)"\) \(pin "([^"]+)"\)/g)].map(
      ([, ref, pin]) => `${ref}.${pin}`,
    );
    read.set(name, ends.sort().join(' '));
  }
  const written = new Map(
    [...netsOf(board)].map(([net, ends]) => [
      net,
      ends
        .map(({ part, pin }) => `${part.reference}.${pin.number}`)
        .sort()
        .join(' '),
    ]),
  );
  const names = new Set([...read.keys(), ...written.keys()]);
  return [...names]
    .filter((name) => read.get(name) !== written.get(name))
    .map(
      (name) =>
        `${name}: KiCad reads ${read.get(name) ?? 'nothing'}, written was ${written.get(name) ?? 'nothing'}`,
    );
}

for (const board of boards)
  report(
    `${board.name}: own rules (${partsOf(board).length} parts, ${netsOf(board).size} nets)`,
    faultsOf(board, map),
  );
report('made files are current', staleFiles());

const version = kicadVersion();
if (version === undefined)
  console.log(
    '\nKiCad is not installed (no kicad-cli): its electrical rule check did NOT run, only our own rules did.',
  );
else {
  const scratch = mkdtempSync(join(tmpdir(), 'cordboard-hardware-'));
  try {
    for (const board of boards) {
      report(`${board.name}: electrical rule check of KiCad ${version}`, ruleCheck(board, scratch));
      report(`${board.name}: KiCad reads the nets that were written`, netlistFaults(board, scratch));
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
process.exitCode = faults === 0 ? 0 : 1;
