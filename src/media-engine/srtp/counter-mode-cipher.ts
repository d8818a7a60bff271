/** AES in counter mode with HMAC-SHA1 (RFC 3711 sections 4.1.1 and 4.2.1). */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { Keystream } from './keystream.ts';
import { type PacketCipher, rtcpClearBytes, rtcpEncrypted } from './packet-cipher.ts';
import type { SessionKeys } from './session-keys.ts';

const rtcpTagBytes = 10; // in both suites, RFC 4568 section 6.2.2
const indexBytes = 4;

export class CounterModeCipher implements PacketCipher {
  readonly #rtpTagBytes: number;
  readonly #mkiBytes: number;
  readonly #rtp: Keystream;
  readonly #rtcp: Keystream;
  readonly #rtpKey: KeyObject;
  readonly #rtcpKey: KeyObject;
  /** The wrap count that is authenticated behind an RTP packet without being sent. */
  readonly #rollover = Buffer.alloc(4);

  constructor(rtp: SessionKeys, rtcp: SessionKeys, options: { rtpTagBytes: number; mkiBytes: number }) {
    this.#rtpTagBytes = options.rtpTagBytes;
    this.#mkiBytes = options.mkiBytes;
    this.#rtp = new Keystream(rtp);
    this.#rtcp = new Keystream(rtcp);
    this.#rtpKey = createSecretKey(rtp.authentication);
    this.#rtcpKey = createSecretKey(rtcp.authentication);
  }

  sealRtp(packet: Buffer, payloadOffset: number, end: number, ssrc: number, index: number): number {
    this.#rtp.apply(packet, payloadOffset, end, ssrc, index);
    return end + this.#rtpTag(packet, end, index).copy(packet, end, 0, this.#rtpTagBytes);
  }

  openRtp(packet: Buffer, payloadOffset: number, ssrc: number, index: number): number {
    const end = packet.length - this.#rtpTagBytes - this.#mkiBytes;
    if (end < payloadOffset) return -1;
    const tag = this.#rtpTag(packet, end, index);
    if (!endsWith(packet, tag, this.#rtpTagBytes)) return -1;
    this.#rtp.apply(packet, payloadOffset, end, ssrc, index);
    return end;
  }

  sealRtcp(packet: Buffer, end: number, ssrc: number, index: number): number {
    this.#rtcp.apply(packet, rtcpClearBytes, end, ssrc, index);
    packet.writeUInt32BE(rtcpEncrypted + index, end);
    const signed = end + indexBytes;
    return signed + hmac(this.#rtcpKey, packet, signed).digest().copy(packet, signed, 0, rtcpTagBytes);
  }

  openRtcp(packet: Buffer, ssrc: number): number {
    const signed = this.#rtcpSigned(packet);
    if (signed < rtcpClearBytes + indexBytes) return -1;
    if (!endsWith(packet, hmac(this.#rtcpKey, packet, signed).digest(), rtcpTagBytes)) return -1;
    const end = signed - indexBytes;
    const word = packet.readUInt32BE(end);
    if (word >= rtcpEncrypted) this.#rtcp.apply(packet, rtcpClearBytes, end, ssrc, word - rtcpEncrypted);
    return end;
  }

  rtcpIndexOf(packet: Buffer): number {
    const at = this.#rtcpSigned(packet) - indexBytes;
    return at < rtcpClearBytes ? -1 : packet.readUInt32BE(at) % rtcpEncrypted;
  }

  #rtcpSigned(packet: Buffer): number {
    return packet.length - rtcpTagBytes - this.#mkiBytes;
  }

  #rtpTag(packet: Buffer, end: number, index: number): Buffer {
    this.#rollover.writeUInt32BE(Math.floor(index / 0x1_0000) >>> 0);
    return hmac(this.#rtpKey, packet, end).update(this.#rollover).digest();
  }
}

function hmac(key: KeyObject, packet: Buffer, end: number) {
  return createHmac('sha1', key).update(packet.subarray(0, end));
}

function endsWith(packet: Buffer, tag: Buffer, tagBytes: number): boolean {
  return timingSafeEqual(packet.subarray(packet.length - tagBytes), tag.subarray(0, tagBytes));
}
