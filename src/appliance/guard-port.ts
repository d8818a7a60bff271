/** The SIP engine's guard as the API sees it. */
import type { GuardPort } from '../api/ports.ts';
import type { ControlClient } from '../base/control-socket.ts';
import type { Logger } from '../base/log.ts';
import type { EngineNotices, EngineOperations, GuardBan } from '../codec/engine-control.ts';

type EngineClient = ControlClient<EngineOperations, EngineNotices>;

const nothing = {
  active: false,
  bans: [],
  counters: { banned: 0, limited: 0, scanners: 0, failures: 0, bans: 0 },
};

export function guardPort(engine: Pick<EngineClient, 'call'>): GuardPort {
  return {
    list: async () => {
      const known = await engine.call('guard.list', {}).catch(() => undefined);
      return known ? { active: true, ...known } : nothing;
    },
    release: async (source) => (await engine.call('guard.release', { source })).released,
  };
}

/** Tells of each ban that begins. @returns how to stop */
export function onBan(engine: Pick<EngineClient, 'events'>, listener: (ban: GuardBan) => void): () => void {
  return engine.events.on('notice', (name, notice) => {
    if (name === 'guard') listener(notice as GuardBan);
  });
}

/** Writes each ban that begins into the log. @returns how to stop */
export function logBans(engine: Pick<EngineClient, 'events'>, log: Logger): () => void {
  return onBan(engine, ({ source, reason, until }) => {
    log.warn('the SIP server does not listen to a source for a while', { source, reason, until });
  });
}
