/**
 * The page's end of a browser leg: microphone and loudspeaker over WebRTC (mediasoup). It moves sound only; who is
 * called, digits and hanging up go over the page's own signalling.
 *
 *     new ──start()──► starting ──► up ──close()/failure──► ended
 *
 * `starting` asks for the microphone and joins the media engine; `up` means sound flows both ways; `ended` is
 * final and told exactly once, after microphone and connections are released.
 */
import { Device, type types } from 'mediasoup-client';
import { LevelMeter } from './level-meter.ts';

/** Longer than any working network needs, short enough for a person who waits. */
const connectTimeoutMs = 15_000;

/** How the leg talks to the box; each is one request and its answer. */
export interface BrowserLegRequests {
  open(): Promise<{
    legId: string;
    routerRtpCapabilities: unknown;
    transportOptions: { send: unknown; recv: unknown };
  }>;
  connect(legId: string, direction: 'send' | 'recv', dtlsParameters: unknown): Promise<unknown>;
  produce(legId: string, rtpParameters: unknown): Promise<{ producerId: string }>;
  consume(
    legId: string,
    rtpCapabilities: unknown,
  ): Promise<{ consumerId: string; producerId: string; kind: string; rtpParameters: unknown }>;
}

/** Why a leg could not start, or ended by itself. The page has a sentence for each. */
export type BrowserLegErrorCode =
  /** The page was not loaded by HTTPS (or localhost): browsers give no microphone. */
  | 'insecure-context'
  | 'browser-unsupported'
  | 'microphone-denied'
  | 'microphone-missing'
  /** Another program uses it, or it was unplugged. */
  | 'microphone-failed'
  /** The box refused, or cannot be reached over HTTP. */
  | 'signalling-failed'
  /** No sound path to the box: a firewall, or the network went away. */
  | 'connection-failed';

export class BrowserLegError extends Error {
  readonly code: BrowserLegErrorCode;

  constructor(code: BrowserLegErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'BrowserLegError';
    this.code = code;
  }
}

export interface BrowserLegOptions {
  /** Plays the other party; the page may have it in sight or not. */
  audio: HTMLAudioElement;
  /** Echo cancellation, noise suppression and gain control of the browser; default true. */
  voiceProcessing?: boolean;
  /** Nothing is said: no microphone is asked for, the box hears silence. */
  listenOnly?: boolean;
  /** Which microphone (deviceId); default the browser's. */
  microphoneId?: string;
  /** The end: without an error after `close()`. Not called when `start()` rejects. */
  onEnded(error?: BrowserLegError): void;
}

export class BrowserLeg {
  readonly #options: BrowserLegOptions;
  #state: 'new' | 'starting' | 'up' | 'ended' = 'new';
  #microphone: MediaStream | undefined;
  #transports: types.Transport[] = [];
  #producer: types.Producer | undefined;
  #microphoneMeter: LevelMeter | undefined;
  #peerMeter: LevelMeter | undefined;
  #silence: AudioContext | undefined;
  #muted = false;
  #failure: BrowserLegError | undefined;

  constructor(options: BrowserLegOptions) {
    this.#options = options;
  }

  get state(): 'new' | 'starting' | 'up' | 'ended' {
    return this.#state;
  }

  get muted(): boolean {
    return this.#muted;
  }

  /**
   * Opens the leg: call it from a click, so that the browser lets sound play. Once per object.
   * @returns the leg's id, with which the page dials
   * @throws BrowserLegError
   */
  async start(requests: BrowserLegRequests): Promise<string> {
    if (this.#state !== 'new') throw new Error('a BrowserLeg starts once');
    this.#state = 'starting';
    // So that the box hears at once, and not by a timeout, that the page was left.
    window.addEventListener('pagehide', this.#leave);
    try {
      const legId = await this.#join(requests, await this.#openMicrophone());
      this.#state = 'up';
      return legId;
    } catch (error) {
      this.#release();
      if (this.#failure) throw this.#failure;
      throw error instanceof BrowserLegError
        ? error
        : new BrowserLegError('signalling-failed', 'the box refused the browser leg', { cause: error });
    }
  }

  /** The other party hears silence; the microphone stays open. */
  mute(muted: boolean): void {
    this.#muted = muted;
    if (muted) this.#producer?.pause();
    else this.#producer?.resume();
  }

  /** Loudness now, 0 (silence) to 1, of the own microphone and of the other party; for a meter drawn by the page. */
  levels(): { microphone: number; peer: number } {
    return {
      microphone: this.#muted ? 0 : (this.#microphoneMeter?.level() ?? 0),
      peer: this.#peerMeter?.level() ?? 0,
    };
  }

  /** Ends the leg and releases the microphone. Harmless when it has ended. */
  close(): void {
    this.#end();
  }

  async #openMicrophone(): Promise<MediaStreamTrack> {
    if (this.#options.listenOnly) return this.#openSilence();
    if (!window.isSecureContext || !navigator.mediaDevices)
      throw new BrowserLegError('insecure-context', 'a microphone needs a page loaded by HTTPS');
    const processed = this.#options.voiceProcessing ?? true;
    const { microphoneId } = this.#options;
    let stream: MediaStream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: {
          ...(microphoneId === undefined ? {} : { deviceId: { exact: microphoneId } }),
          channelCount: 1,
          echoCancellation: processed,
          noiseSuppression: processed,
          autoGainControl: processed,
        },
      });
    } catch (error) {
      throw microphoneError(error);
    }
    const track = stream.getAudioTracks()[0];
    if (this.#state === 'ended' || !track) {
      for (const each of stream.getTracks()) each.stop();
      throw new BrowserLegError('microphone-failed', 'closed while the microphone was opened');
    }
    track.addEventListener('ended', () =>
      this.#end(new BrowserLegError('microphone-failed', 'the microphone was unplugged or taken away')),
    );
    this.#microphone = stream;
    return track;
  }

  #openSilence(): MediaStreamTrack {
    this.#silence = new AudioContext();
    const { stream } = this.#silence.createMediaStreamDestination();
    const track = stream.getAudioTracks()[0];
    if (!track) throw new BrowserLegError('browser-unsupported', 'this browser makes no silence');
    this.#microphone = stream;
    return track;
  }

  async #join(requests: BrowserLegRequests, track: MediaStreamTrack): Promise<string> {
    const device = await Device.factory().catch((error: unknown) => {
      throw new BrowserLegError('browser-unsupported', 'this browser has no WebRTC', { cause: error });
    });
    const opened = await requests.open();
    await device.load({ routerRtpCapabilities: opened.routerRtpCapabilities as types.RtpCapabilities });
    const { send: sendOptions, recv: recvOptions } = opened.transportOptions;

    const send = device.createSendTransport(sendOptions as types.TransportOptions);
    this.#watch(send, 'send', opened.legId, requests);
    send.on('produce', ({ rtpParameters }, done, failed) => {
      requests
        .produce(opened.legId, rtpParameters)
        .then(({ producerId }) => done({ id: producerId }), failed);
    });
    const recv = device.createRecvTransport(recvOptions as types.TransportOptions);
    this.#watch(recv, 'recv', opened.legId, requests);

    const consumed = await requests.consume(opened.legId, device.recvRtpCapabilities);
    const consumer = await recv.consume({
      id: consumed.consumerId,
      producerId: consumed.producerId,
      kind: 'audio',
      rtpParameters: consumed.rtpParameters as types.RtpParameters,
    });
    // The track belongs to the microphone stream, which is stopped as a whole. Paused it sends silence, not nothing.
    this.#producer = await send.produce({ track, stopTracks: false });
    await Promise.all([connected(send), connected(recv)]);
    if (!this.#microphone) throw new BrowserLegError('connection-failed', 'closed while it was joining');
    if (this.#muted) this.#producer.pause();

    const peer = new MediaStream([consumer.track]);
    this.#options.audio.srcObject = peer;
    // Refused only where the page plays without a click; the element's own controls then start it.
    this.#options.audio.play().catch(() => undefined);
    this.#peerMeter = new LevelMeter(peer);
    this.#microphoneMeter = new LevelMeter(this.#microphone);
    return opened.legId;
  }

  #watch(
    transport: types.Transport,
    direction: 'send' | 'recv',
    legId: string,
    requests: BrowserLegRequests,
  ): void {
    this.#transports.push(transport);
    transport.on('connect', ({ dtlsParameters }, done, failed) => {
      requests.connect(legId, direction, dtlsParameters).then(() => done(), failed);
    });
    transport.on('connectionstatechange', (state) => {
      // `disconnected` mends itself or becomes `failed`.
      if (state === 'failed')
        this.#end(new BrowserLegError('connection-failed', `the ${direction} connection failed`));
    });
  }

  readonly #leave = (): void => this.#end();

  #end(error?: BrowserLegError): void {
    if (this.#state === 'ended') return;
    const wasUp = this.#state === 'up';
    this.#failure = error;
    this.#release();
    if (wasUp) this.#options.onEnded(error);
  }

  #release(): void {
    this.#state = 'ended';
    window.removeEventListener('pagehide', this.#leave);
    for (const transport of this.#transports) transport.close();
    this.#transports = [];
    for (const track of this.#microphone?.getTracks() ?? []) track.stop();
    this.#microphone = undefined;
    void this.#silence?.close();
    this.#silence = undefined;
    this.#microphoneMeter?.close();
    this.#peerMeter?.close();
    this.#options.audio.srcObject = null;
  }
}

/** Resolves when sound can flow. Gives up when the browser does, after {@link connectTimeoutMs} at the latest. */
function connected(transport: types.Transport): Promise<void> {
  return new Promise((resolve, reject) => {
    const check = (state: types.ConnectionState): void => {
      if (state !== 'connected' && state !== 'failed' && state !== 'closed') return;
      clearTimeout(timer);
      transport.off('connectionstatechange', check);
      if (state === 'connected') resolve();
      else reject(new BrowserLegError('connection-failed', 'no sound path to the box'));
    };
    const timer = setTimeout(() => check('failed'), connectTimeoutMs);
    transport.on('connectionstatechange', check);
    check(transport.connectionState);
  });
}

function microphoneError(error: unknown): BrowserLegError {
  const name = error instanceof DOMException ? error.name : '';
  const code =
    name === 'NotAllowedError' || name === 'SecurityError'
      ? 'microphone-denied'
      : name === 'NotFoundError' || name === 'OverconstrainedError'
        ? 'microphone-missing'
        : 'microphone-failed';
  return new BrowserLegError(code, 'the browser gives no microphone', { cause: error });
}
