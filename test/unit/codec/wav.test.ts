import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { g711WavHeader, mendG711Header, parseWav, wavHeaderBytes } from '../../../src/codec/wav.ts';

/** A header of the plainest kind, as most programs write it. */
function linearHeader(dataBytes: number, between = Buffer.alloc(0)): Buffer {
  const head = Buffer.from('524946460000000057415645', 'hex');
  const format = Buffer.from('666d74201000000001000100401f0000803e000002001000', 'hex');
  const data = Buffer.from('6461746100000000', 'hex');
  data.writeUInt32LE(dataBytes, 4);
  return Buffer.concat([head, format, between, data]);
}

describe('a WAV header', () => {
  test('of linear samples is read', () => {
    expect(parseWav(linearHeader(320))).toEqual({
      encoding: 'linear',
      channels: 1,
      sampleRateHz: 8000,
      bitsPerSample: 16,
      dataOffset: 44,
      dataBytes: 320,
    });
  });

  test('with other chunks before the data, of odd length too, is read', () => {
    const list = Buffer.from('4c49535403000000414243ff', 'hex');
    expect(parseWav(linearHeader(4, list))).toMatchObject({ dataOffset: 56, dataBytes: 4 });
  });

  test('of our recordings is byte for byte this, and reads back', () => {
    const header = g711WavHeader('PCMU', 2, 1600);
    expect(header.toString('hex')).toBe(
      `52494646${'72060000'}57415645666d74201200000007000200401f0000803e0000020008000000` +
        `66616374040000002003000064617461${'40060000'}`,
    );
    expect(header.length).toBe(wavHeaderBytes);
    expect(parseWav(header)).toMatchObject({
      encoding: 'PCMU',
      channels: 2,
      dataOffset: 58,
      dataBytes: 1600,
    });
  });

  test('counts the padding of an odd length in the file, not in the data', () => {
    const header = g711WavHeader('PCMA', 1, 3);
    expect(header.readUInt32LE(4)).toBe(wavHeaderBytes - 8 + 4);
    expect(header.readUInt32LE(54)).toBe(3);
  });

  test('of the extensible form says its true encoding in the sub-format', () => {
    const format = Buffer.alloc(40);
    format.writeUInt16LE(0xfffe, 0);
    format.writeUInt16LE(1, 2);
    format.writeUInt32LE(8000, 4);
    format.writeUInt16LE(16, 14);
    format.writeUInt16LE(1, 24);
    const chunk = Buffer.concat([Buffer.from('666d742028000000', 'hex'), format]);
    const file = Buffer.concat([linearHeader(0).subarray(0, 12), chunk, linearHeader(8).subarray(36)]);
    expect(parseWav(file)).toMatchObject({ encoding: 'linear', bitsPerSample: 16, dataBytes: 8 });
  });

  test('cut short anywhere says in words what is missing', () => {
    const whole = linearHeader(320);
    for (let length = 0; length < whole.length; length++) {
      expect(parseWav(whole.subarray(0, length))).toBeTypeOf('string');
    }
  });

  test('of any bytes never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        parseWav(Buffer.from(bytes));
        parseWav(Buffer.concat([linearHeader(0).subarray(0, 12), bytes]));
        mendG711Header(Buffer.from(bytes.subarray(0, wavHeaderBytes)), bytes.length);
      }),
    );
  });
});

describe('mending', () => {
  const written = (dataBytes: number, claimed: number): Buffer =>
    Buffer.concat([g711WavHeader('PCMU', 2, claimed), Buffer.alloc(dataBytes, 0xff)]);

  test('a recording cut at any byte yields a header that fits what is there', () => {
    const whole = written(40, 24);
    for (let size = 0; size <= whole.length; size++) {
      const file = whole.subarray(0, size);
      const mended = mendG711Header(file.subarray(0, wavHeaderBytes), size);
      const expectedData = Math.max(0, size - wavHeaderBytes) & ~1;
      if (size === wavHeaderBytes + 24) {
        expect(mended).toBeNull(); // just what the header says
        continue;
      }
      expect(mended?.fileBytes).toBe(wavHeaderBytes + expectedData);
      expect(mended?.header.equals(g711WavHeader('PCMU', 2, expectedData))).toBe(true);
    }
  });

  test('leaves foreign files alone', () => {
    expect(mendG711Header(linearHeader(4), 48)).toBeNull();
    expect(mendG711Header(Buffer.from('OggS'), 4)).toBeNull();
  });
});
