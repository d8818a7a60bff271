/** One campaign at this moment: why no more is dialled, what is dialled, by whom, and what came of it today. */
import type { VNode } from 'preact';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { attemptResults } from '../../../src/domain/campaign/attempt.ts';
import { leadStates } from '../../../src/domain/campaign/lead.ts';
import { api, errorText } from '../../api/client.ts';
import { confirmAct, toast } from '../../components/feedback.tsx';
import { agentLamp, agentText, Lamp } from '../../components/lamp.tsx';
import { Card } from '../../components/page.tsx';
import { Stat, Stats } from '../../components/stat.tsx';
import { Table } from '../../components/table.tsx';
import { Elapsed, Moment } from '../../components/time.tsx';
import { language, t, translateCode } from '../../i18n/translate.ts';
import { live } from '../../state/live.ts';
import { campaignLamp } from './campaigns.tsx';
import { remainingOf } from './lists.tsx';
import { type CampaignLive, WhyCard } from './why.tsx';

export type CampaignSetUp = EndpointResponse<'getCampaign'>;
type State = 'running' | 'paused' | 'finished';

export function CampaignNow(props: {
  campaign: CampaignLive;
  setUp: CampaignSetUp;
  onChange: () => void;
}): VNode {
  const { campaign } = props;
  const { today, leads } = campaign;
  const dialled = attemptResults.reduce(
    (sum, result) => (result === 'congested' || result === 'cancelled' ? sum : sum + (today[result] ?? 0)),
    0,
  );
  const connected = (today.answered ?? 0) + (today.abandoned ?? 0);
  const percent = new Intl.NumberFormat(language.value, { style: 'percent', maximumFractionDigits: 0 });
  return (
    <>
      <Controls {...props} />
      <WhyCard campaign={campaign} />
      {leads.byState.unknown > 0 && <UnknownCalls {...props} />}
      <Stats>
        <Stat
          label={t('campaign.connectRate')}
          value={dialled === 0 ? undefined : percent.format(connected / dialled)}
          note={t('campaign.connectOf', { connected, dialled })}
          formula={t('campaign.connectFormula')}
        />
        <Stat
          label={t('lists.remaining')}
          value={remainingOf({ counts: leads }).toLocaleString()}
          note={t('campaign.ofTotal', { total: leads.total })}
        />
        <Stat label={t('campaign.callable')} value={campaign.callable.toLocaleString()} />
      </Stats>
      <Lines campaign={campaign} />
      <CampaignAgents {...props} />
      <Counts campaign={campaign} />
    </>
  );
}

function Controls(props: { campaign: CampaignLive; onChange: () => void }): VNode {
  const { campaign, onChange } = props;
  const { campaignId, name, state } = campaign;
  const set = async (next: State): Promise<void> => {
    const yes = await confirmAct({
      title: translateCode(`campaignConfirm.${next}`, { name }),
      text: translateCode(`campaignConfirmText.${next}`),
      action: translateCode(`campaignAction.${next}`),
    });
    if (!yes) return;
    try {
      await api('setCampaignState', { params: { id: campaignId }, body: { state: next } });
      onChange();
    } catch (error) {
      toast(errorText(error));
    }
  };
  const button = (next: State, primary = false): VNode => (
    <button type="button" class={`button ${primary ? 'button-primary' : ''}`} onClick={() => void set(next)}>
      {translateCode(`campaignAction.${next}`)}
    </button>
  );
  return (
    <div class="spread">
      <p>
        <Lamp state={campaignLamp(campaign)} text={translateCode(`campaignState.${state}`)} />
        {campaign.who && (
          <span class="quiet">
            {' · '}
            {campaign.who}, <Moment at={campaign.since} />
          </span>
        )}
      </p>
      <div class="actions">
        {state !== 'running' && button('running', true)}
        {state === 'running' && button('paused')}
        {(state === 'running' || state === 'paused') && button('finished')}
        <a class="button" href={`/campaigns/${campaignId}?edit=yes`}>
          {t('campaign.edit')}
        </a>
      </div>
    </div>
  );
}

function UnknownCalls(props: { campaign: CampaignLive; onChange: () => void }): VNode {
  const { campaign, onChange } = props;
  const count = campaign.leads.byState.unknown;
  const decide = async (decision: 'call-again' | 'close'): Promise<void> => {
    const yes = await confirmAct({
      title: translateCode(`unknownConfirm.${decision}`, { count }),
      text: t('leads.unknownText'),
      action: decision === 'close' ? t('leads.done') : t('leads.callAgain'),
    });
    if (!yes) return;
    try {
      await api('decideUnknown', { params: { id: campaign.campaignId }, body: { decision } });
      onChange();
    } catch (error) {
      toast(errorText(error));
    }
  };
  return (
    <div class="notice">
      <p>{t('campaign.unknown', { count })}</p>
      <div class="actions">
        <button type="button" class="button button-small" onClick={() => void decide('call-again')}>
          {t('leads.callAgain')}
        </button>
        <button type="button" class="button button-small" onClick={() => void decide('close')}>
          {t('leads.done')}
        </button>
      </div>
    </div>
  );
}

function Lines({ campaign }: { campaign: CampaignLive }): VNode {
  return (
    <Card title={t('campaign.now')}>
      {campaign.lines.length === 0 ? (
        <p class="quiet">{t('campaign.noLines')}</p>
      ) : (
        <Table
          label={t('campaign.now')}
          rows={campaign.lines}
          rowKey={(line) => line.agentId}
          live
          columns={[
            { key: 'agent', label: t('call.agent'), cell: (line) => line.agentName },
            {
              key: 'phase',
              label: t('field.state'),
              cell: (line) => translateCode(`linePhase.${line.phase}`),
            },
            {
              key: 'lead',
              label: t('leads.who'),
              cell: (line) =>
                line.lead && (
                  <>
                    {line.lead.name} <span class="mono">{line.lead.number}</span>
                  </>
                ),
            },
            {
              key: 'since',
              label: t('field.since'),
              numeric: true,
              cell: (line) => <Elapsed since={line.since} />,
            },
          ]}
        />
      )}
    </Card>
  );
}

function CampaignAgents({ campaign, setUp }: { campaign: CampaignLive; setUp: CampaignSetUp }): VNode {
  const agents = live.value?.agents.filter((agent) => setUp.agentIds.includes(agent.agentId)) ?? [];
  const { total, free } = campaign.agents;
  return (
    <Card
      title={t('campaign.agents')}
      aside={<span class="quiet">{t('campaign.free', { free, total })}</span>}
    >
      {agents.length === 0 ? (
        <p class="quiet">{setUp.queueId ? t('campaign.agentsOfQueue') : t('campaign.noAgents')}</p>
      ) : (
        <Table
          label={t('campaign.agents')}
          rows={agents}
          rowKey={(agent) => agent.agentId}
          columns={[
            { key: 'name', label: t('field.personName'), cell: (agent) => agent.name },
            {
              key: 'state',
              label: t('field.state'),
              cell: (agent) => <Lamp state={agentLamp(agent)} text={agentText(agent)} />,
            },
            {
              key: 'since',
              label: t('field.since'),
              numeric: true,
              cell: (agent) => <Elapsed since={agent.since} />,
            },
          ]}
        />
      )}
    </Card>
  );
}

function Counts({ campaign }: { campaign: CampaignLive }): VNode {
  const results = attemptResults.filter((result) => (campaign.today[result] ?? 0) > 0);
  const states = leadStates.filter((state) => campaign.leads.byState[state] > 0);
  return (
    <div class="two-cards">
      <Card title={t('campaign.today')}>
        {results.length === 0 ? (
          <p class="quiet">{t('campaign.noneToday')}</p>
        ) : (
          <dl class="facts">
            {results.map((result) => (
              <div key={result}>
                <dt>{translateCode(`attemptResult.${result}`)}</dt>
                <dd>{(campaign.today[result] ?? 0).toLocaleString()}</dd>
              </div>
            ))}
          </dl>
        )}
      </Card>
      <Card title={t('campaign.leads')}>
        <dl class="facts">
          {states.map((state) => (
            <div key={state}>
              <dt>{translateCode(`leadState.${state}`)}</dt>
              <dd>{campaign.leads.byState[state].toLocaleString()}</dd>
            </div>
          ))}
          {campaign.leads.doNotCall > 0 && (
            <div>
              <dt>{t('place.doNotCall')}</dt>
              <dd>{campaign.leads.doNotCall.toLocaleString()}</dd>
            </div>
          )}
          {campaign.nextAt !== null && (
            <div>
              <dt>{t('campaign.nextAt')}</dt>
              <dd>
                <Moment at={campaign.nextAt} />
              </dd>
            </div>
          )}
        </dl>
      </Card>
    </div>
  );
}
