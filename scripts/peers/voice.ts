/** Audio of one party: a packet every 20 ms that says who speaks, or words, and counts of whom it hears. */
import { createSocket, type Socket } from 'node:dgram';
import {
  createRtpView,
  parseRtp,
  rtpHeaderBytes,
  sequenceDelta,
  writeRtpHeader,
} from '../../src/codec/rtp.ts';
import { eventOfDigit, writeTelephoneEvent } from '../../src/codec/telephone-event.ts';

const packetMs = 20;
const payloadBytes = 160;
/** Voices are spread over so many moments of a packet time, as phones are. */
const slots = 5;

/** Makes all voices speak, from one timer on an absolute grid. */
export class Metronome {
  readonly #voices = Array.from({ length: slots }, () => new Set<Voice>());
  #timer: NodeJS.Timeout | undefined;
  #next = 0;
  #beat = 0;
  #added = 0;

  start(): void {
    this.#next = performance.now();
    this.#run();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  add(voice: Voice): void {
    this.#voices[this.#added++ % slots]?.add(voice);
  }

  remove(voice: Voice): void {
    for (const slot of this.#voices) slot.delete(voice);
  }

  #run(): void {
    const now = performance.now();
    while (this.#next <= now) {
      for (const voice of this.#voices[this.#beat++ % slots] ?? []) voice.speak();
      this.#next += packetMs / slots;
    }
    this.#timer = setTimeout(() => this.#run(), Math.max(1, this.#next - performance.now()));
  }
}

export class Voice {
  readonly #socket: Socket;
  readonly #metronome: Metronome;
  readonly #packet = Buffer.alloc(rtpHeaderBytes + payloadBytes);
  readonly #view = createRtpView();
  readonly #peerSound: number;
  /** What it says, G.711 µ-law, and how far it has come; then it says its own sound again. */
  #words: Uint8Array = new Uint8Array();
  #said = 0;
  readonly #own: number;
  #target: { address: string; port: number } | undefined;
  #sequence = Math.floor(Math.random() * 0x8000);
  #timestamp = Math.floor(Math.random() * 0xffff_ffff);
  readonly #ssrc = Math.floor(Math.random() * 0xffff_ffff);
  #firstHeard = -1;
  #lastHeard = -1;
  heard = 0;
  /** Packets in which the other party speaks. */
  heardPeer = 0;

  private constructor(socket: Socket, metronome: Metronome, sounds: { own: number; peer: number }) {
    this.#socket = socket;
    this.#metronome = metronome;
    this.#peerSound = sounds.peer;
    this.#own = sounds.own;
    this.#packet.fill(sounds.own, rtpHeaderBytes);
    socket.on('message', (packet) => this.#hear(packet));
  }

  /** @param sounds the G.711 code that this party says all the time, and the one its peer says */
  static async open(
    address: string,
    metronome: Metronome,
    sounds: { own: number; peer: number },
  ): Promise<Voice> {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 18, lookup: numericLookup });
    await new Promise<void>((resolve) => socket.bind(0, address, resolve));
    return new Voice(socket, metronome, sounds);
  }

  /** Our side as SDP. */
  get sdp(): string {
    return this.sdpFor('sendrecv', 1);
  }

  /** The same in another direction (`sendonly` holds), its version one more at each change (RFC 3264 §8). */
  sdpFor(direction: 'sendrecv' | 'sendonly', version: number): string {
    const { address, port } = this.#socket.address();
    return [
      'v=0',
      `o=- ${this.#ssrc} ${version} IN IP4 ${address}`,
      's=-',
      `c=IN IP4 ${address}`,
      't=0 0',
      `m=audio ${port} RTP/AVP 0 101`,
      'a=rtpmap:0 PCMU/8000',
      'a=rtpmap:101 telephone-event/8000',
      'a=fmtp:101 0-16',
      `a=${direction}`,
      '',
    ].join('\r\n');
  }

  /** Speaks to where the peer's SDP says. */
  begin(sdp: string): void {
    const address = /^c=IN IP4 (\S+)/m.exec(sdp)?.[1];
    const port = Number(/^m=audio (\d+)/m.exec(sdp)?.[1] ?? 0);
    if (address === undefined || port === 0) return;
    this.#target = { address, port };
    this.#metronome.add(this);
  }

  get targetPort(): number {
    return this.#target?.port ?? 0;
  }

  /** Packets that did not come, by their sequence numbers. */
  get lost(): number {
    return this.#firstHeard < 0 ? 0 : Math.max(0, this.#lastHeard - this.#firstHeard + 1 - this.heard);
  }

  /** Says this from now on, µ-law at 8 kHz, instead of what it said before. */
  say(words: Uint8Array): void {
    this.#words = words;
    this.#said = 0;
  }

  speak(): void {
    if (this.#said < this.#words.length) {
      const part = this.#words.subarray(this.#said, this.#said + payloadBytes);
      this.#packet.fill(this.#own, rtpHeaderBytes + part.length);
      this.#packet.set(part, rtpHeaderBytes);
      this.#said += payloadBytes;
      if (this.#said >= this.#words.length) this.#words = new Uint8Array();
    } else if (this.#said > 0) {
      this.#said = 0;
      this.#packet.fill(this.#own, rtpHeaderBytes);
    }
    this.#send(this.#packet, 0, false, this.#timestamp);
    this.#timestamp = (this.#timestamp + payloadBytes) >>> 0;
  }

  /** Presses a key for 100 ms, beside the voice. */
  async press(digit: string): Promise<void> {
    const event = eventOfDigit(digit) ?? 0;
    const start = this.#timestamp;
    for (let n = 1; n <= 7; n++) {
      const packet = Buffer.alloc(rtpHeaderBytes + 4);
      writeTelephoneEvent(packet, rtpHeaderBytes, {
        event,
        end: n >= 5,
        volume: 10,
        duration: Math.min(n, 5) * payloadBytes,
      });
      this.#send(packet, 101, n === 1, start);
      await new Promise((resolve) => setTimeout(resolve, packetMs));
    }
  }

  close(): void {
    this.#metronome.remove(this);
    this.#target = undefined;
    this.#socket.close();
  }

  #send(packet: Buffer, payloadType: number, marker: boolean, timestamp: number): void {
    if (!this.#target) return;
    writeRtpHeader(packet, 0, marker, payloadType, this.#sequence, timestamp, this.#ssrc);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#socket.send(packet, this.#target.port, this.#target.address);
  }

  #hear(packet: Buffer): void {
    const view = this.#view;
    if (!parseRtp(packet, view)) return;
    this.heard++;
    if (this.#firstHeard < 0) this.#firstHeard = view.sequence;
    // Counted on without end: the 16 bits wrap every 22 minutes.
    const step = sequenceDelta(view.sequence, this.#lastHeard & 0xffff);
    this.#lastHeard = this.#lastHeard < 0 ? view.sequence : this.#lastHeard + Math.max(0, step);
    const middle = view.payloadOffset + payloadBytes / 2;
    if (view.payloadType === 0 && packet[middle] === this.#peerSound) this.heardPeer++;
  }
}

/** Addresses are numeric: no turn through the resolver's queue for each packet. */
function numericLookup(
  host: string,
  _options: unknown,
  callback: (error: Error | null, address: string, family: number) => void,
): void {
  callback(null, host, 4);
}
