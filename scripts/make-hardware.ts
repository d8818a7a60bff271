/**
 * Makes what is made under `hardware/`: schematics for KiCad, bills of materials, tables of the building page, drawings,
 * the label strip and the page for the wall.
 *
 *     node scripts/make-hardware.ts              after a change of the pin map, of scripts/hardware/ or of the lamp language
 *     node scripts/make-hardware.ts --export     then PDF of all of it, and SVG of the schematics: needs kicad-cli (KICAD_CLI names another)
 *                                                and rsvg-convert (Debian: librsvg2-bin)
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { exported, exportRecord, folder, madeFiles } from './hardware/files.ts';
import { kicadCli, runProgram } from './hardware/kicad-cli.ts';

/** Megabytes of strokes: not kept with the sources. */
const svgFolder = resolve(folder, '../.cache/hardware');

const files = madeFiles();
for (const [name, text] of files) {
  const file = resolve(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
console.log(`${files.size} files made`);

if (process.argv.includes('--export')) {
  for (const [name, sources] of Object.entries(exported)) {
    const target = resolve(folder, name);
    const paths = sources.map((source) => resolve(folder, source));
    if (!name.startsWith('kicad/'))
      runProgram('rsvg-convert', ['--format=pdf', `--output=${target}`, ...paths]);
    else {
      runProgram(kicadCli, ['sch', 'export', 'pdf', '--black-and-white', `--output=${target}`, ...paths]);
      runProgram(kicadCli, ['sch', 'export', 'svg', '--black-and-white', `--output=${svgFolder}`, ...paths]);
    }
  }
  writeFileSync(resolve(folder, 'exports.json'), `${JSON.stringify(exportRecord(files), null, 2)}\n`);
  console.log(`${Object.keys(exported).length} files exported; schematics as SVG are in ${svgFolder}`);
}
