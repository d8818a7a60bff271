import { CordboardError, errorMessage } from '../base/errors.ts';
import { randomId } from '../base/ids.ts';
import type { RecordingResult } from '../codec/media-control.ts';
import type { Leg, Recording } from '../telephony/contract.ts';
import type { ActiveCall, CallDeps } from './active-call.ts';

/** Records the talks of one call. A disk that fails costs the recording, never the call. */
export class TalkRecorder {
  readonly #deps: CallDeps;
  readonly #call: ActiveCall;
  #starting: Promise<void> | undefined;
  #running: Recording | undefined;
  #file = '';

  constructor(deps: CallDeps, call: ActiveCall) {
    this.#deps = deps;
    this.#call = call;
  }

  get recordingId(): string | undefined {
    return this.#running?.recordingId;
  }

  /** Left channel: caller; right channel: agent. */
  start(caller: Leg, agent: Leg): void {
    this.#starting = this.#start(caller, agent);
  }

  /** Finalises what runs; resolves when the result is in the log. */
  async stop(): Promise<void> {
    await this.#starting;
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    const { recordingId } = running;
    try {
      // A media engine that is gone can say nothing of it any more; what it wrote is there all the same.
      const result = await running.stop().catch(() => null);
      this.#keep(recordingId, result ?? (await this.#deps.recordings.salvage(recordingId, this.#file)));
    } catch (error) {
      this.#failed(recordingId, error);
    }
  }

  /** The media engine stopped it by itself (a full disk); what was written is kept. */
  stoppedByEngine(reason: string, kept: RecordingResult | null): void {
    const running = this.#running;
    if (!running) return;
    this.#running = undefined;
    if (kept) this.#keep(running.recordingId, kept);
    this.#call.fact({ name: 'RECORDFAIL', recordingId: running.recordingId, reason });
    this.#call.trace('recording.failed', { reason });
  }

  async #start(left: Leg, right: Leg): Promise<void> {
    const recordingId = randomId(12);
    const { recordings, telephony, clock } = this.#deps;
    let file = '';
    try {
      file = await recordings.newFile(this.#call.callId, recordingId, clock.now());
      if (this.#call.isEnding) return;
      this.#running = await telephony.record({ recordingId, file, left, right });
      this.#file = file;
      this.#call.fact({ name: 'RECORDSTART', recordingId, file });
    } catch (error) {
      this.#call.fact({ name: 'RECORDSTART', recordingId, file });
      this.#failed(recordingId, error);
    }
  }

  #keep(recordingId: string, result: RecordingResult | null): void {
    if (result) {
      const { durationMs, bytes, sha256 } = result;
      this.#call.fact({ name: 'RECORDEND', recordingId, durationMs, bytes, sha256 });
    } else {
      this.#failed(recordingId, new CordboardError('not-found', 'the media engine knew nothing of it'));
    }
  }

  #failed(recordingId: string, error: unknown): void {
    const reason = error instanceof CordboardError ? error.code : 'internal';
    this.#call.fact({ name: 'RECORDFAIL', recordingId, reason });
    this.#call.trace('recording.failed', { reason });
    this.#deps.log.warn('a talk is not recorded', {
      callId: this.#call.callId,
      recordingId,
      reason,
      detail: errorMessage(error),
    });
  }
}
