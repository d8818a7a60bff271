import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  digitOfEvent,
  eventOfDigit,
  parseTelephoneEvent,
  type TelephoneEvent,
  writeTelephoneEvent,
} from '../../../src/codec/telephone-event.ts';

const blank = (): TelephoneEvent => ({ event: 99, end: false, volume: 0, duration: 0 });

describe('a telephone event', () => {
  test.each([
    ['058a0320', { event: 5, end: true, volume: 10, duration: 800 }],
    ['0b0000a0', { event: 11, end: false, volume: 0, duration: 160 }],
    ['0f3fffff', { event: 15, end: false, volume: 63, duration: 0xffff }],
  ])('%s means the same read and written', (hex, event) => {
    const read = blank();
    expect(parseTelephoneEvent(Buffer.from(hex, 'hex'), 0, 4, read)).toBe(true);
    expect(read).toEqual(event);
    const written = Buffer.alloc(6);
    writeTelephoneEvent(written, 2, event);
    expect(written.toString('hex')).toBe(`0000${hex}`);
  });

  test('has a volume of six bits: the reserved bit beside it is ignored', () => {
    const read = blank();
    parseTelephoneEvent(Buffer.from('05ca0320', 'hex'), 0, 4, read);
    expect(read.volume).toBe(10);
    expect(read.end).toBe(true);
  });

  test('of fewer than four bytes is refused and leaves the target alone', () => {
    const read = blank();
    for (let bytes = 0; bytes < 4; bytes++) {
      expect(parseTelephoneEvent(Buffer.from('058a0320', 'hex'), 0, bytes, read)).toBe(false);
      expect(parseTelephoneEvent(Buffer.from('058a0320', 'hex').subarray(0, bytes), 0, 4, read)).toBe(false);
    }
    expect(read).toEqual(blank());
  });

  test('written and read is itself', () => {
    fc.assert(
      fc.property(
        fc.record({
          event: fc.nat(255),
          end: fc.boolean(),
          volume: fc.nat(63),
          duration: fc.nat(0xffff),
        }),
        (event) => {
          const bytes = Buffer.alloc(4);
          writeTelephoneEvent(bytes, 0, event);
          const read = blank();
          parseTelephoneEvent(bytes, 0, 4, read);
          expect(read).toEqual(event);
        },
      ),
    );
  });
});

test('the sixteen digits have the codes of RFC 4733 table 3, and nothing else has one', () => {
  expect([...'0123456789*#ABCD'].map(eventOfDigit)).toEqual([...Array(16).keys()]);
  expect([...Array(16).keys()].map(digitOfEvent).join('')).toBe('0123456789*#ABCD');
  expect(eventOfDigit('d')).toBe(15);
  expect(eventOfDigit('')).toBeUndefined();
  expect(eventOfDigit('12')).toBeUndefined();
  expect(eventOfDigit('E')).toBeUndefined();
  expect(digitOfEvent(16)).toBeUndefined();
});
