/**
 * Browser legs as the media process sees them. A browser leg is an ordinary edge leg whose peer is a loopback
 * mediasoup PlainTransport: the edge learns nothing of WebRTC, and mediasoup nothing of bridges or recordings.
 * Port interface only; `web/` implements it with mediasoup.
 */
import type { Emitter } from '../base/emitter.ts';
import type { RemoteMedia, WebDirection, WebTransportOptions } from '../codec/media-control.ts';

/** The edge, given to the browser legs: one RTP leg for each of them. */
export interface EdgeLegs {
  /**
   * Binds an RTP/RTCP port pair on `bindAddress` and tells the SSRC the leg will send with, which mediasoup must
   * know beforehand. @throws CordboardError `ports-exhausted`
   */
  createLeg(legId: string, bindAddress: string): Promise<{ port: number; ssrc: number }>;
  /** Sets where the leg sends to and what it speaks. @throws CordboardError `media.unknown-leg` */
  setRemote(legId: string, remote: RemoteMedia): Promise<void>;
  /** Idempotent. */
  closeLeg(legId: string): Promise<void>;
}

/** What `web.open` answers: what a mediasoup-client Device needs to load and to make its transports. */
export interface WebOpened {
  routerRtpCapabilities: unknown;
  transportOptions: WebTransportOptions;
}

/** What `web.consume` answers: what mediasoup-client's `transport.consume` takes. */
export interface WebConsumed {
  consumerId: string;
  producerId: string;
  kind: string;
  rtpParameters: unknown;
}

/** Browser legs; each operation takes the leg by its id. Unknown ids are refused with `media.unknown-leg`. */
export interface WebLegs {
  /** The mediasoup worker runs and new browser legs can be opened. */
  readonly ready: boolean;
  readonly events: Emitter<{
    /** A browser's ICE or DTLS failed or closed; the leg itself is still to be closed. */
    closed: [legId: string, reason: string];
    /** The mediasoup worker died; all browser legs with it. */
    workerDied: [{ restarted: boolean }];
  }>;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Makes the edge leg, the loopback PlainTransport and a WebRtcTransport for each direction. */
  open(args: { legId: string; announcedAddresses: string[] }): Promise<WebOpened>;
  connect(args: { legId: string; direction: WebDirection; dtlsParameters: unknown }): Promise<void>;
  /** Browser -> us. */
  produce(args: { legId: string; rtpParameters: unknown }): Promise<{ producerId: string }>;
  /** Us -> browser. */
  consume(args: { legId: string; rtpCapabilities: unknown }): Promise<WebConsumed>;
  /** Closes the transports of a leg, and its edge leg. Idempotent; an id that is no browser leg does nothing. */
  close(legId: string): Promise<void>;
  stats(): { webTransports: number; workerPids: number[] };
}
