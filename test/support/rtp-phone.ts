/**
 * A scripted RTP peer: says a tone, any sound or digits on an absolute schedule, and keeps what it hears with the
 * time of each packet. Written for tests and benches; strict about its own pace, tolerant about what it hears.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { CodecName } from '../../src/codec/media-control.ts';
import { createRtpView, parseRtp, rtpHeaderBytes, writeRtpHeader } from '../../src/codec/rtp.ts';
import { eventOfDigit, writeTelephoneEvent } from '../../src/codec/telephone-event.ts';
import { PacketDecoder, PacketEncoder, rateOf } from '../../src/media-engine/dsp/audio-codec.ts';
import type { JitterTrace } from './jitter-trace.ts';

/** Packets of events, whatever the packet time of audio. */
const eventMs = 20;
const eventUnits = 160;
const staticPayloadTypes: Record<CodecName, number> = { PCMU: 0, PCMA: 8, G722: 9 };

/** One packet as it came. */
export interface HeardPacket {
  /** `performance.now()` of its arrival. */
  atMs: number;
  marker: boolean;
  payloadType: number;
  sequence: number;
  timestamp: number;
  ssrc: number;
  payload: Buffer;
}

export interface RtpPhoneOptions {
  /** Local address, default 127.0.0.1. */
  address?: string;
  /** RTP port (RTCP is the next); 0 or absent: any. */
  port?: number;
  codec?: CodecName;
  telephoneEventPayloadType?: number;
  /** Packet time, default 20. */
  ptimeMs?: number;
  /** The network its packets take: delay of each in turn, lost where null. */
  trace?: JitterTrace;
  /** How much faster than ours its clock is, millionths. */
  ppm?: number;
  /** Keep the packets heard (default), or only count them. */
  keep?: boolean;
}

export class RtpPhone {
  readonly codec: CodecName;
  readonly telephoneEventPayloadType: number;
  readonly heard: HeardPacket[] = [];
  readonly heardRtcp: Buffer[] = [];
  ssrc = randomUint32();
  heardCount = 0;
  sentCount = 0;
  /** `performance.now()` of the first packet sent. */
  firstSentAtMs: number | undefined;
  sequence = Math.floor(Math.random() * 0x8000);
  timestamp = randomUint32();
  readonly ptimeMs: number;
  readonly #keep: boolean;
  readonly #trace: JitterTrace;
  /** Of a packet by our clock. */
  readonly #intervalMs: number;
  readonly #rtp: Socket;
  readonly #rtcp: Socket;
  #target: { address: string; port: number } | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #encoder = new PacketEncoder();
  /** What it says over and over, linear at the rate of its codec. */
  #sound: Int16Array = new Int16Array(0);
  #soundAt = 0;
  #packets = 0;
  #dueAtMs = 0;
  #marker = true;
  #closed = false;

  private constructor(options: RtpPhoneOptions, rtp: Socket, rtcp: Socket) {
    this.codec = options.codec ?? 'PCMU';
    this.telephoneEventPayloadType = options.telephoneEventPayloadType ?? 101;
    this.ptimeMs = options.ptimeMs ?? 20;
    this.#intervalMs = this.ptimeMs / (1 + (options.ppm ?? 0) / 1e6);
    this.#trace = options.trace ?? [];
    this.#keep = options.keep ?? true;
    this.#rtp = rtp;
    this.#rtcp = rtcp;
    rtp.on('message', (packet: Buffer) => this.#hear(packet));
    rtcp.on('message', (packet: Buffer) => this.heardRtcp.push(packet));
  }

  /** Binds its ports. @throws Error when a given port is taken */
  static async open(options: RtpPhoneOptions = {}): Promise<RtpPhone> {
    const address = options.address ?? '127.0.0.1';
    const rtp = createSocket('udp4');
    rtp.bind(options.port ?? 0, address);
    await once(rtp, 'listening');
    const rtcp = createSocket('udp4');
    // With a port of the system's choice the next one may be taken: then RTCP is anywhere, and `rtcpPort` says so.
    rtcp.bind(options.port ? options.port + 1 : 0, address);
    await once(rtcp, 'listening');
    return new RtpPhone(options, rtp, rtcp);
  }

  get address(): string {
    return this.#rtp.address().address;
  }

  get port(): number {
    return this.#rtp.address().port;
  }

  get rtcpPort(): number {
    return this.#rtcp.address().port;
  }

  get payloadType(): number {
    return staticPayloadTypes[this.codec];
  }

  /** Where it sends to from now on. */
  aim(port: number, address = '127.0.0.1'): void {
    this.#target = { address, port };
  }

  /** Linear samples in a second. */
  get rateHz(): number {
    return rateOf(this.codec);
  }

  /** Says a tone (0 Hz: silence) without end, on schedule however late the timers are. */
  say(frequencyHz: number, peak = 8000): void {
    // Three seconds: whole periods of every whole frequency, and whole packets of any packet time.
    const tone = Int16Array.from({ length: 3 * this.rateHz }, (_, at) =>
      Math.round(peak * Math.sin((2 * Math.PI * frequencyHz * at) / this.rateHz)),
    );
    this.saySound(tone);
  }

  /** Says these samples over and over; their number is rounded up to whole packets by silence. */
  saySound(samples: Int16Array): void {
    const whole = (this.rateHz / 1000) * this.ptimeMs;
    this.#sound = new Int16Array(Math.ceil(samples.length / whole) * whole);
    this.#sound.set(samples);
    this.#soundAt = 0;
    this.#marker = true;
    if (this.#timer) return;
    this.#dueAtMs = performance.now();
    this.#run();
  }

  /** Sends nothing any more. */
  hush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Presses a key for `durationMs` (steps of 20): events instead of the tone, the end said three times. */
  async press(digit: string, durationMs = 100): Promise<void> {
    const event = eventOfDigit(digit);
    if (event === undefined) throw new Error(`${digit} is no digit`);
    const spoke = this.#timer !== undefined;
    this.hush();
    const start = this.timestamp;
    let dueAtMs = performance.now();
    const packets = Math.max(1, Math.round(durationMs / eventMs));
    for (let n = 1; n <= packets + 2; n++) {
      const end = n >= packets;
      const payload = Buffer.alloc(4);
      writeTelephoneEvent(payload, 0, {
        event,
        end,
        volume: 10,
        duration: Math.min(n, packets) * eventUnits,
      });
      this.send(payload, this.telephoneEventPayloadType, n === 1, start);
      dueAtMs += eventMs;
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueAtMs - performance.now())));
    }
    this.timestamp = (start + (packets + 2) * eventUnits) >>> 0;
    if (!spoke) return;
    this.#dueAtMs = dueAtMs;
    this.#run();
  }

  /** Sends one packet of its own stream with whatever it is told to, `delayMs` late. */
  send(
    payload: Uint8Array,
    payloadType = this.payloadType,
    marker = false,
    timestamp = this.timestamp,
    delayMs = 0,
  ): void {
    const target = this.#target;
    if (!target) throw new Error('the phone is not aimed yet');
    const packet = Buffer.alloc(rtpHeaderBytes + payload.length);
    writeRtpHeader(packet, 0, marker, payloadType, this.sequence, timestamp, this.ssrc);
    packet.set(payload, rtpHeaderBytes);
    this.sequence = (this.sequence + 1) & 0xffff;
    this.firstSentAtMs ??= performance.now();
    this.sentCount++;
    const go = (): void => {
      if (!this.#closed) this.#rtp.send(packet, target.port, target.address);
    };
    if (delayMs > 0) setTimeout(go, delayMs);
    else go();
  }

  /** Sends raw bytes from its RTP port, or from its RTCP port to the target's next. */
  sendRaw(packet: Uint8Array, kind: 'rtp' | 'rtcp' = 'rtp'): void {
    if (!this.#target) throw new Error('the phone is not aimed yet');
    if (kind === 'rtp') this.#rtp.send(packet, this.#target.port, this.#target.address);
    else this.#rtcp.send(packet, this.#target.port + 1, this.#target.address);
  }

  /** The latest `durationMs` of audio heard, linear, packets in order of arrival. */
  samples(durationMs: number): Int16Array {
    const audio = this.decode(this.heard.filter((packet) => packet.payloadType === this.payloadType));
    return audio.subarray(-Math.ceil((durationMs * this.rateHz) / 1000));
  }

  decode(packets: readonly HeardPacket[]): Int16Array {
    const bytes = Buffer.concat(packets.map((packet) => packet.payload));
    const samples = new Int16Array((bytes.length * this.rateHz) / 8000);
    new PacketDecoder().decode(this.codec, bytes, 0, bytes.length, samples, 0);
    return samples;
  }

  /** Forgets what it heard. */
  forget(): void {
    this.heard.length = 0;
    this.heardRtcp.length = 0;
  }

  async close(): Promise<void> {
    this.hush();
    this.#closed = true;
    await Promise.all(
      [this.#rtp, this.#rtcp].map((socket) => new Promise<void>((done) => socket.close(() => done()))),
    );
  }

  #run(): void {
    const now = performance.now();
    const units = this.ptimeMs * 8;
    while (this.#dueAtMs <= now + 0.5) {
      const payload = new Uint8Array(units);
      this.#encoder.encode(this.codec, this.#sound, this.#soundAt, units, payload, 0);
      this.#soundAt = (this.#soundAt + (units * this.rateHz) / 8000) % this.#sound.length;
      this.#sendOver(payload);
      this.#marker = false;
      this.timestamp = (this.timestamp + units) >>> 0;
      this.#dueAtMs += this.#intervalMs;
    }
    this.#timer = setTimeout(() => this.#run(), Math.max(0, this.#dueAtMs - performance.now()));
  }

  /** Sends audio over the network that was given: late, or not at all. */
  #sendOver(payload: Uint8Array): void {
    const delayMs = this.#trace.length > 0 ? this.#trace[this.#packets++ % this.#trace.length] : 0;
    if (delayMs === null) this.sequence = (this.sequence + 1) & 0xffff;
    else this.send(payload, this.payloadType, this.#marker, this.timestamp, delayMs);
  }

  #hear(packet: Buffer): void {
    const view = createRtpView();
    if (!parseRtp(packet, view)) return;
    this.heardCount++;
    if (!this.#keep) return;
    const { marker, payloadType, sequence, timestamp, ssrc, payloadOffset, payloadBytes } = view;
    const payload = packet.subarray(payloadOffset, payloadOffset + payloadBytes);
    this.heard.push({ atMs: performance.now(), marker, payloadType, sequence, timestamp, ssrc, payload });
  }
}

function randomUint32(): number {
  return Math.floor(Math.random() * 0x1_0000_0000);
}
