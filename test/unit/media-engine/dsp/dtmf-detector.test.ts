import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { amplitudeOfDbm0, decodeG711, encodeG711 } from '../../../../src/codec/g711.ts';
import { digitOfEvent } from '../../../../src/codec/telephone-event.ts';
import { DtmfDetector } from '../../../../src/media-engine/dsp/dtmf-detector.ts';
import { frequenciesOfEvent } from '../../../../src/media-engine/dsp/dtmf-tone.ts';
import { seededRandom } from '../../../support/jitter-trace.ts';

interface Press {
  event: number;
  onMs: number;
  offMs: number;
  lowDbm0: number;
  highDbm0: number;
  /** Of both frequencies, relative. */
  shift: number;
  /** A gap in the middle of the press. */
  gapMs: number;
}

/** Samples of a press after `leadMs` of nothing. */
function press(change: Partial<Press>, leadMs = 0): Int16Array {
  const { event, onMs, offMs, lowDbm0, highDbm0, shift, gapMs } = {
    ...{ event: 5, onMs: 80, offMs: 60, lowDbm0: -9, highDbm0: -7, shift: 0, gapMs: 0 },
    ...change,
  };
  const [low, high] = frequenciesOfEvent(event) as [number, number];
  const lead = Math.round(leadMs * 8);
  const samples = new Int16Array(lead + Math.round((onMs + offMs) * 8));
  const gapFrom = (onMs / 2) * 8;
  for (let n = 0; n < onMs * 8; n++) {
    if (n >= gapFrom && n < gapFrom + gapMs * 8) continue;
    const turns = (2 * Math.PI * n * (1 + shift)) / 8000;
    samples[lead + n] = Math.round(
      amplitudeOfDbm0(lowDbm0) * Math.sin(low * turns) + amplitudeOfDbm0(highDbm0) * Math.sin(high * turns),
    );
  }
  return samples;
}

function joined(parts: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Digits heard, beat by beat as the edge gives them, in A-law. */
function heard(samples: Int16Array): { digits: string; durationsMs: number[] } {
  let digits = '';
  const durationsMs: number[] = [];
  const detector = new DtmfDetector((event, durationMs) => {
    digits += digitOfEvent(event);
    durationsMs.push(durationMs);
  });
  const line = decodeG711('PCMA', encodeG711('PCMA', samples));
  for (let at = 0; at < line.length; at += 160) detector.process(line, at, Math.min(160, line.length - at));
  detector.process(new Int16Array(800), 0, 800);
  return { digits, durationsMs };
}

/** Adds white noise so many decibels below the two tones. */
function noisy(samples: Int16Array, signalToNoiseDb: number, seed: number): Int16Array {
  const random = seededRandom(seed);
  const signal = (amplitudeOfDbm0(-9) ** 2 + amplitudeOfDbm0(-7) ** 2) / 2;
  const peak = Math.sqrt(3 * signal * 10 ** (-signalToNoiseDb / 10));
  return samples.map((sample) => sample + Math.round((2 * random() - 1) * peak));
}

const everyEvent = Array.from({ length: 16 }, (_, event) => event);
/** A press may begin anywhere between two hops. */
const leadsMs = Array.from({ length: 16 }, (_, n) => 10 + n / 2);

test('every key is heard once, as long as it was pressed', () => {
  const { digits, durationsMs } = heard(
    joined(everyEvent.map((event) => press({ event, onMs: 120, offMs: 60 }))),
  );
  expect(digits).toBe('0123456789*#ABCD');
  for (const durationMs of durationsMs) expect(Math.abs(durationMs - 120)).toBeLessThanOrEqual(24);
});

describe('what Q.24 wants heard', () => {
  test.each<[string, Partial<Press>]>([
    ['40 ms of tone', { onMs: 40, offMs: 40 }],
    ['the loudest tones', { lowDbm0: -3, highDbm0: -3 }],
    ['tones of -25 dBm0', { lowDbm0: -25, highDbm0: -25 }],
    ['a high tone 4 dB stronger', { lowDbm0: -12, highDbm0: -8 }],
    ['a high tone 8 dB weaker', { lowDbm0: -8, highDbm0: -16 }],
    ['frequencies 1.5 % too high', { shift: 0.015 }],
    ['frequencies 1.5 % too low', { shift: -0.015 }],
    ['a gap of 10 ms, as one press', { onMs: 120, gapMs: 10 }],
  ])('%s, of every key, wherever it begins', (_name, change) => {
    for (const leadMs of leadsMs)
      for (const event of everyEvent)
        expect(`${leadMs} ${heard(press({ event, ...change }, leadMs)).digits}`).toBe(
          `${leadMs} ${digitOfEvent(event)}`,
        );
  });

  test('a key pressed twice with 40 ms between', () => {
    for (const leadMs of leadsMs) {
      const twice = joined([press({ onMs: 50, offMs: 40 }, leadMs), press({ onMs: 50, offMs: 40 })]);
      expect(heard(twice).digits).toBe('55');
    }
  });

  test.each([24, 15, 12])('digits in noise %i dB below', (signalToNoiseDb) => {
    const events = Array.from({ length: 200 }, (_, n) => n % 16);
    const clean = joined(events.map((event) => press({ event, onMs: 50, offMs: 50 })));
    expect(heard(noisy(clean, signalToNoiseDb, 1)).digits).toBe(events.map(digitOfEvent).join(''));
  });
});

describe('what Q.24 wants not heard', () => {
  test.each<[string, Partial<Press>]>([
    ['23 ms of tone', { onMs: 23 }],
    ['tones of -40 dBm0', { lowDbm0: -40, highDbm0: -40 }],
    ['frequencies 3.5 % too high', { shift: 0.035, onMs: 200 }],
    ['frequencies 3.5 % too low', { shift: -0.035, onMs: 200 }],
    ['a high tone 12 dB stronger', { lowDbm0: -20, highDbm0: -8, onMs: 200 }],
    ['a high tone 15 dB weaker', { lowDbm0: -5, highDbm0: -20, onMs: 200 }],
    ['one tone alone', { lowDbm0: -90, onMs: 200 }],
  ])('%s, of any key, wherever it begins', (_name, change) => {
    for (const leadMs of leadsMs)
      for (const event of everyEvent) expect(heard(press({ event, ...change }, leadMs)).digits).toBe('');
  });

  test('noise', () => {
    expect(heard(noisy(new Int16Array(60 * 8000), 0, 2)).digits).toBe('');
  });

  test.each([
    ['dial tone', [350, 440]],
    ['busy tone', [480, 620]],
    ['ringback', [400, 450]],
    ['a fax machine', [1100]],
    ['a modem', [2100]],
  ])('%s', (_name, tones) => {
    const samples = Int16Array.from({ length: 16_000 }, (_, n) =>
      Math.round(tones.reduce((sum, hertz) => sum + 6000 * Math.sin((2 * Math.PI * hertz * n) / 8000), 0)),
    );
    expect(heard(samples).digits).toBe('');
  });
});

/** What espeak-ng says, at 8 kHz; undefined where it is not installed. */
function spoken(text: string, voice: string): Int16Array | undefined {
  try {
    const wav = execFileSync('espeak-ng', ['-v', voice, '--stdout', text], { maxBuffer: 1 << 26 });
    const raw = execFileSync(
      'ffmpeg',
      ['-v', 'error', '-f', 'wav', '-i', '-', '-ar', '8000', '-ac', '1', '-f', 's16le', '-'],
      { input: wav, maxBuffer: 1 << 26 },
    );
    return new Int16Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + (raw.length & ~1)));
  } catch {
    return undefined;
  }
}

const talk =
  'Good morning, this is the service desk. How may I help you? My number is five five five, one two three, four ' +
  'nine, zero eight seven six. Please hold the line while I connect you to a colleague who knows more about it. ' +
  'We are sorry that you had to wait; all our agents were busy. Would you like to be called back at ten o clock? ';
const voices = ['en', 'en-us', 'en+f3', 'hu', 'de+f2', 'fr', 'es+m4', 'pl', 'tr+f4', 'sk'];

test.skipIf(spoken('a', 'en') === undefined)(
  'people may talk for minutes, loudly or softly, without a digit being heard (talk-off)',
  { timeout: 60_000 },
  () => {
    let seconds = 0;
    for (const voice of voices) {
      const samples = spoken(talk, voice) as Int16Array;
      seconds += samples.length / 8000;
      for (const gain of [0.3, 1, 2])
        expect(`${voice} ${heard(samples.map((sample) => sample * gain)).digits}`).toBe(`${voice} `);
    }
    expect(seconds).toBeGreaterThan(120);
  },
);
