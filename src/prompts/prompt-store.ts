/**
 * The prompts of one office on disk: built-in and own texts are rendered when they are missing or changed, uploads
 * stand before them. Files:
 *
 *     <dir>/rendered/<language>/<promptId>.<hash of text, voice and renderer>.wav
 *     <dir>/uploaded/<language>/<promptId>.wav
 *
 * The hash in the name tells without a manifest whether a file is up to date. Every file appears whole or not at
 * all, and one that is replaced stays until the new one is there.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CordboardError, errorMessage } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
import { languages as knownLanguages, type Language, type Settings } from '../domain/settings.ts';
import { builtInPrompts, type PromptContent } from './catalogue.ts';
import { convertUpload, rendererVersion, renderPrompt, voices } from './render.ts';
import { soundFileDurationMs } from './sound-file.ts';

export type PromptSource = 'built-in' | 'text' | 'upload';

/** A prompt as pages show it. */
export interface PromptInfo {
  promptId: string;
  language: Language;
  /** What is said when no upload stands before it; null for a sound without words. */
  text: string | null;
  /** The text that comes with the system; null where there is none. */
  builtInText: string | null;
  source: PromptSource;
  /** Null: not yet rendered, or its rendering failed. */
  durationMs: number | null;
}

export interface RenderRequest {
  /** The office's own texts: settings `prompts`. */
  texts: Settings['prompts'];
  languages: readonly Language[];
  /** Delete rendered files that nothing needs any more; false where not all texts are known. */
  prune: boolean;
}

export interface RenderOutcome {
  rendered: number;
  /** Were up to date already. */
  kept: number;
  failed: { promptId: string; language: Language; message: string }[];
}

/** `done` of `total` prompts that needed rendering. */
export type RenderProgress = (done: number, total: number) => void;

interface Wanted {
  promptId: string;
  language: Language;
  content: PromptContent;
  own: boolean;
}
interface Sound {
  file: string;
  durationMs: number;
}

const concurrency = 2;
const fallbackLanguage: Language = 'en';

export class PromptStore {
  readonly #dir: string;
  readonly #log: Logger;
  readonly #wanted = new Map<string, Wanted>();
  readonly #rendered = new Map<string, Sound>();
  readonly #uploaded = new Map<string, Sound>();
  /** Changes run one after the other. */
  #tail: Promise<unknown> = Promise.resolve();

  constructor(options: { dir: string; log: Logger }) {
    this.#dir = options.dir;
    this.#log = options.log;
  }

  /**
   * Renders what is missing or changed, two at a time. A prompt that fails is told in the outcome and leaves what
   * was there before. @throws CordboardError `program.missing`; file errors
   */
  ensureRendered(request: RenderRequest, onProgress?: RenderProgress): Promise<RenderOutcome> {
    return this.#inTurn(() => this.#ensureRendered(request, onProgress));
  }

  /** Speaks every text anew, also what is up to date; each old sound is played until its new one is there. */
  renderAgain(request: RenderRequest, onProgress?: RenderProgress): Promise<RenderOutcome> {
    return this.#inTurn(async () => {
      await this.#ensureRendered(request, undefined);
      const wanted = [...this.#wanted.values()];
      const failed = await this.#renderAll(wanted, onProgress);
      if (failed.length > 0) this.#log.error('prompts could not be rendered', { failed });
      return { rendered: wanted.length - failed.length, kept: 0, failed };
    });
  }

  /**
   * The file to play: the upload, else the rendered text, in this language, else the same in English; undefined
   * when there is none.
   */
  pathFor(promptId: string, language: Language): string | undefined {
    for (const spoken of [language, fallbackLanguage]) {
      const key = keyOf(spoken, promptId);
      const sound = this.#uploaded.get(key) ?? this.#rendered.get(key);
      if (sound) return sound.file;
    }
    return undefined;
  }

  /**
   * Puts an uploaded sound (20 MB and 10 minutes at most) before the text of this prompt; the id may be new.
   * @throws CordboardError `prompt.invalid`, `request.too-large`, `request.invalid`, `program.missing`
   */
  upload(
    promptId: string,
    language: Language,
    bytes: Uint8Array,
  ): Promise<PromptInfo & { levelBeforeDbm0: number }> {
    return this.#inTurn(async () => {
      const file = this.#uploadFile(promptId, language);
      await mkdir(join(this.#dir, 'uploaded', language), { recursive: true });
      const { durationMs, levelBeforeDbm0 } = await convertUpload(bytes, file);
      this.#uploaded.set(keyOf(language, promptId), { file, durationMs });
      return { ...this.#info(promptId, language), levelBeforeDbm0 };
    });
  }

  /** Takes the upload away, so that the text is spoken again. Idempotent. */
  restoreDefault(promptId: string, language: Language): Promise<void> {
    return this.#inTurn(async () => {
      this.#uploaded.delete(keyOf(language, promptId));
      await rm(this.#uploadFile(promptId, language), { force: true });
    });
  }

  /** All prompts of the languages last rendered, and all uploads, by id and language. */
  list(): PromptInfo[] {
    const keys = new Set([...this.#wanted.keys(), ...this.#uploaded.keys()]);
    return [...keys]
      .map((key) => {
        const [language, promptId] = key.split('/') as [Language, string];
        return this.#info(promptId, language);
      })
      .sort(
        (a, b) =>
          a.promptId.localeCompare(b.promptId, 'en', { numeric: true }) ||
          a.language.localeCompare(b.language),
      );
  }

  async #ensureRendered(
    request: RenderRequest,
    onProgress: RenderProgress | undefined,
  ): Promise<RenderOutcome> {
    const uploaded = await this.#scanUploads();
    const wantedPrompts = promptsOf(request);
    const rendered = new Map<string, Sound>();
    const missing: Wanted[] = [];
    for (const language of request.languages) {
      await mkdir(this.#renderedDir(language), { recursive: true });
      const present = await soundFiles(this.#renderedDir(language));
      for (const wanted of wantedPrompts) {
        if (wanted.language !== language) continue;
        const own = present.filter((name) => name.startsWith(`${wanted.promptId}.`));
        const current = own.includes(fileName(wanted));
        if (!current) missing.push(wanted);
        const name = current ? fileName(wanted) : own[0]; // an older rendering is better than nothing
        if (name !== undefined) await this.#index(rendered, wanted, name);
      }
    }
    // Calls go on asking for paths meanwhile: the tables are exchanged at once.
    replaceAll(this.#uploaded, uploaded);
    replaceAll(this.#rendered, rendered);
    replaceAll(
      this.#wanted,
      wantedPrompts.map((wanted) => [keyOf(wanted.language, wanted.promptId), wanted] as const),
    );
    const failed = await this.#renderAll(missing, onProgress);
    if (request.prune) await this.#prune();
    if (failed.length > 0) this.#log.error('prompts could not be rendered', { failed });
    return {
      rendered: missing.length - failed.length,
      kept: this.#wanted.size - missing.length,
      failed,
    };
  }

  async #renderAll(
    missing: readonly Wanted[],
    onProgress: RenderProgress | undefined,
  ): Promise<RenderOutcome['failed']> {
    const failed: RenderOutcome['failed'] = [];
    let next = 0;
    let done = 0;
    const renderOneAfterTheOther = async (): Promise<void> => {
      for (let wanted = missing[next++]; wanted; wanted = missing[next++]) {
        const { promptId, language, content } = wanted;
        try {
          await renderPrompt(content, language, join(this.#renderedDir(language), fileName(wanted)));
          await this.#index(this.#rendered, wanted, fileName(wanted));
        } catch (error) {
          if (error instanceof CordboardError && error.code === 'program.missing') throw error;
          failed.push({ promptId, language, message: errorMessage(error) });
        }
        onProgress?.(++done, missing.length);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, renderOneAfterTheOther));
    return failed;
  }

  /** Keeps what is played now and what it would fall back to: the built-in text. */
  async #prune(): Promise<void> {
    for (const language of knownLanguages) {
      const keep = new Set<string>();
      const builtIn = builtInPrompts(language);
      for (const [promptId, content] of builtIn) keep.add(fileName({ promptId, language, content }));
      for (const sound of this.#rendered.values())
        keep.add(sound.file.slice(sound.file.lastIndexOf('/') + 1));
      for (const name of await soundFiles(this.#renderedDir(language)))
        if (!keep.has(name)) await rm(join(this.#renderedDir(language), name), { force: true });
    }
  }

  async #index(table: Map<string, Sound>, wanted: Wanted, name: string): Promise<void> {
    const file = join(this.#renderedDir(wanted.language), name);
    table.set(keyOf(wanted.language, wanted.promptId), {
      file,
      durationMs: await soundFileDurationMs(file),
    });
  }

  async #scanUploads(): Promise<Map<string, Sound>> {
    const uploaded = new Map<string, Sound>();
    for (const language of knownLanguages) {
      const directory = join(this.#dir, 'uploaded', language);
      for (const name of await soundFiles(directory)) {
        const file = join(directory, name);
        const promptId = name.slice(0, -'.wav'.length);
        uploaded.set(keyOf(language, promptId), { file, durationMs: await soundFileDurationMs(file) });
      }
    }
    return uploaded;
  }

  #renderedDir(language: Language): string {
    return join(this.#dir, 'rendered', language);
  }

  #uploadFile(promptId: string, language: Language): string {
    if (!/^[a-z0-9-]{1,40}$/.test(promptId) || !knownLanguages.includes(language))
      throw new CordboardError('request.invalid', `${promptId} (${language}) names no prompt`);
    return join(this.#dir, 'uploaded', language, `${promptId}.wav`);
  }

  #info(promptId: string, language: Language): PromptInfo {
    const key = keyOf(language, promptId);
    const wanted = this.#wanted.get(key);
    const builtIn = builtInPrompts(language).get(promptId);
    const upload = this.#uploaded.get(key);
    return {
      promptId,
      language,
      text: wanted?.content.kind === 'speech' ? wanted.content.text : null,
      builtInText: builtIn?.kind === 'speech' ? builtIn.text : null,
      source: upload ? 'upload' : wanted?.own ? 'text' : 'built-in',
      durationMs: (upload ?? this.#rendered.get(key))?.durationMs ?? null,
    };
  }

  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(action);
    this.#tail = result.catch(() => {
      // Its caller is told; the next change does not depend on it.
    });
    return result;
  }
}

function promptsOf({ texts, languages }: RenderRequest): Wanted[] {
  return languages.flatMap((language) => {
    const prompts = new Map<string, Wanted>();
    for (const [promptId, content] of builtInPrompts(language))
      prompts.set(promptId, { promptId, language, content, own: false });
    for (const [promptId, byLanguage] of Object.entries(texts)) {
      const text = byLanguage[language]?.trim();
      if (text) prompts.set(promptId, { promptId, language, content: { kind: 'speech', text }, own: true });
    }
    return [...prompts.values()];
  });
}

function fileName({ promptId, language, content }: Omit<Wanted, 'own'>): string {
  const voice = content.kind === 'speech' ? voices[language] : null;
  const key = JSON.stringify([rendererVersion, voice, content]);
  return `${promptId}.${createHash('sha256').update(key).digest('hex').slice(0, 16)}.wav`;
}

function keyOf(language: Language, promptId: string): string {
  return `${language}/${promptId}`;
}

function replaceAll<Value>(table: Map<string, Value>, entries: Iterable<readonly [string, Value]>): void {
  table.clear();
  for (const [key, value] of entries) table.set(key, value);
}

/** Names of the finished files in a directory; what a crash left half written is removed. */
async function soundFiles(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names) if (name.endsWith('.tmp')) await rm(join(directory, name), { force: true });
  return names.filter((name) => name.endsWith('.wav'));
}
