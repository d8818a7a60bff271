/**
 * RTP packets, RFC 3550 section 5.1:
 *
 *      0                   1                   2                   3
 *     |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 *     |                           timestamp                           |
 *     |                             SSRC                              |
 *     |                       CSRC (0 to 15 of them)                  |
 *
 * Parsing fills a view that the caller keeps, so that a packet costs no object.
 */

/** Bytes of a header without CSRC and extension, the only kind we write. */
export const rtpHeaderBytes = 12;

/** What one packet says; the payload stays in the packet's buffer. */
export interface RtpView {
  marker: boolean;
  payloadType: number;
  sequence: number;
  timestamp: number;
  ssrc: number;
  /** Where the payload begins in the buffer, at least 12. */
  payloadOffset: number;
  /** Without padding. */
  payloadBytes: number;
}

/** An empty view to parse into. */
export function createRtpView(): RtpView {
  return {
    marker: false,
    payloadType: 0,
    sequence: 0,
    timestamp: 0,
    ssrc: 0,
    payloadOffset: rtpHeaderBytes,
    payloadBytes: 0,
  };
}

/** Reads `packet` into `view`. False, with the view undefined, when it is no RTP: version, lengths or padding lie. */
export function parseRtp(packet: Buffer, view: RtpView): boolean {
  const length = packet.length;
  if (length < rtpHeaderBytes) return false;
  const first = packet[0] as number;
  if (first >> 6 !== 2) return false;
  let offset = rtpHeaderBytes + (first & 0x0f) * 4;
  if (first & 0x10) {
    // Extension: 16 bits of profile, 16 bits of length in 32-bit words (section 5.3.1).
    if (length < offset + 4) return false;
    offset += 4 + packet.readUInt16BE(offset + 2) * 4;
  }
  let end = length;
  if (first & 0x20) {
    const padding = packet[length - 1] as number;
    if (padding === 0) return false;
    end -= padding;
  }
  if (end < offset) return false;
  const second = packet[1] as number;
  view.marker = second >= 0x80;
  view.payloadType = second & 0x7f;
  view.sequence = packet.readUInt16BE(2);
  view.timestamp = packet.readUInt32BE(4);
  view.ssrc = packet.readUInt32BE(8);
  view.payloadOffset = offset;
  view.payloadBytes = end - offset;
  return true;
}

/** Whether it is RTCP on the port of RTP: its types stand where RTP has marker and payload type, RFC 5761 section 4. */
export function isRtcp(view: RtpView): boolean {
  return view.marker && view.payloadType >= 64 && view.payloadType < 96;
}

/** Writes a plain 12-byte header at `offset`; numbers are taken modulo their width. */
export function writeRtpHeader(
  packet: Buffer,
  offset: number,
  marker: boolean,
  payloadType: number,
  sequence: number,
  timestamp: number,
  ssrc: number,
): void {
  packet[offset] = 0x80;
  packet[offset + 1] = (marker ? 0x80 : 0) | (payloadType & 0x7f);
  packet.writeUInt16BE(sequence & 0xffff, offset + 2);
  packet.writeUInt32BE(timestamp >>> 0, offset + 4);
  packet.writeUInt32BE(ssrc >>> 0, offset + 8);
}

/** How far sequence number `to` is ahead of `from`, -32768..32767 (RFC 1982 arithmetic). */
export function sequenceDelta(to: number, from: number): number {
  return ((to - from) << 16) >> 16;
}

/** How far timestamp `to` is ahead of `from`, signed 32 bit. */
export function timestampDelta(to: number, from: number): number {
  return (to - from) | 0;
}
