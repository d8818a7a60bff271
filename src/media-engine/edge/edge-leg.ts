/**
 * One leg: a pair of UDP ports, what comes in on them and what goes out.
 *
 *     in:   socket ─► parse ─► peer lock ─► statistics ─┬─► events ─► notice, other leg
 *                                                       └─► audio ──► tones, recordings, other leg
 *     out:  player | event | other leg | silence ─► one stream ─► socket
 */
import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import { CordboardError } from '../../base/errors.ts';
import type { CodecName, QualityRecord, RemoteMedia } from '../../codec/media-control.ts';
import { createRtpView, isRtcp, parseRtp, type RtpView } from '../../codec/rtp.ts';
import { digitOfEvent } from '../../codec/telephone-event.ts';
import { EvenStream } from './even-stream.ts';
import { EventDetector } from './event-detector.ts';
import { LegOutput } from './leg-output.ts';
import { PeerLock } from './peer-lock.ts';
import { ReceptionStats } from './reception-stats.ts';
import { qualityOf, RtcpSession } from './rtcp-session.ts';
import { newSource } from './stream-source.ts';
import { StreamWatch } from './stream-watch.ts';
import { ToneEar } from './tone-ear.ts';

/** How a leg reaches the network. */
export interface LegTransport {
  readonly port: number;
  readonly family: 4 | 6;
  sendRtp(packet: Buffer, offset: number, length: number, address: string, port: number): void;
  sendRtcp(packet: Buffer, address: string, port: number): void;
}

/** What a leg tells. */
export interface LegListener {
  dtmf(legId: string, digit: string, durationMs: number): void;
  playEnded(legId: string, playId: string): void;
  /** First packet of the peer, or the first from a new place. */
  media(legId: string, address: string, port: number): void;
  silent(legId: string, silentMs: number): void;
}

/** The other leg of a bridge, on this thread or another. */
export interface BridgePeer {
  /**
   * Takes a packet over, buffer and all.
   * @param source names the stream it belongs to
   * @param fromAfar it may come unevenly
   */
  hear(
    packet: Buffer,
    view: RtpView,
    codec: CodecName,
    source: number,
    nowMs: number,
    fromAfar?: boolean,
  ): void;
  beginEvent(event: number, volume: number): void;
  endEvent(samples: number): void;
  /** Takes a packet of comfort noise (RFC 3389); who only passes audio on leaves it out. */
  hearNoise?(packet: Buffer, view: RtpView, nowMs: number): void;
}

/** What a recording wants of a leg. */
export interface AudioTap {
  place(packet: Buffer, view: RtpView, codec: CodecName, nowMs: number): void;
}

/** Neither RTP nor RTCP for this long is worth a notice, and another each time it has gone on for as long again. */
export const silentNoticeMs = 30_000;
/** What is larger was put together from fragments, which no phone sends: an Ethernet frame's worth. */
export const maxRtpBytes = 1500;
/** Static payload type of comfort noise, RFC 3389 section 4. */
const noisePayloadType = 13;
/** Static payload types, RFC 3551 table 4; a peer may use any of what it offered. */
const staticPayloadTypes: Readonly<Record<number, CodecName>> = { 0: 'PCMU', 8: 'PCMA', 9: 'G722' };

export class EdgeLeg implements BridgePeer {
  readonly legId: string;
  readonly transport: LegTransport;
  readonly output: LegOutput;
  readonly #listener: LegListener;
  readonly #lock = new PeerLock();
  readonly #watch = new StreamWatch();
  readonly #stats = new ReceptionStats();
  readonly #detector: EventDetector;
  readonly #rtcp: RtcpSession;
  /** What comes from afar to a peer that wants it even. */
  #even: EvenStream | undefined;
  /** For a peer that sends digits as tones. */
  #ear: ToneEar | undefined;
  readonly #view = createRtpView();
  readonly #taps = new Set<AudioTap>();
  #remote: RemoteMedia | undefined;
  #source = 0;
  #mediaAddress = '';
  #mediaPort = 0;
  #heardAtMs = 0;
  #nextSilentNoticeMs = silentNoticeMs;
  #longestSilenceMs = 0;
  #foreignDropped = 0;
  #invalidDropped = 0;
  peer: BridgePeer | undefined;

  constructor(options: {
    legId: string;
    transport: LegTransport;
    listener: LegListener;
    cname: string;
    unixAtZeroMs: number;
  }) {
    this.legId = options.legId;
    this.transport = options.transport;
    this.#listener = options.listener;
    const random = randomBytes(10);
    this.output = new LegOutput({
      ssrc: random.readUInt32BE(0),
      sequence: random.readUInt16BE(4) & 0x7fff, // RFC 3711 section 3.3.1 likes it below 2^15
      timestamp: random.readUInt32BE(6),
      send: (packet, offset, length) =>
        this.transport.sendRtp(packet, offset, length, this.#lock.targetAddress, this.#lock.targetPort),
      listener: { playEnded: (playId) => this.#listener.playEnded(this.legId, playId) },
    });
    this.#detector = new EventDetector({
      eventBegan: (event, volume) => this.peer?.beginEvent(event, volume),
      eventEnded: (event, duration) => this.#eventEnded(event, duration),
    });
    this.#rtcp = new RtcpSession({
      stream: this.output.stream,
      stats: this.#stats,
      cname: options.cname,
      unixAtZeroMs: options.unixAtZeroMs,
    });
  }

  /**
   * Takes what was negotiated; sending begins with the next beat.
   * @throws CordboardError `control.bad-request` for what is no address or port, `media.bad-state` for another IP version
   */
  setRemote(remote: RemoteMedia, nowMs: number): void {
    const family = isIP(remote.address);
    if (family === 0 || !isPort(remote.port))
      throw new CordboardError(
        'control.bad-request',
        `${remote.address}:${remote.port} is no place to send to`,
      );
    if (remote.signallingAddress !== undefined && isIP(remote.signallingAddress) === 0)
      throw new CordboardError('control.bad-request', `${remote.signallingAddress} is no address`);
    if (family !== this.transport.family) {
      throw new CordboardError(
        'media.bad-state',
        `leg ${this.legId} cannot send to ${remote.address}: other IP version`,
      );
    }
    this.#remote = remote;
    this.#lock.signalled(remote.address, remote.port, remote.symmetric, remote.signallingAddress);
    this.#watch.reopen();
    this.output.configure(remote);
    if (!this.#mayReceive) this.#detector.close();
    this.#listenForTones();
    this.#heardAtMs = nowMs;
    this.#nextSilentNoticeMs = silentNoticeMs;
    this.#rtcp.start(nowMs);
  }

  /** Whether a packet from there is worth deciphering; a stranger's is counted. */
  admits(address: string, port: number): boolean {
    if (this.#lock.mayComeFrom(address, port)) return true;
    if (this.#remote) this.#foreignDropped++;
    return false;
  }

  /** A packet on the RTP port. */
  receiveRtp(packet: Buffer, address: string, port: number, nowMs: number): void {
    const remote = this.#remote;
    const view = this.#view;
    if (!remote) return;
    if (packet.length > maxRtpBytes || !parseRtp(packet, view)) {
      this.#invalidDropped++;
      return;
    }
    if (isRtcp(view)) {
      // A peer that sends both to one port although nobody agreed to it (RFC 5761).
      this.receiveRtcp(packet, address, port, nowMs);
      return;
    }
    const isEvent =
      view.payloadType === remote.telephoneEventPayloadType ||
      view.payloadType === remote.offeredTelephoneEventPayloadType;
    const codec =
      view.payloadType === remote.payloadType ? remote.codec : staticPayloadTypes[view.payloadType];
    if (!this.#lock.accept(address, port, view.ssrc, view.sequence)) {
      this.#foreignDropped++;
      return;
    }
    const verdict = this.#watch.judge(view.ssrc, view.sequence, nowMs);
    if (verdict === 'intruder' || verdict === 'repeated') {
      if (verdict === 'intruder') this.#foreignDropped++;
      else this.#invalidDropped++;
      return;
    }
    this.#heard(address, port, nowMs);
    if (this.#stats.receive(view.sequence, view.timestamp, view.ssrc, view.payloadBytes, nowMs)) {
      this.#source = newSource();
    }
    if (!this.#mayReceive) return;
    if (isEvent) {
      this.#detector.receive(packet, view, nowMs);
      return;
    }
    // Comfort noise and codecs we never offered count as received, and are no audio.
    if (!codec || view.payloadBytes === 0) {
      if (view.payloadType === noisePayloadType) {
        this.#ear?.hearNoise(packet, view, nowMs);
        this.peer?.hearNoise?.(packet, view, nowMs);
      }
      return;
    }
    this.#ear?.hear(packet, view, codec, nowMs);
    for (const tap of this.#taps) tap.place(packet, view, codec, nowMs);
    this.peer?.hear(packet, view, codec, this.#source, nowMs, remote.fromAfar);
  }

  /** A packet on the RTCP port. */
  receiveRtcp(packet: Buffer, address: string, port: number, nowMs: number): void {
    if (!this.#remote) return;
    if (!this.#lock.acceptsControl(address)) {
      this.#foreignDropped++;
      return;
    }
    if (!this.#rtcp.receive(packet, port, nowMs)) return;
    this.#heardAtMs = nowMs;
    this.#nextSilentNoticeMs = silentNoticeMs;
  }

  /** One beat of 20 ms. */
  tick(tick: number, nowMs: number): void {
    if (this.#detector.running) this.#detector.expire(nowMs);
    this.#ear?.tick(tick, this.output.soundsDigit, nowMs);
    this.#even?.advance(tick);
    this.output.tick(tick, this.peer !== undefined, nowMs);
  }

  /** About once a second: reports to the peer, suspicion of silence. */
  keepHouse(nowMs: number): void {
    const remote = this.#remote;
    if (!remote) return;
    if (this.#rtcp.due(nowMs)) this.#sendRtcp(this.#rtcp.report(nowMs));
    if (!this.#mayReceive) return;
    const silentMs = Math.round(nowMs - this.#heardAtMs);
    if (silentMs > this.#longestSilenceMs) this.#longestSilenceMs = silentMs;
    if (silentMs < this.#nextSilentNoticeMs) return;
    this.#nextSilentNoticeMs = silentMs + silentNoticeMs;
    this.#listener.silent(this.legId, silentMs);
  }

  /** Says good-bye (RTCP BYE) and ends a running event; the sockets are the owner's to close. */
  close(nowMs: number): void {
    this.#detector.close();
    this.#ear?.close();
    if (this.#remote) this.#sendRtcp(this.#rtcp.bye(nowMs));
  }

  addTap(tap: AudioTap): void {
    this.#taps.add(tap);
  }

  removeTap(tap: AudioTap): void {
    this.#taps.delete(tap);
  }

  hear(
    packet: Buffer,
    view: RtpView,
    codec: CodecName,
    source: number,
    nowMs: number,
    fromAfar = false,
  ): void {
    if (fromAfar && this.#remote?.wantsEven) {
      this.#beginEven().hear(packet, view, codec, nowMs);
      return;
    }
    if (this.#even) this.#endEven();
    this.output.forward(packet, view, codec, source, nowMs);
  }

  hearNoise(packet: Buffer, view: RtpView, nowMs: number): void {
    this.#even?.hearNoise(packet, view, nowMs);
  }

  beginEvent(event: number, volume: number): void {
    if (this.output.maySend && !this.#remote?.digitsBySignalling) this.output.events.begin(event, volume);
  }

  endEvent(samples: number): void {
    this.output.events.end(samples);
  }

  /** The bridge is no more: an event under way from the other side ends here. */
  unbridge(): void {
    this.peer = undefined;
    if (this.#even) this.#endEven();
    this.output.events.end(0);
  }

  quality(): QualityRecord {
    return qualityOf(this.#stats, this.output.stream, this.#rtcp, {
      foreignDropped: this.#foreignDropped,
      invalidDropped: this.#invalidDropped,
      longestSilenceMs: this.#longestSilenceMs,
    });
  }

  get #mayReceive(): boolean {
    const direction = this.#remote?.direction;
    return direction === 'sendrecv' || direction === 'recvonly';
  }

  #heard(address: string, port: number, nowMs: number): void {
    this.#heardAtMs = nowMs;
    this.#nextSilentNoticeMs = silentNoticeMs;
    if (port === this.#mediaPort && address === this.#mediaAddress) return;
    this.#mediaAddress = address;
    this.#mediaPort = port;
    this.#listener.media(this.legId, address, port);
  }

  #beginEven(): EvenStream {
    if (this.#even) return this.#even;
    this.#even = new EvenStream();
    this.output.listenTo(this.#even);
    return this.#even;
  }

  #endEven(): void {
    this.#even = undefined;
    this.output.listenTo(undefined);
  }

  #listenForTones(): void {
    if (this.#remote?.hearTones && this.#mayReceive) {
      this.#ear ??= new ToneEar((event, durationMs) => this.#tellDigit(event, durationMs));
    } else {
      this.#ear?.close();
      this.#ear = undefined;
    }
  }

  #eventEnded(event: number, duration: number): void {
    const samples = Math.round((duration * 8000) / (this.#remote?.telephoneEventClockRate ?? 8000));
    this.peer?.endEvent(samples);
    this.#tellDigit(event, samples / 8);
  }

  #tellDigit(event: number, durationMs: number): void {
    const digit = digitOfEvent(event);
    if (digit !== undefined) this.#listener.dtmf(this.legId, digit, Math.round(durationMs));
  }

  #sendRtcp(packet: Buffer): void {
    const remote = this.#remote;
    if (!remote) return;
    const port =
      this.#rtcp.peerPort ??
      (this.#lock.targetPort === remote.port
        ? (remote.rtcpPort ?? remote.port + 1)
        : this.#lock.targetPort + 1);
    // RTP on the last port there is leaves none for RTCP.
    if (isPort(port)) this.transport.sendRtcp(packet, this.#lock.targetAddress, port);
  }
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port > 0 && port <= 65_535;
}
