/**
 * Makes prompt files: text by espeak-ng, uploads by ffmpeg, both brought to telephone quality: 8 kHz, mono, 16 bit,
 * -20 dBm0 active level, silence trimmed, 100 ms of silence before.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CordboardError } from '../base/errors.ts';
import type { Language } from '../domain/settings.ts';
import type { PromptContent } from './catalogue.ts';
import { activeLevelDbm0, normalise, sampleRateHz, sine, trimSilence } from './level.ts';
import { runProgram } from './run-program.ts';
import { durationMsOf, writeSoundFile } from './sound-file.ts';

/** Changes whenever the same text would sound different: part of every rendered file's name. */
export const rendererVersion = 1;

/** Active level of every prompt: what ITU-T G.711 networks are engineered for, and what a person's voice has. */
export const promptLevelDbm0 = -20;
const leadMs = 100;
const tailMs = 100;

export const maxUploadBytes = 20 * 1024 * 1024;
export const maxUploadMs = 10 * 60_000;

/** espeak-ng voice and words per minute, slower than its default 175: a telephone line hides consonants. */
export const voices: Readonly<Record<Language, { name: string; wordsPerMinute: number }>> = {
  en: { name: 'en-gb', wordsPerMinute: 150 },
  hu: { name: 'hu', wordsPerMinute: 150 },
  ru: { name: 'ru', wordsPerMinute: 150 },
  sk: { name: 'sk', wordsPerMinute: 150 },
  lt: { name: 'lt', wordsPerMinute: 150 },
  tr: { name: 'tr', wordsPerMinute: 150 },
};

/** ffmpeg's readers of single sound files. Playlists are left out: they could name other files of this machine. */
const uploadFormats = 'aac,aiff,amr,asf,au,caf,flac,matroska,webm,mov,mp4,m4a,mp3,ogg,w64,wav';

/**
 * Renders what is to be said in a language to a WAV file, replacing it atomically.
 * @returns its duration in milliseconds
 * @throws CordboardError `program.missing`, `program.failed`, `prompt.invalid` (the text has nothing to say)
 */
export async function renderPrompt(
  content: PromptContent,
  language: Language,
  outFile: string,
): Promise<number> {
  if (content.kind === 'tone') {
    const tone = sine(content.frequencyHz, content.durationMs, content.levelDbm0);
    await writeSoundFile(outFile, tone);
    return durationMsOf(tone.length);
  }
  const voice = voices[language];
  // The text goes by standard input: an argument beginning with - would be taken for an option.
  const spoken = await runProgram(
    'espeak-ng',
    ['-v', voice.name, '-s', String(voice.wordsPerMinute), '-b', '1', '--stdin', '--stdout'],
    { input: content.text, timeoutMs: 30_000, maxOutputBytes: 64 * 1024 * 1024 },
  );
  const samples = await decode(['-f', 'wav', '-i', 'pipe:0'], spoken);
  return finish(samples, outFile, 'The text has nothing that can be spoken.');
}

/** A sound as it was given, and what became of it. */
export interface ConvertedSound {
  durationMs: number;
  /** Active level before it was brought to that of all prompts. */
  levelBeforeDbm0: number;
}

/**
 * Turns an uploaded sound of any common format into a prompt file, replacing it atomically.
 * @throws CordboardError `request.too-large` (20 MB, 10 minutes), `prompt.invalid`, `program.missing`
 */
export async function convertUpload(bytes: Uint8Array, outFile: string): Promise<ConvertedSound> {
  if (bytes.length > maxUploadBytes)
    throw new CordboardError('request.too-large', 'A sound may have 20 MB at most.');
  // A file and not a pipe, because some formats keep their index at the end.
  const directory = await mkdtemp(join(tmpdir(), 'cordboard-upload-'));
  try {
    const file = join(directory, 'upload');
    await writeFile(file, bytes, { mode: 0o600 });
    const samples = await decode(
      ['-protocol_whitelist', 'file', '-format_whitelist', uploadFormats, '-i', file],
      undefined,
    ).catch((error: unknown) => {
      if (error instanceof CordboardError && error.code === 'program.failed')
        throw new CordboardError('prompt.invalid', 'The file is no sound that can be read.', {
          cause: error,
        });
      throw error;
    });
    if (durationMsOf(samples.length) > maxUploadMs)
      throw new CordboardError('request.too-large', 'A sound may last 10 minutes at most.');
    const durationMs = await finish(samples, outFile, 'The file holds only silence.');
    return { durationMs, levelBeforeDbm0: Math.round(activeLevelDbm0(samples) * 10) / 10 };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** First sound track to 8 kHz mono samples; a second more than the longest upload is read, to tell it is too long. */
async function decode(inputArgs: readonly string[], input: Uint8Array | undefined): Promise<Int16Array> {
  const limitS = maxUploadMs / 1000 + 1;
  const pcm = await runProgram(
    'ffmpeg',
    [
      ...['-hide_banner', '-nostdin', '-v', 'error', ...inputArgs, '-map', '0:a:0', '-t', String(limitS)],
      // What a telephone line does not carry would only take level away from the speech.
      ...['-af', 'highpass=f=120', '-ar', String(sampleRateHz), '-ac', '1', '-f', 's16le', 'pipe:1'],
    ],
    {
      ...(input ? { input } : {}),
      timeoutMs: 60_000,
      maxOutputBytes: (limitS + 1) * sampleRateHz * 2,
    },
  );
  const samples = new Int16Array(pcm.length >> 1);
  for (let i = 0; i < samples.length; i++) samples[i] = pcm.readInt16LE(i * 2);
  return samples;
}

async function finish(samples: Int16Array, outFile: string, ifSilent: string): Promise<number> {
  const trimmed = trimSilence(samples, leadMs, tailMs);
  if (trimmed.length === 0) throw new CordboardError('prompt.invalid', ifSilent);
  const ready = normalise(trimmed, promptLevelDbm0);
  await writeSoundFile(outFile, ready);
  return durationMsOf(ready.length);
}
