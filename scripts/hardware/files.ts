/** Every file under `hardware/` that is made, from what, and its text. A test holds the files against it. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { labelStrip } from '../../src/domain/label-strip.ts';
import { readPinMap } from '../panel-pins.ts';
import { billCsv, billTable, powerTable } from './bill.ts';
import { boardsOf } from './boards.ts';
import { enclosureDrawing } from './enclosure.ts';
import { projectOf, schematicOf } from './kicad.ts';
import { cardLanguages, groups } from './lamp-language.ts';
import type { Board } from './netlist.ts';
import { nameOf, wallCard } from './wall-card.ts';

export const folder = resolve(import.meta.dirname, '../../hardware');

const read = (name: string): string => readFileSync(resolve(folder, name), 'utf8');

/** Names as an office has them: short, long, of several scripts. */
const exampleLabels = [
  'Callers waiting',
  'Lines to the outside',
  'Faults',
  'Sales queue',
  'Support queue, second level and returns of last year’s orders',
  'Anna Kovács',
  'Żaneta Świątek',
  'Ľubomír Šťastný',
  'Жанна Щербакова-Вознесенская',
  'Žydrūnas Jonušauskas',
  'Işıl Çağlayan',
  'Hotline',
].map((text, lamp) => ({ lamp, text }));

export const exampleStrip = (): string =>
  labelStrip({
    title: 'Example office: names of the lamp panel',
    hint: 'Print at 100 % (not "fit to page"). The line must be 100 mm long. Cut along the dashed lines.',
    labels: exampleLabels,
    buttons: ['Night mode', 'Acknowledge', '', 'Help'],
  });

/** What goes out by each connector. */
function connectorTable(boards: readonly Board[]): string {
  const rows = boards.flatMap((board) =>
    board.sections
      .flatMap(({ parts }) => parts)
      .filter(({ reference }) => /^J\d/.test(reference))
      .flatMap(({ reference, kind, nets }) =>
        [...kind.pins]
          .sort((one, other) => Number(one.number) - Number(other.number))
          .map(({ number }) => `| ${board.name} | ${reference} | ${number} | ${nets[number] ?? 'open'} |`),
      ),
  );
  return ['| board | connector | pin | net |', '|---|---|---|---|', ...rows].join('\n');
}

function lampTable(): string {
  const rows = groups.flatMap(({ title, rows: lamps }) =>
    lamps.map(({ shown, means }) => `| ${title.en} | ${nameOf(shown, 'en')} | ${means.en} |`),
  );
  return ['| where | lamp | means |', '|---|---|---|', ...rows].join('\n');
}

/** The page with what stands between the marks of each name made anew. */
export function withBlocks(page: string, blocks: Readonly<Record<string, string>>): string {
  let made = page;
  for (const [name, block] of Object.entries(blocks)) {
    const [begin, end] = [`<!-- made: ${name} -->`, `<!-- until here: ${name} -->`];
    const [from, to] = [made.indexOf(begin), made.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`the page has no place for ${name}`);
    made = `${made.slice(0, from + begin.length)}\n\n${block}\n\n${made.slice(to)}`;
  }
  return made;
}

/** Text by file name, all under `hardware/`. */
export function madeFiles(): Map<string, string> {
  const boards = boardsOf(readPinMap());
  const protocol = read('panel-protocol.md');
  const files = new Map<string, string>();
  const blocks: Record<string, string> = { connectors: connectorTable(boards) };
  for (const board of boards) {
    files.set(`kicad/${board.name}.kicad_sch`, schematicOf(board));
    files.set(`kicad/${board.name}.kicad_pro`, projectOf(board));
    files.set(`bill-of-materials-${board.name}.csv`, billCsv(board));
    blocks[`bill of ${board.name}`] = billTable(board);
    blocks[`power of ${board.name}`] = powerTable(board);
  }
  files.set('appliance.md', withBlocks(read('appliance.md'), { lamps: lampTable() }));
  files.set('building.md', withBlocks(read('building.md'), blocks));
  files.set('drawings/enclosure.svg', enclosureDrawing());
  files.set('drawings/label-strip.svg', exampleStrip());
  for (const language of cardLanguages)
    files.set(`drawings/wall-page-${language}.svg`, wallCard(language, protocol));
  return files;
}

/** Files that another program makes of ours, so that their bytes cannot be foretold: by name, what they are made of. */
export const exported: Readonly<Record<string, readonly string[]>> = {
  'kicad/panel.pdf': ['kicad/panel.kicad_sch'],
  'kicad/wall-lamp.pdf': ['kicad/wall-lamp.kicad_sch'],
  'drawings/enclosure.pdf': ['drawings/enclosure.svg'],
  'drawings/label-strip.pdf': ['drawings/label-strip.svg'],
  'drawings/wall-page.pdf': cardLanguages.map((language) => `drawings/wall-page-${language}.svg`),
};

/** What `exports.json` says: of which bytes each exported file was made. */
export function exportRecord(files: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(exported).map(([name, sources]) => {
      const hash = createHash('sha256');
      for (const source of sources) hash.update(files.get(source) ?? '');
      return [name, hash.digest('hex')];
    }),
  );
}
