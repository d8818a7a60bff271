/**
 * The media engine's process. Configured by the environment (config.ts), beside which CORDBOARD_MEDIA_THREADS sets
 * how many RTP threads there are, by default one, and more from four cores on. Tells its parent `{ready: true}` by
 * IPC; ends on SIGTERM, SIGINT or when the parent goes, recordings finalised.
 */
import { mkdirSync } from 'node:fs';
import { availableParallelism, constants, setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { errorMessage } from '../base/errors.ts';
import { hopelessExitCode } from '../base/exit-codes.ts';
import { startHeartbeat } from '../base/heartbeat.ts';
import { createLogger } from '../base/log.ts';
import { type InstanceConfig, readConfig } from '../config.ts';
import { processClock } from './edge/monotonic.ts';
import { MediaEngine } from './media-engine.ts';
import { parallelWrites } from './recording/recordings.ts';
import { MusicLibrary } from './sound/music-library.ts';
import { SoundCache } from './sound/sound-cache.ts';
import { MediasoupWebLegs } from './web/mediasoup-web-legs.ts';

/** Decoded sounds kept, both codecs counted: over an hour of prompts. */
const soundCacheBytes = 64 << 20;

// Read when the first file is touched: recordings wait for the disk in parallel, and nobody else behind them.
process.env.UV_THREADPOOL_SIZE ??= String(parallelWrites + 4);

const log = createLogger('media-engine');
const { config, threads } = configuration();
startHeartbeat();

try {
  setPriority(constants.priority.PRIORITY_HIGHEST); // inherited by the RTP threads
} catch {
  log.info('no right to raise the priority: audio competes with everything else');
}

const music = new MusicLibrary({ cacheDir: join(config.dataDir, 'cache') });
const engine = new MediaEngine({
  socketPath: config.mediaSocket,
  rtpPorts: config.rtpPorts,
  threads,
  sounds: new SoundCache({ limitBytes: soundCacheBytes }),
  music,
  clock: processClock,
  log,
  createWebLegs: (edge) =>
    new MediasoupWebLegs({
      edge,
      bind: config.bind,
      webrtcPort: config.webrtcPort,
      log: log.with({ part: 'web' }),
    }),
  onFatal: (error) => {
    log.error('an RTP thread died', { error });
    process.exitCode = 1;
    void stop();
  },
});

let stopping: Promise<void> | undefined;
function stop(): Promise<void> {
  stopping ??= engine.stop().then(
    () => process.exit(),
    (error: unknown) => {
      log.error('stopping failed', { error });
      process.exit(1);
    },
  );
  return stopping;
}

process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => void stop());
process.on('disconnect', () => void stop());

mkdirSync(dirname(config.mediaSocket), { recursive: true, mode: 0o700 });
await engine.start();
process.send?.({ ready: true });
// The first caller on hold should not have to wait for it to be rendered.
music.builtIn().catch((error: unknown) => log.error('the built-in music cannot be made', { error }));

function configuration(): { config: InstanceConfig; threads: number } {
  try {
    return {
      config: readConfig(process.env),
      threads: readThreads(process.env.CORDBOARD_MEDIA_THREADS),
    };
  } catch (error) {
    log.error(errorMessage(error));
    process.exit(hopelessExitCode);
  }
}

function readThreads(text: string | undefined): number {
  // A thread carries some hundred calls. Two cores are left to signalling and to the rest of the machine.
  if (text === undefined || text === '') return Math.max(1, Math.min(4, availableParallelism() - 2));
  const threads = Number(text);
  if (!Number.isInteger(threads) || threads < 1 || threads > 8)
    throw new RangeError(`CORDBOARD_MEDIA_THREADS must be 1 to 8, not ${text}`);
  return threads;
}
