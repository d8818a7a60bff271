/** Somebody who sends plain RTP from one socket: a tone in PCMU, begun and ended at will. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { encodeG711 } from '../../src/codec/g711.ts';

const packetMs = 20;
const samplesPerPacket = 160;

export class RtpSource {
  readonly #socket: Socket;
  #sequence = 0;
  #timer: NodeJS.Timeout | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async open(address: string): Promise<RtpSource> {
    const socket = createSocket('udp4');
    socket.bind(0, address);
    await once(socket, 'listening');
    return new RtpSource(socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  /** Sends a tone of `hz` to a port of this machine until `hush`. */
  speak(toPort: number, hz = 600): void {
    this.hush();
    this.#timer = setInterval(() => this.#socket.send(this.#packet(hz), toPort, '127.0.0.1'), packetMs);
  }

  hush(): void {
    clearInterval(this.#timer);
  }

  close(): void {
    this.hush();
    this.#socket.close();
  }

  #packet(hz: number): Buffer {
    const packet = Buffer.alloc(12 + samplesPerPacket);
    packet.writeUInt16BE(0x8000, 0);
    packet.writeUInt16BE(this.#sequence & 0xffff, 2);
    packet.writeUInt32BE(this.#sequence * samplesPerPacket, 4);
    packet.writeUInt32BE(0x5eed, 8);
    const samples = Int16Array.from({ length: samplesPerPacket }, (_, i) =>
      Math.round(8000 * Math.sin((2 * Math.PI * hz * (this.#sequence * samplesPerPacket + i)) / 8000)),
    );
    packet.set(encodeG711('PCMU', samples), 12);
    this.#sequence++;
    return packet;
  }
}
