/** The sip-engine process: configured by environment (src/config.ts), ends on SIGTERM or with its parent. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemClock } from '../base/clock.ts';
import { ControlServer } from '../base/control-socket.ts';
import { CordboardError, errorMessage } from '../base/errors.ts';
import { hopelessExitCode } from '../base/exit-codes.ts';
import { startHeartbeat } from '../base/heartbeat.ts';
import { createLogger } from '../base/log.ts';
import type { EngineNotices, EngineOperations } from '../codec/engine-control.ts';
import { readConfig } from '../config.ts';
import { SipEngine } from './sip-engine.ts';

const log = createLogger('sip-engine');

async function run(): Promise<void> {
  startHeartbeat();
  const config = readConfig(process.env);
  if (config.drachtioSecret === '')
    throw new RangeError('CORDBOARD_DRACHTIO_SECRET must be set: the admin port is not for everybody');
  mkdirSync(dirname(config.engineSocket), { recursive: true, mode: 0o700 });
  const control = new ControlServer<EngineOperations, EngineNotices>({
    path: config.engineSocket,
    // A ladder is drawn later; a call is set up now.
    noticeDelayMs: 20,
    log,
    handlers: {
      configure: (addressing) => {
        engine.configure(addressing);
        return null;
      },
      'calls.room': (room) => ({ refused: engine.setRoom(room) }),
      'tls.certificate': (certificate) => {
        engine.present(certificate);
        return null;
      },
      'tls.peers': ({ peers }) => {
        engine.trust(peers);
        return null;
      },
      stats: () => engine.stats(),
      'guard.list': () => engine.guarded(),
      'guard.know': ({ sources }) => {
        engine.know(sources);
        return null;
      },
      'guard.release': ({ source }) => ({ released: engine.release(source) }),
    },
  });
  const engine = new SipEngine({
    bind: config.bind,
    sipPort: config.sipPort,
    sipsPort: config.sipsPort,
    drachtioPort: config.drachtioPort,
    drachtioSecret: config.drachtioSecret,
    handler: config.sipHandler,
    dnsServers: config.dnsServers,
    clock: systemClock,
    log,
    tap: (message) => control.notify('message', message),
    isTapped: () => control.clientCount > 0,
    guardsLoopback: config.guardsLoopback,
    banned: (ban) => control.notify('guard', ban),
  });
  const stop = async (reason: string): Promise<void> => {
    log.info('stopping', { reason });
    await control.stop();
    await engine.stop();
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop('SIGTERM'));
  process.once('SIGINT', () => void stop('SIGINT'));
  process.once('disconnect', () => void stop('parent went away'));
  await engine.start();
  await control.start();
  const { bind, sipPort, sipsPort, drachtioPort } = config;
  log.info('listening', { bind, sipPort, sipsPort, drachtioPort });
  process.send?.({ ready: true });
}

run().catch((error: unknown) => {
  log.error(errorMessage(error), { code: error instanceof CordboardError ? error.code : undefined });
  const isHopeless =
    error instanceof RangeError ||
    (error instanceof CordboardError && (error.code === 'port-in-use' || error.code === 'port-refused'));
  process.exit(isHopeless ? hopelessExitCode : 1);
});
