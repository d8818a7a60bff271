/**
 * Bridges between RTP threads: a leg on another thread looks like any other bridge peer. Each packet is copied
 * once and travels by message port; legs that share a thread do without.
 */
import type { MessagePort } from 'node:worker_threads';
import type { CodecName } from '../../codec/media-control.ts';
import { createRtpView, parseRtp, type RtpView } from '../../codec/rtp.ts';
import type { LinkMessage } from './edge-control.ts';
import type { BridgePeer } from './edge-leg.ts';

/** The sending half: stands for `legId` of the thread at the other end of `port`. */
export class LinkedPeer implements BridgePeer {
  readonly #port: MessagePort;
  readonly #legId: string;

  constructor(port: MessagePort, legId: string) {
    this.#port = port;
    this.#legId = legId;
  }

  hear(
    packet: Buffer,
    _view: RtpView,
    codec: CodecName,
    source: number,
    _nowMs: number,
    fromAfar = false,
  ): void {
    this.#post({ kind: 'packet', legId: this.#legId, packet: ownBytes(packet), codec, source, fromAfar });
  }

  hearNoise(packet: Buffer): void {
    this.#post({ kind: 'noise', legId: this.#legId, packet: ownBytes(packet) });
  }

  beginEvent(event: number, volume: number): void {
    this.#post({ kind: 'event-begin', legId: this.#legId, event, volume });
  }

  endEvent(samples: number): void {
    this.#post({ kind: 'event-end', legId: this.#legId, samples });
  }

  #post(message: LinkMessage): void {
    this.#port.postMessage(message);
  }
}

/** A received Buffer is a window into a larger one: only its own bytes are to be cloned. */
function ownBytes(packet: Buffer): Uint8Array {
  return Uint8Array.prototype.slice.call(packet);
}

/** The receiving half: hands what comes to the leg it is for. */
export function receiveFromLink(
  port: MessagePort,
  legOf: (legId: string) => BridgePeer | undefined,
  nowMs: () => number,
): void {
  const view = createRtpView();
  port.on('message', (message: LinkMessage) => {
    const leg = legOf(message.legId);
    if (!leg) return; // closed while the message was under way
    if (message.kind === 'event-begin') leg.beginEvent(message.event, message.volume);
    else if (message.kind === 'event-end') leg.endEvent(message.samples);
    else {
      const { buffer, byteOffset, byteLength } = message.packet;
      const packet = Buffer.from(buffer, byteOffset, byteLength);
      if (!parseRtp(packet, view)) return;
      if (message.kind === 'noise') leg.hearNoise?.(packet, view, nowMs());
      else leg.hear(packet, view, message.codec, message.source, nowMs(), message.fromAfar);
    }
  });
}
