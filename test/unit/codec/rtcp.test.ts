import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeRtcp, ntpMiddle, ntpTime, parseRtcp, type RtcpReport } from '../../../src/codec/rtcp.ts';

const senderReport: RtcpReport = {
  ssrc: 0x1122_3344,
  sender: { ntpSeconds: 0xe5b1_2345, ntpFraction: 0x8000_0000, rtpTimestamp: 0xa0, packets: 3, octets: 480 },
  blocks: [
    {
      ssrc: 0xdead_beef,
      fractionLost: 64,
      cumulativeLost: -2,
      highestSequence: 0x1_0005,
      jitter: 12,
      lastSenderReport: 0x2345_8000,
      delaySinceLastSenderReport: 0x1_0000,
    },
  ],
  cname: 'ab@c',
};
const senderReportHex =
  '81c8000c11223344e5b1234580000000000000a000000003000001e0' +
  'deadbeef40fffffe000100050000000c2345800000010000' +
  '81ca000311223344010461624063' +
  '0000';

describe('RTCP', () => {
  test('sender report with block and CNAME is this on the wire, both ways', () => {
    expect(encodeRtcp(senderReport).toString('hex')).toBe(senderReportHex);
    expect(parseRtcp(Buffer.from(senderReportHex, 'hex'))).toEqual(senderReport);
  });

  test('receiver report without blocks, then BYE with a reason', () => {
    const report: RtcpReport = { ssrc: 7, blocks: [], bye: { reason: 'moved' } };
    const hex = '80c9000100000007' + '81cb000300000007056d6f7665640000';
    expect(encodeRtcp(report).toString('hex')).toBe(hex);
    expect(parseRtcp(Buffer.from(hex, 'hex'))).toEqual(report);
  });

  test('every CNAME length ends its chunk with a null byte on a word', () => {
    for (let length = 0; length < 12; length++) {
      const cname = 'x'.repeat(length);
      const packet = encodeRtcp({ ssrc: 1, blocks: [], cname });
      expect(packet.length % 4).toBe(0);
      expect(packet.at(-1)).toBe(0);
      expect(parseRtcp(packet)?.cname).toBe(cname);
    }
  });

  test('a part of unknown kind is skipped', () => {
    const feedback = '81cd000300000001000000020000000a';
    expect(parseRtcp(Buffer.from(`80c9000100000007${feedback}`, 'hex'))).toEqual({ ssrc: 7, blocks: [] });
  });

  test('cut short anywhere but between its parts it is refused', () => {
    const packet = Buffer.from(senderReportHex, 'hex');
    for (let length = 1; length < packet.length; length++) {
      expect(parseRtcp(packet.subarray(0, length)) === null, `at ${length}`).toBe(length !== 52);
    }
  });

  test('a compound that does not begin with a report is refused', () => {
    expect(parseRtcp(Buffer.from('81cb000100000007', 'hex'))).toBeNull();
    expect(parseRtcp(Buffer.alloc(0))).toBeNull();
  });

  test('any bytes never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (bytes) => {
        parseRtcp(Buffer.from(bytes));
        const likely = Buffer.from(senderReportHex, 'hex');
        for (const [at, byte] of bytes.entries()) if (byte % 4 === 0) likely[at % likely.length] = byte;
        parseRtcp(likely);
      }),
    );
  });

  test('NTP time is Unix time 70 years on, its middle 16.16 seconds', () => {
    const { seconds, fraction } = ntpTime(Date.UTC(2000, 0, 1) + 500);
    expect(seconds).toBe(3_155_673_600);
    expect(fraction).toBe(0x8000_0000);
    expect(ntpMiddle(seconds, fraction)).toBe((((3_155_673_600 & 0xffff) << 16) | 0x8000) >>> 0);
  });
});
