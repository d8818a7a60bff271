/**
 * Who hears whom, beat by beat: each party hears the sum of those who speak to it, never itself. Beat in, beat out;
 * where sound comes from and goes to is the owner's affair.
 */
import type { MixRouting } from '../../codec/media-control.ts';
import { frameUnits } from './audio-codec.ts';
import { Limiter } from './limiter.ts';

/** Samples of a beat at 8 kHz, the rate of mixing. */
export const mixSamples = frameUnits;

/** A voice on its way to one ear; its gain glides, so that a change of routing does not click. */
interface Line {
  speaker: MixParty;
  gain: number;
  target: number;
}

export class MixParty {
  readonly id: string;
  /** What it says; to be written before {@link Mixer.mix}. */
  readonly input = new Int16Array(mixSamples);
  /** What it hears. */
  readonly output = new Int16Array(mixSamples);
  /** Whether `input` holds sound now. */
  speaks = false;
  routing: MixRouting;
  readonly lines: Line[] = [];
  readonly limiter = new Limiter();

  constructor(id: string, routing: MixRouting) {
    this.id = id;
    this.routing = routing;
  }
}

export class Mixer {
  readonly #parties = new Map<string, MixParty>();
  readonly #sum = new Float64Array(mixSamples);

  get parties(): IterableIterator<MixParty> {
    return this.#parties.values();
  }

  get size(): number {
    return this.#parties.size;
  }

  party(id: string): MixParty | undefined {
    return this.#parties.get(id);
  }

  /** Takes a party in, or changes the routing of one that is in. */
  set(id: string, routing: MixRouting): MixParty {
    let party = this.#parties.get(id);
    if (party) party.routing = routing;
    else {
      party = new MixParty(id, routing);
      this.#parties.set(id, party);
    }
    this.#route();
    return party;
  }

  remove(id: string): void {
    this.#parties.delete(id);
    for (const party of this.#parties.values()) {
      const at = party.lines.findIndex(({ speaker }) => speaker.id === id);
      if (at >= 0) party.lines.splice(at, 1);
    }
  }

  /** Makes every party's output of every party's input. */
  mix(): void {
    for (const listener of this.#parties.values()) {
      const sum = this.#sum.fill(0);
      for (const line of listener.lines) addLine(line, sum);
      listener.limiter.process(sum, listener.output);
    }
  }

  #route(): void {
    for (const listener of this.#parties.values()) {
      for (const speaker of this.#parties.values()) {
        if (speaker === listener) continue;
        const target = gainBetween(listener, speaker);
        const line = listener.lines.find((each) => each.speaker === speaker);
        if (line) line.target = target;
        else listener.lines.push({ speaker, gain: 0, target });
      }
    }
  }
}

function addLine(line: Line, sum: Float64Array): void {
  const { target } = line;
  const from = line.gain;
  line.gain = target;
  if (!line.speaker.speaks || (from === 0 && target === 0)) return;
  const { input } = line.speaker;
  if (from === target) {
    for (let i = 0; i < mixSamples; i++) sum[i] = (sum[i] as number) + target * (input[i] as number);
    return;
  }
  for (let i = 0; i < mixSamples; i++) {
    const gain = from + ((target - from) * (i + 1)) / mixSamples;
    sum[i] = (sum[i] as number) + gain * (input[i] as number);
  }
}

/** Gain at which `listener` hears `speaker`; 0: not at all. */
function gainBetween(listener: MixParty, speaker: MixParty): number {
  const { mode, heardBy, muted, gainDb } = speaker.routing;
  if (muted) return 0;
  if (listener.routing.hears && !listener.routing.hears.includes(speaker.id)) return 0;
  if (heardBy && !heardBy.includes(listener.id)) return 0;
  if (mode === 'listen') return 0;
  if (mode.startsWith('whisper:') && mode.slice('whisper:'.length) !== listener.id) return 0;
  return 10 ** ((gainDb ?? 0) / 20);
}
