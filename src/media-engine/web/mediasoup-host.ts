/**
 * The mediasoup worker with its router and WebRTC server: one of each serves all browsers. A worker that dies is
 * replaced at once; what lived in it is gone, and is told by `died`.
 */
import { createWorker, setLogEventListeners, type types } from 'mediasoup';
import { type Clock, systemClock, type Timer } from '../../base/clock.ts';
import { Emitter } from '../../base/emitter.ts';
import { CordboardError, errorMessage } from '../../base/errors.ts';
import type { Logger } from '../../base/log.ts';

/**
 * What browsers may send and hear: G.711 µ-law, which every browser has (RFC 7874 section 3) and which the edge
 * joins with any telephone without decoding. Payload type 0 as RFC 3551 gives it.
 */
export const webCodec: types.RouterRtpCodecCapability = {
  kind: 'audio',
  mimeType: 'audio/PCMU',
  clockRate: 8000,
  channels: 1,
  preferredPayloadType: 0,
};

/**
 * Wait before the next try when a worker does not come up. A worker whose media engine was killed keeps the port
 * for up to 3 s more.
 */
const firstRetryMs = 500;
const lastRetryMs = 30_000;

interface Running {
  worker: types.Worker;
  router: types.Router;
  server: types.WebRtcServer;
}

export class MediasoupHost {
  readonly events = new Emitter<{
    /** The worker ended by itself. `restarted`: the next one is up. Told when that is known. */
    died: [{ restarted: boolean }];
    /** At once, before a new worker is tried. */
    lost: [];
  }>();
  readonly #bind: readonly string[];
  readonly #webrtcPort: number;
  readonly #log: Logger;
  readonly #clock: Clock;
  #running: Running | undefined;
  #launching: Promise<void> | undefined;
  #retry: Timer | undefined;
  #retryMs = firstRetryMs;
  #told: string | undefined;
  #stopped = true;

  constructor(options: { bind: readonly string[]; webrtcPort: number; log: Logger; clock?: Clock }) {
    this.#bind = options.bind;
    this.#webrtcPort = options.webrtcPort;
    this.#log = options.log;
    this.#clock = options.clock ?? systemClock;
  }

  get ready(): boolean {
    return this.#running !== undefined;
  }

  get workerPids(): number[] {
    return this.#running ? [this.#running.worker.pid] : [];
  }

  /** @throws CordboardError `media.worker-died` while there is no worker */
  get running(): { router: types.Router; server: types.WebRtcServer } {
    if (!this.#running)
      throw new CordboardError('media.worker-died', 'browser calls are not possible: no mediasoup worker');
    return this.#running;
  }

  /**
   * Rejects when the first try fails; it is tried again until it succeeds or {@link stop} is called.
   * @throws CordboardError `port-in-use`, `media.worker-died` when the worker program does not run
   */
  async start(): Promise<void> {
    this.#stopped = false;
    setLogEventListeners({
      onwarn: (namespace, message) => this.#log.warn(message, { namespace }),
      onerror: (namespace, message, error) => this.#log.error(message, { namespace, error }),
    });
    this.#retry?.cancel();
    await this.#launch().catch((error: unknown) => {
      this.#tryAgain();
      throw error;
    });
  }

  /** Resolves when the worker process has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#retry?.cancel();
    const running = this.#running;
    this.#running = undefined;
    if (running) await closeWorker(running.worker);
    // One that was just being started closes itself when it finds that it is not wanted.
    await this.#launching?.catch(() => undefined);
  }

  #launch(): Promise<void> {
    this.#launching = this.#launchWorker();
    return this.#launching;
  }

  async #launchWorker(): Promise<void> {
    const worker = await createWorker({ logLevel: 'warn' }).catch((error: unknown) => {
      throw new CordboardError(
        'media.worker-died',
        `the mediasoup worker does not start: ${errorMessage(error)}`,
        { cause: error },
      );
    });
    worker.on('died', () => this.#died(worker));
    try {
      const server = await this.#listen(worker);
      const router = await worker.createRouter({ mediaCodecs: [webCodec] });
      if (this.#stopped) throw new CordboardError('media.worker-died', 'stopped while starting');
      this.#running = { worker, router, server };
      this.#retryMs = firstRetryMs;
      this.#told = undefined;
    } catch (error) {
      await closeWorker(worker);
      throw error;
    }
  }

  /** UDP and TCP on one port, so that one forwarded port serves agents at home. */
  async #listen(worker: types.Worker): Promise<types.WebRtcServer> {
    const listenInfos = this.#bind.flatMap((ip) =>
      (['udp', 'tcp'] as const).map((protocol) => ({
        protocol,
        ip,
        port: this.#webrtcPort,
        // A wildcard cannot be announced. What browsers are told is written for each leg (ice-candidates).
        ...(ip === '0.0.0.0' ? { announcedAddress: '127.0.0.1' } : {}),
        ...(ip === '::' ? { announcedAddress: '::1', flags: { ipv6Only: true } } : {}),
      })),
    );
    return worker.createWebRtcServer({ listenInfos }).catch((error: unknown) => {
      throw new CordboardError(
        'port-in-use',
        `port ${this.#webrtcPort} (UDP and TCP, for browser calls) cannot be had on ${this.#bind.join(', ')}; stop what has it, or set CORDBOARD_WEBRTC_PORT to another: ${errorMessage(error)}`,
        { cause: error },
      );
    });
  }

  #died(worker: types.Worker): void {
    if (this.#stopped || this.#running?.worker !== worker) return; // it never ran, or it was told to end
    this.#running = undefined;
    this.#log.error('mediasoup worker died', { pid: worker.pid });
    this.events.emit('lost');
    void this.#relaunch().then((restarted) => {
      if (!this.#stopped) this.events.emit('died', { restarted });
    });
  }

  async #relaunch(): Promise<boolean> {
    try {
      await this.#launch();
    } catch (error) {
      // What stays wrong is said once.
      if (errorMessage(error) !== this.#told) this.#log.error('no mediasoup worker yet', { error });
      this.#told = errorMessage(error);
      this.#tryAgain();
      return false;
    }
    this.#log.info('mediasoup worker started again', { pid: this.workerPids[0] });
    return true;
  }

  #tryAgain(): void {
    if (this.#stopped) return;
    this.#retry = this.#clock.after(this.#retryMs, () => void this.#relaunch());
    this.#retryMs = Math.min(2 * this.#retryMs, lastRetryMs);
  }
}

async function closeWorker(worker: types.Worker): Promise<void> {
  if (worker.subprocessClosed) return;
  const ended = new Promise<void>((resolve) => worker.once('subprocessclose', resolve));
  worker.close();
  await ended;
}
