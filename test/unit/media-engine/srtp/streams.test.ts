import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { createRtpView, parseRtp, rtpHeaderBytes, writeRtpHeader } from '../../../../src/codec/rtp.ts';
import { type SrtpSuite, srtpKeySizes, srtpSuites } from '../../../../src/codec/sdes.ts';
import { createPacketCipher } from '../../../../src/media-engine/srtp/create-cipher.ts';
import {
  estimateIndex,
  ReplayWindow,
  replayWindowPackets,
} from '../../../../src/media-engine/srtp/packet-index.ts';
import { SrtpReceiver } from '../../../../src/media-engine/srtp/srtp-receiver.ts';
import { SrtpSender } from '../../../../src/media-engine/srtp/srtp-sender.ts';

const suite = 'AES_CM_128_HMAC_SHA1_80';

/** A key that is the same for the same seed. */
function keyOf(name: SrtpSuite, seed = 1): string {
  const { key, salt } = srtpKeySizes[name];
  return Buffer.from(Array.from({ length: key + salt }, (_, i) => (i * 31 + seed * 7) & 0xff)).toString(
    'base64',
  );
}

function rtp(sequence: number, ssrc = 0xcafe, text = `packet ${sequence}`): Buffer {
  const packet = Buffer.alloc(rtpHeaderBytes + text.length);
  writeRtpHeader(packet, 0, false, 0, sequence & 0xffff, sequence * 160, ssrc);
  packet.write(text, rtpHeaderBytes, 'latin1');
  return packet;
}

/** A compound packet: receiver report without blocks, and something behind it. */
function rtcp(ssrc = 0xcafe): Buffer {
  const packet = Buffer.from('80c900010000000081ca000200000000010474657374', 'hex');
  packet.writeUInt32BE(ssrc, 4);
  return packet;
}

const senderOf = (name: SrtpSuite, seed?: number): SrtpSender =>
  new SrtpSender(createPacketCipher(name, keyOf(name, seed)));
const receiverOf = (name: SrtpSuite, seed?: number): SrtpReceiver =>
  new SrtpReceiver(createPacketCipher(name, keyOf(name, seed)));

/** As it arrives: bytes of their own. */
function seal(sender: SrtpSender, packet: Buffer): Buffer {
  const sealed = sender.sealRtp(packet, 0, packet.length, rtpHeaderBytes);
  if (!sealed) throw new Error('the packet was not sealed');
  return Buffer.from(sealed);
}

function textOf(opened: Buffer | string): string {
  return typeof opened === 'string' ? opened : opened.toString('latin1', rtpHeaderBytes);
}

describe('the index of a packet', () => {
  it.each([
    [100, 101, 101],
    [100, 99, 99],
    [65_535, 0, 65_536],
    [65_536, 65_535, 65_535],
    [3 * 65_536 + 10, 65_530, 2 * 65_536 + 65_530],
    [2 * 65_536 + 65_530, 10, 3 * 65_536 + 10],
    [40_000, 7_000, 65_536 + 7_000],
    [40_000, 7_300, 7_300],
    [5, 65_530, -6],
  ])('after %i, sequence %i is number %i', (highest, sequence, index) => {
    expect(estimateIndex(highest, sequence)).toBe(index);
  });

  it('is right whatever the way up to half the range', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0x8000, max: 2 ** 46 }),
        fc.integer({ min: -0x7fff, max: 0x7fff }),
        (highest, step) => estimateIndex(highest, (highest + step) & 0xffff) === highest + step,
      ),
    );
  });
});

describe('the replay window', () => {
  it('agrees with a plain list of what was seen', () => {
    const steps = fc.array(fc.integer({ min: -replayWindowPackets - 20, max: 300 }), { maxLength: 200 });
    fc.assert(
      fc.property(steps, (moves) => {
        const window = new ReplayWindow();
        const seen = new Set<number>();
        let highest = -1;
        for (const move of moves) {
          const index = Math.max(0, Math.max(0, highest) + move);
          const isNew = !seen.has(index) && index > highest - replayWindowPackets;
          expect(window.isNew(index)).toBe(isNew);
          if (!isNew) continue;
          window.add(index);
          seen.add(index);
          highest = Math.max(highest, index);
        }
      }),
    );
  });
});

describe.each(srtpSuites)('%s', (name) => {
  let sender: SrtpSender;
  let receiver: SrtpReceiver;

  beforeEach(() => {
    sender = senderOf(name);
    receiver = receiverOf(name);
  });

  it('opens what it sealed, of every length, and nothing of it can be read on the way', () => {
    for (let length = 0; length < 200; length++) {
      const text = 'readable '.repeat(25).slice(0, length);
      const sealed = seal(sender, rtp(length, 7, text));
      expect(sealed.toString('latin1')).not.toContain('readable');
      expect(textOf(receiver.openRtp(sealed))).toBe(text);
    }
  });

  it('refuses a packet with any bit turned, and leaves no trace of it', () => {
    const sealed = seal(sender, rtp(1));
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const forged = Buffer.from(sealed);
      forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(typeof receiver.openRtp(forged)).toBe('string');
    }
    expect(receiver.highestIndexes().size).toBe(0);
    expect(textOf(receiver.openRtp(sealed))).toBe('packet 1');
  });

  it('leaves a packet that is not authentic as it was', () => {
    const foreign = seal(senderOf(name, 2), rtp(1));
    const copy = Buffer.from(foreign);
    expect(receiver.openRtp(foreign)).toBe('forged');
    expect(foreign).toEqual(copy);
  });

  it('takes each packet once, in any order within the window', () => {
    const packets = Array.from({ length: 100 }, (_, i) => seal(sender, rtp(i)));
    for (const at of [5, 3, 99, 4, 90])
      expect(textOf(receiver.openRtp(Buffer.from(packets[at] as Buffer)))).toBe(`packet ${at}`);
    for (const at of [5, 3, 99, 4, 90])
      expect(receiver.openRtp(Buffer.from(packets[at] as Buffer))).toBe('repeated');
  });

  it('goes on over the wraps of the sequence, with packets of before and after mixed', () => {
    for (const wrap of [65_536, 2 * 65_536]) {
      for (let n = wrap - 65_436; n < wrap - 10; n += 20_000) receiver.openRtp(seal(sender, rtp(n)));
      for (let n = wrap - 10; n < wrap + 10; n += 2) {
        for (const at of [n + 1, n])
          expect(textOf(receiver.openRtp(seal(sender, rtp(at))))).toBe(`packet ${at}`);
      }
    }
    expect(receiver.highestIndexes().get(0xcafe)).toBe(2 * 65_536 + 9);
  });

  it('opens a stream whose beginning, with a wrap in it, was lost', () => {
    seal(sender, rtp(65_535));
    expect(textOf(receiver.openRtp(seal(sender, rtp(65_536))))).toBe('packet 65536');
  });

  it('keeps the count of each SSRC apart', () => {
    const other = senderOf(name);
    for (let n = 65_000; n < 65_600; n++)
      expect(typeof receiver.openRtp(seal(sender, rtp(n, 1)))).toBe('object');
    for (let n = 10; n < 20; n++) expect(typeof receiver.openRtp(seal(other, rtp(n, 2)))).toBe('object');
    expect(textOf(receiver.openRtp(seal(sender, rtp(65_600, 1))))).toBe('packet 65600');
  });

  it('remembers no more than a bounded number of streams', () => {
    for (let ssrc = 1; ssrc <= 100; ssrc++) receiver.openRtp(seal(senderOf(name), rtp(1, ssrc)));
    expect(receiver.highestIndexes().size).toBe(16);
    expect(receiver.highestIndexes().has(100)).toBe(true);
  });

  it('opens a stream under a new key, whether the peer goes on counting wraps or begins anew', () => {
    const latest = 3 * 65_536 - 100;
    for (const first of [latest + 1, (latest + 1) % 65_536]) {
      const rekeyed = senderOf(name, 2);
      for (let n = first % 20_000; n < first; n += 20_000) seal(rekeyed, rtp(n));
      const receiving = new SrtpReceiver(
        createPacketCipher(name, keyOf(name, 2)),
        new Map([[0xcafe, latest]]),
      );
      expect(textOf(receiving.openRtp(seal(rekeyed, rtp(first))))).toBe(`packet ${first}`);
    }
  });

  it('never seals two packets with one number', () => {
    seal(sender, rtp(1));
    expect(sender.sealRtp(rtp(1, 0xcafe, 'something else'), 0, 26, rtpHeaderBytes)).toBeUndefined();
  });

  it('seals and opens RTCP, each packet once', () => {
    const sealed = Buffer.from(sender.sealRtcp(rtcp()) as Buffer);
    const second = Buffer.from(sender.sealRtcp(rtcp()) as Buffer);
    expect(second).not.toEqual(sealed);
    expect(receiver.openRtcp(Buffer.from(second))).toEqual(rtcp());
    expect(receiver.openRtcp(Buffer.from(sealed))).toEqual(rtcp());
    expect(receiver.openRtcp(Buffer.from(sealed))).toBe('repeated');
    for (let at = 0; at < sealed.length; at++) {
      const forged = Buffer.from(Buffer.from(sender.sealRtcp(rtcp()) as Buffer));
      forged[at] = (forged[at] ?? 0) ^ 1;
      expect(typeof receiver.openRtcp(forged)).toBe('string');
    }
  });

  it('takes nothing for a packet that is too short or too long', () => {
    for (const length of [0, 1, 8, 11, 12, 15, 30]) {
      const packet = Buffer.alloc(length, 0x80);
      expect(typeof receiver.openRtp(packet)).toBe('string');
      expect(typeof receiver.openRtcp(packet)).toBe('string');
    }
    expect(receiver.openRtp(Buffer.alloc(4000, 0x80))).toBe('malformed');
    expect(receiver.openRtcp(Buffer.alloc(4000, 0x80))).toBe('malformed');
  });

  it('steps over a key identifier', () => {
    const sealed = seal(sender, rtp(1));
    const tagBytes = { AEAD_AES_128_GCM: 0, AES_CM_128_HMAC_SHA1_80: 10, AES_CM_128_HMAC_SHA1_32: 4 }[name];
    const at = sealed.length - tagBytes;
    const marked = Buffer.concat([sealed.subarray(0, at), Buffer.from([0, 0, 0, 1]), sealed.subarray(at)]);
    const receiving = new SrtpReceiver(createPacketCipher(name, keyOf(name), 4));
    expect(textOf(receiving.openRtp(marked))).toBe('packet 1');
  });
});

describe('what stays readable', () => {
  it('is the header with contributing sources and extension', () => {
    const packet = Buffer.alloc(12 + 8 + 4 + 4 + 5);
    writeRtpHeader(packet, 0, false, 0, 9, 9, 9);
    packet[0] = 0x92; // extension, two contributing sources
    packet.writeUInt16BE(1, 12 + 8 + 2);
    packet.write('hello', 28, 'latin1');
    const cipher = createPacketCipher(suite, keyOf(suite));
    const sealing = Buffer.concat([packet, Buffer.alloc(10)]);
    cipher.sealRtp(sealing, 28, packet.length, 9, 9);
    expect(sealing.subarray(0, 28)).toEqual(packet.subarray(0, 28));
    const opened = receiverOf(suite).openRtp(sealing);
    const view = createRtpView();
    expect(typeof opened === 'object' && parseRtp(opened, view) && view.payloadOffset).toBe(28);
    expect(opened).toEqual(packet);
  });
});
