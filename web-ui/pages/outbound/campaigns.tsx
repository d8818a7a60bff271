/** Campaigns: all of them with what they do now, one of them live, and the form of one. */
import type { ComponentChildren, VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { api, errorText } from '../../api/client.ts';
import { mayLeave } from '../../components/draft.ts';
import { confirmAct, toast } from '../../components/feedback.tsx';
import { Lamp, type LampState } from '../../components/lamp.tsx';
import { Empty, LoadFailed, Page, SidePanel, Skeleton, Split } from '../../components/page.tsx';
import { Table } from '../../components/table.tsx';
import { Moment } from '../../components/time.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import type { PageProps } from '../../shell/lazy-page.tsx';
import { campaignsChange, settingsRevision } from '../../state/live.ts';
import { useLoad } from '../../state/load.ts';
import { CampaignEditor } from './campaign-form.tsx';
import { CampaignNow } from './campaign-live.tsx';
import { remainingOf } from './lists.tsx';
import { type CampaignLive, whyText } from './why.tsx';

export function campaignLamp({ state, lines }: Pick<CampaignLive, 'state' | 'lines'>): LampState {
  if (state === 'paused') return 'paused';
  if (state !== 'running') return 'dark';
  return lines.length > 0 ? 'talking' : 'available';
}

export function CampaignsPage(props: PageProps): VNode {
  const { route, query } = useLocation();
  const id = props.params?.id;
  const setUp = useLoad('campaigns', (signal) => api('listCampaigns', { signal }));
  const now = useLoad('dialler', (signal) => api('dialler', { signal }));
  useEffect(setUp.reload, [settingsRevision.value]);
  useEffect(now.reload, [campaignsChange.value, settingsRevision.value]);
  const reload = (): void => {
    setUp.reload();
    now.reload();
  };
  const close = (): void =>
    void mayLeave().then((leave) => {
      if (leave) route('/campaigns');
    });

  const stopAll = async (): Promise<void> => {
    const yes = await confirmAct({
      title: t('dialler.stopTitle'),
      text: t('dialler.stopText'),
      action: t('dialler.stop'),
    });
    if (yes) await act(() => api('stopDialling'));
  };
  const act = async (action: () => Promise<unknown>): Promise<void> => {
    try {
      await action();
      now.reload();
    } catch (error) {
      toast(errorText(error));
    }
  };

  const live = now.value?.campaigns;
  const stopped = now.value?.stopped;
  const error = now.error ?? setUp.error;
  let list: ComponentChildren;
  if (!live || !setUp.value)
    list = error ? <LoadFailed text={errorText(error)} retry={reload} /> : <Skeleton />;
  else if (live.length === 0)
    list = (
      <section class="card">
        <Empty title={t('campaigns.none')} text={t('campaigns.noneText')}>
          <a class="button" href="/lists/import">
            {t('lists.import')}
          </a>
          <a class="button button-primary" href="/campaigns/new">
            {t('campaigns.add')}
          </a>
        </Empty>
      </section>
    );
  else
    list = (
      <Table
        label={t('place.campaigns')}
        rows={live}
        rowKey={(campaign) => campaign.campaignId}
        href={(campaign) => `/campaigns/${campaign.campaignId}`}
        currentKey={id}
        columns={[
          { key: 'name', label: t('field.name'), cell: (campaign) => campaign.name },
          {
            key: 'state',
            label: t('field.state'),
            cell: (campaign) => (
              <Lamp state={campaignLamp(campaign)} text={translateCode(`campaignState.${campaign.state}`)} />
            ),
          },
          {
            key: 'lines',
            label: t('campaigns.lines'),
            numeric: true,
            cell: (campaign) => campaign.lines.length,
          },
          {
            key: 'remaining',
            label: t('lists.remaining'),
            numeric: true,
            cell: (campaign) => remainingOf({ counts: campaign.leads }).toLocaleString(),
          },
          {
            key: 'why',
            label: t('campaigns.why'),
            extra: true,
            cell: (campaign) => {
              const first = campaign.why[0];
              return first ? <span class="quiet">{whyText(first)}</span> : null;
            },
          },
        ]}
      />
    );

  const open = setUp.value?.items.find((campaign) => campaign.id === id);
  const openLive = live?.find((campaign) => campaign.campaignId === id);
  let panel: ComponentChildren;
  if (id === 'new' && setUp.value)
    panel = (
      <SidePanel title={t('campaigns.add')} onClose={close}>
        <CampaignEditor key="new" revision={setUp.value.revision} onSaved={reload} />
      </SidePanel>
    );
  else if (open && query.edit)
    panel = (
      <SidePanel
        title={open.name}
        onClose={() => void mayLeave().then((leave) => leave && route(`/campaigns/${open.id}`))}
      >
        <CampaignEditor key={open.id} campaign={open} revision={setUp.value?.revision} onSaved={reload} />
      </SidePanel>
    );
  else if (open && openLive)
    panel = (
      <SidePanel title={open.name} onClose={close}>
        <CampaignNow campaign={openLive} setUp={open} onChange={reload} />
      </SidePanel>
    );
  else if (id && live && setUp.value)
    panel = (
      <SidePanel title={t('notFound.title')} onClose={close}>
        <Empty title={t('notFound.thing')} text={t('notFound.thingText')} />
      </SidePanel>
    );

  return (
    <Page
      title={t('place.campaigns')}
      intro={t('campaigns.intro')}
      actions={
        <>
          {live && live.length > 0 && !stopped && (
            <button type="button" class="button" onClick={() => void stopAll()}>
              {t('dialler.stop')}
            </button>
          )}
          {live && live.length > 0 && (
            <a class="button button-primary" href="/campaigns/new">
              {t('campaigns.add')}
            </a>
          )}
        </>
      }
    >
      {stopped && (
        <div class="notice" role="alert">
          <p>
            {t('dialler.stopped', { who: stopped.who })} <Moment at={stopped.at} />
          </p>
          <div class="actions">
            <button type="button" class="button" onClick={() => void act(() => api('releaseDialling'))}>
              {t('dialler.release')}
            </button>
          </div>
        </div>
      )}
      <Split list={list} panel={panel} />
    </Page>
  );
}
