/**
 * Prompts spoken into a desk phone: the box rings it, says what to do, and records from the tone until # is pressed or
 * the phone is hung up. It is no call of the office and stands in no list.
 *
 *     ringing ──picked up──► speaking ──# or hung up──► done
 *        `───────────────────────`──────nothing said───► failed
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Timer } from '../base/clock.ts';
import { CordboardError, errorMessage } from '../base/errors.ts';
import { randomId } from '../base/ids.ts';
import type { Logger } from '../base/log.ts';
import type { Language, Settings } from '../domain/settings.ts';
import type { Leg, Recording, Telephony } from '../telephony/contract.ts';

const ringMs = 30_000;
/** The longest prompt. */
const longestMs = 5 * 60_000;
/** A take that nobody kept is forgotten after this time. */
const forgetMs = 30 * 60_000;
const mostAtOnce = 4;

export interface Take {
  takeId: string;
  state: 'ringing' | 'speaking' | 'done' | 'failed';
  durationMs: number | null;
  failure: string | null;
}

export interface PromptTakesDeps {
  telephony: Pick<Telephony, 'dial' | 'record' | 'phones'>;
  prompts: { pathFor(promptId: string, language: Language): string | undefined };
  /** Brings a raw recording to the form of a prompt. @throws CordboardError prompt.invalid: silence */
  convert(rawFile: string, outFile: string): Promise<{ durationMs: number }>;
  /** The phone is of no use to queues meanwhile. */
  phoneBusy(extensionId: string, takeId: string, busy: boolean): void;
  directory: string;
  settings: () => Settings;
  clock: Clock;
  log: Logger;
}

interface Running {
  take: Take;
  leg: Leg;
  raw: string;
  ready: string;
  recording: Recording | undefined;
  finishing: boolean;
  timer: Timer | undefined;
}

export class PromptTakes {
  readonly #deps: PromptTakesDeps;
  readonly #takes = new Map<string, Running>();

  constructor(deps: PromptTakesDeps) {
    this.#deps = deps;
  }

  /** What an earlier run left is of no use. */
  async start(): Promise<void> {
    await rm(this.#deps.directory, { recursive: true, force: true });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#takes.keys()].map((takeId) => this.drop(takeId)));
  }

  /** @throws CordboardError not-found, dial.no-contact, overloaded */
  record(extensionId: string, language: Language): Take {
    const { telephony, settings, clock, directory, phoneBusy } = this.#deps;
    const extension = settings().extensions.find((each) => each.id === extensionId);
    if (!extension) throw new CordboardError('not-found', `there is no extension ${extensionId}`);
    if (!telephony.phones().some((phone) => phone.extensionId === extensionId && phone.contacts.length > 0))
      throw new CordboardError('dial.no-contact', `no phone is registered as extension ${extension.number}`);
    const open = [...this.#takes.values()].filter(
      ({ take }) => take.state !== 'done' && take.state !== 'failed',
    );
    if (open.length >= mostAtOnce)
      throw new CordboardError('overloaded', 'other prompts are being recorded; wait for them');
    const takeId = randomId(12);
    const leg = telephony.dial({
      target: { kind: 'extension', extensionId },
      callerNumber: extension.number,
      callerName: settings().office.name,
      timeoutMs: ringMs,
    });
    const running: Running = {
      take: { takeId, state: 'ringing', durationMs: null, failure: null },
      leg,
      raw: join(directory, `${takeId}.raw.wav`),
      ready: join(directory, `${takeId}.wav`),
      recording: undefined,
      finishing: false,
      timer: clock.after(forgetMs, () => void this.drop(takeId)),
    };
    this.#takes.set(takeId, running);
    phoneBusy(extensionId, takeId, true);
    leg.events.on('answered', () => void this.#instruct(running, language));
    leg.events.on('digit', (digit) => {
      if (digit === '#') void this.#finish(running);
    });
    leg.events.on('over', ({ reason }) => void this.#finish(running, reason));
    leg.events.on('ended', () => phoneBusy(extensionId, takeId, false));
    return { ...running.take };
  }

  /** @throws CordboardError not-found */
  get(takeId: string): Take {
    const running = this.#takes.get(takeId);
    if (!running) throw new CordboardError('not-found', `there is no take ${takeId}`);
    return { ...running.take };
  }

  /** The file of a take that is done. */
  file(takeId: string): string | undefined {
    const running = this.#takes.get(takeId);
    return running?.take.state === 'done' ? running.ready : undefined;
  }

  /** Hangs up and forgets. Idempotent. */
  async drop(takeId: string): Promise<void> {
    const running = this.#takes.get(takeId);
    if (!running) return;
    this.#takes.delete(takeId);
    running.timer?.cancel();
    await running.leg.hangUp({ class: 'success', reason: 'hung-up-by-user' });
    await running.recording?.stop().catch(() => null);
    await rm(running.raw, { force: true });
    await rm(running.ready, { force: true });
  }

  async #instruct(running: Running, language: Language): Promise<void> {
    const { prompts } = this.#deps;
    running.take.state = 'speaking';
    const files = ['record-prompt', 'beep'].flatMap((id) => prompts.pathFor(id, language) ?? []);
    const playId = running.leg.play(files.map((file) => ({ kind: 'file', file })));
    running.leg.events.on('played', (id) => {
      if (id === playId) void this.#listen(running);
    });
  }

  async #listen(running: Running): Promise<void> {
    const { telephony, clock, directory, log } = this.#deps;
    if (running.finishing || running.leg.state === 'ended') return;
    try {
      await mkdir(directory, { recursive: true });
      running.recording = await telephony.record({
        recordingId: running.take.takeId,
        file: running.raw,
        left: running.leg,
        right: running.leg,
      });
      running.timer?.cancel();
      running.timer = clock.after(longestMs, () => void this.#finish(running));
    } catch (error) {
      log.warn('a prompt cannot be recorded', { error });
      running.take.failure = error instanceof CordboardError ? error.code : 'internal';
      running.take.state = 'failed';
      await running.leg.hangUp({ class: 'server', reason: 'internal' });
    }
  }

  /** @param gone how the call ended, when the phone was hung up */
  async #finish(running: Running, gone?: string): Promise<void> {
    if (running.finishing || running.take.state === 'failed') return;
    // A key pressed while the box still speaks begins no recording and ends none.
    if (!running.recording && gone === undefined) return;
    running.finishing = true;
    const { take } = running;
    const { clock, convert, log } = this.#deps;
    running.timer?.cancel();
    running.timer = clock.after(forgetMs, () => void this.drop(take.takeId));
    const kept = await running.recording?.stop().catch(() => null);
    await running.leg.hangUp({ class: 'success', reason: 'hung-up-by-user' });
    if (!kept) {
      take.failure = gone ?? 'silent';
      take.state = 'failed';
      return;
    }
    try {
      take.durationMs = (await convert(running.raw, running.ready)).durationMs;
      take.state = 'done';
    } catch (error) {
      if (!(error instanceof CordboardError) || error.code !== 'prompt.invalid')
        log.warn('a recorded prompt cannot be converted', { detail: errorMessage(error) });
      take.failure = 'silent';
      take.state = 'failed';
    } finally {
      await rm(running.raw, { force: true });
    }
  }
}
