/** The two boards: the panel of 32 lamps for the desk or wall, and the lamp that hangs far away on the same line. */
import type { PinMap } from '../panel-pins.ts';
import type { Board, Part, PartKind, Section } from './netlist.ts';
import { parts } from './parts.ts';

const supply = '+5V';
const ground = 'GND';

type Nets = Record<string, string | null>;

const part = (reference: string, kind: PartKind, nets: Nets): Part => ({ reference, kind, nets });
const across = (reference: string, kind: PartKind, one: string, two: string): Part =>
  part(reference, kind, { 1: one, 2: two });

/** Counts references up: C1, C2 … */
function counter(letter: string): () => string {
  let count = 0;
  return () => `${letter}${++count}`;
}

/**
 * The microcontroller: what the pin map names is at the net of that name, unless the board leaves it open; the rest of
 * its pins is supply, crystal, reset and the programmer's clock.
 */
function microcontroller(map: PinMap, unused: Readonly<Record<string, string>>): Part {
  const nets: Nets = {
    4: supply,
    6: supply,
    18: supply,
    20: 'AREF',
    3: ground,
    5: ground,
    21: ground,
    29: 'RESET',
    7: 'XTAL1',
    8: 'XTAL2',
    17: 'PROGRAMMER_CLOCK',
  };
  for (const { number } of parts.microcontroller.pins) nets[number] ??= null;
  for (const { name, tqfp32 } of map.pins) if (!(name in unused)) nets[tqfp32] = name;
  return part('U1', parts.microcontroller, nets);
}

/** What both boards have: microcontroller, its crystal and programmer, the line with its guard and end. */
function core(
  map: PinMap,
  unused: Readonly<Record<string, string>>,
  c: () => string,
  r: () => string,
): Section[] {
  return [
    {
      title: 'Microcontroller',
      parts: [
        microcontroller(map, unused),
        part('Y1', parts.crystal, { 1: 'XTAL1', 2: ground, 3: 'XTAL2', 4: ground }),
        across(c(), parts.c27p, 'XTAL1', ground),
        across(c(), parts.c27p, 'XTAL2', ground),
        ...[supply, supply, supply, 'AREF', 'RESET'].map((net) => across(c(), parts.c100n, net, ground)),
        across(r(), parts.r10k, 'RESET', supply),
        part('J3', parts.programmer, {
          1: 'LAMPS_LATCH',
          2: supply,
          3: 'PROGRAMMER_CLOCK',
          4: 'LAMPS_CLOCK',
          5: 'RESET',
          6: ground,
        }),
        across(r(), parts.r1k, 'STATUS', 'STATUS_LIGHT'),
        part('D1', parts.status, { 1: ground, 2: 'STATUS_LIGHT' }),
        across(r(), parts.r1k, 'BUZZER', 'BUZZER_PIEZO'),
        across('BZ1', parts.buzzer, 'BUZZER_PIEZO', ground),
      ],
    },
    {
      title: 'RS-485 line',
      newColumn: true,
      parts: [
        part('U2', parts.transceiver, {
          1: 'LINE_RX',
          2: 'LINE_DRIVE',
          3: 'LINE_DRIVE',
          4: 'LINE_TX',
          5: ground,
          6: 'BUS_A',
          7: 'BUS_B',
          8: supply,
        }),
        across(c(), parts.c100n, supply, ground),
        across(r(), parts.r10k, 'LINE_RX', supply),
        across(r(), parts.r10k, 'LINE_DRIVE', ground),
        across(r(), parts.terminator, 'BUS_A', 'BUS_END'),
        across('JP1', parts.jumperPins, 'BUS_END', 'BUS_B'),
        part('D2', parts.lineGuard, { 1: 'BUS_A', 2: 'BUS_B', 3: ground }),
      ],
    },
  ];
}

const busConnectors = (voltage: string): Part[] =>
  ['J1', 'J2'].map((reference) =>
    part(reference, parts.bus, { 1: voltage, 2: 'BUS_A', 3: 'BUS_B', 4: ground }),
  );

const buttonOf = (number: number, r: () => string): Part[] => [
  across(`SW${number + 1}`, parts.button, `BUTTON_${number}_CONTACT`, ground),
  across(r(), parts.r1k, `BUTTON_${number}_CONTACT`, `BUTTON_${number}`),
];

const outputPins: Record<string, string> = {
  QA: '15',
  QB: '1',
  QC: '2',
  QD: '3',
  QE: '4',
  QF: '5',
  QG: '6',
  QH: '7',
};

/** A chain of registers with the resistors behind it: register 0 takes the data, each hands on to the next. */
function chainOf(map: PinMap, colour: string, at: number, c: () => string): Section {
  const name = colour.toUpperCase();
  const resistors = colour === 'red' ? parts.lampsRed : parts.lampsOther;
  const registers = map.chains.registers;
  return {
    title: `Chain ${colour}`,
    newColumn: true,
    parts: registers.flatMap(({ register, outputs }) => {
      const lamps = Object.entries(outputs);
      const nets: Nets = {
        14: register === 0 ? `${name}_DATA` : `${name}_CHAIN_${register}`,
        11: 'LAMPS_CLOCK',
        12: 'LAMPS_LATCH',
        13: 'LAMPS_DARK',
        10: supply,
        16: supply,
        8: ground,
        9: register + 1 < registers.length ? `${name}_CHAIN_${register + 1}` : null,
      };
      for (const [output, lamp] of lamps) nets[outputPins[output] ?? ''] = `${name}_OUT_${lamp}`;
      const networks = [0, 1].map((half) => {
        const four = lamps.slice(half * 4, half * 4 + 4);
        const ends: Nets = {};
        four.forEach(([, lamp], index) => {
          ends[index + 1] = `${name}_OUT_${lamp}`;
          ends[8 - index] = `${name}_${lamp}`;
        });
        return part(`RN${at}${register * 2 + half}`, resistors, ends);
      });
      return [
        part(`U${at}${register}`, parts.register, nets),
        across(c(), parts.c100n, supply, ground),
        ...networks,
      ];
    }),
  };
}

export function panelBoard(map: PinMap): Board {
  const [c, r] = [counter('C'), counter('R')];
  const lamps = map.chains.registers.flatMap(({ outputs }) => Object.values(outputs));
  const buttons = map.pins.filter(({ name }) => name.startsWith('BUTTON_'));
  return {
    name: 'panel',
    title: 'Cordboard lamp panel, 32 lamps',
    paper: { name: 'A1', widthMm: 841, heightMm: 594 },
    supplied: [supply, ground],
    notes: [
      'Made by scripts/make-hardware.ts from hardware/pins.json and scripts/hardware/: change it there.',
      'Nets of one name are one net. 5 V come in by J1 or J2 pin 1; J1 and J2 are the same.',
      'JP1 is set on the last board of the line only.',
    ],
    unusedSignals: {},
    loose: [
      { kind: parts.busPlug, count: 1 },
      { kind: parts.jumper, count: 1 },
    ],
    sections: [
      {
        title: 'Supply 5 V',
        parts: [
          ...busConnectors('VIN'),
          across('F1', parts.fuse5, 'VIN', supply),
          part('D3', parts.surge5, { 1: supply, 2: ground }),
          ...[1, 2, 3, 4].map(() => across(c(), parts.c22u, supply, ground)),
        ],
      },
      ...core(map, {}, c, r),
      {
        title: 'Buttons, dark until the firmware runs',
        parts: [
          across(r(), parts.r10k, 'LAMPS_DARK', supply),
          ...buttons.flatMap((_, number) => buttonOf(number, r)),
        ],
      },
      ...map.chains.colours.map((colour, index) => chainOf(map, colour, index + 1, c)),
      {
        title: 'Lamps',
        newColumn: true,
        parts: lamps.map((lamp) =>
          part(`D${100 + lamp}`, parts.lamp, {
            4: `RED_${lamp}`,
            5: `GREEN_${lamp}`,
            6: `BLUE_${lamp}`,
            1: ground,
            2: ground,
            3: ground,
          }),
        ),
      },
    ],
  };
}

/** How many pixels the wall lamp carries: lamps 0 to 7 of its firmware. */
const pixels = 8;

export function wallLamp(map: PinMap): Board {
  const [c, r] = [counter('C'), counter('R')];
  const noRegisters = 'no registers on this board';
  const unusedSignals = {
    LAMPS_DARK: noRegisters,
    GREEN_DATA: noRegisters,
    BLUE_DATA: noRegisters,
    BUTTON_1: 'one button only',
    BUTTON_2: 'one button only',
    BUTTON_3: 'one button only',
  };
  return {
    name: 'wall-lamp',
    title: 'Cordboard wall lamp, RS-485',
    paper: { name: 'A3', widthMm: 420, heightMm: 297 },
    supplied: ['VIN_SAFE', supply, ground],
    notes: [
      'Made by scripts/make-hardware.ts from hardware/pins.json and scripts/hardware/: change it there.',
      'Nets of one name are one net. 12 or 24 V come in by J1 or J2 pin 1. Firmware for hardware 03.',
      'JP1 is set on the last board of the line only.',
    ],
    unusedSignals,
    loose: [
      { kind: parts.busPlug, count: 1 },
      { kind: parts.jumper, count: 1 },
    ],
    sections: [
      {
        title: 'Supply 12 or 24 V',
        parts: [
          ...busConnectors('VIN'),
          across('F1', parts.fuse24, 'VIN', 'VIN_SAFE'),
          part('D3', parts.surge26, { 1: 'VIN_SAFE', 2: ground }),
          across(c(), parts.c10u50, 'VIN_SAFE', ground),
          part('U3', parts.converter, { 1: 'VIN_SAFE', 2: ground, 3: supply }),
          ...[1, 2].map(() => across(c(), parts.c22u, supply, ground)),
        ],
      },
      ...core(map, unusedSignals, c, r),
      {
        title: 'Lamps 0 to 7, one button',
        parts: [
          ...buttonOf(0, r),
          across(r(), parts.r330, 'RED_DATA', 'PIXEL_0'),
          ...Array.from({ length: pixels }, (_, pixel) => [
            part(`D${100 + pixel}`, parts.pixel, {
              1: supply,
              2: `PIXEL_${pixel + 1}`,
              3: ground,
              4: `PIXEL_${pixel}`,
            }),
            across(c(), parts.c100n, supply, ground),
          ]).flat(),
          across(r(), parts.r330, `PIXEL_${pixels}`, 'STRIP_DATA'),
          part('J4', parts.strip, { 1: 'STRIP_DATA', 2: ground }),
        ],
      },
    ],
  };
}

export const boardsOf = (map: PinMap): Board[] => [panelBoard(map), wallLamp(map)];
