import { describe, expect, test } from 'vitest';
import { decodeTable, encodeTable } from '../../../../src/codec/g711.ts';
import type { MixRouting } from '../../../../src/codec/media-control.ts';
import { limitPeak } from '../../../../src/media-engine/dsp/limiter.ts';
import { Mixer, mixSamples } from '../../../../src/media-engine/dsp/mixer.ts';
import { toneShare } from '../../../support/sound.ts';

const full: MixRouting = { mode: 'full' };
/** Frequencies with whole periods in the 200 ms that are judged. */
const frequencyOf = (party: number): number => 300 + party * 200;

/** Each party says its tone for `beats`; what each heard in the latest ten. */
function talk(
  mixer: Mixer,
  options: { peak?: number; beats?: number; before?: (beat: number) => void } = {},
): Map<string, Int16Array> {
  const { peak = 1500, beats = 15, before } = options;
  const heard = new Map<string, Int16Array>();
  for (let beat = 0; beat < beats; beat++) {
    before?.(beat);
    for (const party of mixer.parties) {
      const frequencyHz = frequencyOf(Number(party.id));
      for (let i = 0; i < mixSamples; i++) {
        const angle = (2 * Math.PI * frequencyHz * (beat * mixSamples + i)) / 8000;
        // Through G.711, as it comes from a phone.
        const code = encodeTable.PCMU[Math.round(peak * Math.sin(angle)) & 0xffff] as number;
        party.input[i] = decodeTable.PCMU[code] as number;
      }
      party.speaks = true;
    }
    mixer.mix();
    for (const party of mixer.parties) {
      const samples = heard.get(party.id) ?? new Int16Array(10 * mixSamples);
      heard.set(party.id, samples);
      if (beat >= beats - 10) samples.set(party.output, (beat - beats + 10) * mixSamples);
    }
  }
  return heard;
}

/** Which parties' tones are in the sound. */
function partiesIn(samples: Int16Array, count: number): number[] {
  const shares = Array.from({ length: count }, (_, party) => toneShare(samples, frequencyOf(party)));
  return shares.flatMap((share, party) => (share > 0.3 / count ? [party] : []));
}

const others = (count: number, party: number): number[] =>
  Array.from({ length: count }, (_, each) => each).filter((each) => each !== party);

function mixerOf(routings: readonly MixRouting[]): Mixer {
  const mixer = new Mixer();
  for (const [party, routing] of routings.entries()) mixer.set(String(party), routing);
  return mixer;
}

describe('who hears whom', () => {
  test.each([3, 4, 5, 8, 12, 16])('of %i parties each hears all the others and not itself', (count) => {
    const heard = talk(mixerOf(new Array<MixRouting>(count).fill(full)));
    for (let party = 0; party < count; party++) {
      const samples = heard.get(String(party)) as Int16Array;
      expect(partiesIn(samples, count)).toEqual(others(count, party));
      expect(toneShare(samples, frequencyOf(party))).toBeLessThan(0.005);
    }
  });

  test('a listener hears all and is heard by nobody', () => {
    const heard = talk(mixerOf([full, full, { mode: 'listen' }]));
    expect(partiesIn(heard.get('0') as Int16Array, 3)).toEqual([1]);
    expect(partiesIn(heard.get('1') as Int16Array, 3)).toEqual([0]);
    expect(partiesIn(heard.get('2') as Int16Array, 3)).toEqual([0, 1]);
  });

  test('a whisperer is heard by one alone', () => {
    const heard = talk(mixerOf([full, full, { mode: 'whisper:1' }]));
    expect(partiesIn(heard.get('0') as Int16Array, 3)).toEqual([1]);
    expect(partiesIn(heard.get('1') as Int16Array, 3)).toEqual([0, 2]);
    expect(partiesIn(heard.get('2') as Int16Array, 3)).toEqual([0, 1]);
  });

  test('lists narrow both what is heard and by whom', () => {
    const heard = talk(
      mixerOf([full, { ...full, hears: ['0', '3'] }, { ...full, heardBy: ['3'] }, { ...full, muted: true }]),
    );
    expect(partiesIn(heard.get('0') as Int16Array, 4)).toEqual([1]);
    expect(partiesIn(heard.get('1') as Int16Array, 4)).toEqual([0]);
    expect(partiesIn(heard.get('3') as Int16Array, 4)).toEqual([0, 1, 2]);
  });

  test('who leaves is heard no more, who joins is heard at once', () => {
    const mixer = mixerOf([full, full, full]);
    talk(mixer);
    mixer.remove('2');
    expect(partiesIn(talk(mixer).get('0') as Int16Array, 3)).toEqual([1]);
    mixer.set('2', full);
    expect(partiesIn(talk(mixer).get('0') as Int16Array, 3)).toEqual([1, 2]);
  });
});

describe('loudness', () => {
  test('two moderate voices are added exactly', () => {
    const heard = talk(mixerOf([full, full, full]), { peak: 4000 }).get('0') as Int16Array;
    const peak = heard.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(peak).toBeGreaterThan(6500);
    expect(peak).toBeLessThan(8400);
  });

  test('a gain of 6 dB doubles the voice', () => {
    const plain = talk(mixerOf([full, full])).get('0') as Int16Array;
    const louder = talk(mixerOf([full, { ...full, gainDb: 20 * Math.log10(2) }])).get('0') as Int16Array;
    for (let i = 0; i < louder.length; i++)
      expect(Math.abs((louder[i] as number) - 2 * (plain[i] as number))).toBeLessThanOrEqual(1);
  });

  test('a sum that is too loud is turned down, not clipped: the tones stay what they are', () => {
    const heard = talk(mixerOf([full, full, full, full]), { peak: 30_000, beats: 40 }).get('0') as Int16Array;
    const peak = heard.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    expect(peak).toBeLessThan(limitPeak * 1.05);
    expect(peak).toBeGreaterThan(limitPeak * 0.8);
    const shares = [1, 2, 3].map((party) => toneShare(heard, frequencyOf(party)));
    expect(shares.reduce((sum, share) => sum + share)).toBeGreaterThan(0.99);
  });

  test('a change of routing while all speak makes no click', () => {
    const mixer = mixerOf([full, full]);
    const output: number[] = [];
    talk(mixer, {
      peak: 8000,
      beats: 30,
      before: (beat) => {
        if (beat > 0) output.push(...(mixer.party('0')?.output ?? []));
        if (beat === 10) mixer.set('1', { mode: 'listen' });
        if (beat === 20) mixer.set('1', full);
      },
    });
    const steps = output.slice(1).map((sample, i) => Math.abs(sample - (output[i] as number)));
    const steepest = 2 * 8000 * Math.sin((Math.PI * frequencyOf(1)) / 8000);
    expect(Math.max(...steps)).toBeLessThan(steepest * 1.1);
    expect(output.slice(160 * 13, 160 * 19).every((sample) => sample === 0)).toBe(true);
  });
});
