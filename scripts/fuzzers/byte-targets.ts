/** RTP, RTCP, telephone events, the admin protocol and the panel's line. */
import { encodeFrame, FrameReader, parseApplicationFrame } from '../../src/codec/drachtio-wire.ts';
import { decodePanelAnswer, encodePanelAnswer } from '../../src/codec/panel-answer.ts';
import { PanelFrameParser } from '../../src/codec/panel-frame.ts';
import { decodePanelRequest, encodePanelRequest } from '../../src/codec/panel-request.ts';
import { encodeRtcp, parseRtcp } from '../../src/codec/rtcp.ts';
import { createRtpView, parseRtp, writeRtpHeader } from '../../src/codec/rtp.ts';
import { parseApplicationMessage } from '../../src/codec/sip-message.ts';
import {
  parseTelephoneEvent,
  telephoneEventBytes,
  writeTelephoneEvent,
} from '../../src/codec/telephone-event.ts';
import { type FuzzTarget, must, within, words } from './target.ts';
import { panelVectors, sipVectors } from './vectors.ts';

const edges = [0, 1, 0x7f, 0x80, 0x90, 0xa0, 0xbf, 0xc8, 0xc9, 0xca, 0xcb, 0xff].map((byte) =>
  Buffer.of(byte),
);
const numbers = [...edges, Buffer.of(0xff, 0xff), Buffer.alloc(4), Buffer.alloc(4, 0xff)];

function rtpSeed(payload: number, extra: Buffer): Buffer {
  const packet = Buffer.alloc(12 + payload);
  writeRtpHeader(packet, 0, true, 0, 1, 160, 0x12345678);
  return Buffer.concat([packet, extra]);
}

const view = createRtpView();
const rtp: FuzzTarget = {
  name: 'rtp',
  isText: false,
  seeds: [
    rtpSeed(160, Buffer.alloc(0)),
    Buffer.concat([Buffer.of(0x90), rtpSeed(0, Buffer.of(0xbe, 0xde, 0, 1, 1, 2, 3, 4, 5)).subarray(1)]),
    Buffer.concat([Buffer.of(0xa2), rtpSeed(40, Buffer.of(0, 0, 0, 4)).subarray(1)]),
  ],
  words: numbers,
  run(input) {
    if (!parseRtp(input, view)) return 'none';
    const { payloadOffset, payloadBytes, payloadType, sequence } = view;
    must(payloadOffset >= 12 && within(payloadBytes, input.length), 'the payload begins behind the header');
    must(payloadOffset + payloadBytes <= input.length, 'the payload lies within the packet');
    must(within(payloadType, 127) && within(sequence, 0xffff), 'numbers are in range');
    return `rtp ${(input[0] ?? 0) >> 4} ${payloadBytes > 0}`;
  },
};

const block = {
  ssrc: 1,
  fractionLost: 3,
  cumulativeLost: -5,
  highestSequence: 70_000,
  jitter: 4,
  lastSenderReport: 9,
  delaySinceLastSenderReport: 8,
};
const sender = { ntpSeconds: 1, ntpFraction: 2, rtpTimestamp: 3, packets: 4, octets: 5 };
const rtcp: FuzzTarget = {
  name: 'rtcp',
  isText: false,
  seeds: [
    encodeRtcp({ ssrc: 1, sender, blocks: [block, block], cname: 'a@b' }),
    encodeRtcp({ ssrc: 1, blocks: [], cname: 'c', bye: { reason: 'over' } }),
  ],
  words: numbers,
  run(input) {
    const report = parseRtcp(input);
    if (!report) return 'none';
    const again = parseRtcp(encodeRtcp(report));
    must(again?.ssrc === report.ssrc, 'what was read can be written and read again');
    return `${report.sender !== undefined} ${report.blocks.length} ${report.cname !== undefined} ${report.bye?.reason.length}`;
  },
};

const event = { event: 0, end: false, volume: 0, duration: 0 };
const telephoneEvent: FuzzTarget = {
  name: 'telephone-event',
  isText: false,
  seeds: [Buffer.of(5, 0x8a, 0x03, 0x20), Buffer.of(16, 0x4a, 0xff, 0xff, 0)],
  words: numbers,
  run(input) {
    const offset = (input[0] ?? 0) % 8;
    const read = parseTelephoneEvent(input, offset, input.length - offset, event);
    must(read === input.length - offset >= telephoneEventBytes, 'four bytes are an event');
    if (!read) return 'none';
    must(within(event.event, 255) && within(event.volume, 63) && within(event.duration, 0xffff), 'in range');
    const written = Buffer.alloc(telephoneEventBytes);
    writeTelephoneEvent(written, 0, event);
    const reserved = 0xbf;
    must(
      written[1] === ((input[offset + 1] ?? 0) & reserved) && written.readUInt16BE(2) === event.duration,
      'written as it was read, but for the reserved bit',
    );
    return `${event.end}`;
  },
};

/** The first byte says how the stream is cut. */
const wire: FuzzTarget = {
  name: 'drachtio-wire',
  isText: true,
  seeds: [
    'a|authenticate|secret',
    'b|route|INVITE',
    'c|ping',
    `d|sip|\r\n${sipVectors()[0]?.toString('utf8') ?? ''}`,
    'e|proxy|id|remainInDialog|fullResponse|followRedirects|simultaneous|1000ms|2s|sip:a@b\r\nINVITE sip:a@b SIP/2.0\r\n\r\n',
  ].map((payload) => Buffer.from(`\x20${encodeFrame(payload)}${encodeFrame('f|ping')}`)),
  words: words('#', '|', '\r\n', '0#', '9#', '999999999#', '12#', 'sip', 'route', 'authenticate', 'proxy'),
  run(input) {
    const reader = new FrameReader(() => 100_000);
    const types: string[] = [];
    const step = 1 + (input[0] ?? 0) * 3;
    try {
      for (let at = 1; at < input.length; at += step) {
        for (const payload of reader.push(input.subarray(at, at + step))) {
          const frame = parseApplicationFrame(payload);
          parseApplicationMessage(frame.text);
          if (types.length < 4) types.push(String(frame.tokens.length));
        }
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      types.push('refused');
    }
    return types.join();
  },
};

const panel: FuzzTarget = {
  name: 'panel',
  isText: false,
  seeds: panelVectors(),
  words: [Buffer.of(0xc0, 0xbd), Buffer.of(0xc0), Buffer.of(96), Buffer.of(97), ...numbers],
  run(input) {
    const parser = new PanelFrameParser();
    const outcome: string[] = [];
    const half = input.length >> 1;
    const frames = [...parser.push(input.subarray(0, half)), ...parser.push(input.subarray(half))];
    must(within(parser.pendingBytes, 105), 'no more is kept than one frame');
    frames.push(...parser.giveUp());
    for (const frame of frames) {
      const request = decodePanelRequest(frame);
      const answer = decodePanelAnswer(frame);
      if (typeof request === 'object') encodePanelRequest(frame, request);
      if (answer) encodePanelAnswer(frame, answer);
      if (outcome.length < 4)
        outcome.push(`${typeof request === 'string' ? request : request?.type}/${answer?.type}`);
    }
    const framed = frames.reduce((sum, frame) => sum + frame.payload.length + 9, 0);
    must(framed + parser.discardedBytes === input.length, 'every byte is of a frame or counted');
    return outcome.join();
  },
};

export const byteTargets: FuzzTarget[] = [rtp, rtcp, telephoneEvent, wire, panel];
