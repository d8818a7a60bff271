import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { billOf, lampMilliamps } from '../../../scripts/hardware/bill.ts';
import { boardsOf, panelBoard } from '../../../scripts/hardware/boards.ts';
import {
  buttonPlaces,
  buttonWindowY,
  holes,
  lampPlaces,
  windowHeight,
  windowX,
  windowY,
} from '../../../scripts/hardware/enclosure.ts';
import { exported, exportRecord, folder, madeFiles } from '../../../scripts/hardware/files.ts';
import { cardLanguages, groups, secondsOf } from '../../../scripts/hardware/lamp-language.ts';
import { type Board, netsOf, partsOf } from '../../../scripts/hardware/netlist.ts';
import { faultsOf } from '../../../scripts/hardware/rules.ts';
import { headerFile, readPinMap } from '../../../scripts/panel-pins.ts';
import { front } from '../../../src/domain/label-strip.ts';
import { lampWords } from '../../../src/domain/lamps/words.ts';

const map = readPinMap();
const boards = boardsOf(map);
const read = (name: string): string => readFileSync(resolve(folder, name), 'utf8');

/** Reference and net at each pin, from the text of the schematic: what it says, not what was meant. */
function pinsInSheet(board: Board): Map<string, string | null> {
  const text = read(`kicad/${board.name}.kicad_sch`);
  const labels = new Map<string, string>();
  for (const [, net = '', x, y] of text.matchAll(/\(label "([^"]+)" \(at (\S+) (\S+)/g))
    labels.set(`${x} ${y}`, net);
  const wires = new Map<string, string>();
  for (const [, x, y, toX, toY] of text.matchAll(/\(wire \(pts \(xy (\S+) (\S+?)\) \(xy (\S+) (\S+?)\)\)/g))
    wires.set(`${x} ${y}`, `${toX} ${toY}`);
  const library = new Map<string, { number: string; x: number; y: number }[]>();
  for (const chunk of text.split('(symbol "cordboard:').slice(1)) {
    const name = chunk.slice(0, chunk.indexOf('"'));
    const pins = [...chunk.matchAll(/\(pin \S+ line \(at (\S+) (\S+) \d+\).*?\(number "([^"]+)"/g)];
    library.set(
      name,
      pins.map(([, x, y, number = '']) => ({ number, x: Number(x), y: Number(y) })),
    );
  }
  const found = new Map<string, string | null>();
  const near = (value: number): string => `${Math.round(value * 100) / 100}`;
  for (const [, name = '', x, y, rest = ''] of text.matchAll(
    /\(symbol \(lib_id "cordboard:([^"]+)"\) \(at (\S+) (\S+) 0\)([\s\S]*?)\(instances/g,
  )) {
    const reference = /"Reference" "([^"]+)"/.exec(rest)?.[1] ?? '';
    for (const pin of library.get(name) ?? []) {
      const end = wires.get(`${near(Number(x) + pin.x)} ${near(Number(y) - pin.y)}`);
      found.set(`${reference}.${pin.number}`, end === undefined ? null : (labels.get(end) ?? null));
    }
  }
  return found;
}

describe('the boards', () => {
  it.each(boards)('$name has no fault that our rules find', (board) => {
    expect(faultsOf(board, map)).toEqual([]);
  });

  it.each(boards)('the schematic of $name puts each pin where the netlist has it', (board) => {
    const sheet = pinsInSheet(board);
    for (const { reference, kind, nets } of partsOf(board))
      for (const { number } of kind.pins)
        expect([reference, number, sheet.get(`${reference}.${number}`)]).toEqual([
          reference,
          number,
          nets[number],
        ]);
  });

  it.each(boards)('the microcontroller of $name is at the pins of the firmware’s header', (board) => {
    const header = readFileSync(headerFile, 'utf8');
    const sheet = pinsInSheet(board);
    const chip = partsOf(board).find(({ reference }) => reference === 'U1');
    const signals = [...header.matchAll(/#define PIN_(\w+) ([A-D]), (\d)/g)];
    expect(signals).toHaveLength(map.pins.length);
    for (const [, signal = '', port, bit] of signals) {
      const pin = chip?.kind.pins.find(({ name }) => name === `P${port}${bit}`);
      const net = sheet.get(`U1.${pin?.number}`);
      expect([signal, net]).toEqual([signal, signal in board.unusedSignals ? null : signal]);
    }
  });

  it('light lamp n of each colour at output n of its chain', () => {
    const nets = netsOf(panelBoard(map));
    for (const colour of map.chains.colours)
      for (let lamp = 0; lamp < 32; lamp++) {
        const anodes = nets.get(`${colour.toUpperCase()}_${lamp}`)?.map(({ part }) => part.reference) ?? [];
        expect(anodes).toContain(`D${100 + lamp}`);
        const output = nets
          .get(`${colour.toUpperCase()}_OUT_${lamp}`)
          ?.find(({ part }) => part.kind.symbol === '74HC595');
        expect(output?.pin.name).toBe(`Q${'ABCDEFGH'[lamp % 8]}`);
        expect(output?.part.reference.at(-1)).toBe(`${Math.floor(lamp / 8)}`);
      }
  });

  it('load a register with less than its 70 mA', () => {
    for (const colour of ['red', 'green', 'blue'] as const)
      expect(8 * lampMilliamps(colour)).toBeLessThan(45);
  });

  it('have an order number and a footprint for every part that is soldered', () => {
    for (const board of boards)
      for (const { kind, references } of billOf(board)) {
        expect(kind.orderNumber, kind.value).not.toBe('');
        expect(kind.manufacturer, kind.value).not.toBe('');
        if (references.length > 0) expect(kind.footprint, kind.value).toMatch(/^[\w.]+:\S+$/);
      }
  });
});

describe('our rules', () => {
  /** The panel with the net of one pin exchanged. */
  function broken(reference: string, pin: string, net: string | null | undefined): string[] {
    const board = panelBoard(map);
    const sections = board.sections.map((section) => ({
      ...section,
      parts: section.parts.map((part) => {
        if (part.reference !== reference) return part;
        const { [pin]: _, ...rest } = part.nets;
        return { ...part, nets: net === undefined ? rest : { ...rest, [pin]: net } };
      }),
    }));
    return faultsOf({ ...board, sections }, map);
  }

  it.each([
    ['a pin that is forgotten', 'U2', '6', undefined, 'U2 pin 6 (A) is neither connected nor left open'],
    ['a net with one end', 'U2', '6', 'NOWHERE', 'NOWHERE ends at U2 pin 6'],
    ['an open supply pin', 'U10', '16', null, 'U10 pin 16 (VCC) must not be left open'],
    ['an open input', 'U10', '13', null, 'U10 pin 13 (~{OE}) must not be left open'],
    ['two outputs on one net', 'U2', '1', 'RED_CHAIN_1', 'RED_CHAIN_1 is driven by 2 outputs'],
    ['a supply pin at a signal', 'U10', '16', 'STATUS', 'STATUS feeds supply pins, but nothing supplies it'],
    ['a signal at another pin than the map says', 'U1', '11', 'BUZZER', 'pin 11 is at BUZZER, not at STATUS'],
    [
      'a signal at a pin the map does not give it',
      'U1',
      '2',
      'STATUS',
      'pin 2 is at STATUS, which the pin map has elsewhere',
    ],
    ['a pin that does not exist', 'U2', '9', 'GND', 'U2 has no pin 9'],
  ])('find %s', (_, reference, pin, net, fault) => {
    expect(broken(reference, pin, net)).toContain(fault);
  });
});

describe('what is made under hardware/', () => {
  it('is current: `node scripts/make-hardware.ts` changes nothing', () => {
    for (const [name, text] of madeFiles()) expect(read(name) === text, `${name} is current`).toBe(true);
  });

  it('was printed from these sources: `node scripts/make-hardware.ts --export` is not due', () => {
    expect(JSON.parse(read('exports.json'))).toEqual(exportRecord(madeFiles()));
    for (const name of Object.keys(exported)) expect(read(name).slice(0, 5)).toBe('%PDF-');
  });

  it('names each pin of the microcontroller as the pin map does, on every page', () => {
    const ports = new Map(map.pins.map(({ port, bit, name }) => [`P${port}${bit}`, name]));
    // The programmer's clock has no signal of the firmware.
    ports.set('PB5', 'PROGRAMMER_CLOCK');
    const signals = new Set([...map.pins.map(({ name }) => name), 'PROGRAMMER_CLOCK']);
    const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));
    expect(pages).toContain('building.md');
    for (const page of pages)
      for (const line of read(page).split('\n')) {
        for (const [port] of line.matchAll(/\bP[BCD]\d\b/g))
          expect([page, port, ports.has(port)]).toEqual([page, port, true]);
        for (const [signal] of line.matchAll(
          /\b(?:LINE|LAMPS|BUTTON|RED|GREEN|BLUE|PROGRAMMER)_[A-Z0-9]+\b/g,
        ))
          expect([page, signal, signals.has(signal)]).toEqual([page, signal, true]);
        // A line of a table that has a signal and a port has them of the same pin.
        const [, signal, port] = /^\| (\w+) \| (P[BCD]\d) \|/.exec(line) ?? [];
        if (signal && port) expect([page, signal]).toEqual([page, ports.get(port)]);
      }
  });
});

describe('the front of the panel', () => {
  it('has a hole for each lamp and button of the pin map, apart and on the plate', () => {
    expect(lampPlaces).toHaveLength(32);
    expect(buttonPlaces).toHaveLength(map.pins.filter(({ name }) => name.startsWith('BUTTON_')).length);
    const radius = holes.lamp.diameter / 2;
    for (const [at, { x, y }] of [...lampPlaces, ...buttonPlaces].entries()) {
      expect(x).toBeGreaterThan(radius + 5);
      expect(x).toBeLessThan(holes.width - radius - 5);
      expect(y).toBeLessThan(holes.height - holes.button.side / 2 - 5);
      for (const other of [...lampPlaces, ...buttonPlaces].slice(at + 1))
        expect(Math.hypot(other.x - x, other.y - y)).toBeGreaterThan(holes.lamp.diameter + 5);
    }
  });
});

describe('the strips of the front', () => {
  it('lie beside each other, beside the lamps and above the buttons, though larger than their windows', () => {
    const { overlap, cell, buttonCell } = front;
    expect(buttonWindowY - overlap).toBeGreaterThan(windowY + windowHeight + overlap);
    expect(buttonWindowY + buttonCell.height).toBeLessThan(holes.button.y - holes.button.side / 2);
    for (let column = 0; column < front.columns; column++) {
      const lamp = lampPlaces[column * front.rows]?.x ?? 0;
      expect(windowX(column) - overlap).toBeGreaterThan(lamp + holes.lamp.diameter / 2);
      const next = lampPlaces[(column + 1) * front.rows]?.x ?? holes.width;
      expect(windowX(column) + cell.width + overlap).toBeLessThan(next - holes.lamp.diameter / 2);
    }
  });

  it('have each name beside its lamp', () => {
    for (const [lamp, { y }] of lampPlaces.entries())
      expect(windowY + ((lamp % front.rows) + 0.5) * front.cell.height).toBe(y);
  });
});

describe('the page for the wall', () => {
  it('has every word of the lamps, in six languages', () => {
    const shown = groups.flatMap(({ rows }) => rows.map((row) => row.shown));
    for (const [name, word] of Object.entries(lampWords))
      expect([name, shown.includes(word)]).toEqual([name, true]);
    for (const { rows } of groups)
      for (const { means } of rows) {
        expect(Object.keys(means).sort()).toEqual([...cardLanguages].sort());
        expect(new Set(Object.values(means)).size).toBe(cardLanguages.length);
      }
  });

  it('keeps red for faults and emergencies', () => {
    const red = groups.flatMap(({ rows }) => rows.filter((row) => row.shown.colour === 'red'));
    expect(red.map(({ means }) => means.en.split(/[ :]/)[0])).toEqual(['Fault', 'Emergency']);
  });

  it('draws the patterns as the protocol says', () => {
    const protocol = read('panel-protocol.md');
    expect(secondsOf(protocol, 'steady')).toBeUndefined();
    expect(secondsOf(protocol, 'slow')).toEqual([0.5, 0.5]);
    expect(secondsOf(protocol, 'fast')).toEqual([0.125, 0.125]);
    expect(secondsOf(protocol, 'double')).toEqual([0.1, 0.15, 0.1, 0.65]);
  });
});
