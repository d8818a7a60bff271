import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePanelFrame, type PanelFrame, PanelFrameParser } from '../../../src/codec/panel-frame.ts';
import {
  decodePanelAnswer,
  decodePanelRequest,
  encodePanelAnswer,
  encodePanelRequest,
  type PanelAnswer,
  type PanelRequest,
} from '../../../src/codec/panel-message.ts';
import vectors from '../../vectors/panel-frame.json' with { type: 'json' };

function frameOf(hex: string): PanelFrame {
  const frame = new PanelFrameParser().push(Buffer.from(hex, 'hex'))[0];
  if (!frame) throw new Error(`no frame in ${hex}`);
  return frame;
}

describe('each message of the vectors', () => {
  it.each(vectors.frames)('$name: is written to and read from its bytes', (vector) => {
    const { address, sequence, hex } = vector;
    const frame = frameOf(hex);
    expect(frame).toMatchObject({ version: 1, address, sequence });
    if (vector.from === 'host') {
      const message = vector.message as PanelRequest;
      expect(Buffer.from(encodePanelRequest({ address, sequence }, message)).toString('hex')).toBe(hex);
      expect(decodePanelRequest(frame)).toEqual(message);
      expect(decodePanelAnswer(frame)).toBeUndefined();
    } else {
      const message = vector.message as PanelAnswer;
      expect(Buffer.from(encodePanelAnswer({ address, sequence }, message)).toString('hex')).toBe(hex);
      expect(decodePanelAnswer(frame)).toEqual(message);
      expect(decodePanelRequest(frame)).toBeUndefined();
    }
  });
});

describe('a request that is whole but wrong is refused', () => {
  const frame = { version: 1, address: 1, sequence: 0, type: 2, payload: new Uint8Array(0) };
  it.each([
    ['an unknown type', { type: 0x44 }, 'unknown-type'],
    ['lamps cut short', { payload: Uint8Array.of(0, 0x30) }, 'bad-payload'],
    ['an unknown colour', { payload: Uint8Array.of(0, 0x60, 0) }, 'bad-payload'],
    ['an unknown pattern', { payload: Uint8Array.of(0, 0x05, 0) }, 'bad-payload'],
    ['a poll with a payload', { type: 3, payload: Uint8Array.of(1) }, 'bad-payload'],
    ['another version', { version: 2 }, 'version'],
  ])('%s', (_, change, reason) => {
    expect(decodePanelRequest({ ...frame, ...change })).toBe(reason);
  });

  it('but a hello of another version is answered', () => {
    expect(decodePanelRequest({ ...frame, version: 9, type: 1, payload: Uint8Array.of(1, 2) })).toEqual({
      type: 'hello',
    });
  });
});

describe('an answer', () => {
  const answer = (type: number, ...payload: number[]): PanelAnswer | undefined =>
    decodePanelAnswer({ version: 1, address: 1, sequence: 0, type, payload: Uint8Array.from(payload) });

  it.each([
    ['hello cut short', 0x81, [1, 1, 2, 3, 32, 4, 0, 3, 1, 2, 3, 4, 5, 6, 7]],
    ['set-lamps without its result', 0x82, []],
    ['set-lamps with an unknown result', 0x82, [9]],
    ['poll cut short', 0x83, [0, 0, 0]],
    ['poll with half an event', 0x83, [0, 0, 0, 0, 1]],
    ['poll with an unknown event', 0x83, [0, 0, 0, 0, 1, 9]],
    ['refused without a reason', 0xff, [0]],
    ['of an unknown type', 0x90, []],
  ])('%s is none', (_, type, payload) => {
    expect(answer(type, ...payload)).toBeUndefined();
  });

  it('to hello may be longer in a later version', () => {
    const payload = [2, 1, 0, 0, 8, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, 99, 99];
    expect(answer(0x81, ...payload)).toMatchObject({
      type: 'hello',
      protocolVersion: 2,
      serial: '0000000000000007',
    });
  });

  it('or request of any bytes is understood or refused, never a crash', () => {
    const payload = fc.uint8Array({ maxLength: 96 });
    fc.assert(
      fc.property(fc.nat(255), fc.nat(255), payload, (version, type, bytes) => {
        const frame = { version, address: 1, sequence: 3, type, payload: bytes };
        const request = decodePanelRequest(frame);
        const found = decodePanelAnswer(frame);
        expect(request !== undefined).toBe((type & 0x80) === 0);
        const at = { address: 1, sequence: 3 };
        if (request && typeof request === 'object' && request.type !== 'hello' && version === 1)
          expect(encodePanelRequest(at, request)).toEqual(encodePanelFrame(frame));
        if (found)
          expect(
            decodePanelAnswer(frameOf(Buffer.from(encodePanelAnswer(at, found)).toString('hex'))),
          ).toEqual(found);
      }),
      { numRuns: 2000 },
    );
  });
});
