/** SIP over TLS shows the same certificate as the pages: one authority to trust, one renewal. */
import type { ApiServer } from '../api/server.ts';
import type { ControlClient } from '../base/control-socket.ts';
import type { Logger } from '../base/log.ts';
import type { EngineNotices, EngineOperations } from '../codec/engine-control.ts';

/**
 * Hands the box's certificate to the SIP engine: now, when there is a new one, and after each start of the engine.
 * @returns how to stop
 */
export function shareCertificate(
  api: Pick<ApiServer, 'certificate' | 'events'>,
  engine: Pick<ControlClient<EngineOperations, EngineNotices>, 'call' | 'events' | 'isUp'>,
  log: Logger,
): () => void {
  const share = (): void => {
    if (!api.certificate || !engine.isUp) return;
    engine.call('tls.certificate', api.certificate).catch((error: unknown) => {
      // One that goes away is told when it is back; one that refuses serves no TLS, which has to be known.
      if (engine.isUp) log.error('the SIP engine did not take the certificate', { error });
    });
  };
  const stops = [api.events.on('certificate', share), engine.events.on('up', share)];
  share();
  return () => {
    for (const stop of stops) stop();
  };
}
