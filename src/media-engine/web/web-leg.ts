/**
 * One browser leg inside mediasoup:
 *
 *     browser ──RTP──► send transport ─► plain transport ──loopback──► edge leg
 *     browser ◄──RTP── recv transport ◄─ plain transport ◄──loopback── edge leg
 *
 * The loopback pair makes the browser an ordinary RTP peer of the edge.
 */
import { networkInterfaces } from 'node:os';
import type { types } from 'mediasoup';
import { CordboardError, errorMessage } from '../../base/errors.ts';
import type { WebDirection } from '../../codec/media-control.ts';
import type { EdgeLegs, WebConsumed, WebOpened } from '../web-legs.ts';
import { announcedAddresses, candidatesFor } from './ice-candidates.ts';
import { webCodec } from './mediasoup-host.ts';

const loopback = '127.0.0.1';
/** Above the ports an office gives to telephones, below none that matters: only this machine sends there. */
const loopbackPorts = { min: 50_000, max: 59_999 };
/** A browser that vanished without a word is noticed by the silence of its ICE consent checks (RFC 7675). */
const iceConsentTimeoutS = 15;
const payloadType = 0;

interface Transports {
  plain: types.PlainTransport;
  send: types.WebRtcTransport;
  recv: types.WebRtcTransport;
  /** What the edge sends, for the browser to consume. */
  fromEdge: types.Producer;
}

export interface WebLegOptions {
  legId: string;
  edge: EdgeLegs;
  bind: readonly string[];
  /** Told once: the browser is gone, or could not be reached. The leg is still to be closed. */
  onClosed(reason: string): void;
}

export class WebLeg {
  readonly legId: string;
  readonly #options: WebLegOptions;
  /** All transports made so far, also while opening. */
  readonly #made: types.Transport[] = [];
  #transports: Transports | undefined;
  #hasEdgeLeg = false;
  #produced = false;
  #over = false;

  constructor(options: WebLegOptions) {
    this.legId = options.legId;
    this.#options = options;
  }

  /** How many WebRTC transports are open. */
  get webTransportCount(): number {
    return this.#made.filter((transport) => transport.type === 'webrtc' && !transport.closed).length;
  }

  /** Both directions have a secured path to the browser. */
  get connected(): boolean {
    const { send, recv } = this.#transports ?? {};
    return send?.dtlsState === 'connected' && recv?.dtlsState === 'connected';
  }

  /** @throws CordboardError what the edge throws; `media.bad-state` when it was closed meanwhile */
  async open(
    router: types.Router,
    server: types.WebRtcServer,
    requestedAddresses: readonly string[],
  ): Promise<WebOpened> {
    const { edge, legId, bind } = this.#options;
    const edgeLeg = await edge.createLeg(legId, loopback);
    this.#hasEdgeLeg = true;
    this.#ensureOpen();
    const plain = await this.#add(
      router.createPlainTransport({
        listenInfo: { protocol: 'udp', ip: loopback, portRange: loopbackPorts },
        rtcpListenInfo: { protocol: 'udp', ip: loopback, portRange: loopbackPorts },
        rtcpMux: false,
      }),
    );
    await plain.connect({ ip: loopback, port: edgeLeg.port, rtcpPort: edgeLeg.port + 1 });
    const fromEdge = await plain.produce({
      kind: 'audio',
      rtpParameters: {
        codecs: [{ mimeType: webCodec.mimeType, clockRate: webCodec.clockRate, channels: 1, payloadType }],
        encodings: [{ ssrc: edgeLeg.ssrc }],
        rtcp: { cname: legId },
      },
    });
    const send = await this.#addWebRtc(router, server);
    const recv = await this.#addWebRtc(router, server);
    this.#transports = { plain, send, recv, fromEdge };
    await edge.setRemote(legId, {
      address: loopback,
      port: plain.tuple.localPort,
      ...(plain.rtcpTuple ? { rtcpPort: plain.rtcpTuple.localPort } : {}),
      codec: 'PCMU',
      payloadType,
      ptimeMs: 20,
      direction: 'sendrecv',
      symmetric: false,
    });
    this.#ensureOpen();
    const addresses = announcedAddresses(requestedAddresses, bind, networkInterfaces());
    return {
      routerRtpCapabilities: router.rtpCapabilities,
      transportOptions: { send: optionsOf(send, addresses), recv: optionsOf(recv, addresses) },
    };
  }

  async connect(direction: WebDirection, dtlsParameters: unknown): Promise<void> {
    await refused(
      this.#open()[direction].connect({ dtlsParameters: dtlsParameters as types.DtlsParameters }),
    );
  }

  async produce(rtpParameters: unknown): Promise<{ producerId: string }> {
    const { send, plain } = this.#open();
    if (this.#produced)
      throw new CordboardError('media.bad-state', `browser leg ${this.legId} sends already`);
    this.#produced = true;
    const producer = await refused(
      send.produce({ kind: 'audio', rtpParameters: rtpParameters as types.RtpParameters }),
    );
    await plain.consume({
      producerId: producer.id,
      rtpCapabilities: { codecs: [{ ...webCodec, preferredPayloadType: payloadType }], headerExtensions: [] },
    });
    return { producerId: producer.id };
  }

  async consume(rtpCapabilities: unknown): Promise<WebConsumed> {
    const { recv, fromEdge } = this.#open();
    const consumer = await refused(
      recv.consume({ producerId: fromEdge.id, rtpCapabilities: rtpCapabilities as types.RtpCapabilities }),
    );
    return {
      consumerId: consumer.id,
      producerId: fromEdge.id,
      kind: consumer.kind,
      rtpParameters: consumer.rtpParameters,
    };
  }

  /** Closes the transports and the edge leg. Idempotent. */
  async close(): Promise<void> {
    this.#over = true;
    for (const transport of this.#made) transport.close();
    if (this.#hasEdgeLeg) await this.#options.edge.closeLeg(this.legId);
  }

  /** The browser is gone, or what carried it: told once, and not after {@link close}. */
  lose(reason: string): void {
    if (this.#over) return;
    this.#over = true;
    for (const transport of this.#made) transport.close();
    this.#options.onClosed(reason);
  }

  async #addWebRtc(router: types.Router, webRtcServer: types.WebRtcServer): Promise<types.WebRtcTransport> {
    const transport = await this.#add(
      router.createWebRtcTransport({ webRtcServer, preferUdp: true, iceConsentTimeout: iceConsentTimeoutS }),
    );
    transport.on('dtlsstatechange', (state) => {
      if (state === 'closed') this.lose('the browser closed the connection');
      else if (state === 'failed') this.lose('the browser could not be authenticated (DTLS)');
    });
    transport.on('icestatechange', (state) => {
      if (state === 'disconnected') this.lose('the browser is no longer reachable (ICE)');
    });
    return transport;
  }

  /** A transport that comes into being after the leg was closed is closed at once. */
  async #add<T extends types.Transport>(making: Promise<T>): Promise<T> {
    const transport = await making;
    this.#made.push(transport);
    if (this.#over) transport.close();
    this.#ensureOpen();
    return transport;
  }

  #ensureOpen(): void {
    if (this.#over) throw new CordboardError('media.bad-state', `browser leg ${this.legId} is closed`);
  }

  #open(): Transports {
    this.#ensureOpen();
    if (!this.#transports)
      throw new CordboardError('media.bad-state', `browser leg ${this.legId} is still opening`);
    return this.#transports;
  }
}

function optionsOf(transport: types.WebRtcTransport, addresses: readonly string[]): unknown {
  return {
    id: transport.id,
    iceParameters: transport.iceParameters,
    iceCandidates: candidatesFor(transport.iceCandidates, addresses),
    dtlsParameters: transport.dtlsParameters,
  };
}

/** What mediasoup refuses is the browser's data: it is told as a bad request. */
async function refused<T>(request: Promise<T>): Promise<T> {
  return request.catch((error: unknown) => {
    throw new CordboardError('request.invalid', `mediasoup refused: ${errorMessage(error)}`, {
      cause: error,
    });
  });
}
