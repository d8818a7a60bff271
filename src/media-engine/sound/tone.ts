/**
 * Tones: some frequencies together, with soft edges so that they do not click.
 */
import { CordboardError } from '../../base/errors.ts';
import { amplitudeOfDbm0, sampleRateHz } from '../../codec/g711.ts';

const edgeSamples = 40;
const maxDurationMs = 600_000;

export interface Tone {
  frequenciesHz: number[];
  durationMs: number;
  /** Of all frequencies together. */
  levelDbm0: number;
}

/** Linear samples of a tone. @throws CordboardError `control.bad-request` when a number is out of range */
export function synthesizeTone(tone: Tone): Int16Array {
  const { frequenciesHz, durationMs, levelDbm0 } = tone;
  const inRange =
    frequenciesHz.length > 0 &&
    frequenciesHz.length <= 8 &&
    frequenciesHz.every((hz) => hz > 0 && hz < sampleRateHz / 2) &&
    durationMs > 0 &&
    durationMs <= maxDurationMs &&
    levelDbm0 <= 0 &&
    levelDbm0 >= -63;
  if (!inRange) {
    throw new CordboardError(
      'control.bad-request',
      'a tone needs 1 to 8 frequencies below 4000 Hz, up to 600000 ms and -63 to 0 dBm0',
    );
  }
  const peak = amplitudeOfDbm0(levelDbm0 - 10 * Math.log10(frequenciesHz.length));
  const turns = frequenciesHz.map((hz) => (2 * Math.PI * hz) / sampleRateHz);
  const samples = new Int16Array(Math.round((durationMs * sampleRateHz) / 1000));
  for (let at = 0; at < samples.length; at++) {
    let sum = 0;
    for (const turn of turns) sum += Math.sin(turn * at);
    const edge = Math.min(1, (at + 1) / edgeSamples, (samples.length - at) / edgeSamples);
    samples[at] = Math.max(-32_768, Math.min(32_767, Math.round(sum * peak * edge)));
  }
  return samples;
}
