import { describe, expect, it } from 'vitest';
import { activeLevelDbm0, levelDbm0, normalise, sine, trimSilence } from '../../../src/prompts/level.ts';

const join = (...parts: Int16Array[]): Int16Array => Int16Array.from(parts.flatMap((part) => [...part]));
const silence = (durationMs: number): Int16Array => new Int16Array(durationMs * 8);

describe('prompt levels', () => {
  it('a full-scale sine is +3.17 dBm0, as G.711 defines it', () => {
    const samples = Int16Array.from({ length: 8000 }, (_, i) =>
      Math.round(32_767 * Math.sin((2 * Math.PI * 440 * i) / 8000)),
    );
    expect(levelDbm0(samples)).toBeCloseTo(3.17, 1);
  });

  it('a sine is made at the level asked for', () => {
    expect(levelDbm0(sine(1000, 2000, -16))).toBeCloseTo(-16, 0);
  });

  it('pauses do not lower the active level', () => {
    const speech = sine(440, 500, -30);
    const spoken = join(speech, silence(1000), speech, silence(2000));
    expect(activeLevelDbm0(spoken)).toBeCloseTo(-30, 0);
    expect(levelDbm0(spoken)).toBeLessThan(-35);
  });

  it('soft and loud sounds come to the same active level', () => {
    for (const level of [-45, -30, -10])
      expect(activeLevelDbm0(normalise(sine(440, 500, level), -20))).toBeCloseTo(-20, 0);
  });

  it('no sample comes out above 3 dB under full scale, whatever the gain', () => {
    const spiky = sine(300, 1000, -50);
    for (let i = 400; i < spiky.length; i += 800) spiky[i] = 30_000;
    const peak = normalise(spiky, 0).reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(peak).toBeLessThanOrEqual(23_198);
    expect(peak).toBeGreaterThan(20_000);
  });

  it('silence at both ends is cut, and replaced by the lead and tail asked for', () => {
    const trimmed = trimSilence(join(silence(700), sine(440, 500, -20), silence(900)), 100, 50);
    expect(trimmed.slice(0, 800).every((sample) => sample === 0)).toBe(true);
    expect(trimmed.length / 8).toBeGreaterThanOrEqual(650);
    expect(trimmed.length / 8).toBeLessThanOrEqual(650 + 60);
  });

  it('digital silence trims to nothing and is not amplified', () => {
    expect(trimSilence(silence(500), 100, 100)).toHaveLength(0);
    expect(normalise(silence(10), -20).every((sample) => sample === 0)).toBe(true);
  });
});
