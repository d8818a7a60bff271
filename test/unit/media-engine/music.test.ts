import { beforeAll, describe, expect, test } from 'vitest';
import { composeMusic } from '../../../src/media-engine/music/composition.ts';
import { musicLevelDbm0, renderMusic } from '../../../src/media-engine/music/synthesizer.ts';
import { level, toneShare } from '../../support/sound.ts';

let music: Int16Array;
beforeAll(() => {
  music = renderMusic(composeMusic());
});

describe('the built-in music', () => {
  test('lasts between 60 and 90 seconds', () => {
    expect(music.length / 8000).toBeGreaterThan(60);
    expect(music.length / 8000).toBeLessThan(90);
  });

  test('has the level of speech and never clips', () => {
    const dbm0 = 20 * Math.log10((level(music) * 32_768 * Math.SQRT2) / 32_124) + 3.17;
    expect(dbm0).toBeCloseTo(musicLevelDbm0, 0);
    expect(music.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0)).toBeLessThan(24_000);
  });

  test('is no sine: no second of it is one frequency, and its seconds differ', () => {
    const seconds = Array.from({ length: 60 }, (_, n) => music.subarray(n * 8000, (n + 1) * 8000));
    const loudest = seconds.map((second) => {
      let best = { hz: 0, share: 0 };
      for (let hz = 80; hz < 1200; hz += 2) {
        const share = toneShare(second, hz);
        if (share > best.share) best = { hz, share };
      }
      return best;
    });
    expect(Math.max(...loudest.map(({ share }) => share))).toBeLessThan(0.8);
    expect(new Set(loudest.map(({ hz }) => hz)).size).toBeGreaterThan(6);
  });

  test('never pauses', () => {
    for (let at = 0; at + 2400 <= music.length; at += 2400) {
      expect(level(music.subarray(at, at + 2400)), `at ${at / 8000} s`).toBeGreaterThan(0.008);
    }
  });

  test('has no seam: where it begins again it moves no faster than elsewhere', () => {
    const steps = Array.from(music, (sample, n) =>
      Math.abs(sample - (music[(n + 1) % music.length] as number)),
    );
    const seam = steps.at(-1) as number;
    expect(seam).toBeLessThan(steps.reduce((most, step) => Math.max(most, step), 0) / 2);
  });

  test('leaves the telephone band empty above 3.4 kHz', () => {
    let outside = 0;
    const part = music.subarray(80_000, 88_000);
    for (let hz = 3450; hz < 4000; hz += 10) outside += toneShare(part, hz);
    expect(outside).toBeLessThan(0.001);
  });
});
