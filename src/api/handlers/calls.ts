/** Calls: the list, one with its ladder and recordings, click to call, hanging up, and what agents do. */
import type { Clock } from '../../base/clock.ts';
import { CordboardError } from '../../base/errors.ts';
import type { TappedMessage } from '../../codec/engine-control.ts';
import type { AuditAction } from '../../domain/audit.ts';
import type { Call } from '../../domain/call.ts';
import { roleReaches } from '../../domain/settings/roles.ts';
import type { Settings } from '../../domain/settings.ts';
import { fileResponse } from '../byte-range.ts';
import type { SessionUser } from '../contract.ts';
import { isOwnCall } from '../own-call.ts';
import { pcapOf } from '../pcap.ts';
import type { ApiPorts, CallQuery } from '../ports.ts';
import { invalidRequest, notFound } from '../problem.ts';
import type { HandlersOf } from '../routes.ts';
import { ladderOf } from '../sip-ladder.ts';

type Ports = Pick<ApiPorts, 'callLog' | 'recordings' | 'live' | 'calls' | 'settings' | 'audit'>;

/** Parts of a sound asked for within this time are one listening. */
const listeningMs = 3_600_000;
const maxListening = 1_000;

const isSupervisor = (user: SessionUser): boolean => roleReaches(user.role, 'supervisor');

/** An agent acts for their own agent only. @throws CordboardError auth.forbidden */
function mustBeOwn(user: SessionUser, agentId: string): void {
  if (isSupervisor(user) || user.agentId === agentId) return;
  throw new CordboardError('auth.forbidden', 'An agent may do that for themselves only.');
}

/** Whether a call concerns this user: a supervisor's are all, an agent's their own. */
function concerns(settings: Settings, user: SessionUser, call: Call): boolean {
  return isSupervisor(user) || isOwnCall(settings, user, call);
}

/** Whose phone is to ring. */
function phoneOf(
  settings: Settings,
  user: SessionUser,
  asked: { agentId?: string | undefined; extensionId?: string | undefined },
): { extensionId: string; agentId?: string } {
  if (asked.extensionId !== undefined) {
    const owner = settings.agents.find((a) => a.extensionId === asked.extensionId);
    if (!isSupervisor(user)) mustBeOwn(user, owner?.id ?? '');
    if (!settings.extensions.some((e) => e.id === asked.extensionId))
      throw invalidRequest([{ path: 'extensionId', message: `there is no extension ${asked.extensionId}` }]);
    return { extensionId: asked.extensionId, ...(owner ? { agentId: owner.id } : {}) };
  }
  const agentId = asked.agentId ?? user.agentId;
  if (agentId === undefined)
    throw invalidRequest([{ path: 'extensionId', message: 'say whose phone shall ring' }]);
  mustBeOwn(user, agentId);
  const agent = settings.agents.find((a) => a.id === agentId);
  if (!agent) throw invalidRequest([{ path: 'agentId', message: `there is no agent ${agentId}` }]);
  return { extensionId: agent.extensionId, agentId };
}

export function callHandlers(parts: {
  ports: Ports;
  clock: Clock;
}): HandlersOf<
  | 'listCalls'
  | 'getCall'
  | 'callLadder'
  | 'callPcap'
  | 'clickToCall'
  | 'hangUpCall'
  | 'recording'
  | 'setAgentStatus'
  | 'agentReady'
> {
  const { callLog, recordings, live, calls, settings, audit } = parts.ports;

  const listening = new Listening();

  const liveCall = (callId: string): Call | undefined =>
    live.snapshot().calls.find((call) => call.callId === callId);
  const findCall = async (callId: string, user: SessionUser): Promise<Call> => {
    const going = liveCall(callId);
    const call = going ?? (await callLog.getCall(callId));
    const past = isSupervisor(user) || settings.current.signIn.agentsSeeCalls;
    // A call of others is not even admitted to exist.
    if (!call || !concerns(settings.current, user, call) || !(going || past))
      throw notFound(`call ${callId}`);
    return call;
  };
  const messagesOf = (call: Call): Promise<TappedMessage[]> =>
    callLog.messages(
      call.callId,
      call.legs.flatMap(({ sipCallId }) => (sipCallId === undefined ? [] : [sipCallId])),
    );
  const record = (user: SessionUser, source: string, action: AuditAction, target: string): void =>
    audit.record({ at: parts.clock.now(), who: user.name, source, action, target });

  return {
    listCalls: async ({ query, user }) => {
      const filters = query as CallQuery; // zod leaves absent what is absent
      if (isSupervisor(user)) return callLog.listCalls(filters);
      if (user.agentId === undefined || !settings.current.signIn.agentsSeeCalls)
        return { items: [], next: null };
      return callLog.listCalls({ ...filters, agentId: user.agentId });
    },
    getCall: ({ params, user }) => findCall(params.id, user),
    callLadder: async ({ params, user }) => ladderOf(await messagesOf(await findCall(params.id, user))),
    callPcap: async ({ params, user }) => {
      const capture = pcapOf(await messagesOf(await findCall(params.id, user)));
      return new Response(new Uint8Array(capture), {
        headers: {
          'content-type': 'application/vnd.tcpdump.pcap',
          'content-disposition': `attachment; filename="call-${params.id}.pcap"`,
        },
      });
    },

    clickToCall: async ({ body, user, source }) => {
      const phone = phoneOf(settings.current, user, body);
      const result = await calls.clickToCall({ ...phone, number: body.number, who: user.name });
      record(user, source, 'call.click-to-call', result.callId);
      return result;
    },
    hangUpCall: async ({ params, user, source }) => {
      const call = liveCall(params.id);
      if (!call || !concerns(settings.current, user, call)) throw notFound(`call ${params.id} going on`);
      if (!(await calls.hangUp(params.id, user.name))) throw notFound(`call ${params.id} going on`);
      record(user, source, 'call.hang-up', params.id);
      return undefined;
    },

    recording: async ({ params, user, raw, source }) => {
      const found = await callLog.findRecording(params.id);
      if (!found || !concerns(settings.current, user, found.call)) throw notFound(`recording ${params.id}`);
      if (!isSupervisor(user) && !settings.current.signIn.agentsHearRecordings)
        throw new CordboardError('auth.forbidden', 'Agents may not hear recordings here. Ask a supervisor.');
      const { deleted } = found.recording;
      if (deleted) throw new CordboardError('not-found', `The recording was removed: ${deleted.reason}.`);
      const file = await recordings.open(found.recording.file);
      if (!file)
        throw new CordboardError(
          'not-found',
          'The recording is in the log, but its file is no longer there.',
        );
      const heard = hearingOf(raw);
      if (heard && listening.isNew(`${user.id} ${params.id}`, heard, parts.clock.monotonic()))
        record(
          user,
          source,
          heard === 'downloaded' ? 'recording.downloaded' : 'recording.listened',
          params.id,
        );
      return fileResponse(raw, file, 'audio/wav', `${params.id}.wav`);
    },

    setAgentStatus: async ({ params, body, user, source }) => {
      mustBeOwn(user, params.id);
      const { pauseReasons } = settings.current.desk;
      // Whoever sends a colleague on a break need not know why.
      const mayOmit = body.reason === undefined && isSupervisor(user);
      if (body.status === 'on-break' && pauseReasons.length > 0 && !mayOmit) {
        if (!pauseReasons.some(({ code }) => code === body.reason))
          throw invalidRequest([{ path: 'reason', message: 'choose one of the reasons for a break' }]);
      }
      const agent = await calls.setAgentStatus(params.id, body.status, body.reason);
      record(user, source, `agent.${body.status}`, params.id);
      return agent;
    },
    agentReady: ({ params, user }) => {
      mustBeOwn(user, params.id);
      return calls.endWrapUp(params.id);
    },
  };
}

type Hearing = 'downloaded' | 'listened' | 'goes-on';

/**
 * What a request for a sound comes to. Players name themselves (Sec-Fetch-Dest) or ask for parts, the first from its
 * beginning. Who takes all of it at once takes it away.
 */
function hearingOf(request: Request): Hearing | null {
  if (request.method !== 'GET') return null;
  const range = request.headers.get('range');
  if (range !== null) return /^bytes=0-/.test(range) ? 'listened' : 'goes-on';
  return request.headers.get('sec-fetch-dest') === 'audio' ? 'listened' : 'downloaded';
}

/** A later part belongs to the listening that began with the first; one that nothing came before is a listening too. */
class Listening {
  readonly #lastMs = new Map<string, number>();

  isNew(who: string, hearing: Hearing, nowMs: number): boolean {
    const last = this.#lastMs.get(who);
    this.#lastMs.delete(who);
    this.#lastMs.set(who, nowMs);
    for (const oldest of this.#lastMs.keys()) {
      if (this.#lastMs.size <= maxListening) break;
      this.#lastMs.delete(oldest);
    }
    return hearing !== 'goes-on' || last === undefined || nowMs - last > listeningMs;
  }
}
