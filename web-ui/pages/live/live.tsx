/** What happens now; moves by itself. An agent sees their own part of it. */
import type { VNode } from 'preact';
import { Empty, Page, Skeleton } from '../../components/page.tsx';
import { Stat, Stats } from '../../components/stat.tsx';
import { TodayFigures } from '../../components/today-figures.tsx';
import { t } from '../../i18n/translate.ts';
import { figures, live } from '../../state/live.ts';
import { isAdmin } from '../../state/session.ts';
import { LiveAgents } from './agents.tsx';
import { LiveCalls } from './calls.tsx';
import { ClickToCall } from './click-to-call.tsx';
import { Faults } from './faults.tsx';
import { LiveTrunks } from './trunks.tsx';
import { Waiting } from './waiting.tsx';

export function LivePage(): VNode {
  const now = live.value;
  if (!now)
    return (
      <Page title={t('place.live')}>
        <Skeleton lines={8} />
      </Page>
    );
  const nothing = isAdmin.value && now.agents.length + now.queues.length + now.trunks.length === 0;
  return (
    <Page title={t('place.live')}>
      <Faults faults={now.faults} />
      {nothing ? <EmptyOffice /> : <Figures />}
      {!nothing && <TodayFigures />}
      <div class="live">
        <div class="stack-wide">
          <LiveCalls calls={now.calls} />
          <Waiting calls={now.calls} queues={now.queues} />
        </div>
        <div class="stack-wide">
          <LiveAgents agents={now.agents} />
          <ClickToCall />
          {isAdmin.value && <LiveTrunks trunks={now.trunks} />}
        </div>
      </div>
    </Page>
  );
}

function Figures(): VNode {
  const now = figures.value;
  return (
    <Stats>
      <Stat label={t('live.waiting')} value={now.waiting} over={now.overThreshold} />
      <Stat label={t('live.calls')} value={now.calls} />
      <Stat label={t('live.agentsFree')} value={now.agentsAvailable} />
    </Stats>
  );
}

function EmptyOffice(): VNode {
  return (
    <section class="card">
      <Empty title={t('live.emptyTitle')} text={t('live.emptyText')}>
        <a class="button" href="/extensions/new">
          {t('extension.add')}
        </a>
      </Empty>
    </section>
  );
}
