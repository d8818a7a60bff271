/** Campaigns: their settings, starting and stopping them, what they do, and the log of attempts. */
import type { Clock } from '../../base/clock.ts';
import { CordboardError } from '../../base/errors.ts';
import type { AttemptQuery } from '../../domain/campaign/lead-store.ts';
import type { Campaign } from '../../domain/settings/campaigns.ts';
import { roleReaches } from '../../domain/settings/roles.ts';
import type { EndpointParsedBody, SessionUser } from '../contract.ts';
import { isOwnCall } from '../own-call.ts';
import type { ApiPorts } from '../ports.ts';
import { invalidRequest, notFound } from '../problem.ts';
import type { HandlersOf } from '../routes.ts';
import type { SettingsEditor } from '../settings-editor.ts';
import { listHandlers } from './list-handlers.ts';

/** Furthest ahead that a callback can be agreed. */
const maxCallbackMs = 366 * 24 * 3_600_000;

export function campaignHandlers(parts: {
  ports: Pick<ApiPorts, 'dialler' | 'leads' | 'settings' | 'live' | 'callLog'>;
  editor: SettingsEditor;
  clock: Clock;
}): HandlersOf<
  | 'listCampaigns'
  | 'getCampaign'
  | 'createCampaign'
  | 'replaceCampaign'
  | 'deleteCampaign'
  | 'setCampaignState'
  | 'getCampaignLive'
  | 'dialler'
  | 'stopDialling'
  | 'releaseDialling'
  | 'decideUnknown'
  | 'listAttempts'
  | 'agreeCallback'
  | 'agentCard'
> {
  const { editor, clock } = parts;
  const { dialler, leads, settings, live, callLog } = parts.ports;

  const campaigns = listHandlers<'campaigns', EndpointParsedBody<'createCampaign'>, Campaign>(editor, {
    section: 'campaigns',
    word: 'campaign',
    nameOf: (input) => input.name,
    view: (campaign) => campaign,
    item: (input, id) => ({ ...input, id }),
  });
  /** A list that is not there would be a campaign without leads, found out much later. */
  const mustHaveLists = async (listIds: readonly string[]): Promise<void> => {
    if (listIds.length === 0) return;
    const known = new Set((await leads.lists()).map(({ listId }) => listId));
    const errors = listIds.flatMap((listId, i) =>
      known.has(listId) ? [] : [{ path: `listIds.${i}`, message: `there is no list ${listId}` }],
    );
    if (errors.length > 0) throw invalidRequest(errors);
  };
  const campaignOf = (id: string): Campaign => {
    const campaign = settings.current.campaigns.find((each) => each.id === id);
    if (!campaign) throw notFound(`campaign ${id}`);
    return campaign;
  };
  const ownCall = async (callId: string, user: SessionUser): Promise<void> => {
    if (roleReaches(user.role, 'supervisor')) return;
    const call =
      live.snapshot().calls.find((each) => each.callId === callId) ?? (await callLog.getCall(callId));
    if (!call || !isOwnCall(settings.current, user, call)) throw notFound(`call ${callId}`);
  };

  return {
    listCampaigns: campaigns.list,
    getCampaign: campaigns.get,
    createCampaign: async (request) => {
      await mustHaveLists(request.body.listIds);
      return campaigns.create(request);
    },
    replaceCampaign: async (request) => {
      // Lists that it had before may be gone: that is said on its page, and hinders no other change.
      const before = new Set(campaignOf(request.params.id).listIds);
      await mustHaveLists(request.body.listIds.filter((listId) => !before.has(listId)));
      return campaigns.replace(request);
    },
    deleteCampaign: async (request) => {
      const { state, lines } = await dialler.campaign(request.params.id);
      if (state === 'running' || lines.length > 0)
        throw new CordboardError('in-use', 'The campaign runs, or calls of it go on. Finish it first.');
      return campaigns.remove(request);
    },

    setCampaignState: async (request) => {
      const { id } = request.params;
      const after = await dialler.setState(id, request.body.state, request.user.name);
      editor.record(request, `campaign.${request.body.state}`, id);
      return after;
    },
    getCampaignLive: ({ params }) => dialler.campaign(params.id),
    dialler: () => dialler.live(),
    stopDialling: async (request) => {
      const after = await dialler.stopAll(request.user.name);
      editor.record(request, 'dialler.stop', 'dialler');
      return after;
    },
    releaseDialling: async (request) => {
      const after = await dialler.release(request.user.name);
      editor.record(request, 'dialler.release', 'dialler');
      return after;
    },

    decideUnknown: async (request) => {
      const { decision, leadId } = request.body;
      const campaign = campaignOf(request.params.id);
      const which = leadId === undefined ? { campaign } : { leadId };
      const decided = await leads.decideUnknown(which, decision, request.user.name);
      editor.record(request, `lead.${decision}`, leadId === undefined ? campaign.id : String(leadId));
      dialler.leadsChanged();
      return { decided };
    },
    listAttempts: ({ query }) => leads.attempts(query as AttemptQuery),

    agreeCallback: async (request) => {
      const { params, body, user } = request;
      await ownCall(params.id, user);
      if (body.at > clock.now() + maxCallbackMs)
        throw invalidRequest([{ path: 'at', message: 'at most a year ahead' }]);
      return dialler.agreeCallback(params.id, {
        at: body.at,
        agentId: body.mine ? (user.agentId ?? null) : null,
        who: user.name,
      });
    },
    agentCard: ({ params, user }) => {
      if (!roleReaches(user.role, 'supervisor') && user.agentId !== params.id)
        throw new CordboardError('auth.forbidden', 'An agent may do that for themselves only.');
      if (!settings.current.agents.some(({ id }) => id === params.id)) throw notFound(`agent ${params.id}`);
      return { card: dialler.card(params.id) };
    },
  };
}
