/** What must be read of a packet before it is known to be authentic. */
import { rtpHeaderBytes } from '../../codec/rtp.ts';

/** Places in an RTP header. */
export const sequenceOffset = 2;
export const ssrcOffset = 8;

/** Length of the RTP header with CSRCs and extension, all of which stay readable; -1 when this is no RTP. */
export function readableBytes(packet: Buffer): number {
  if (packet.length < rtpHeaderBytes) return -1;
  const first = packet[0] as number;
  if (first >> 6 !== 2) return -1;
  const end = rtpHeaderBytes + (first & 0x0f) * 4;
  if ((first & 0x10) === 0) return end <= packet.length ? end : -1;
  if (packet.length < end + 4) return -1;
  const withExtension = end + 4 + packet.readUInt16BE(end + 2) * 4;
  return withExtension <= packet.length ? withExtension : -1;
}
