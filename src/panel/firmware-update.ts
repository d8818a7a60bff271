import { CordboardError } from '../base/errors.ts';
import {
  maxUpdateBytes,
  type PanelAnswer,
  type PanelIdentity,
  type PanelRequest,
} from '../codec/panel-message.ts';
import type { FirmwareImage } from './firmware-image.ts';

/** The panel may be silent for so long while it changes its firmware over, `hardware/panel-protocol.md` section 6. */
export const changeOverMs = 10_000;
/** Answers that want another offset than the one sent, before it is given up. */
const maxOtherOffsets = 8;

/**
 * One firmware update: what to ask next, and what the answers make of it.
 *
 *     beginning -- ready --> sending -- all taken --> finishing -- restarting --> restarting -- hello --> done
 *         `---------------------`-----------------------`------------- any other answer, silence --------> failed
 */
export class FirmwareUpdate {
  /** Settled when the panel has come back with the new firmware, or will not. */
  readonly done: Promise<PanelIdentity>;
  readonly #image: FirmwareImage;
  readonly #onProgress: (share: number) => void;
  #state: 'beginning' | 'sending' | 'finishing' | 'restarting' | 'over' = 'beginning';
  #offset = 0;
  #otherOffsets = 0;
  #resolve!: (identity: PanelIdentity) => void;
  #reject!: (error: CordboardError) => void;

  /** @param onProgress is told the share that the panel has, 0..1 */
  constructor(image: FirmwareImage, onProgress: (share: number) => void) {
    this.#image = image;
    this.#onProgress = onProgress;
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** The panel has all of it and is silent meanwhile. */
  get isRestarting(): boolean {
    return this.#state === 'restarting';
  }

  get isOver(): boolean {
    return this.#state === 'over';
  }

  /** What to ask the panel now; undefined while it restarts and when it is over. */
  next(): PanelRequest | undefined {
    switch (this.#state) {
      case 'beginning': {
        const { hardware, firmware, length, checksum } = this.#image;
        return { type: 'update-begin', hardware, firmware, length, checksum };
      }
      case 'sending': {
        const bytes = this.#image.bytes.subarray(this.#offset, this.#offset + maxUpdateBytes);
        return { type: 'update-data', offset: this.#offset, bytes };
      }
      case 'finishing':
        return { type: 'update-finish' };
      case 'restarting':
      case 'over':
        return undefined;
    }
  }

  answered(answer: PanelAnswer): void {
    switch (answer.type) {
      case 'update-begin':
        if (answer.result === 'ready') this.#state = 'sending';
        else this.fail(`the panel says: ${answer.result}`);
        return;
      case 'update-data':
        this.#taken(answer.result, answer.offset);
        return;
      case 'update-finish':
        if (answer.result === 'restarting') this.#state = 'restarting';
        else this.fail(`the panel says: ${answer.result}`);
        return;
      case 'refused':
        this.fail(`the panel refused: ${answer.reason}`);
        return;
      default:
        this.fail(`the panel answered ${answer.type}`);
    }
  }

  /** The panel said hello: after its restart, or because it lost its power in the middle. */
  greeted(identity: PanelIdentity): void {
    const { firmware } = this.#image;
    if (!this.isRestarting) this.fail('the panel restarted before it had all of it');
    else if (identity.firmware !== firmware || identity.build?.updateState === 'undone')
      this.fail(`the panel came back with ${identity.firmware} instead of ${firmware}`);
    else {
      this.#state = 'over';
      this.#resolve(identity);
    }
  }

  fail(reason: string): void {
    if (this.isOver) return;
    this.#state = 'over';
    this.#reject(
      new CordboardError('panel.update', `firmware ${this.#image.firmware} was not taken: ${reason}`),
    );
  }

  #taken(result: Extract<PanelAnswer, { type: 'update-data' }>['result'], offset: number): void {
    if (result === 'other-offset') this.#otherOffsets += 1;
    else if (result !== 'taken') {
      this.fail(`the panel says: ${result}`);
      return;
    }
    if (this.#otherOffsets > maxOtherOffsets || offset > this.#image.length) {
      this.fail('the panel wants other bytes again and again');
      return;
    }
    this.#offset = offset;
    this.#onProgress(offset / this.#image.length);
    if (offset === this.#image.length) this.#state = 'finishing';
  }
}
