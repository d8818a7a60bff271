/**
 * Which of the peer's packets belong to its stream. A place that is locked can still be forged (source addresses of
 * UDP prove nothing) and the network repeats and reorders, so:
 *
 *     right SSRC, number ahead or a little behind, not seen yet   the stream goes on
 *     … seen already                                              dropped: repeated by the network or replayed
 *     another SSRC, or a number far away                          on probation (RFC 3550 appendix A.1)
 *
 * Probation is passed in sequence, with no packet of the stream itself between, for a while; at the second packet
 * when the stream has long been quiet. A phone that begins anew has stopped what it sent before; an intruder finds it
 * running and is never heard, even when a pause of this machine hands over many packets at once.
 */
import { sequenceDelta } from '../../codec/rtp.ts';

/** A number this far ahead is loss; further is another timeline, RFC 3550 appendix A.1 (MAX_DROPOUT). */
export const maxDropout = 3000;
/** A number this far behind came late, RFC 3550 appendix A.1 (MAX_MISORDER). */
export const maxMisorder = 100;
/** A newcomer is taken after so long alone, ms; packet times go up to 60. */
export const probationMs = 100;
/** A stream that brought nothing for this long has no claim left, ms. */
export const quietMs = 1000;
/** Numbers remembered; a power of two above {@link maxMisorder}. */
const rememberedCount = 128;

/** What to do with a packet: `begin` says that a stream of another SSRC begins with it. */
export type StreamVerdict = 'next' | 'begin' | 'repeated' | 'intruder';

export class StreamWatch {
  /** A stream is known, and nothing has opened the leg to another since. */
  #isKnown = false;
  #isOpen = true;
  #ssrc = 0;
  #highest = 0;
  #heardAtMs = 0;
  /** The number last seen in each place; a place holds only numbers that end like it. */
  readonly #seen = new Uint16Array(rememberedCount);
  #candidateSsrc = 0;
  /** The number that the candidate must bring next; -1: there is none. */
  #candidateNext = -1;
  #candidateSinceMs = 0;

  /** A new negotiation: whatever stream comes first is the peer's. */
  reopen(): void {
    this.#isOpen = true;
  }

  judge(ssrc: number, sequence: number, nowMs: number): StreamVerdict {
    if (this.#isKnown && ssrc === this.#ssrc) {
      const ahead = sequenceDelta(sequence, this.#highest);
      if (ahead <= maxDropout && ahead >= -maxMisorder) return this.#goOn(sequence, ahead, nowMs);
    }
    if (this.#isOpen || this.#passesProbation(ssrc, sequence, nowMs))
      return this.#begin(ssrc, sequence, nowMs);
    return 'intruder';
  }

  #goOn(sequence: number, ahead: number, nowMs: number): StreamVerdict {
    const place = sequence & (rememberedCount - 1);
    if (this.#seen[place] === sequence) return 'repeated';
    this.#seen[place] = sequence;
    this.#heardAtMs = nowMs;
    if (ahead > 0) this.#highest = sequence;
    this.#candidateNext = -1;
    this.#isOpen = false;
    return 'next';
  }

  #passesProbation(ssrc: number, sequence: number, nowMs: number): boolean {
    const goesOn = ssrc === this.#candidateSsrc && sequence === this.#candidateNext;
    this.#candidateNext = (sequence + 1) & 0xffff;
    if (goesOn) return nowMs - this.#candidateSinceMs >= probationMs || nowMs - this.#heardAtMs >= quietMs;
    this.#candidateSsrc = ssrc;
    this.#candidateSinceMs = nowMs;
    return false;
  }

  #begin(ssrc: number, sequence: number, nowMs: number): StreamVerdict {
    const isNew = !this.#isKnown || ssrc !== this.#ssrc;
    this.#isKnown = true;
    this.#isOpen = false;
    this.#ssrc = ssrc;
    this.#highest = sequence;
    this.#heardAtMs = nowMs;
    this.#candidateNext = -1;
    // No number belongs into a place by which its last bit is wrong.
    for (let place = 0; place < rememberedCount; place++) this.#seen[place] = place ^ 1;
    this.#seen[sequence & (rememberedCount - 1)] = sequence;
    return isNew ? 'begin' : 'next';
  }
}
