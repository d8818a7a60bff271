/**
 * Plays one recording: speed with the pitch kept, silence skipped, either party muted. The sound comes in parts as it
 * is needed. Sides are told apart only once one is muted: until then no more than the browser's own player runs.
 */
import { type Signal, signal } from '@preact/signals';

export const speeds = [0.5, 0.75, 1, 1.25, 1.5, 2] as const;
/** One key press. */
export const stepMs = 5000;

export class Playback {
  readonly playing: Signal<boolean> = signal(false);
  readonly positionMs: Signal<number> = signal(0);
  readonly speed: Signal<number> = signal(1);
  readonly skipping: Signal<boolean> = signal(false);
  /** Caller, agent. */
  readonly muted: Signal<readonly [boolean, boolean]> = signal([false, false]);
  readonly failed: Signal<boolean> = signal(false);
  /** [from, to] in milliseconds, ascending. */
  silences: readonly (readonly [number, number])[] = [];
  readonly durationMs: number;
  #audio: HTMLAudioElement | undefined;
  #sides: { context: AudioContext; gains: [GainNode, GainNode][] } | undefined;
  #frame = 0;

  constructor(durationMs: number) {
    this.durationMs = durationMs;
  }

  /** Takes the element that plays; null when it leaves the page. */
  attach(audio: HTMLAudioElement | null): void {
    if (!audio) {
      this.#audio?.pause();
      cancelAnimationFrame(this.#frame);
      void this.#sides?.context.close();
      this.#sides = undefined;
      this.#audio = undefined;
      this.playing.value = false;
      return;
    }
    if (audio === this.#audio) return;
    this.#audio = audio;
    audio.preservesPitch = true;
    audio.addEventListener('play', () => {
      this.playing.value = true;
      this.failed.value = false;
      this.#follow();
    });
    audio.addEventListener('pause', () => {
      this.playing.value = false;
    });
    audio.addEventListener('error', () => {
      this.failed.value = true;
      this.playing.value = false;
    });
    audio.addEventListener('seeked', () => {
      this.positionMs.value = audio.currentTime * 1000;
    });
    if (this.positionMs.value > 0) audio.currentTime = this.positionMs.value / 1000;
  }

  toggle(): void {
    const audio = this.#audio;
    if (!audio) return;
    if (!audio.paused) {
      audio.pause();
      return;
    }
    if (this.positionMs.value >= this.durationMs - 50) this.seek(0);
    audio.playbackRate = this.speed.value;
    void this.#sides?.context.resume();
    audio.play().catch(() => {
      this.failed.value = audio.error !== null;
    });
  }

  /** Goes to a moment, played or not. */
  seek(positionMs: number): void {
    const to = Math.min(this.durationMs, Math.max(0, positionMs));
    this.positionMs.value = to;
    if (this.#audio) this.#audio.currentTime = to / 1000;
  }

  setSpeed(speed: number): void {
    this.speed.value = speed;
    if (this.#audio) this.#audio.playbackRate = speed;
  }

  mute(side: 0 | 1, muted: boolean): void {
    const next: [boolean, boolean] = [...this.muted.value];
    next[side] = muted;
    this.muted.value = next;
    if (!this.#audio) return;
    this.#sides ??= split(this.#audio);
    void this.#sides.context.resume();
    // Whoever is heard alone is heard in both ears.
    this.#sides.gains.forEach(([own, other], index) => {
      own.gain.value = next[index] ? 0 : 1;
      other.gain.value = !next[index] && next[1 - index] ? 1 : 0;
    });
  }

  #follow(): void {
    cancelAnimationFrame(this.#frame);
    const audio = this.#audio;
    if (!audio || audio.paused) return;
    const at = audio.currentTime * 1000;
    this.positionMs.value = at;
    const silence = this.skipping.value && this.silences.find(([from, to]) => at >= from && at < to - 100);
    if (silence) audio.currentTime = silence[1] / 1000;
    this.#frame = requestAnimationFrame(() => this.#follow());
  }
}

/** Each side to its own ear and, when it is alone, to the other. */
function split(audio: HTMLAudioElement): { context: AudioContext; gains: [GainNode, GainNode][] } {
  const context = new AudioContext();
  const splitter = context.createChannelSplitter(2);
  const merger = context.createChannelMerger(2);
  context.createMediaElementSource(audio).connect(splitter);
  const gains = ([0, 1] as const).map((side): [GainNode, GainNode] => {
    const [own, other] = [context.createGain(), context.createGain()];
    splitter.connect(own, side);
    splitter.connect(other, side);
    own.connect(merger, 0, side);
    other.connect(merger, 0, 1 - side);
    return [own, other];
  });
  merger.connect(context.destination);
  return { context, gains };
}
