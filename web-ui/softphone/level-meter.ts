/** Where a meter begins to show something, and where it is full, in dB below full scale. */
const quietDb = -60;
const loudDb = -10;

/** Measures how loud a stream is, as often as the page asks. */
export class LevelMeter {
  readonly #context: AudioContext;
  readonly #analyser: AnalyserNode;
  readonly #samples: Float32Array<ArrayBuffer>;

  constructor(stream: MediaStream) {
    this.#context = new AudioContext();
    this.#analyser = this.#context.createAnalyser();
    this.#analyser.fftSize = 1024;
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.#context.createMediaStreamSource(stream).connect(this.#analyser);
  }

  /** 0 (below -60 dB) to 1 (-10 dB and above), linear in dB as the ear is. */
  level(): number {
    this.#analyser.getFloatTimeDomainData(this.#samples);
    let sum = 0;
    for (const sample of this.#samples) sum += sample * sample;
    const db = 10 * Math.log10(sum / this.#samples.length);
    return Math.min(1, Math.max(0, (db - quietDb) / (loudDb - quietDb)));
  }

  close(): void {
    void this.#context.close();
  }
}
