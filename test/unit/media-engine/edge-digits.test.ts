import { beforeEach, describe, expect, test } from 'vitest';
import { encodeTable, silenceByte } from '../../../src/codec/g711.ts';
import { fillDigitTone } from '../../../src/media-engine/dsp/dtmf-tone.ts';
import {
  a,
  b,
  beats,
  bridge,
  event,
  freshLegs,
  hear,
  heardBy,
  negotiated,
  notices,
} from '../../support/edge-legs.ts';
import { level, toneShare } from '../../support/sound.ts';

beforeEach(freshLegs);

describe('telephone events of unusual peers', () => {
  test('are heard by the number that our offer gave them as well', () => {
    a.leg.setRemote({ ...negotiated, offeredTelephoneEventPayloadType: 98 }, 0);
    hear(a, { sequence: 1, payload: event(3, 800, true), payloadType: 98 });
    hear(a, { sequence: 2, payload: event(4, 800, true), payloadType: 101, timestamp: 9000 });
    expect(notices.filter((notice) => notice.includes('dtmf'))).toEqual(['a dtmf 3 100', 'a dtmf 4 100']);
  });

  test('last as long as they are pressed where their clock is 48 kHz, in both directions', () => {
    a.leg.setRemote({ ...negotiated, telephoneEventClockRate: 48_000 }, 0);
    hear(a, { sequence: 1, payload: event(3, 4800, true), payloadType: 101 });
    expect(notices).toContain('a dtmf 3 100');
    a.leg.output.events.dial(7, 100);
    beats(10);
    const said = a.sent.filter(({ payloadType }) => payloadType === 101);
    expect(said.map(({ payload }) => payload.readUInt16BE(2))).toEqual(
      [1, 2, 3, 4, 5, 5, 5, 5].map((packet) => packet * 960),
    );
    const next = a.sent.find(({ sequence }) => sequence === ((said.at(-1)?.sequence ?? 0) + 1) % 0x1_0000);
    expect(((next?.timestamp ?? 0) - (said[0]?.timestamp ?? 0)) >>> 0).toBeLessThan(2000);
  });
});

describe('a leg that is listened to for tones', () => {
  const { telephoneEventPayloadType: _none, ...plain } = negotiated;

  /** Says a key in µ-law, a packet a beat. */
  function say(event: number, from: number, onBeats: number): void {
    const tone = Buffer.alloc(onBeats * 160);
    fillDigitTone(event, 0, encodeTable.PCMU, tone, 0, tone.length);
    for (let n = 0; n < onBeats + 15; n++) {
      const payload =
        n < onBeats ? tone.subarray(n * 160, (n + 1) * 160) : Buffer.alloc(160, silenceByte.PCMU);
      beats(1, (_, nowMs) => hear(a, { sequence: from + n, payload }, nowMs));
    }
  }

  const digits = (): string[] => notices.filter((notice) => notice.includes('dtmf'));

  test('tells each key once, and passes its sound on as it is', () => {
    a.leg.setRemote({ ...plain, hearTones: true }, 0);
    bridge();
    say(5, 0, 5);
    say(5, 20, 5);
    say(11, 40, 10);
    expect(digits().map((notice) => notice.split(' ')[2])).toEqual(['5', '5', '#']);
    expect(b.sent.some(({ payloadType }) => payloadType === 96)).toBe(false);
    const heard = heardBy(b, 'PCMA').subarray(0, 800);
    expect(toneShare(heard, 770) + toneShare(heard, 1336)).toBeGreaterThan(0.9);
  });

  test('tells nothing where nobody asked for it, or once that is over', () => {
    say(5, 0, 5);
    a.leg.setRemote({ ...plain, hearTones: true }, 0);
    say(6, 20, 5);
    a.leg.setRemote(negotiated, 0);
    say(7, 40, 5);
    expect(digits().map((notice) => notice.split(' ')[2])).toEqual(['6']);
  });

  test('does not take the echo of our own tones for a key', () => {
    a.leg.setRemote({ ...plain, hearTones: true }, 0);
    a.leg.output.events.dial(5, 100);
    say(5, 0, 5);
    expect(digits()).toEqual([]);
  });

  test('tells a key that is held when the leg ends', () => {
    a.leg.setRemote({ ...plain, hearTones: true }, 0);
    const tone = Buffer.alloc(1600);
    fillDigitTone(9, 0, encodeTable.PCMU, tone, 0, 1600);
    beats(10, (n, nowMs) => hear(a, { sequence: n, payload: tone.subarray(n * 160 - 160, n * 160) }, nowMs));
    a.leg.close(1000);
    expect(digits()).toHaveLength(1);
  });
});

test('a peer that is told of digits by signalling gets none of them by RTP', () => {
  bridge();
  const { telephoneEventPayloadType: _none, ...plain } = negotiated;
  b.leg.setRemote({ ...plain, address: '10.0.0.6', digitsBySignalling: true }, 0);
  hear(a, { sequence: 1, payload: event(5, 160), payloadType: 101, timestamp: 0 });
  hear(a, { sequence: 2, payload: event(5, 1600, true), payloadType: 101, timestamp: 0 });
  beats(20);
  expect(notices).toContain('a dtmf 5 200');
  expect(level(heardBy(b, 'PCMU'))).toBe(0);
});
