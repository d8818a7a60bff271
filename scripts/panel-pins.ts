/**
 * Makes what stands for the lamp panel's pins elsewhere from `hardware/pins.json`: the firmware's header and the tables
 * of the board's page.
 *
 *     node scripts/panel-pins.ts      after a change of the pin map
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

export interface PinMap {
  microcontroller: string;
  clockHz: number;
  /** Bytes in hexadecimal, for the programmer. */
  fuses: Record<'low' | 'high' | 'extended' | 'lock', string>;
  pins: {
    name: string;
    port: string;
    bit: number;
    /** Pin of the TQFP-32 package. */
    tqfp32: number;
    direction: string;
    purpose: string;
  }[];
  chains: {
    colours: string[];
    /** The registers of each chain from the one next to the microcontroller on, and the lamp at each output. */
    registers: { register: number; outputs: Record<string, number> }[];
  };
}

const root = resolve(import.meta.dirname, '..');
export const headerFile = resolve(root, 'firmware/panel/avr/pins.h');
export const boardFile = resolve(root, 'hardware/panel-board.md');

export function readPinMap(): PinMap {
  return JSON.parse(readFileSync(resolve(root, 'hardware/pins.json'), 'utf8')) as PinMap;
}

export function headerOf({ pins, clockHz }: PinMap): string {
  return [
    '/** Made by scripts/panel-pins.ts from hardware/pins.json: change it there. Port and bit of each pin. */',
    '#pragma once',
    '',
    `#define BOARD_CLOCK_HZ ${clockHz}ul`,
    '',
    ...pins.map(({ name, port, bit, purpose }) => `/** ${purpose} */\n#define PIN_${name} ${port}, ${bit}`),
    '',
  ].join('\n');
}

const begin = '<!-- made from pins.json -->';
const end = '<!-- until here -->';

/** The page with its tables made anew; what stands outside of the marks is kept. */
export function boardPage(page: string, map: PinMap): string {
  const [before, after] = [page.indexOf(begin), page.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`${boardFile} has no place for the tables`);
  return `${page.slice(0, before + begin.length)}\n\n${tablesOf(map)}\n\n${page.slice(after)}`;
}

function tablesOf({ microcontroller, clockHz, fuses, pins, chains }: PinMap): string {
  const outputs = Object.keys(chains.registers[0]?.outputs ?? {});
  return [
    `${microcontroller}, crystal ${clockHz / 1e6} MHz. Fuses (hexadecimal): low ${fuses.low}, high ${fuses.high}, extended ${fuses.extended}; lock bits ${fuses.lock}.`,
    '',
    '| signal | port | pin (TQFP-32) | direction | purpose |',
    '|---|---|---|---|---|',
    ...pins.map(
      (pin) => `| ${pin.name} | P${pin.port}${pin.bit} | ${pin.tqfp32} | ${pin.direction} | ${pin.purpose} |`,
    ),
    '',
    `Lamps at the outputs of the registers, the same in each chain (${chains.colours.join(', ')}); register 0 is next to the microcontroller:`,
    '',
    `| register | ${outputs.join(' | ')} |`,
    `|---|${outputs.map(() => '---|').join('')}`,
    ...chains.registers.map((r) => `| ${r.register} | ${outputs.map((o) => r.outputs[o]).join(' | ')} |`),
  ].join('\n');
}

if (import.meta.main) {
  const map = readPinMap();
  writeFileSync(headerFile, headerOf(map));
  writeFileSync(boardFile, boardPage(readFileSync(boardFile, 'utf8'), map));
}
