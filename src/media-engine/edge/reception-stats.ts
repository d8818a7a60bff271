/**
 * What arrived from a peer, as RFC 3550 sections 6.4.1 and A.3, A.8 count it: loss by sequence numbers, jitter by
 * arrival. A changed SSRC begins a new stream; the leg's totals go on.
 */
import { sequenceDelta } from '../../codec/rtp.ts';
import { maxDropout, maxMisorder } from './stream-watch.ts';

export class ReceptionStats {
  #known = false;
  #ssrc = 0;
  #baseSequence = 0;
  /** Extended highest sequence number: 16 bits of cycles, 16 of sequence. */
  #highest = 0;
  #received = 0;
  #expectedPrior = 0;
  #receivedPrior = 0;
  #transit = 0;
  /** Timestamp units. */
  #jitter = 0;
  #jitterSum = 0;
  #jitterCount = 0;
  #jitterMax = 0;
  /** Of the streams before this one. */
  #lostBefore = 0;

  packetsReceived = 0;
  bytesReceived = 0;

  /** Takes one packet of the peer. @returns true when its SSRC is new: a stream begins */
  receive(sequence: number, timestamp: number, ssrc: number, payloadBytes: number, nowMs: number): boolean {
    this.packetsReceived++;
    this.bytesReceived += payloadBytes;
    const isNew = !this.#known || ssrc !== this.#ssrc;
    const ahead = sequenceDelta(sequence, this.#highest & 0xffff);
    if (isNew || ahead > maxDropout || ahead < -maxMisorder) {
      this.#restart(sequence, ssrc);
      this.#transit = transit(timestamp, nowMs);
      return isNew;
    }
    this.#received++;
    if (ahead <= 0) return false;
    this.#highest += ahead;
    const arrival = transit(timestamp, nowMs);
    const deviation = Math.abs((arrival - this.#transit) | 0);
    this.#transit = arrival;
    // A jump of more than a second is a new timeline of the source (hold, another prompt), not jitter.
    if (deviation < 8000) {
      this.#jitter += (deviation - this.#jitter) / 16;
      this.#jitterSum += this.#jitter;
      this.#jitterCount++;
      if (this.#jitter > this.#jitterMax) this.#jitterMax = this.#jitter;
    }
    return false;
  }

  get ssrc(): number {
    return this.#ssrc;
  }

  /** Lost of all streams; duplicates never make it negative. */
  get packetsLost(): number {
    return this.#lostBefore + this.#lostNow();
  }

  get jitterMeanMs(): number {
    return this.#jitterCount === 0 ? 0 : this.#jitterSum / this.#jitterCount / 8;
  }

  get jitterMaxMs(): number {
    return this.#jitterMax / 8;
  }

  /** The numbers of a report block; the fraction is that since the block before (RFC 3550 section 6.4.1). */
  report(): { fractionLost: number; cumulativeLost: number; highestSequence: number; jitter: number } {
    const expected = this.#expected();
    const expectedInterval = expected - this.#expectedPrior;
    const lostInterval = expectedInterval - (this.#received - this.#receivedPrior);
    this.#expectedPrior = expected;
    this.#receivedPrior = this.#received;
    return {
      fractionLost:
        expectedInterval <= 0 || lostInterval <= 0
          ? 0
          : Math.min(255, Math.floor((lostInterval * 256) / expectedInterval)),
      cumulativeLost: expected - this.#received,
      highestSequence: this.#highest >>> 0,
      jitter: Math.round(this.#jitter),
    };
  }

  #restart(sequence: number, ssrc: number): void {
    this.#lostBefore += this.#lostNow();
    this.#known = true;
    this.#ssrc = ssrc;
    this.#baseSequence = sequence;
    this.#highest = sequence;
    this.#received = 1;
    this.#expectedPrior = 0;
    this.#receivedPrior = 0;
    this.#jitter = 0;
  }

  #expected(): number {
    return this.#known ? this.#highest - this.#baseSequence + 1 : 0;
  }

  #lostNow(): number {
    return Math.max(0, this.#expected() - this.#received);
  }
}

/** Arrival less timestamp, in timestamp units modulo 32 bits. */
function transit(timestamp: number, nowMs: number): number {
  return (Math.round((nowMs * 8) % 0x1_0000_0000) - timestamp) | 0;
}
