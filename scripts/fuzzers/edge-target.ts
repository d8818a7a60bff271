/** Two bridged legs of the RTP edge, one of whose peers sends anything: what must hold behind the readers. */
import type { RemoteMedia } from '../../src/codec/media-control.ts';
import { encodeRtcp } from '../../src/codec/rtcp.ts';
import { createRtpView, isRtcp, parseRtp, writeRtpHeader } from '../../src/codec/rtp.ts';
import { EdgeLeg, maxRtpBytes } from '../../src/media-engine/edge/edge-leg.ts';
import { type FuzzTarget, must } from './target.ts';

const remote = {
  address: '192.0.2.1',
  port: 4000,
  codec: 'PCMU',
  payloadType: 0,
  telephoneEventPayloadType: 101,
  ptimeMs: 20,
  direction: 'sendrecv',
  symmetric: false,
} as const satisfies RemoteMedia;

/** Pairs of legs that treat packets each in its own way: passed on, converted and cut, made even and listened to. */
const pairs: readonly [RemoteMedia, RemoteMedia][] = [
  [remote, remote],
  [
    { ...remote, codec: 'G722', payloadType: 9, telephoneEventClockRate: 48_000 },
    { ...remote, codec: 'PCMA', payloadType: 8, ptimeMs: 30 },
  ],
  [
    { ...remote, fromAfar: true, hearTones: true },
    { ...remote, wantsEven: true, codec: 'G722', payloadType: 9, ptimeMs: 15 },
  ],
];

/** Every packet is followed by a beat of true work: an input is so many at most. */
const longestMs = 400 * 20;

const view = createRtpView();
const listener = { dtmf() {}, playEnded() {}, media() {}, silent() {} };

function leg(legId: string, remote: RemoteMedia): EdgeLeg {
  const made = new EdgeLeg({
    legId,
    listener,
    cname: 'fuzz',
    unixAtZeroMs: 1_700_000_000_000,
    transport: {
      port: 4000,
      family: 4,
      sendRtp: (packet, offset, length) => {
        must(length <= maxRtpBytes, 'what goes out is no larger than a packet');
        must(parseRtp(packet.subarray(offset, offset + length), view), 'what goes out is RTP');
      },
      sendRtcp: () => {},
    },
  });
  made.setRemote(remote, 0);
  return made;
}

/** Packets one after the other, each with its length in two bytes before it; the high bit says that it is RTCP. */
function seed(packets: readonly [kind: 'rtp' | 'rtcp', packet: Buffer][]): Buffer {
  return Buffer.concat(
    packets.flatMap(([kind, packet]) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(packet.length | (kind === 'rtcp' ? 0x8000 : 0));
      return [length, packet];
    }),
  );
}

function rtp(sequence: number, payloadType = 0, payload: Buffer = Buffer.alloc(20, 0x55)): Buffer {
  const packet = Buffer.alloc(12 + payload.length);
  writeRtpHeader(packet, 0, false, payloadType, sequence, sequence * 160, 7);
  payload.copy(packet, 12);
  return packet;
}

const event = (duration: number, end: boolean): Buffer =>
  Buffer.of(5, end ? 0x8a : 0x0a, duration >> 8, duration & 0xff);

export const edgeTarget: FuzzTarget = {
  name: 'edge',
  isText: false,
  seeds: [
    seed([1, 2, 3, 4].map((n) => ['rtp', rtp(n)])),
    seed([
      ['rtp', rtp(1, 101, event(160, false))],
      ['rtp', rtp(2, 101, event(320, false))],
      ['rtp', rtp(3, 101, event(480, true))],
      ['rtp', rtp(4, 13, Buffer.of(50))],
      ['rtp', rtp(5, 8)],
    ]),
    seed([
      ['rtp', rtp(1)],
      ['rtcp', encodeRtcp({ ssrc: 7, blocks: [], cname: 'a', bye: { reason: 'b' } })],
    ]),
  ],
  words: [
    Buffer.of(0, 12),
    Buffer.of(0x80, 0x65),
    Buffer.of(0xff, 0xff),
    Buffer.of(0x80, 0x1c),
    Buffer.alloc(8),
  ],
  run(input) {
    const [remoteA, remoteB] = pairs[input.length % pairs.length] ?? [remote, remote];
    const a = leg('a', remoteA);
    const b = leg('b', remoteB);
    a.peer = b;
    b.peer = a;
    let nowMs = 0;
    let packets = 0;
    for (let at = 0; at + 2 <= input.length && nowMs < longestMs; ) {
      const length = input.readUInt16BE(at);
      const packet = Buffer.from(input.subarray(at + 2, at + 2 + (length & 0x7fff)));
      nowMs += 20;
      if (length < 0x8000) {
        if (packet.length > maxRtpBytes || !parseRtp(packet, view) || !isRtcp(view)) packets++;
        a.receiveRtp(packet, '192.0.2.1', 4000, nowMs);
      } else a.receiveRtcp(packet, '192.0.2.1', 4001, nowMs);
      for (const each of [a, b]) each.tick(nowMs / 20, nowMs);
      at += 2 + packet.length;
    }
    const { packetsReceived, packetsLost, invalidDropped, foreignDropped, mos, jitterMaxMs } = a.quality();
    must(packetsReceived + invalidDropped + foreignDropped === packets, 'every packet is counted once');
    must(packetsLost >= 0 && jitterMaxMs >= 0 && jitterMaxMs <= 1000, 'counts are possible ones');
    must(mos === null || (mos >= 1 && mos <= 4.5), 'MOS is within its scale');
    a.close(nowMs);
    b.close(nowMs);
    const few = (count: number): number => Math.min(count, 3);
    return `${few(packetsReceived)} ${few(invalidDropped)} ${few(foreignDropped)} ${packetsLost > 0}`;
  },
};
