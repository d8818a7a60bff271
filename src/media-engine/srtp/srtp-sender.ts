/** What one key of ours encrypts: a leg's RTP stream and its RTCP. */
import { sequenceOffset, ssrcOffset } from './header.ts';
import { maxAddedBytes, maxPacketBytes, type PacketCipher, rtcpEncrypted } from './packet-cipher.ts';
import { estimateIndex, ReplayWindow } from './packet-index.ts';

/** The kernel may still hold a packet when the next is made; it never holds this many. */
const buffers = 8;

export class SrtpSender {
  readonly #cipher: PacketCipher;
  readonly #sent = new ReplayWindow();
  readonly #buffers: Buffer[] = [];
  #at = 0;
  #rtcpIndex = 0;

  constructor(cipher: PacketCipher) {
    this.#cipher = cipher;
  }

  /**
   * The packet encrypted, in a buffer that is used again some packets later; undefined when its number was used
   * before, because encrypting two texts with one piece of key stream gives both away (RFC 3711 section 9.1).
   * @param packet RTP as `OutboundStream` writes it: a header of `headerBytes`, all of one SSRC
   */
  sealRtp(packet: Buffer, offset: number, length: number, headerBytes: number): Buffer | undefined {
    if (length > maxPacketBytes) return undefined;
    const buffer = this.#take(packet, offset, length);
    const sequence = buffer.readUInt16BE(sequenceOffset);
    const { highest } = this.#sent;
    const index = highest < 0 ? sequence : estimateIndex(highest, sequence);
    if (index < 0 || !this.#sent.isNew(index)) return undefined;
    this.#sent.add(index);
    const end = this.#cipher.sealRtp(buffer, headerBytes, length, buffer.readUInt32BE(ssrcOffset), index);
    return buffer.subarray(0, end);
  }

  /** The compound packet encrypted. */
  sealRtcp(packet: Buffer): Buffer | undefined {
    if (packet.length > maxPacketBytes) return undefined;
    this.#rtcpIndex = (this.#rtcpIndex + 1) % rtcpEncrypted;
    const buffer = this.#take(packet, 0, packet.length);
    return buffer.subarray(
      0,
      this.#cipher.sealRtcp(buffer, packet.length, buffer.readUInt32BE(4), this.#rtcpIndex),
    );
  }

  #take(packet: Buffer, offset: number, length: number): Buffer {
    let buffer = this.#buffers[this.#at];
    if (!buffer || buffer.length < length + maxAddedBytes) {
      buffer = Buffer.allocUnsafeSlow(Math.max(512, length + maxAddedBytes));
      this.#buffers[this.#at] = buffer;
    }
    this.#at = (this.#at + 1) % buffers;
    packet.copy(buffer, 0, offset, offset + length);
    return buffer;
  }
}
