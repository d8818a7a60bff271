/**
 * SRTP (RFC 3711) between a leg and its sockets. Until a key is set, packets pass as they are and nothing is paid
 * but a comparison.
 *
 *     in:   socket ─► open ─► leg          out:  leg ─► seal ─► socket
 */
import type { RemoteMedia, SrtpMedia } from '../../codec/media-control.ts';
import { rtpHeaderBytes } from '../../codec/rtp.ts';
import { createPacketCipher } from '../srtp/create-cipher.ts';
import { SrtpReceiver, type Unopened } from '../srtp/srtp-receiver.ts';
import { SrtpSender } from '../srtp/srtp-sender.ts';
import type { LegTransport } from './edge-leg.ts';

type Open = (receiver: SrtpReceiver, packet: Buffer) => Buffer | Unopened;
const openRtp: Open = (receiver, packet) => receiver.openRtp(packet);
const openRtcp: Open = (receiver, packet) => receiver.openRtcp(packet);

export class SecureTransport implements LegTransport {
  readonly #sockets: LegTransport;
  #keys: SrtpMedia | undefined;
  #sender: SrtpSender | undefined;
  #receiver: SrtpReceiver | undefined;
  /** Opens what was under way when the peer's key changed; dropped with the first packet of the new key. */
  #receiverBefore: SrtpReceiver | undefined;
  #wasPlain = false;
  #rejected = 0;

  constructor(sockets: LegTransport) {
    this.#sockets = sockets;
  }

  get port(): number {
    return this.#sockets.port;
  }

  get family(): 4 | 6 {
    return this.#sockets.family;
  }

  /** For the quality record: how this leg was encrypted, undefined when it never was. */
  get encryption(): { suite: SrtpMedia['suite']; throughout: boolean; rejected: number } | undefined {
    if (!this.#keys) return undefined;
    return { suite: this.#keys.suite, throughout: !this.#wasPlain, rejected: this.#rejected };
  }

  /**
   * Takes what was negotiated. A key that did not change goes on where it was (RFC 4568 section 7.1.4). One that
   * was given up never comes back: its key stream would be used twice.
   * @throws CordboardError `control.bad-request` when a key does not fit its suite; nothing has changed then
   */
  configure({ srtp }: Pick<RemoteMedia, 'srtp'>): void {
    const keys = this.#keys;
    if (!srtp) {
      this.#wasPlain = true;
      this.#sender = undefined;
      this.#receiver = undefined;
      this.#receiverBefore = undefined;
      return;
    }
    const sameSuite = srtp.suite === keys?.suite;
    const sameSend = this.#sender !== undefined && sameSuite && srtp.sendKey === keys.sendKey;
    const sameReceive =
      this.#receiver !== undefined &&
      sameSuite &&
      srtp.receiveKey === keys.receiveKey &&
      srtp.receiveMkiBytes === keys.receiveMkiBytes;
    const sealing = sameSend ? undefined : createPacketCipher(srtp.suite, srtp.sendKey);
    const opening = sameReceive
      ? undefined
      : createPacketCipher(srtp.suite, srtp.receiveKey, srtp.receiveMkiBytes);
    if (sealing) this.#sender = new SrtpSender(sealing);
    if (opening) {
      this.#receiverBefore = this.#receiver;
      this.#receiver = new SrtpReceiver(opening, this.#receiverBefore?.highestIndexes());
    }
    this.#keys = srtp;
  }

  sendRtp(packet: Buffer, offset: number, length: number, address: string, port: number): void {
    if (!this.#sender) {
      this.#sockets.sendRtp(packet, offset, length, address, port);
      return;
    }
    const sealed = this.#sender.sealRtp(packet, offset, length, rtpHeaderBytes);
    if (sealed) this.#sockets.sendRtp(sealed, 0, sealed.length, address, port);
  }

  sendRtcp(packet: Buffer, address: string, port: number): void {
    const ready = this.#sender ? this.#sender.sealRtcp(packet) : packet;
    if (ready) this.#sockets.sendRtcp(ready, address, port);
  }

  /** What the leg may read of an RTP packet from the socket; undefined: dropped, and counted. */
  openRtp(packet: Buffer): Buffer | undefined {
    return this.#receiver ? this.#open(openRtp, this.#receiver, packet) : packet;
  }

  /** As `openRtp`, of an RTCP packet. */
  openRtcp(packet: Buffer): Buffer | undefined {
    return this.#receiver ? this.#open(openRtcp, this.#receiver, packet) : packet;
  }

  #open(open: Open, receiver: SrtpReceiver, packet: Buffer): Buffer | undefined {
    let opened = open(receiver, packet);
    if (typeof opened !== 'string') {
      this.#receiverBefore = undefined;
      return opened;
    }
    if (opened === 'forged' && this.#receiverBefore) opened = open(this.#receiverBefore, packet);
    if (typeof opened !== 'string') return opened;
    // What is no RTP at all (STUN, keepalives of two zeros) attacks nothing.
    if (opened !== 'malformed') this.#rejected++;
    return undefined;
  }
}
