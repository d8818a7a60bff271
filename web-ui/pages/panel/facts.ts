/** The facts that lamps show: in words, and as the values of a list to choose from. */
import type { EndpointBody } from '../../../src/api/contract.ts';
import { api } from '../../api/client.ts';
import { t } from '../../i18n/translate.ts';
import { live, settingsRevision } from '../../state/live.ts';
import { useList, useLoad } from '../../state/load.ts';
import { useNames } from '../../state/names.ts';

export type PanelSettings = EndpointBody<'replacePanel'>;
export type Assignment = NonNullable<PanelSettings['lamps']>[number];
export type Fact = Assignment['shows'];

function useCampaigns(): { id: string; name: string }[] {
  const loaded = useLoad(`campaigns ${settingsRevision.value}`, (signal) => api('listCampaigns', { signal }));
  return loaded.value?.items ?? [];
}

/** What a lamp shows, in words. */
export function useFactText(): (fact: Fact | undefined) => string {
  const names = useNames();
  const campaigns = useCampaigns();
  return (fact) => {
    if (!fact) return t('panel.unassigned');
    switch (fact.fact) {
      case 'waiting':
        return fact.queueId
          ? t('panel.waitingIn', { queue: names.queue(fact.queueId) })
          : t('panel.waitingAll');
      case 'longest-wait':
        return fact.queueId
          ? t('lamps.longestWaitIn', { queue: names.queue(fact.queueId) })
          : t('lamps.longestWaitAll');
      case 'service-level':
        return fact.queueId
          ? t('lamps.serviceLevelIn', { queue: names.queue(fact.queueId) })
          : t('lamps.serviceLevelAll');
      case 'agent':
        return t('panel.agent', { agent: names.agent(fact.agentId) });
      case 'extension':
        return t('lamps.extension', { extension: names.extension(fact.extensionId) });
      case 'trunks':
        return t('panel.trunks');
      case 'trunk':
        return t('lamps.trunk', { trunk: names.trunk(fact.trunkId) });
      case 'night':
        return t('lamps.night');
      case 'campaign': {
        const campaign = campaigns.find((one) => one.id === fact.campaignId);
        return t('lamps.campaign', { campaign: campaign?.name ?? fact.campaignId });
      }
      case 'faults':
        return t('panel.faults');
      case 'disk':
        return t('lamps.disk');
      case 'guard':
        return t('lamps.guard');
      case 'emergency':
        return t('lamps.emergency');
    }
  };
}

/** Everything that this office could show on a lamp. */
export function useFacts(): Fact[] {
  const campaigns = useCampaigns();
  const extensions = useList('listExtensions').list?.items ?? [];
  const { queues = [], agents = [], trunks = [] } = live.value ?? {};
  return [
    { fact: 'waiting' },
    ...queues.map(({ queueId }) => ({ fact: 'waiting' as const, queueId })),
    { fact: 'longest-wait' },
    ...queues.map(({ queueId }) => ({ fact: 'longest-wait' as const, queueId })),
    { fact: 'service-level' },
    ...queues.map(({ queueId }) => ({ fact: 'service-level' as const, queueId })),
    ...agents.map(({ agentId }) => ({ fact: 'agent' as const, agentId })),
    ...extensions.map(({ id }) => ({ fact: 'extension' as const, extensionId: id })),
    { fact: 'trunks' },
    ...trunks.map(({ trunkId }) => ({ fact: 'trunk' as const, trunkId })),
    { fact: 'night' },
    ...campaigns.map(({ id }) => ({ fact: 'campaign' as const, campaignId: id })),
    { fact: 'faults' },
    { fact: 'disk' },
    { fact: 'guard' },
    { fact: 'emergency' },
  ];
}

/** A fact as the value of a list, whatever its thresholds. */
export function factKey(fact: Fact): string {
  const { fact: kind, ...rest } = fact;
  const ids = Object.entries(rest).filter(([name]) => name.endsWith('Id'));
  return [kind, ...ids.map(([, id]) => String(id))].join(' ');
}
