/** AES-128 in Galois/counter mode (RFC 7714): encryption and authentication in one. */
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { type PacketCipher, rtcpClearBytes, rtcpEncrypted } from './packet-cipher.ts';
import type { SessionKeys } from './session-keys.ts';

const algorithm = 'aes-128-gcm';
const tagBytes = 16;
const indexBytes = 4;

export class GcmCipher implements PacketCipher {
  readonly #mkiBytes: number;
  readonly #rtpKey: KeyObject;
  readonly #rtcpKey: KeyObject;
  readonly #rtpSalt: Buffer;
  readonly #rtcpSalt: Buffer;
  readonly #iv = Buffer.alloc(12);
  /** What is authenticated of an encrypted RTCP packet without being encrypted: its beginning and its index. */
  readonly #rtcpData = Buffer.alloc(rtcpClearBytes + indexBytes);

  constructor(rtp: SessionKeys, rtcp: SessionKeys, options: { mkiBytes: number }) {
    this.#mkiBytes = options.mkiBytes;
    this.#rtpKey = createSecretKey(rtp.cipher);
    this.#rtcpKey = createSecretKey(rtcp.cipher);
    this.#rtpSalt = rtp.salt;
    this.#rtcpSalt = rtcp.salt;
  }

  sealRtp(packet: Buffer, payloadOffset: number, end: number, ssrc: number, index: number): number {
    const iv = this.#rtpIv(ssrc, index);
    return seal(this.#rtpKey, iv, packet.subarray(0, payloadOffset), packet, payloadOffset, end);
  }

  openRtp(packet: Buffer, payloadOffset: number, ssrc: number, index: number): number {
    const tagAt = packet.length - this.#mkiBytes - tagBytes;
    if (tagAt < payloadOffset) return -1;
    const iv = this.#rtpIv(ssrc, index);
    return open(this.#rtpKey, iv, packet.subarray(0, payloadOffset), packet, payloadOffset, tagAt);
  }

  sealRtcp(packet: Buffer, end: number, ssrc: number, index: number): number {
    const word = rtcpEncrypted + index;
    const data = this.#rtcpAssociated(packet, word);
    const sealed = seal(this.#rtcpKey, this.#rtcpIv(ssrc, index), data, packet, rtcpClearBytes, end);
    return packet.writeUInt32BE(word, sealed);
  }

  openRtcp(packet: Buffer, ssrc: number): number {
    const wordAt = packet.length - this.#mkiBytes - indexBytes;
    const tagAt = wordAt - tagBytes;
    if (tagAt < rtcpClearBytes) return -1;
    const word = packet.readUInt32BE(wordAt);
    const iv = this.#rtcpIv(ssrc, word % rtcpEncrypted);
    if (word >= rtcpEncrypted)
      return open(this.#rtcpKey, iv, this.#rtcpAssociated(packet, word), packet, rtcpClearBytes, tagAt);
    // Authenticated only: all of it is associated data, nothing is encrypted (section 9.3).
    const data = Buffer.concat([packet.subarray(0, tagAt), packet.subarray(wordAt, wordAt + indexBytes)]);
    return open(this.#rtcpKey, iv, data, packet, tagAt, tagAt);
  }

  rtcpIndexOf(packet: Buffer): number {
    const wordAt = packet.length - this.#mkiBytes - indexBytes;
    return wordAt - tagBytes < rtcpClearBytes ? -1 : packet.readUInt32BE(wordAt) % rtcpEncrypted;
  }

  /** 00 00 | SSRC | ROC | sequence, XOR salt (section 8.1). */
  #rtpIv(ssrc: number, index: number): Buffer {
    const iv = this.#iv;
    const salt = this.#rtpSalt;
    salt.copy(iv);
    iv.writeUInt32BE((salt.readUInt32BE(2) ^ ssrc) >>> 0, 2);
    iv.writeUInt32BE((salt.readUInt32BE(6) ^ Math.floor(index / 0x1_0000)) >>> 0, 6);
    iv.writeUInt16BE((salt.readUInt16BE(10) ^ index) & 0xffff, 10);
    return iv;
  }

  /** 00 00 | SSRC | 00 00 | index, XOR salt (section 9.1). */
  #rtcpIv(ssrc: number, index: number): Buffer {
    const iv = this.#iv;
    const salt = this.#rtcpSalt;
    salt.copy(iv);
    iv.writeUInt32BE((salt.readUInt32BE(2) ^ ssrc) >>> 0, 2);
    iv.writeUInt32BE((salt.readUInt32BE(8) ^ index) >>> 0, 8);
    return iv;
  }

  #rtcpAssociated(packet: Buffer, word: number): Buffer {
    packet.copy(this.#rtcpData, 0, 0, rtcpClearBytes);
    this.#rtcpData.writeUInt32BE(word, rtcpClearBytes);
    return this.#rtcpData;
  }
}

function seal(key: KeyObject, iv: Buffer, data: Buffer, packet: Buffer, from: number, to: number): number {
  const cipher = createCipheriv(algorithm, key, iv).setAAD(data);
  cipher.update(packet.subarray(from, to)).copy(packet, from);
  cipher.final();
  return to + cipher.getAuthTag().copy(packet, to);
}

function open(key: KeyObject, iv: Buffer, data: Buffer, packet: Buffer, from: number, tagAt: number): number {
  const decipher = createDecipheriv(algorithm, key, iv, { authTagLength: tagBytes }).setAAD(data);
  decipher.setAuthTag(packet.subarray(tagAt, tagAt + tagBytes));
  const plain = decipher.update(packet.subarray(from, tagAt));
  try {
    decipher.final();
  } catch {
    return -1; // node:crypto's only way to say so
  }
  plain.copy(packet, from);
  return tagAt;
}
