/** Lists of leads, the leads in them, and the do-not-call list. */
import { CordboardError } from '../../base/errors.ts';
import { isZone } from '../../domain/campaign/hours.ts';
import { isCallable } from '../../domain/campaign/number-zones.ts';
import type { ApiPorts } from '../ports.ts';
import { invalidRequest, notFound } from '../problem.ts';
import type { HandlersOf } from '../routes.ts';
import { itemIdOf } from '../settings-change.ts';
import type { SettingsEditor } from '../settings-editor.ts';

export function leadListHandlers(parts: {
  ports: Pick<ApiPorts, 'leads' | 'dialler' | 'settings'>;
  editor: SettingsEditor;
}): HandlersOf<
  | 'listLeadLists'
  | 'createLeadList'
  | 'renameLeadList'
  | 'deleteLeadList'
  | 'listLeads'
  | 'addLead'
  | 'getLead'
  | 'changeLead'
  | 'deleteLead'
  | 'listDoNotCall'
  | 'addDoNotCall'
  | 'removeDoNotCall'
> {
  const { editor } = parts;
  const { leads, dialler, settings } = parts.ports;
  const mustBeZone = (zone: string | null | undefined): void => {
    if (typeof zone === 'string' && !isZone(zone))
      throw invalidRequest([{ path: 'zone', message: `there is no time zone ${zone}` }]);
  };

  return {
    listLeadLists: async () => ({ items: await leads.lists() }),
    createLeadList: async (request) => {
      const { name } = request.body;
      const taken = (await leads.lists()).map(({ listId }) => ({ id: listId }));
      const list = await leads.createList({ listId: itemIdOf(name, taken), name, who: request.user.name });
      editor.record(request, 'lead-list.create', list.listId);
      return list;
    },
    renameLeadList: async (request) => {
      const list = await leads.renameList(request.params.id, request.body.name);
      editor.record(request, 'lead-list.change', list.listId);
      return list;
    },
    deleteLeadList: async (request) => {
      const { id } = request.params;
      const users = settings.current.campaigns.filter(({ listIds }) => listIds.includes(id));
      if (users.length > 0)
        throw new CordboardError(
          'in-use',
          `Still dialled by ${users.map(({ name }) => name).join(', ')}. Take the list out of that first.`,
          { details: { usedBy: users.map((each) => ({ kind: 'campaign', id: each.id, name: each.name })) } },
        );
      await leads.deleteList(id);
      editor.record(request, 'lead-list.delete', id);
      return undefined;
    },

    listLeads: ({ params, query }) =>
      leads.leads({ ...query, listId: params.id, doNotCall: query.doNotCall === 'true' }),
    addLead: async (request) => {
      const { params, body, user } = request;
      mustBeZone(body.zone);
      if (!isCallable(body.number))
        throw invalidRequest([{ path: 'number', message: 'no telephone can have this number' }]);
      const importId = await leads.beginImport(params.id, user.name);
      try {
        const { added } = await leads.addLeads(importId, [body]);
        if (added === 0)
          throw invalidRequest([{ path: 'number', message: 'this number is in the list already' }]);
        await leads.commitImport(importId);
      } catch (error) {
        await leads.discardImport(importId).catch(() => undefined);
        throw error;
      }
      const { items } = await leads.leads({ listId: params.id, text: body.number });
      const lead = items.find(({ number }) => number === body.number);
      if (!lead) throw notFound(`lead ${body.number}`);
      editor.record(request, 'lead.create', String(lead.leadId));
      dialler.leadsChanged();
      return lead;
    },
    getLead: ({ params }) => leads.lead(leadIdOf(params.id)),
    changeLead: async (request) => {
      const { body, params } = request;
      mustBeZone(body.zone);
      if (typeof body.agentId === 'string' && !settings.current.agents.some(({ id }) => id === body.agentId))
        throw invalidRequest([{ path: 'agentId', message: `there is no agent ${body.agentId}` }]);
      const lead = await leads.changeLead(leadIdOf(params.id), body);
      editor.record(request, 'lead.change', params.id);
      dialler.leadsChanged();
      return lead;
    },
    deleteLead: async (request) => {
      await leads.deleteLead(leadIdOf(request.params.id));
      editor.record(request, 'lead.delete', request.params.id);
      dialler.leadsChanged();
      return undefined;
    },

    listDoNotCall: ({ query }) => leads.doNotCall(query),
    addDoNotCall: async (request) => {
      const { numbers, reason } = request.body;
      const result = await leads.addDoNotCall(
        numbers.map((number) => ({ number, reason })),
        { who: request.user.name, source: 'person' },
      );
      editor.record(request, 'do-not-call.add', numbers.length === 1 ? numbers[0] : String(numbers.length));
      dialler.leadsChanged();
      return result;
    },
    removeDoNotCall: async (request) => {
      const number = `+${request.params.id}`;
      if (!(await leads.removeDoNotCall(number, request.user.name)))
        throw notFound(`number ${number} on the list`);
      editor.record(request, 'do-not-call.remove', number);
      dialler.leadsChanged();
      return undefined;
    },
  };
}

/** @throws CordboardError not-found for what is no id of a lead */
function leadIdOf(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw notFound(`lead ${text}`);
  return Number(text);
}
