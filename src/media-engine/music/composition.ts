/**
 * The built-in music on hold, composed for this project and free with it: a slow walk through eight chords, broken
 * into single soft notes over held ones, with a sparse melody above. 76.8 s, and its end leads into its beginning.
 */

/** Changes with the notes or the sound of them, so that rendered copies are made anew. */
export const musicVersion = 1;
/** Length of a beat: 75 to the minute. */
export const beatMs = 800;
const beatsPerBar = 4;

export interface Note {
  /** MIDI number: 69 is a' at 440 Hz. */
  pitch: number;
  startBeat: number;
  beats: number;
  /** 0..1 */
  loudness: number;
  voice: 'pluck' | 'pad' | 'bell';
}

/** Chords as bass and upper notes: F, Dm7, Bb, C6, Am7, Dm9, Gm7, C7sus4. */
const chords: readonly (readonly number[])[] = [
  [41, 57, 60, 65, 69],
  [38, 57, 60, 65, 69],
  [46, 58, 62, 65, 70],
  [48, 57, 60, 64, 67],
  [45, 55, 60, 64, 69],
  [38, 57, 60, 64, 65],
  [43, 58, 62, 65, 67],
  [48, 55, 58, 65, 67],
];

/** Which upper note of the chord each eighth of a bar plays; two ways, by turns. */
const figures: readonly (readonly number[])[] = [
  [1, 2, 3, 4, 3, 2, 3, 2],
  [1, 3, 2, 4, 3, 4, 2, 3],
];

/** Melody of the second and third time round: bar, beat, pitch, beats. */
const melody: readonly (readonly [number, number, number, number])[] = [
  [8, 0, 72, 2],
  [8, 2.5, 74, 1.5],
  [9, 0, 77, 3],
  [10, 1, 74, 1.5],
  [10, 2.5, 72, 1.5],
  [11, 0, 67, 3],
  [12, 0, 69, 2],
  [12, 2.5, 72, 1.5],
  [13, 0, 69, 3],
  [14, 1, 70, 1.5],
  [14, 2.5, 74, 1.5],
  [15, 0, 72, 3.5],
  [16, 1, 77, 1.5],
  [16, 2.5, 76, 1.5],
  [17, 0, 72, 3],
  [18, 0, 74, 2],
  [18, 2.5, 70, 1.5],
  [19, 0, 72, 3.5],
  [20, 1, 76, 1.5],
  [20, 2.5, 74, 1.5],
  [21, 0, 72, 3],
  [22, 0, 70, 2],
  [22, 2.5, 67, 1.5],
  [23, 0, 65, 3.5],
];

export interface Piece {
  notes: Note[];
  beats: number;
}

/** The piece, the same each time. */
export function composeMusic(): Piece {
  const rounds = 3;
  const bars = chords.length * rounds;
  const notes: Note[] = [];
  for (let bar = 0; bar < bars; bar++) {
    const chord = chords[bar % chords.length] as readonly number[];
    const figure = figures[bar % figures.length] as readonly number[];
    const start = bar * beatsPerBar;
    notes.push({ pitch: (chord[0] as number) + 12, startBeat: start, beats: 4, loudness: 0.5, voice: 'pad' });
    for (const pitch of chord.slice(1, 4)) {
      notes.push({ pitch, startBeat: start, beats: 4, loudness: 0.22, voice: 'pad' });
    }
    for (const [eighth, index] of figure.entries()) {
      // The first and fifth note carry the bar; what is between them stays back.
      const loudness = eighth % 4 === 0 ? 0.6 : 0.42;
      const pitch = chord[index] as number;
      notes.push({ pitch, startBeat: start + eighth / 2, beats: 1.5, loudness, voice: 'pluck' });
    }
  }
  for (const [bar, beat, pitch, beats] of melody) {
    notes.push({ pitch, startBeat: bar * beatsPerBar + beat, beats, loudness: 0.55, voice: 'bell' });
  }
  return { notes, beats: bars * beatsPerBar };
}
