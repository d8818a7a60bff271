/** The agent's desk: notes and dispositions of calls, and the lists they are chosen from. */
import type { Clock } from '../../base/clock.ts';
import { CordboardError } from '../../base/errors.ts';
import type { Call } from '../../domain/call.ts';
import { dispositionsOf, noteMaxLength } from '../../domain/settings/desk.ts';
import { roleReaches } from '../../domain/settings/roles.ts';
import type { Settings } from '../../domain/settings.ts';
import type { SessionUser } from '../contract.ts';
import { isOwnCall } from '../own-call.ts';
import type { ApiPorts } from '../ports.ts';
import { invalidRequest, notFound } from '../problem.ts';
import type { HandlersOf } from '../routes.ts';
import { validated } from '../settings-change.ts';
import type { SettingsEditor } from '../settings-editor.ts';

/** How long after its end an agent may still write at a call. */
export const agentsMayWriteMs = 24 * 3_600_000;

/** Fewer digits are no number that somebody could be known by. */
const shortestNumber = 2;

type Ports = Pick<ApiPorts, 'callLog' | 'live' | 'desk' | 'settings'>;

export function deskHandlers(parts: {
  ports: Ports;
  editor: SettingsEditor;
  clock: Clock;
}): HandlersOf<
  | 'desk'
  | 'getDeskSettings'
  | 'replaceDeskSettings'
  | 'setDisposition'
  | 'setNote'
  | 'callerHistory'
  | 'moreWrapUp'
> {
  const { editor, clock } = parts;
  const { callLog, live, desk, settings } = parts.ports;

  const callOf = async (callId: string): Promise<Call | undefined> =>
    live.snapshot().calls.find((call) => call.callId === callId) ?? callLog.getCall(callId);
  const writable = async (callId: string, user: SessionUser): Promise<Call> => {
    const call = await callOf(callId);
    if (!call || (isAgentOnly(user) && !isOwnCall(settings.current, user, call)))
      throw notFound(`call ${callId}`);
    if (isAgentOnly(user) && clock.now() - (call.endedAt ?? clock.now()) > agentsMayWriteMs)
      throw new CordboardError('auth.forbidden', 'This call is over for more than a day: ask a supervisor.');
    return call;
  };
  const writeNote = async (call: Call, user: SessionUser, text: string): Promise<void> => {
    const author = authorOf(user, call);
    if (noteOf(call, author.agentId) === text) return;
    await desk.write(call.callId, { name: 'NOTE', ...author, text });
  };
  const after = async (call: Call): Promise<Call> => (await callOf(call.callId)) ?? call;

  return {
    desk: ({ user }) => viewFor(settings.current, user),
    getDeskSettings: () => editor.current.desk,
    replaceDeskSettings: async (request) => {
      const { settings: changed } = await editor.edit(request, {
        action: 'desk.change',
        apply: (now) => validated({ ...now, desk: request.body }, ['desk']),
      });
      return changed.desk;
    },

    setDisposition: async ({ params, body, user }) => {
      const call = await writable(params.id, user);
      const author = authorOf(user, call);
      const chosen = dispositionsOf(settings.current, call.queueId).find(({ code }) => code === body.code);
      if (!chosen) throw invalidRequest([{ path: 'code', message: `there is no outcome ${body.code}` }]);
      const note = body.note ?? noteOf(call, author.agentId);
      if (chosen.needsNote && note.trim() === '')
        throw invalidRequest([{ path: 'note', message: 'this outcome needs a note' }]);
      if (body.note !== undefined) await writeNote(call, user, body.note);
      const { code, name: label, kind } = chosen;
      await desk.write(call.callId, { name: 'DISPOSITION', ...author, code, label, kind });
      return after(call);
    },
    callerHistory: async ({ params, query, user }) => {
      const number = params.number.replace(/\D/g, '').slice(0, 24);
      if (number.length < shortestNumber) return { items: [] };
      const { limit } = query;
      if (!isAgentOnly(user)) return { items: await callLog.history({ number, limit }) };
      if (!settings.current.signIn.agentsSeeCalls) return { items: [] };
      const { queues, phone } = viewFor(settings.current, user);
      const only = {
        queueIds: queues.map(({ queueId }) => queueId),
        agentId: user.agentId ?? '',
        extensionNumber: phone?.number ?? '',
      };
      return { items: await callLog.history({ number, limit, only }) };
    },
    moreWrapUp: ({ params, user }) => {
      if (isAgentOnly(user) && user.agentId !== params.id)
        throw new CordboardError('auth.forbidden', 'An agent may do that for themselves only.');
      return desk.moreWrapUp(params.id);
    },
    setNote: async ({ params, body, user }) => {
      const call = await writable(params.id, user);
      await writeNote(call, user, body.text);
      return after(call);
    },
  };
}

/** Who sees and changes their own only. */
function isAgentOnly(user: SessionUser): boolean {
  return !roleReaches(user.role, 'supervisor');
}

/** Whoever writes at the call of another does so in that agent's stead. */
function authorOf(user: SessionUser, call: Call): { agentId?: string; by?: string } {
  const agentId = call.agentId ?? user.agentId;
  return {
    ...(agentId === undefined ? {} : { agentId }),
    ...(agentId !== undefined && agentId === user.agentId ? {} : { by: user.name }),
  };
}

function noteOf(call: Call, agentId: string | undefined): string {
  return call.notes?.find((note) => note.agentId === agentId)?.text ?? '';
}

function viewFor(settings: Settings, user: SessionUser) {
  const agent = settings.agents.find(({ id }) => id === user.agentId);
  const phone = settings.extensions.find(({ id }) => id === agent?.extensionId);
  const queues = settings.queues.filter(
    ({ agentIds }) => !isAgentOnly(user) || (agent !== undefined && agentIds.includes(agent.id)),
  );
  return {
    pauseReasons: settings.desk.pauseReasons,
    dispositions: settings.desk.dispositions,
    queues: queues.map(({ id: queueId, dispositions, dispositionRequired, moreWrapUpMs }) => ({
      queueId,
      dispositions,
      dispositionRequired,
      moreWrapUpMs,
    })),
    noteMaxLength,
    timeZone: settings.office.timeZone,
    phone: phone ? { extensionId: phone.id, number: phone.number, name: phone.name } : null,
  };
}
