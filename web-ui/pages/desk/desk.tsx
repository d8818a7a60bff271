/** The agent's desk: own status, the call of the moment with all that is known of the caller, and the day so far. */
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { partyText } from '../../components/call-bits.tsx';
import { Empty, Page, Skeleton } from '../../components/page.tsx';
import { t } from '../../i18n/translate.ts';
import { useDeskView } from '../../state/desk-view.ts';
import { live } from '../../state/live.ts';
import { user } from '../../state/session.ts';
import { CallCard, partnerOf } from './call-card.tsx';
import { CampaignCard } from './campaign-card.tsx';
import { deskCall, followDesk, ownAgent } from './desk-state.ts';
import { DialCard } from './dial.tsx';
import { LastCalls } from './last-calls.tsx';
import { OwnQueues } from './own-queues.tsx';
import { OwnStatusRow } from './own-status.tsx';
import { Today } from './today.tsx';

export function DeskPage(): VNode {
  useEffect(() => followDesk(), []);
  const agent = ownAgent.value;
  const call = deskCall.value;
  const view = useDeskView();
  const phone = view?.phone?.number;
  const ringing = agent?.state === 'offered' && call?.callId === agent.callId ? call : undefined;
  const title = ringing
    ? t('desk.ringingTitle', { caller: partyText(partnerOf(ringing, phone).number) })
    : t('place.desk');
  if (!live.value || (agent && !view))
    return (
      <Page title={t('place.desk')}>
        <Skeleton lines={8} />
      </Page>
    );
  if (!agent)
    return (
      <Page title={t('place.desk')}>
        <Empty
          title={t('desk.noAgent')}
          text={user.value?.agentId === undefined ? t('desk.noAgentText') : t('desk.agentGone')}
        />
      </Page>
    );
  return (
    <Page title={title}>
      <div class="desk">
        <div class="stack-wide">
          <OwnStatusRow agent={agent} />
          <CampaignCard agentId={agent.agentId} />
          <CallCard call={call} agent={agent} phone={phone} />
        </div>
        <div class="stack-wide">
          <OwnQueues queueIds={view?.queues.map((queue) => queue.queueId) ?? []} />
          <Today agentId={agent.agentId} />
          <DialCard agentId={agent.agentId} />
          <LastCalls agentId={agent.agentId} phone={phone} free={agent.callId === undefined} />
        </div>
      </div>
    </Page>
  );
}
