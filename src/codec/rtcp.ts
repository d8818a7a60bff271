/**
 * RTCP, RFC 3550 section 6: sender and receiver reports, SDES with a CNAME, BYE; always as one compound packet
 * that begins with a report. Each part begins
 *
 *     |V=2|P|  count  |  packet type  |  length in 32-bit words - 1  |
 */

const types = { senderReport: 200, receiverReport: 201, sourceDescription: 202, bye: 203 } as const;
const cnameItem = 1;
/** Seconds from 1900 (NTP) to 1970. */
const ntpEpochOffsetS = 2_208_988_800;

/** RFC 3550 section 6.4.1. Times are 16.16 fixed-point seconds. */
export interface ReportBlock {
  /** Whose packets this is about. */
  ssrc: number;
  /** Of 256, since the report before. */
  fractionLost: number;
  /** Signed 24 bit. */
  cumulativeLost: number;
  highestSequence: number;
  /** Timestamp units. */
  jitter: number;
  /** Middle 32 bits of the NTP time of the latest SR; 0: none came. */
  lastSenderReport: number;
  delaySinceLastSenderReport: number;
}

export interface SenderInfo {
  /** NTP time, seconds since 1900 and 32-bit fraction. */
  ntpSeconds: number;
  ntpFraction: number;
  rtpTimestamp: number;
  packets: number;
  octets: number;
}

export interface RtcpReport {
  /** Of who reports. */
  ssrc: number;
  /** Present in a sender report. */
  sender?: SenderInfo;
  blocks: ReportBlock[];
  cname?: string;
  /** Present, perhaps empty, when the sender leaves. */
  bye?: { reason: string };
}

/** Milliseconds since the Unix epoch as an NTP timestamp. */
export function ntpTime(unixMs: number): { seconds: number; fraction: number } {
  const seconds = Math.floor(unixMs / 1000);
  return {
    seconds: (seconds + ntpEpochOffsetS) >>> 0,
    fraction: Math.floor(((unixMs - seconds * 1000) / 1000) * 0x1_0000_0000) >>> 0,
  };
}

/** The middle 32 bits of an NTP timestamp, as LSR and round trips use them. */
export function ntpMiddle(seconds: number, fraction: number): number {
  return (((seconds & 0xffff) << 16) | (fraction >>> 16)) >>> 0;
}

/** Writes a compound packet: SR or RR, SDES when there is a CNAME, BYE when it leaves. */
export function encodeRtcp(report: RtcpReport): Buffer {
  const parts: Buffer[] = [encodeReport(report)];
  if (report.cname !== undefined) parts.push(encodeCname(report.ssrc, report.cname));
  if (report.bye) parts.push(encodeBye(report.ssrc, report.bye.reason));
  return Buffer.concat(parts);
}

/**
 * Reads a compound packet. Parts of unknown kind are skipped.
 * @returns null when it is no RTCP or a length lies (RFC 3550 appendix A.2)
 */
export function parseRtcp(packet: Buffer): RtcpReport | null {
  let report: RtcpReport | null = null;
  let offset = 0;
  while (offset < packet.length) {
    if (packet.length - offset < 8 || (packet[offset] as number) >> 6 !== 2) return null;
    const count = (packet[offset] as number) & 0x1f;
    const type = packet[offset + 1] as number;
    const end = offset + (packet.readUInt16BE(offset + 2) + 1) * 4;
    if (end > packet.length) return null;
    const part = packet.subarray(offset, end);
    if (offset === 0 && type !== types.senderReport && type !== types.receiverReport) return null;
    if (type === types.senderReport || type === types.receiverReport) {
      const parsed = parseReport(part, count, type === types.senderReport);
      if (!parsed) return null;
      // More than 31 blocks come in further reports of the same sender.
      if (report) report.blocks.push(...parsed.blocks);
      else report = parsed;
    } else if (report && type === types.sourceDescription) {
      const cname = parseCname(part, count);
      if (cname !== undefined) report.cname = cname;
    } else if (report && type === types.bye) {
      report.bye = { reason: parseByeReason(part, count) };
    }
    offset = end;
  }
  return report;
}

function header(part: Buffer, count: number, type: number): void {
  part[0] = 0x80 | count;
  part[1] = type;
  part.writeUInt16BE(part.length / 4 - 1, 2);
}

function encodeReport(report: RtcpReport): Buffer {
  const blocks = report.blocks.slice(0, 31);
  const blocksAt = report.sender ? 28 : 8;
  const part = Buffer.alloc(blocksAt + blocks.length * 24);
  header(part, blocks.length, report.sender ? types.senderReport : types.receiverReport);
  part.writeUInt32BE(report.ssrc, 4);
  if (report.sender) {
    part.writeUInt32BE(report.sender.ntpSeconds, 8);
    part.writeUInt32BE(report.sender.ntpFraction, 12);
    part.writeUInt32BE(report.sender.rtpTimestamp, 16);
    part.writeUInt32BE(report.sender.packets >>> 0, 20);
    part.writeUInt32BE(report.sender.octets >>> 0, 24);
  }
  for (const [index, block] of blocks.entries()) {
    const at = blocksAt + index * 24;
    part.writeUInt32BE(block.ssrc, at);
    part[at + 4] = block.fractionLost;
    part.writeIntBE(Math.max(-0x80_0000, Math.min(0x7f_ffff, block.cumulativeLost)), at + 5, 3);
    part.writeUInt32BE(block.highestSequence, at + 8);
    part.writeUInt32BE(block.jitter, at + 12);
    part.writeUInt32BE(block.lastSenderReport, at + 16);
    part.writeUInt32BE(block.delaySinceLastSenderReport, at + 20);
  }
  return part;
}

function parseReport(part: Buffer, count: number, isSender: boolean): RtcpReport | null {
  const blocksAt = isSender ? 28 : 8;
  if (part.length < blocksAt + count * 24) return null;
  const report: RtcpReport = { ssrc: part.readUInt32BE(4), blocks: [] };
  if (isSender) {
    report.sender = {
      ntpSeconds: part.readUInt32BE(8),
      ntpFraction: part.readUInt32BE(12),
      rtpTimestamp: part.readUInt32BE(16),
      packets: part.readUInt32BE(20),
      octets: part.readUInt32BE(24),
    };
  }
  for (let index = 0; index < count; index++) {
    const at = blocksAt + index * 24;
    report.blocks.push({
      ssrc: part.readUInt32BE(at),
      fractionLost: part[at + 4] as number,
      cumulativeLost: part.readIntBE(at + 5, 3),
      highestSequence: part.readUInt32BE(at + 8),
      jitter: part.readUInt32BE(at + 12),
      lastSenderReport: part.readUInt32BE(at + 16),
      delaySinceLastSenderReport: part.readUInt32BE(at + 20),
    });
  }
  return report;
}

/** One chunk: SSRC, the item, and at least one null byte up to the next word (section 6.5). */
function encodeCname(ssrc: number, cname: string): Buffer {
  const text = Buffer.from(cname, 'utf8').subarray(0, 255);
  const part = Buffer.alloc(8 + (Math.floor((2 + text.length) / 4) + 1) * 4);
  header(part, 1, types.sourceDescription);
  part.writeUInt32BE(ssrc, 4);
  part[8] = cnameItem;
  part[9] = text.length;
  text.copy(part, 10);
  return part;
}

function parseCname(part: Buffer, count: number): string | undefined {
  let at = 4;
  for (let chunk = 0; chunk < count && at + 4 <= part.length; chunk++) {
    at += 4;
    while (at < part.length && part[at] !== 0) {
      const bytes = part[at + 1] ?? 0;
      if (at + 2 + bytes > part.length) return undefined;
      if (part[at] === cnameItem) return part.toString('utf8', at + 2, at + 2 + bytes);
      at += 2 + bytes;
    }
    at = (at & ~3) + 4; // the chunk ends with a null byte and goes on to a whole word
  }
  return undefined;
}

function encodeBye(ssrc: number, reason: string): Buffer {
  const text = Buffer.from(reason, 'utf8').subarray(0, 255);
  const part = Buffer.alloc(8 + (text.length === 0 ? 0 : Math.ceil((1 + text.length) / 4) * 4));
  header(part, 1, types.bye);
  part.writeUInt32BE(ssrc, 4);
  if (text.length > 0) {
    part[8] = text.length;
    text.copy(part, 9);
  }
  return part;
}

function parseByeReason(part: Buffer, count: number): string {
  const at = 4 + count * 4;
  const bytes = part[at] ?? 0;
  return part.toString('utf8', at + 1, Math.min(part.length, at + 1 + bytes));
}
