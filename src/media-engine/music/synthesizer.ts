/**
 * Turns notes into sound for a telephone: additive voices with soft envelopes, every partial below 3.4 kHz, a
 * little echo for room, set to the level that G.711 speech has. What rings on at the end is laid over the
 * beginning, so that the loop has no seam.
 */
import { amplitudeOfDbm0, sampleRateHz } from '../../codec/g711.ts';
import { beatMs, type Note, type Piece } from './composition.ts';

/** Upper edge of the telephone band. */
const highestPartialHz = 3400;
/** Mean level of the whole, dBm0. */
export const musicLevelDbm0 = -20;

interface Voice {
  /** Strength of each partial, the fundamental first. */
  partials: readonly number[];
  attackMs: number;
  /** Time to fall to 1/e; endless for a held note. */
  decayMs: number;
  releaseMs: number;
  /** Slow wavering of the pitch, in Hz and as a fraction of it. */
  vibratoHz: number;
  vibratoDepth: number;
}

const voices: Record<Note['voice'], Voice> = {
  pluck: {
    partials: [1, 0.45, 0.22, 0.1, 0.05],
    attackMs: 8,
    decayMs: 650,
    releaseMs: 250,
    vibratoHz: 0,
    vibratoDepth: 0,
  },
  pad: {
    partials: [1, 0.3, 0.12],
    attackMs: 450,
    decayMs: 9000,
    releaseMs: 900,
    vibratoHz: 4.3,
    vibratoDepth: 0.0012,
  },
  bell: {
    partials: [1, 0.18, 0.3, 0.06],
    attackMs: 30,
    decayMs: 1300,
    releaseMs: 500,
    vibratoHz: 5,
    vibratoDepth: 0.0018,
  },
};

/** Two repeats, quieter each, at times that are no multiple of the beat. */
const echoes = [
  { delayMs: 173, gain: 0.22 },
  { delayMs: 311, gain: 0.13 },
];

/** Linear samples of the piece, ready to loop. */
export function renderMusic(piece: Piece): Int16Array {
  const length = Math.round((piece.beats * beatMs * sampleRateHz) / 1000);
  const dry = new Float64Array(length);
  for (const note of piece.notes) addNote(dry, note);
  const mixed = Float64Array.from(dry);
  for (const { delayMs, gain } of echoes) {
    const delay = Math.round((delayMs * sampleRateHz) / 1000);
    for (let at = 0; at < length; at++) {
      mixed[(at + delay) % length] = (mixed[(at + delay) % length] as number) + gain * (dry[at] as number);
    }
  }
  return toLevel(mixed);
}

function addNote(into: Float64Array, note: Note): void {
  const voice = voices[note.voice];
  const hz = 440 * 2 ** ((note.pitch - 69) / 12);
  const start = Math.round((note.startBeat * beatMs * sampleRateHz) / 1000);
  const held = (note.beats * beatMs * sampleRateHz) / 1000;
  const attack = (voice.attackMs * sampleRateHz) / 1000;
  const decay = (voice.decayMs * sampleRateHz) / 1000;
  const release = (voice.releaseMs * sampleRateHz) / 1000;
  const partials = voice.partials.filter((_, index) => hz * (index + 1) < highestPartialHz);
  const vibratoTurn = (2 * Math.PI * voice.vibratoHz) / sampleRateHz;
  let phase = 0;
  for (let at = 0; at < held + release; at++) {
    phase += ((2 * Math.PI * hz) / sampleRateHz) * (1 + voice.vibratoDepth * Math.sin(vibratoTurn * at));
    // Raised cosines: no edge that would crackle in eight bits.
    const rise = at < attack ? 0.5 - 0.5 * Math.cos((Math.PI * at) / attack) : 1;
    const fall = at > held ? 0.5 + 0.5 * Math.cos((Math.PI * (at - held)) / release) : 1;
    let sum = 0;
    for (let index = 0; index < partials.length; index++) {
      // Higher partials die sooner, as those of strings and bells do.
      sum +=
        (partials[index] as number) *
        Math.exp((-at * (1 + index * 0.7)) / decay) *
        Math.sin(phase * (index + 1));
    }
    const place = (start + at) % into.length;
    into[place] = (into[place] as number) + sum * rise * fall * note.loudness;
  }
}

/** Scales to the mean level; peaks that would not fit are bent, not cut. */
function toLevel(samples: Float64Array): Int16Array {
  let energy = 0;
  for (const sample of samples) energy += sample * sample;
  const wantedRms = amplitudeOfDbm0(musicLevelDbm0) / Math.SQRT2;
  const gain = wantedRms / Math.sqrt(energy / samples.length);
  const limit = 24_000;
  return Int16Array.from(samples, (sample) => Math.round(limit * Math.tanh((sample * gain) / limit)));
}
