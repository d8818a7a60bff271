import { describe, expect, it } from 'vitest';
import { parseRange } from '../../../src/api/byte-range.ts';
import { pcapOf } from '../../../src/api/pcap.ts';
import { RateLimiter, sourceKey } from '../../../src/api/rate-limiter.ts';
import { ladderOf } from '../../../src/api/sip-ladder.ts';
import { VirtualClock } from '../../../src/base/clock.ts';
import type { TappedMessage } from '../../../src/codec/engine-control.ts';

describe('Range (RFC 9110 section 14)', () => {
  it.each([
    [null, 'whole'],
    ['bytes=0-', { start: 0, end: 99 }],
    ['bytes=10-19', { start: 10, end: 19 }],
    ['bytes=90-200', { start: 90, end: 99 }],
    ['bytes=-10', { start: 90, end: 99 }],
    ['bytes=-500', { start: 0, end: 99 }],
    ['bytes=99-99', { start: 99, end: 99 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=20-10', 'whole'],
    ['bytes=-', 'whole'],
    ['bytes=0-1,5-6', 'whole'],
    ['lines=1-2', 'whole'],
    ['bytes=a-b', 'whole'],
    ['bytes=99999999999999999999-', 'whole'],
  ])('%s of 100 bytes is %o', (header, expected) => {
    expect(parseRange(header, 100)).toEqual(expected);
  });

  it('finds nothing to satisfy in an empty file', () => {
    expect(parseRange('bytes=0-', 0)).toBe('unsatisfiable');
    expect(parseRange('bytes=-5', 0)).toBe('unsatisfiable');
  });
});

const message = (more: Partial<TappedMessage>): TappedMessage => ({
  atMs: 1_700_000_000_123,
  direction: 'in',
  transport: 'udp',
  localAddress: '192.168.1.5',
  localPort: 5060,
  remoteAddress: '192.168.1.20',
  remotePort: 5062,
  callId: 'c',
  text: 'SIP/2.0 200 OK\r\nCSeq: 1 INVITE\r\n\r\n',
  ...more,
});

it('labels an answer with its status and the method it answers, and brackets IPv6 addresses', () => {
  expect(ladderOf([message({ localAddress: 'fd00::5' })]).messages[0]).toMatchObject({
    label: '200 OK (INVITE)',
    local: '[fd00::5]:5060',
  });
});

describe('pcap', () => {
  /** RFC 1071 over the bytes: 0 when a checksum within is right. */
  const sum = (bytes: Buffer): number => {
    let total = 0;
    for (let i = 0; i < bytes.length; i += 2) total += (bytes[i]! << 8) | (bytes[i + 1] ?? 0);
    while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
    return ~total & 0xffff;
  };

  it('is a raw IP capture with true time, addresses, ports and checksums', () => {
    const bytes = Buffer.from(pcapOf([message({})]));
    expect(bytes.subarray(0, 8).toString('hex')).toBe('d4c3b2a102000400');
    expect(bytes.readUInt32LE(20)).toBe(101);
    expect([bytes.readUInt32LE(24), bytes.readUInt32LE(28)]).toEqual([1_700_000_000, 123_000]);
    const packet = bytes.subarray(40);
    expect(bytes.readUInt32LE(32)).toBe(packet.length);
    expect(packet.readUInt16BE(2)).toBe(packet.length);
    expect([...packet.subarray(12, 20)]).toEqual([192, 168, 1, 20, 192, 168, 1, 5]);
    expect([packet.readUInt16BE(20), packet.readUInt16BE(22)]).toEqual([5062, 5060]);
    expect(sum(packet.subarray(0, 20))).toBe(0);
    const pseudo = Buffer.concat([packet.subarray(12, 20), Buffer.from([0, 17]), packet.subarray(24, 26)]);
    expect(sum(Buffer.concat([pseudo, packet.subarray(20)]))).toBe(0);
    expect(packet.subarray(28).toString()).toBe(message({}).text);
  });

  it('turns the addresses round for what was sent, and speaks IPv6', () => {
    const bytes = Buffer.from(
      pcapOf([message({ direction: 'out', localAddress: 'fd00::5', remoteAddress: '::ffff:10.0.0.1' })]),
    );
    const packet = bytes.subarray(40);
    expect(packet[0]! >> 4).toBe(6);
    expect(packet.subarray(8, 24).toString('hex')).toBe('fd000000000000000000000000000005');
    expect(packet.subarray(24, 40).toString('hex')).toBe('00000000000000000000ffff0a000001');
  });

  it('numbers TCP segments so that a stream can be put together, cutting long texts', () => {
    const long = 'x'.repeat(70_000);
    const tcp = { transport: 'tcp' as const };
    const bytes = Buffer.from(
      pcapOf([message(tcp), message({ ...tcp, text: long }), message({ ...tcp, direction: 'out' })]),
    );
    const segments: { sequence: number; acknowledged: number; length: number }[] = [];
    for (let at = 24; at < bytes.length; ) {
      const length = bytes.readUInt32LE(at + 8);
      const segment = bytes.subarray(at + 16 + 20, at + 16 + length);
      segments.push({
        sequence: segment.readUInt32BE(4),
        acknowledged: segment.readUInt32BE(8),
        length: segment.length - 20,
      });
      at += 16 + length;
    }
    const first = message({}).text.length;
    expect(segments).toEqual([
      { sequence: 1, acknowledged: 1, length: first },
      { sequence: 1 + first, acknowledged: 1, length: 65_000 },
      { sequence: 65_001 + first, acknowledged: 1, length: 5_000 },
      { sequence: 1, acknowledged: 70_001 + first, length: first },
    ]);
  });

  it('is a valid empty capture without messages', () => {
    expect(pcapOf([])).toHaveLength(24);
  });
});

describe('rate limits', () => {
  it('double the wait with each failure up to the longest, and forget after an hour of peace', () => {
    const clock = new VirtualClock();
    const limiter = new RateLimiter(
      { free: 1, firstWaitMs: 1_000, maxWaitMs: 8_000, forgetMs: 3_600_000 },
      clock,
    );
    const waits: number[] = [];
    for (let i = 0; i < 6; i++) {
      clock.advance(limiter.waitMs('k'));
      limiter.begin('k')('failure');
      waits.push(limiter.waitMs('k'));
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
    clock.advance(3_600_000);
    limiter.begin('k')('success');
    expect(limiter.waitMs('k')).toBe(0);
  });

  it('remember 10,000 keys at most', () => {
    const limiter = new RateLimiter(
      { free: 1, firstWaitMs: 9e6, maxWaitMs: 9e6, forgetMs: 9e9 },
      new VirtualClock(),
    );
    limiter.begin('first')('failure');
    expect(limiter.waitMs('first')).toBeGreaterThan(0);
    for (let i = 0; i < 10_000; i++) limiter.begin(`k${i}`)('failure');
    expect(limiter.waitMs('first')).toBe(0);
    expect(limiter.waitMs('k9999')).toBeGreaterThan(0);
  });

  it.each([
    ['192.168.1.7', '192.168.1.7'],
    ['::ffff:192.168.1.7', '192.168.1.7'],
    ['2001:DB8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('see %s as %s', (address, key) => {
    expect(sourceKey(address)).toBe(key);
  });
});
