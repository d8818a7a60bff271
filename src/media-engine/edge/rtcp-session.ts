/**
 * RTCP of one leg, RFC 3550 section 6: a report about every five seconds, what the peer reports of our stream,
 * and the quality record made of both.
 */
import type { QualityRecord } from '../../codec/media-control.ts';
import {
  encodeRtcp,
  ntpMiddle,
  ntpTime,
  parseRtcp,
  type ReportBlock,
  type RtcpReport,
} from '../../codec/rtcp.ts';
import { estimateMos } from './e-model.ts';
import type { OutboundStream } from './outbound-stream.ts';
import type { ReceptionStats } from './reception-stats.ts';

/** Mean time between reports; each lies at random within half and one and a half of it (section 6.2). */
export const reportIntervalMs = 5000;
/** Longer round trips are a peer's faulty clock. */
const longestRoundTripMs = 10_000;
/** What packing and playing out add to the network's delay: one packet and a small jitter buffer. */
const fixedDelayMs = 40;

export class RtcpSession {
  readonly #stream: OutboundStream;
  readonly #stats: ReceptionStats;
  readonly #cname: string;
  readonly #unixAtZeroMs: number;
  #dueAtMs = Number.POSITIVE_INFINITY;
  #lastSenderReport = 0;
  #lastSenderReportAtMs = 0;
  #reportedSent = 0;
  #remoteLost: number | null = null;
  #remoteHighestSequence = 0;
  roundTripMs: number | null = null;
  /** Where the peer's RTCP comes from; undefined before the first. */
  peerPort: number | undefined;

  /** @param options.unixAtZeroMs Unix time at monotonic time 0, taken once, so that NTP times we send never jump */
  constructor(options: {
    stream: OutboundStream;
    stats: ReceptionStats;
    cname: string;
    unixAtZeroMs: number;
  }) {
    this.#unixAtZeroMs = options.unixAtZeroMs;
    this.#stream = options.stream;
    this.#stats = options.stats;
    this.#cname = options.cname;
  }

  /** Negotiation is done: reports may flow. */
  start(nowMs: number): void {
    this.peerPort = undefined;
    if (this.#dueAtMs === Number.POSITIVE_INFINITY) this.#schedule(nowMs, 0.5);
  }

  due(nowMs: number): boolean {
    return nowMs >= this.#dueAtMs;
  }

  /** The next report; sets when the one after it is due. */
  report(nowMs: number): Buffer {
    this.#schedule(nowMs, 1);
    return encodeRtcp(this.#compose(nowMs));
  }

  /** The last report, with BYE. */
  bye(nowMs: number): Buffer {
    return encodeRtcp({ ...this.#compose(nowMs), bye: { reason: '' } });
  }

  /** Takes a compound packet; false when it is no RTCP. */
  receive(packet: Buffer, port: number, nowMs: number): boolean {
    const report = parseRtcp(packet);
    if (!report) return false;
    this.peerPort = port;
    if (report.sender) {
      this.#lastSenderReport = ntpMiddle(report.sender.ntpSeconds, report.sender.ntpFraction);
      this.#lastSenderReportAtMs = nowMs;
    }
    for (const block of report.blocks) {
      if (block.ssrc === this.#stream.ssrc) this.#takeBlock(block, nowMs);
    }
    return true;
  }

  /** What the peer lost of ours, 0..1; null when it has not reported. */
  get remoteLossFraction(): number | null {
    if (this.#remoteLost === null) return null;
    // What the peer counts as expected is not in a report: nearly all that we sent up to its highest number.
    const expected = this.#remoteHighestSequence - this.#stream.firstSequence + 1;
    const lost = Math.max(0, this.#remoteLost);
    return lost === 0 ? 0 : lost / Math.max(expected, lost);
  }

  #takeBlock(block: ReportBlock, nowMs: number): void {
    this.#remoteLost = block.cumulativeLost;
    this.#remoteHighestSequence = block.highestSequence;
    if (block.lastSenderReport === 0) return;
    const { seconds, fraction } = ntpTime(this.#unixAtZeroMs + nowMs);
    const roundTrip =
      (ntpMiddle(seconds, fraction) - block.lastSenderReport - block.delaySinceLastSenderReport) | 0;
    const roundTripMs = (roundTrip / 65_536) * 1000;
    if (roundTripMs > -1 && roundTripMs < longestRoundTripMs) this.roundTripMs = Math.max(0, roundTripMs);
  }

  #compose(nowMs: number): RtcpReport {
    const stream = this.#stream;
    const report: RtcpReport = { ssrc: stream.ssrc, blocks: [], cname: this.#cname };
    if (stream.packetsSent > this.#reportedSent) {
      const { seconds, fraction } = ntpTime(this.#unixAtZeroMs + nowMs);
      report.sender = {
        ntpSeconds: seconds,
        ntpFraction: fraction,
        rtpTimestamp: stream.timestampAt(nowMs),
        packets: stream.packetsSent,
        octets: stream.octetsSent,
      };
      this.#reportedSent = stream.packetsSent;
    }
    if (this.#stats.packetsReceived > 0) {
      const since = this.#lastSenderReport === 0 ? 0 : nowMs - this.#lastSenderReportAtMs;
      report.blocks.push({
        ssrc: this.#stats.ssrc,
        ...this.#stats.report(),
        lastSenderReport: this.#lastSenderReport,
        delaySinceLastSenderReport: Math.round((since / 1000) * 65_536) >>> 0,
      });
    }
    return report;
  }

  #schedule(nowMs: number, scale: number): void {
    this.#dueAtMs = nowMs + reportIntervalMs * scale * (0.5 + Math.random());
  }
}

/** The quality record of a leg. */
export function qualityOf(
  stats: ReceptionStats,
  stream: OutboundStream,
  rtcp: RtcpSession,
  counted: Pick<QualityRecord, 'foreignDropped' | 'invalidDropped' | 'longestSilenceMs'>,
): QualityRecord {
  const packetsLost = stats.packetsLost;
  const expected = stats.packetsReceived + packetsLost;
  const oneWayDelayMs = (rtcp.roundTripMs ?? 0) / 2 + 2 * stats.jitterMeanMs + fixedDelayMs;
  return {
    packetsReceived: stats.packetsReceived,
    packetsLost,
    packetsSent: stream.packetsSent,
    bytesReceived: stats.bytesReceived,
    jitterMeanMs: stats.jitterMeanMs,
    jitterMaxMs: stats.jitterMaxMs,
    roundTripMs: rtcp.roundTripMs,
    remoteLossFraction: rtcp.remoteLossFraction,
    mos: stats.packetsReceived === 0 ? null : estimateMos(packetsLost / expected, oneWayDelayMs),
    ...counted,
  };
}
