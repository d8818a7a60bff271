import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePanelAnswer, encodePanelAnswer } from '../../../src/codec/panel-answer.ts';
import { encodePanelFrame, type PanelFrame, PanelFrameParser } from '../../../src/codec/panel-frame.ts';
import type { PanelAnswer, PanelRequest } from '../../../src/codec/panel-message.ts';
import { decodePanelRequest, encodePanelRequest } from '../../../src/codec/panel-request.ts';
import vectors from '../../vectors/panel-frame.json' with { type: 'json' };

function frameOf(hex: string): PanelFrame {
  const frame = new PanelFrameParser().push(Buffer.from(hex, 'hex'))[0];
  if (!frame) throw new Error(`no frame in ${hex}`);
  return frame;
}

/** JSON has no bytes: those of an update stand there as hexadecimal digits. */
function requestOf(message: object): PanelRequest {
  const request = message as PanelRequest | { type: 'update-data'; offset: number; bytes: string };
  if (request.type !== 'update-data' || typeof request.bytes !== 'string') return request as PanelRequest;
  return { ...request, bytes: Uint8Array.from(Buffer.from(request.bytes, 'hex')) };
}

describe('each message of the vectors', () => {
  it.each(vectors.frames)('$name: is written to and read from its bytes', (vector) => {
    const { address, sequence, hex } = vector;
    const frame = frameOf(hex);
    expect(frame).toMatchObject({ version: 1, address, sequence });
    if (vector.from === 'host') {
      const message = requestOf(vector.message);
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
    ['settings cut short', { type: 4, payload: Uint8Array.of(1) }, 'bad-payload'],
    ['an address for all panels', { type: 4, payload: Uint8Array.of(0, 255) }, 'bad-payload'],
    ['an address too high', { type: 4, payload: Uint8Array.of(248, 255) }, 'bad-payload'],
    ['no light at all', { type: 4, payload: Uint8Array.of(1, 0) }, 'bad-payload'],
    ['an unknown sound', { type: 5, payload: Uint8Array.of(4) }, 'bad-payload'],
    ['no sound', { type: 5 }, 'bad-payload'],
    ['a text without its line', { type: 6 }, 'bad-payload'],
    ['a text that is not UTF-8', { type: 6, payload: Uint8Array.of(0, 0xc3) }, 'bad-payload'],
    ['an update of no length', { type: 7, payload: new Uint8Array(10) }, 'bad-payload'],
    ['an update cut short', { type: 7, payload: Uint8Array.of(1, 1, 0, 0, 1, 0, 1, 2, 3) }, 'bad-payload'],
    ['no bytes of an update', { type: 8, payload: Uint8Array.of(0, 0) }, 'bad-payload'],
    ['too many bytes of an update', { type: 8, payload: new Uint8Array(67) }, 'bad-payload'],
    ['an end of an update with a payload', { type: 9, payload: Uint8Array.of(1) }, 'bad-payload'],
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
    ['settings cut short', 0x84, [1]],
    ['text without its result', 0x86, []],
    ['an update begun with an unknown result', 0x87, [9]],
    ['an update with half an offset', 0x88, [0, 1]],
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
    expect(answer(0x81, ...payload)).not.toHaveProperty('build');
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
