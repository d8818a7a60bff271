import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeFrame,
  FrameReader,
  messagePayload,
  newRequestPayload,
  parseApplicationFrame,
  requestSentPayload,
  responseSentPayload,
  unsolicitedPayload,
  verdictPayload,
  wireTime,
} from '../../../src/codec/drachtio-wire.ts';

const meta = {
  bytes: 12,
  protocol: 'udp',
  address: '192.0.2.9',
  port: 5070,
  atMs: Date.UTC(2026, 0, 5, 8, 9, 10, 11),
};

describe('frames', () => {
  it('count bytes of UTF-8', () => {
    expect(encodeFrame('žluť')).toBe('6#žluť');
  });

  it('are read whole, wherever the stream is cut', () => {
    const payloads = ['a|ping', 'b|sip||\r\nMESSAGE žluť#5#', 'c|route|invite'];
    const stream = Buffer.from(payloads.map(encodeFrame).join(''));
    for (let cut = 0; cut <= stream.length; cut++) {
      const reader = new FrameReader(() => 1000);
      const got = [...reader.push(stream.subarray(0, cut)), ...reader.push(stream.subarray(cut))];
      expect(got).toEqual(payloads);
    }
  });

  it('of any text come back as they were, in chunks of any size', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { maxLength: 5 }),
        fc.integer({ min: 1, max: 20 }),
        (payloads, size) => {
          const stream = Buffer.from(payloads.map(encodeFrame).join(''));
          const reader = new FrameReader(() => 100_000);
          const got: string[] = [];
          for (let i = 0; i < stream.length; i += size)
            got.push(...reader.push(stream.subarray(i, i + size)));
          expect(got).toEqual(payloads);
        },
      ),
    );
  });

  it.each(['x', 'x#', '-1#a', '0#', '#', '12345678901', '101#'])(
    'are refused when the stream begins %j',
    (start) => {
      const reader = new FrameReader(() => 100);
      expect(() => [...reader.push(Buffer.from(start))]).toThrow(RangeError);
    },
  );
});

describe('payloads', () => {
  it('of an application are cut at the first CRLF', () => {
    expect(parseApplicationFrame('id|sip|txn|dlg;from-tag=1|sip:h\r\nBYE sip:a|b SIP/2.0\r\n\r\n')).toEqual({
      id: 'id',
      type: 'sip',
      tokens: ['txn', 'dlg;from-tag=1', 'sip:h'],
      text: 'BYE sip:a|b SIP/2.0\r\n\r\n',
    });
    expect(parseApplicationFrame('id|ping')).toEqual({ id: 'id', type: 'ping', tokens: [], text: '' });
  });

  it('carry their tokens where drachtio-srf reads them', () => {
    expect(wireTime(meta.atMs)).toBe('08:09:10.011000');
    const middle = '12|udp|192.0.2.9|5070|08:09:10.011000';
    expect(newRequestPayload('u', meta, 'T', { address: '10.0.0.1', port: 5060 }, 'M')).toBe(
      `u|sip|network|${middle}|T||10.0.0.1|5060|\r\nM`,
    );
    expect(messagePayload('u', meta, 'T', 'D', 'M')).toBe(`u|sip|network|${middle}|T|D|\r\nM`);
    expect(unsolicitedPayload('u', meta, 'D', 'M')).toBe(`u|sip|application|${middle}|unsolicited|D|\r\nM`);
    const sent = requestSentPayload('u', 'r', meta, 'T', 'M').split('|');
    expect([sent[3], sent[6], sent[7], sent[8], sent[10]]).toEqual(['OK', 'udp', '192.0.2.9', '5070', 'T']);
    const answered = responseSentPayload('u', 'r', meta, 'T', 'D', 'M').split('|');
    expect([answered[3], answered[10], answered[11]]).toEqual(['OK', 'T', 'D']);
    expect(verdictPayload('u', 'r', 'NOK', ['no'])).toBe('u|response|r|NOK|no');
  });
});
