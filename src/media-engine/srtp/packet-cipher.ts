/**
 * What the suites have in common: the cryptography of one direction. All of it works in the packet's own buffer and
 * leaves a packet that is not authentic as it was. AES and HMAC are OpenSSL's, by node:crypto.
 *
 *     RTP, counter mode:    header | encrypted payload | MKI | tag
 *     RTP, GCM:             header | encrypted payload, tag | MKI
 *     RTCP, counter mode:   8 bytes | encrypted rest | E, index | MKI | tag
 *     RTCP, GCM:            8 bytes | encrypted rest, tag | E, index | MKI
 */
/** Longer packets are nobody's audio: they are dropped before anything is computed. */
export const maxPacketBytes = 2048;
/** The most that a suite adds to a packet of ours: RTCP's index and a GCM tag. */
export const maxAddedBytes = 20;
/** What RTCP leaves readable: first header word and SSRC. */
export const rtcpClearBytes = 8;
/** Top bit of the word behind RTCP: the packet is encrypted, not only authenticated. */
export const rtcpEncrypted = 0x8000_0000;

export interface PacketCipher {
  /**
   * Encrypts `packet` from `payloadOffset` to `end` and adds the tag, for which there must be room.
   * @returns the new end
   */
  sealRtp(packet: Buffer, payloadOffset: number, end: number, ssrc: number, index: number): number;
  /** Decrypts a whole packet. @returns the end of its payload, or -1 when it is not authentic */
  openRtp(packet: Buffer, payloadOffset: number, ssrc: number, index: number): number;
  /** As `sealRtp`, with the SRTCP index (31 bits) that the packet will carry. */
  sealRtcp(packet: Buffer, end: number, ssrc: number, index: number): number;
  /** As `openRtp`; the packet carries its index, see `rtcpIndexOf`. */
  openRtcp(packet: Buffer, ssrc: number): number;
  /** The index that an RTCP packet claims; -1 when it is too short to have one. */
  rtcpIndexOf(packet: Buffer): number;
}
