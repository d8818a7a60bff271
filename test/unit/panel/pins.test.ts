import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { boardFile, boardPage, headerFile, headerOf, readPinMap } from '../../../scripts/panel-pins.ts';

const map = readPinMap();

describe('the pin map of the lamp panel', () => {
  it('is what the firmware is built with, and what the page of the board says', () => {
    expect(readFileSync(headerFile, 'utf8')).toBe(headerOf(map));
    const page = readFileSync(boardFile, 'utf8');
    expect(boardPage(page, map)).toBe(page);
  });

  it('gives each pin to one signal, none to the crystal, reset or supply', () => {
    const unusable = [3, 4, 5, 6, 7, 8, 18, 20, 21, 29];
    const ports = map.pins.map(({ port, bit }) => `${port}${bit}`);
    const numbers = map.pins.map(({ tqfp32 }) => tqfp32);
    expect(new Set(ports).size).toBe(map.pins.length);
    expect(new Set(numbers).size).toBe(map.pins.length);
    expect(numbers.filter((pin) => unusable.includes(pin))).toEqual([]);
  });

  it('names the pins of the package as the data sheet does', () => {
    const first: Record<string, (bit: number) => number> = {
      B: (bit) => 12 + bit,
      C: (bit) => 23 + bit,
      D: (bit) => [30, 31, 32, 1, 2, 9, 10, 11][bit] ?? 0,
    };
    for (const { port, bit, tqfp32, name } of map.pins)
      expect([name, tqfp32]).toEqual([name, first[port]?.(bit)]);
  });

  it('keeps what the firmware takes for granted', () => {
    const at = (name: string) => map.pins.find((pin) => pin.name === name);
    // Hardware of the microcontroller: serial line, timer 2, and all chains shifted through one port.
    expect([at('LINE_RX'), at('LINE_TX')]).toMatchObject([
      { port: 'D', bit: 0 },
      { port: 'D', bit: 1 },
    ]);
    expect(at('BUZZER')).toMatchObject({ port: 'D', bit: 3 });
    for (const name of ['RED_DATA', 'GREEN_DATA', 'BLUE_DATA', 'LAMPS_CLOCK', 'LAMPS_LATCH'])
      expect(at(name)?.port).toBe('B');
    // Lamp n is the nth output from the microcontroller on.
    const lamps = map.chains.registers.flatMap(({ outputs }) => Object.values(outputs));
    expect(lamps).toEqual(Array.from({ length: 32 }, (_, lamp) => lamp));
    // An exact baud rate and an exact tick; the bootloader's section and start in the high fuse.
    expect(map.clockHz % (16 * 115_200)).toBe(0);
    expect(map.clockHz % (64 * 1024)).toBe(0);
    expect(map.fuses.high).toBe('D0');
  });
});
