/**
 * What one key of the peer's opens. Every SSRC has its own count of wraps and its own replay window, begun by the
 * first packet that proves authentic: forged ones leave no trace here.
 */
import { readableBytes, sequenceOffset, ssrcOffset } from './header.ts';
import { maxPacketBytes, type PacketCipher, rtcpClearBytes } from './packet-cipher.ts';
import { estimateIndex, ReplayWindow } from './packet-index.ts';

/** A peer that changes its SSRC at every hold and transfer stays far below this. */
const maxStreams = 16;
const sequences = 0x1_0000;

/** Why a packet was not opened. */
export type Unopened = 'forged' | 'repeated' | 'malformed';

export class SrtpReceiver {
  readonly #cipher: PacketCipher;
  readonly #rtp = new Map<number, ReplayWindow>();
  readonly #rtcp = new Map<number, ReplayWindow>();
  readonly #carried: ReadonlyMap<number, number>;

  /** @param carried highest index of each SSRC under the key before: some peers go on counting wraps from there */
  constructor(cipher: PacketCipher, carried: ReadonlyMap<number, number> = new Map()) {
    this.#cipher = cipher;
    this.#carried = carried;
  }

  /** Opens an RTP packet in place. */
  openRtp(packet: Buffer): Buffer | Unopened {
    const payloadOffset = readableBytes(packet);
    if (payloadOffset < 0 || packet.length > maxPacketBytes) return 'malformed';
    const ssrc = packet.readUInt32BE(ssrcOffset);
    const sequence = packet.readUInt16BE(sequenceOffset);
    const window = this.#rtp.get(ssrc);
    if (!window) return this.#openFirst(packet, payloadOffset, ssrc, sequence);
    const index = estimateIndex(window.highest, sequence);
    if (index < 0 || !window.isNew(index)) return 'repeated';
    const end = this.#cipher.openRtp(packet, payloadOffset, ssrc, index);
    if (end < 0) return 'forged';
    window.add(index);
    return packet.subarray(0, end);
  }

  /** Opens an RTCP packet in place. */
  openRtcp(packet: Buffer): Buffer | Unopened {
    if (packet.length < rtcpClearBytes || packet.length > maxPacketBytes) return 'malformed';
    const index = this.#cipher.rtcpIndexOf(packet);
    if (index < 0) return 'malformed';
    const ssrc = packet.readUInt32BE(4);
    const window = this.#rtcp.get(ssrc);
    if (window && !window.isNew(index)) return 'repeated';
    const end = this.#cipher.openRtcp(packet, ssrc);
    if (end < 0) return 'forged';
    (window ?? begin(this.#rtcp, ssrc)).add(index);
    return packet.subarray(0, end);
  }

  /**
   * Nothing tells how often the sequence of a new stream has wrapped: hardly ever (RFC 3711 section 3.3.1), once
   * if its beginning was lost, or as often as under the key before, where a peer keeps its count over a new key.
   */
  #openFirst(packet: Buffer, payloadOffset: number, ssrc: number, sequence: number): Buffer | Unopened {
    for (const index of this.#firstIndexes(ssrc, sequence)) {
      const end = this.#cipher.openRtp(packet, payloadOffset, ssrc, index);
      if (end < 0) continue;
      begin(this.#rtp, ssrc).add(index);
      return packet.subarray(0, end);
    }
    return 'forged';
  }

  #firstIndexes(ssrc: number, sequence: number): number[] {
    const candidates = [sequence, sequence + sequences];
    const before = this.#carried.get(ssrc);
    if (before === undefined) return candidates;
    const carried = estimateIndex(before, sequence);
    return carried < 0 || candidates.includes(carried) ? candidates : [...candidates, carried];
  }

  /** Highest index of each SSRC so far. */
  highestIndexes(): Map<number, number> {
    return new Map(Array.from(this.#rtp, ([ssrc, window]) => [ssrc, window.highest]));
  }
}

function begin(streams: Map<number, ReplayWindow>, ssrc: number): ReplayWindow {
  const oldest = streams.size >= maxStreams ? streams.keys().next().value : undefined;
  if (oldest !== undefined) streams.delete(oldest);
  const window = new ReplayWindow();
  streams.set(ssrc, window);
  return window;
}
