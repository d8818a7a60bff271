import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createRtpView,
  parseRtp,
  rtpHeaderBytes,
  sequenceDelta,
  timestampDelta,
  writeRtpHeader,
} from '../../../src/codec/rtp.ts';

const plain = Buffer.from('8080fffe0000a0deadbeef01', 'hex');

describe('an RTP packet', () => {
  test('without extras is read field by field', () => {
    const view = createRtpView();
    const packet = Buffer.from('8088fffe0000a0dedeadbeefd5d5d5', 'hex');
    expect(parseRtp(packet, view)).toBe(true);
    expect(view).toEqual({
      marker: true,
      payloadType: 8,
      sequence: 0xfffe,
      timestamp: 0xa0de,
      ssrc: 0xdeadbeef,
      payloadOffset: 12,
      payloadBytes: 3,
    });
  });

  test('with CSRCs, an extension and padding has its payload between them', () => {
    const view = createRtpView();
    const packet = Buffer.from('b265000100000002000000030000000a0000000bbede000111223344aabbcc000003', 'hex');
    expect(parseRtp(packet, view)).toBe(true);
    expect(view).toMatchObject({ marker: false, payloadType: 0x65, payloadOffset: 28, payloadBytes: 3 });
    expect(packet.subarray(28, 31).toString('hex')).toBe('aabbcc');
  });

  test('is written as it is read', () => {
    const packet = Buffer.alloc(14);
    writeRtpHeader(packet, 2, true, 101, 0x1_0007, 0x1_0000_0009, 0xcafe_babe);
    expect(packet.toString('hex')).toBe('000080e5000700000009cafebabe');
  });

  test.each([
    ['shorter than a header', plain.subarray(0, 11)],
    ['of version 1', Buffer.from('4000000000000000000000000000', 'hex')],
    ['whose CSRCs are missing', Buffer.from('8f0000000000000000000000', 'hex')],
    ['whose extension is cut short', Buffer.from('900000000000000000000000bede0002aaaaaaaa', 'hex')],
    ['whose padding is longer than the payload', Buffer.from('a00000000000000000000000aa03', 'hex')],
    ['whose padding claims to be nothing', Buffer.from('a00000000000000000000000aa00', 'hex')],
  ])('%s is refused', (_what, packet) => {
    expect(parseRtp(packet, createRtpView())).toBe(false);
  });

  test('of any bytes never throws, and its payload lies within it', () => {
    const view = createRtpView();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (bytes, versionTwo) => {
        const packet = Buffer.from(bytes);
        if (versionTwo && packet.length > 0) packet[0] = 0x80 | ((packet[0] as number) & 0x3f);
        if (!parseRtp(packet, view)) return;
        expect(view.payloadOffset).toBeGreaterThanOrEqual(rtpHeaderBytes);
        expect(view.payloadBytes).toBeGreaterThanOrEqual(0);
        expect(view.payloadOffset + view.payloadBytes).toBeLessThanOrEqual(packet.length);
      }),
    );
  });
});

test('sequence numbers are compared around their end', () => {
  expect(sequenceDelta(2, 0xffff)).toBe(3);
  expect(sequenceDelta(0xffff, 2)).toBe(-3);
  expect(sequenceDelta(0x8000, 0)).toBe(-0x8000);
});

test('timestamps are compared around their end', () => {
  expect(timestampDelta(100, 0xffff_ffff)).toBe(101);
  expect(timestampDelta(0xffff_ffff, 100)).toBe(-101);
});
