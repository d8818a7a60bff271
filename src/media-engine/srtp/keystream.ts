import { type Cipheriv, createCipheriv } from 'node:crypto';
import { maxAddedBytes, maxPacketBytes } from './packet-cipher.ts';
import type { SessionKeys } from './session-keys.ts';

const blockBytes = 16;

/**
 * The key stream of AES in counter mode (RFC 3711 section 4.1.1), made by encrypting counter blocks in one go: a
 * cipher that lives as long as its key costs a third of one made for each packet.
 */
export class Keystream {
  readonly #aes: Cipheriv;
  /** Counter blocks; all of them begin with the salt. */
  readonly #blocks: Buffer;
  readonly #salt: Buffer;

  constructor(keys: SessionKeys) {
    this.#aes = createCipheriv('aes-128-ecb', keys.cipher, null).setAutoPadding(false);
    this.#salt = keys.salt;
    const count = Math.ceil((maxPacketBytes + maxAddedBytes) / blockBytes);
    this.#blocks = Buffer.alloc(count * blockBytes);
    for (let block = 0; block < count; block++) {
      keys.salt.copy(this.#blocks, block * blockBytes);
      this.#blocks.writeUInt16BE(block, block * blockBytes + 14);
    }
  }

  /** Encrypts or decrypts in place. IV: salt XOR SSRC at byte 4 XOR index at byte 8, section 4.1.1. */
  apply(packet: Buffer, from: number, to: number, ssrc: number, index: number): void {
    const bytes = Math.ceil((to - from) / blockBytes) * blockBytes;
    if (bytes <= 0) return;
    const blocks = this.#blocks;
    const salt = this.#salt;
    const ssrcWord = (salt.readUInt32BE(4) ^ ssrc) >>> 0;
    const highWord = (salt.readUInt32BE(8) ^ Math.floor(index / 0x1_0000)) >>> 0;
    const lowHalf = (salt.readUInt16BE(12) ^ index) & 0xffff;
    for (let at = 0; at < bytes; at += blockBytes) {
      blocks.writeUInt32BE(ssrcWord, at + 4);
      blocks.writeUInt32BE(highWord, at + 8);
      blocks.writeUInt16BE(lowHalf, at + 12);
    }
    const stream = this.#aes.update(blocks.subarray(0, bytes));
    for (let at = from, key = 0; at < to; at++, key++) {
      packet[at] = (packet[at] as number) ^ (stream[key] as number);
    }
  }
}
