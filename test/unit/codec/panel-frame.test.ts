import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  crc16,
  encodePanelFrame,
  maxPanelFrameBytes,
  type PanelFrame,
  PanelFrameParser,
} from '../../../src/codec/panel-frame.ts';
import vectors from '../../vectors/panel-frame.json' with { type: 'json' };

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const anyFrame: fc.Arbitrary<PanelFrame> = fc.record({
  version: fc.nat(255),
  address: fc.nat(255),
  sequence: fc.nat(255),
  type: fc.nat(255),
  payload: fc.uint8Array({ maxLength: 96, size: 'max' }),
});
/** Bytes with many half frames among them. */
const noise = fc.array(fc.oneof(fc.constantFrom(0xc0, 0xbd, 0x01, 0x60), fc.nat(255)), {
  maxLength: 300,
  size: 'max',
});

describe('the checksum', () => {
  it.each(vectors.crc)('of "$ascii" is $crc', ({ ascii, crc }) => {
    expect(crc16(Buffer.from(ascii)).toString(16)).toBe(crc);
  });
});

describe('a stream with', () => {
  it.each(vectors.streams)('$name', ({ hex, frames, discardedBytes, pendingBytes }) => {
    const parser = new PanelFrameParser();
    expect(parser.push(bytesOf(hex)).map((f) => hexOf(encodePanelFrame(f)))).toEqual(frames);
    expect(parser).toMatchObject({ discardedBytes, pendingBytes });
  });

  it.each(vectors.streams)(
    '$name gives the same when cut at any byte, or into single bytes',
    ({ hex, frames, ...rest }) => {
      const bytes = bytesOf(hex);
      for (let cut = 0; cut <= bytes.length; cut++) {
        const parser = new PanelFrameParser();
        const found = [...parser.push(bytes.subarray(0, cut)), ...parser.push(bytes.subarray(cut))];
        expect(found.map((f) => hexOf(encodePanelFrame(f)))).toEqual(frames);
        expect(parser).toMatchObject({
          discardedBytes: rest.discardedBytes,
          pendingBytes: rest.pendingBytes,
        });
      }
      const parser = new PanelFrameParser();
      const found = [...bytes].flatMap((byte) => parser.push(Uint8Array.of(byte)));
      expect(found.map((f) => hexOf(encodePanelFrame(f)))).toEqual(frames);
    },
  );
});

describe('a frame', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(anyFrame, (frame) => {
        const bytes = encodePanelFrame(frame);
        expect(bytes.length).toBeLessThanOrEqual(maxPanelFrameBytes);
        expect(new PanelFrameParser().push(bytes)).toEqual([frame]);
      }),
    );
  });

  it('is found behind any noise, once the line has fallen silent', () => {
    fc.assert(
      fc.property(noise, anyFrame, (before, frame) => {
        const parser = new PanelFrameParser();
        const bytes = Uint8Array.from([...before, ...encodePanelFrame(frame)]);
        const found = [...parser.push(bytes), ...parser.giveUp()];
        expect(found.at(-1)).toEqual(frame);
        const framed = found.reduce((sum, f) => sum + encodePanelFrame(f).length, 0);
        expect(parser.discardedBytes + framed).toBe(bytes.length);
        expect(parser.pendingBytes).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('with any one bit wrong is not taken for a frame', () => {
    fc.assert(
      fc.property(anyFrame, fc.nat(), (frame, bit) => {
        const bytes = encodePanelFrame(frame);
        const at = bit % (bytes.length * 8);
        bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7));
        const parser = new PanelFrameParser();
        expect([...parser.push(bytes), ...parser.giveUp()]).not.toContainEqual(frame);
      }),
    );
  });

  it('longer than 96 bytes of payload is refused', () => {
    const frame = { version: 1, address: 1, sequence: 0, type: 2, payload: new Uint8Array(97) };
    expect(() => encodePanelFrame(frame)).toThrow(RangeError);
  });
});
