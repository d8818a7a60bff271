/**
 * Our own rule check of a board, for where KiCad is not there and for what KiCad cannot know: that every pin of the
 * microcontroller is what the pin map says.
 */
import type { PinMap } from '../panel-pins.ts';
import { type Board, netsOf, partsOf } from './netlist.ts';

/** Pins that cannot be left open: data sheets of microcontroller, registers and transceiver ask for a level. */
const mustBeDriven = new Set(['input', 'power_in']);
/** Inputs of the microcontroller that have nothing to do with the board. */
const mayStayOpen = new Set(['ADC6', 'ADC7']);

/** What is wrong with the board, in words; empty: nothing found. */
export function faultsOf(board: Board, map: PinMap): string[] {
  return [...partFaults(board), ...netFaults(board), ...pinMapFaults(board, map)];
}

function partFaults(board: Board): string[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const { reference, kind, nets } of partsOf(board)) {
    if (seen.has(reference)) faults.push(`${reference} is there twice`);
    seen.add(reference);
    const numbers = kind.pins.map(({ number }) => number);
    if (new Set(numbers).size < numbers.length) faults.push(`${reference}: a pin number is there twice`);
    for (const number of Object.keys(nets))
      if (!numbers.includes(number)) faults.push(`${reference} has no pin ${number}`);
    for (const { number, name, type } of kind.pins) {
      const net = nets[number];
      if (net === undefined)
        faults.push(`${reference} pin ${number} (${name}) is neither connected nor left open`);
      if (net === null && mustBeDriven.has(type) && !mayStayOpen.has(name))
        faults.push(`${reference} pin ${number} (${name}) must not be left open`);
    }
  }
  return faults;
}

function netFaults(board: Board): string[] {
  const faults: string[] = [];
  const nets = netsOf(board);
  for (const [net, ends] of nets) {
    const first = ends[0];
    if (ends.length < 2) faults.push(`${net} ends at ${first?.part.reference} pin ${first?.pin.number}`);
    const driving = ends.filter(({ pin }) => pin.type === 'output' || pin.type === 'power_out');
    if (driving.length > 1) faults.push(`${net} is driven by ${driving.length} outputs`);
    if (ends.some(({ pin }) => pin.type === 'power_in') && !board.supplied.includes(net))
      faults.push(`${net} feeds supply pins, but nothing supplies it`);
  }
  for (const net of board.supplied) if (!nets.has(net)) faults.push(`${net} is supplied, but does not exist`);
  return faults;
}

function pinMapFaults(board: Board, map: PinMap): string[] {
  const faults: string[] = [];
  const chip = partsOf(board).find(({ kind }) => kind.value === map.microcontroller);
  if (!chip) return [`there is no ${map.microcontroller}`];
  for (const { name, port, bit, tqfp32 } of map.pins) {
    const pin = chip.kind.pins.find(({ number }) => number === `${tqfp32}`);
    if (pin?.name !== `P${port}${bit}`) faults.push(`pin ${tqfp32} is ${pin?.name}, not P${port}${bit}`);
    const net = chip.nets[tqfp32];
    const wanted = name in board.unusedSignals ? null : name;
    if ((net ?? null) !== wanted) faults.push(`pin ${tqfp32} is at ${net ?? 'nothing'}, not at ${name}`);
  }
  const named = new Set(map.pins.map(({ tqfp32 }) => `${tqfp32}`));
  const signals = new Set(map.pins.map(({ name }) => name));
  for (const { number } of chip.kind.pins)
    if (!named.has(number) && signals.has(chip.nets[number] ?? ''))
      faults.push(`pin ${number} is at ${chip.nets[number]}, which the pin map has elsewhere`);
  const clock = partsOf(board).find(({ reference }) => reference === 'Y1');
  if (clock?.kind.value !== `${map.clockHz / 1e6} MHz`)
    faults.push('the crystal is not the one of the pin map');
  return faults;
}
