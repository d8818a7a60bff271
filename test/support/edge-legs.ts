/** Two legs of the RTP edge on a wire that remembers, and a clock that the test moves. */
import { expect } from 'vitest';
import { decodeG711 } from '../../src/codec/g711.ts';
import type { RemoteMedia } from '../../src/codec/media-control.ts';
import { createRtpView, parseRtp, type RtpView, writeRtpHeader } from '../../src/codec/rtp.ts';
import { writeTelephoneEvent } from '../../src/codec/telephone-event.ts';
import { EdgeLeg, type LegListener } from '../../src/media-engine/edge/edge-leg.ts';

/** A packet as it went out. */
export interface Sent extends RtpView {
  to: string;
  payload: Buffer;
}

/** A leg on a network that keeps what is sent. */
export class TestLeg {
  readonly sent: Sent[] = [];
  readonly sentRtcp: { packet: Buffer; to: string }[] = [];
  readonly leg: EdgeLeg;

  constructor(legId: string, listener: LegListener) {
    this.leg = new EdgeLeg({
      legId,
      listener,
      cname: 'test',
      unixAtZeroMs: 1_700_000_000_000,
      transport: {
        port: 4000,
        family: 4,
        sendRtp: (packet, offset, length, address, port) => {
          const bytes = Buffer.from(packet.subarray(offset, offset + length));
          const view = createRtpView();
          expect(parseRtp(bytes, view)).toBe(true);
          this.sent.push({ ...view, to: `${address}:${port}`, payload: bytes.subarray(view.payloadOffset) });
        },
        sendRtcp: (packet, address, port) => this.sentRtcp.push({ packet, to: `${address}:${port}` }),
      },
    });
  }
}

/** What the phones of both legs agreed upon, but for their codecs. */
export const negotiated: RemoteMedia = {
  address: '10.0.0.5',
  port: 6000,
  codec: 'PCMU',
  payloadType: 0,
  telephoneEventPayloadType: 101,
  ptimeMs: 20,
  direction: 'sendrecv',
  symmetric: false,
};

/** What both legs told. */
export let notices: string[];
export let a: TestLeg;
export let b: TestLeg;
let tick: number;

/** Makes both legs anew, µ-law at 10.0.0.5 and A-law at 10.0.0.6; to be called before each test. */
export function freshLegs(): void {
  notices = [];
  tick = 0;
  const listener: LegListener = {
    dtmf: (legId, digit, durationMs) => notices.push(`${legId} dtmf ${digit} ${durationMs}`),
    playEnded: (legId, playId) => notices.push(`${legId} played ${playId}`),
    media: (legId, address, port) => notices.push(`${legId} media ${address}:${port}`),
    silent: (legId, silentMs) => notices.push(`${legId} silent ${silentMs}`),
  };
  a = new TestLeg('a', listener);
  b = new TestLeg('b', listener);
  a.leg.setRemote(negotiated, 0);
  b.leg.setRemote(
    { ...negotiated, address: '10.0.0.6', codec: 'PCMA', payloadType: 8, telephoneEventPayloadType: 96 },
    0,
  );
}

/** Joins them. */
export function bridge(): void {
  a.leg.peer = b.leg;
  b.leg.peer = a.leg;
}

/** Lets so many beats pass for both. */
export function beats(count: number, before?: (tick: number, nowMs: number) => void): void {
  for (let n = 0; n < count; n++) {
    tick++;
    before?.(tick, tick * 20 - 1);
    for (const { leg } of [a, b]) leg.tick(tick, tick * 20);
  }
}

/** A packet arrives at a leg. */
export function hear(
  to: TestLeg,
  packet: {
    sequence: number;
    payload?: Buffer;
    payloadType?: number;
    marker?: boolean;
    from?: string;
    ssrc?: number;
    timestamp?: number;
  },
  nowMs = tick * 20,
): void {
  const payload = packet.payload ?? Buffer.alloc(160, 0x55);
  const bytes = Buffer.alloc(12 + payload.length);
  const timestamp = packet.timestamp ?? packet.sequence * 160;
  writeRtpHeader(
    bytes,
    0,
    packet.marker ?? false,
    packet.payloadType ?? 0,
    packet.sequence,
    timestamp,
    packet.ssrc ?? 77,
  );
  payload.copy(bytes, 12);
  const [address, port] = (packet.from ?? '10.0.0.5:6000').split(':') as [string, string];
  to.leg.receiveRtp(bytes, address, Number(port), nowMs);
}

/** The payload of a telephone event. */
export function event(digit: number, duration: number, end = false): Buffer {
  const payload = Buffer.alloc(4);
  writeTelephoneEvent(payload, 0, { event: digit, end, volume: 10, duration });
  return payload;
}

/** 20 ms of the beats' sound, decoded. */
export function heardBy(phone: TestLeg, codec: 'PCMU' | 'PCMA'): Int16Array {
  return decodeG711(codec, Buffer.concat(phone.sent.map(({ payload }) => payload)));
}
