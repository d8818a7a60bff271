/** Whose a call is. */
import type { Call } from '../domain/call.ts';
import type { Settings } from '../domain/settings.ts';
import type { SessionUser } from './contract.ts';

/** A call that this agent talked in or was last offered, or that their phone dialled. */
export function isOwnCall(settings: Settings, user: SessionUser, call: Call): boolean {
  if (user.agentId === undefined) return false;
  if (call.agentId === user.agentId) return true;
  const agent = settings.agents.find(({ id }) => id === user.agentId);
  const phone = settings.extensions.find(({ id }) => id === agent?.extensionId);
  return call.direction !== 'inbound' && phone !== undefined && call.from === phone.number;
}
