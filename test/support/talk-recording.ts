/** A recording as the box makes them, of two parties who take turns: something to look at and to hear. */
import { encodeG711 } from '../../src/codec/g711.ts';
import { g711WavHeader } from '../../src/codec/wav.ts';

/** Stereo A-law; the caller's words are 330 Hz, the agent's 440 Hz, each in syllables, with pauses between. */
export function talkRecording(durationMs: number): Buffer {
  const samples = durationMs * 8;
  const side = (hertz: number, isSpeaking: (second: number) => boolean): Uint8Array =>
    encodeG711(
      'PCMA',
      Int16Array.from({ length: samples }, (_, i) => {
        const second = i / 8000;
        if (!isSpeaking(second)) return 0;
        const syllable = Math.max(0, Math.sin(second * 9) * (0.6 + 0.4 * Math.sin(second * 2.3)));
        return 12_000 * syllable * Math.sin(2 * Math.PI * hertz * second);
      }),
    );
  // Twelve seconds: the caller asks, the agent answers, then both are quiet.
  const caller = side(330, (second) => second % 12 < 4);
  const agent = side(440, (second) => second % 12 >= 4.5 && second % 12 < 8);
  const data = Buffer.alloc(samples * 2);
  for (let i = 0; i < samples; i++) {
    data[2 * i] = caller[i] ?? 0;
    data[2 * i + 1] = agent[i] ?? 0;
  }
  return Buffer.concat([g711WavHeader('PCMA', 2, data.length), data]);
}
