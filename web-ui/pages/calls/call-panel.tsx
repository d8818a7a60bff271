/** One call: what happened and why, how it sounded, its recording and its signalling. */
import { Fragment, type VNode } from 'preact';
import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { Call } from '../../../src/domain/call.ts';
import { ApiError, api, errorText } from '../../api/client.ts';
import { endText, PhaseLamp, partyText } from '../../components/call-bits.tsx';
import { Empty, LoadFailed, SidePanel, Skeleton } from '../../components/page.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { Elapsed, formatDuration, Moment } from '../../components/time.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import { useShortcut } from '../../shell/shortcuts.ts';
import { live } from '../../state/live.ts';
import { useLoad } from '../../state/load.ts';
import { useNames } from '../../state/names.ts';
import { isAdmin } from '../../state/session.ts';
import { hangUp } from '../live/calls.tsx';
import { CallCourse } from './call-course.tsx';
import { Legs } from './legs.tsx';
import { SipLadder } from './sip-ladder.tsx';
import { Trace } from './trace.tsx';

const tabs = ['what', 'sound', 'sip'] as const;
type Tab = (typeof tabs)[number];

/** Where the calls before and after it in the list are. */
export interface Around {
  newer?: string;
  older?: string;
}

export function CallPanel(props: { callId: string; backHref: string; around: Around }): VNode {
  const { route } = useLocation();
  const running = live.value?.calls.find((call) => call.callId === props.callId);
  // Asked again when the call leaves the live picture: the stored one is then the whole.
  const stored = useLoad(`${props.callId} ${running !== undefined}`, (signal) =>
    api('getCall', { params: { id: props.callId }, signal }),
  );
  const call = running ?? stored.value;
  const close = (): void => route(props.backHref);
  if (!call) {
    const missing = stored.error instanceof ApiError && stored.error.status === 404;
    return (
      <SidePanel title={t('call.title')} onClose={close}>
        {missing ? (
          <Empty title={t('notFound.thing')} text={t('notFound.thingText')} />
        ) : stored.error ? (
          <LoadFailed text={errorText(stored.error)} retry={stored.reload} />
        ) : (
          <Skeleton lines={8} />
        )}
      </SidePanel>
    );
  }
  const title = t('call.titleOf', { from: partyText(call.from, call.fromName), to: call.to });
  return (
    <SidePanel title={title} onClose={close}>
      <Steps around={props.around} />
      <CallCourse call={call} reload={stored.reload} />
      <CallTabs call={call} />
    </SidePanel>
  );
}

/** To the next call of the list and back, also by the keys J and K. */
function Steps({ around }: { around: Around }): VNode | null {
  const { route } = useLocation();
  const { newer, older } = around;
  const go = (to: string | undefined): void => {
    if (to !== undefined) route(to);
  };
  useShortcut('j', t('call.goOlder'), () => go(older));
  useShortcut('k', t('call.goNewer'), () => go(newer));
  if (newer === undefined && older === undefined) return null;
  return (
    <nav class="panel-steps" aria-label={t('call.steps')}>
      {newer !== undefined && (
        <a class="button button-small" href={newer} aria-keyshortcuts="k">
          {t('call.newer')} <kbd>K</kbd>
        </a>
      )}
      {older !== undefined && (
        <a class="button button-small" href={older} aria-keyshortcuts="j">
          {t('call.older')} <kbd>J</kbd>
        </a>
      )}
    </nav>
  );
}

function CallTabs({ call }: { call: Call }): VNode {
  const [tab, setTab] = useState<Tab>('what');
  const parts = tabs
    .filter((name) => name !== 'sip' || isAdmin.value)
    .map((name) => ({ name, label: translateCode(`callTab.${name}`) }));
  return (
    <Tabs label={t('call.title')} parts={parts} shown={tab} onShow={setTab}>
      {tab === 'what' && <What call={call} />}
      {tab === 'sound' && <Legs call={call} />}
      {tab === 'sip' && <SipLadder call={call} />}
    </Tabs>
  );
}

function What({ call }: { call: Call }): VNode {
  const names = useNames();
  return (
    <>
      <dl class="facts">
        <dt>{t('call.direction')}</dt>
        <dd>{translateCode(`direction.${call.direction}`)}</dd>
        <dt>{t('call.began')}</dt>
        <dd>
          <Moment at={call.startedAt} seconds />
        </dd>
        {call.trunkId && (
          <>
            <dt>{t('call.trunk')}</dt>
            <dd>{names.trunk(call.trunkId)}</dd>
          </>
        )}
        {call.ivrMenuId && (
          <>
            <dt>{t('call.menu')}</dt>
            <dd>{names.menu(call.ivrMenuId)}</dd>
          </>
        )}
        {call.queueId && (
          <>
            <dt>{t('call.queue')}</dt>
            <dd>{names.queue(call.queueId)}</dd>
            <dt>{t('calls.wait')}</dt>
            <dd>
              {call.phase === 'queued' || call.phase === 'offering' ? (
                <Elapsed since={call.enteredQueueAt ?? call.phaseSince} />
              ) : (
                formatDuration(call.waitMs)
              )}
            </dd>
          </>
        )}
        {call.agentId && (
          <>
            <dt>{t('call.agent')}</dt>
            <dd>{names.agent(call.agentId)}</dd>
          </>
        )}
        {call.connectedAt !== undefined && (
          <>
            <dt>{t('calls.talk')}</dt>
            <dd>
              {call.talkSince === undefined ? (
                formatDuration(call.talkMs)
              ) : (
                <Elapsed since={call.talkSince - call.talkMs} />
              )}
            </dd>
          </>
        )}
        <dt>{t('calls.end')}</dt>
        <dd>{call.phase === 'ended' ? endText(call) : <PhaseLamp call={call} />}</dd>
        {call.disposition && (
          <>
            <dt>{t('desk.disposition')}</dt>
            <dd>
              {call.disposition.label}{' '}
              <span class="quiet">{call.disposition.by ?? names.agent(call.disposition.agentId)}</span>
            </dd>
          </>
        )}
        {call.notes?.map((note) => (
          <Fragment key={note.agentId ?? ''}>
            <dt>{t('desk.note')}</dt>
            <dd class="call-note">
              {note.text} <span class="quiet">{note.by ?? names.agent(note.agentId)}</span>
            </dd>
          </Fragment>
        ))}
      </dl>
      {call.phase !== 'ended' && (
        <div class="actions">
          <button type="button" class="button" onClick={() => void hangUp(call)}>
            {t('call.hangUp')}
          </button>
        </div>
      )}
      <Trace call={call} />
    </>
  );
}
