/** The agent's own last calls: to write at one later, or call back. */
import type { VNode } from 'preact';
import type { Call } from '../../../src/domain/call.ts';
import { api, errorText } from '../../api/client.ts';
import { partyText } from '../../components/call-bits.tsx';
import { toast } from '../../components/feedback.tsx';
import { Card, LoadFailed, Skeleton } from '../../components/page.tsx';
import { Moment } from '../../components/time.tsx';
import { t } from '../../i18n/translate.ts';
import { useLoad } from '../../state/load.ts';
import { partnerOf } from './call-card.tsx';
import { pastChanged, putOnDesk } from './desk-state.ts';
import { dial } from './dial.tsx';

const shown = 8;

export function LastCalls(props: { agentId: string; phone: string | undefined; free: boolean }): VNode {
  const { agentId, phone, free } = props;
  const loaded = useLoad(`${agentId} ${pastChanged.value}`, (signal) =>
    api('listCalls', { query: { agentId, limit: shown }, signal }),
  );
  const calls = loaded.value?.items.filter((call) => call.phase === 'ended');
  const callBack = async (number: string): Promise<void> => {
    const problem = await dial(agentId, number);
    if (problem !== undefined) toast(problem);
  };
  return (
    <Card title={t('desk.lastCalls')}>
      {loaded.error !== undefined && <LoadFailed text={errorText(loaded.error)} retry={loaded.reload} />}
      {!calls && loaded.error === undefined && <Skeleton lines={4} />}
      {calls?.length === 0 && <p class="quiet">{t('desk.noLastCalls')}</p>}
      <ul class="lines">
        {calls?.map((call) => (
          <Line key={call.callId} call={call} phone={phone} free={free} callBack={callBack} />
        ))}
      </ul>
    </Card>
  );
}

function Line(props: {
  call: Call;
  phone: string | undefined;
  free: boolean;
  callBack: (number: string) => Promise<void>;
}): VNode {
  const { call } = props;
  const { number, name } = partnerOf(call, props.phone);
  const dialable = /\d/.test(number);
  return (
    <li class="line-block">
      <div class="spread">
        <button
          type="button"
          class="button-plain desk-open"
          disabled={!props.free}
          title={t('desk.openCall')}
          onClick={() => putOnDesk(call)}
        >
          {partyText(number, name)}
        </button>
        <Moment at={call.startedAt} />
      </div>
      <div class="spread">
        {call.disposition ? (
          <span class={`desk-outcome desk-outcome-${call.disposition.kind}`}>{call.disposition.label}</span>
        ) : (
          <span class="quiet">{t('desk.noDisposition')}</span>
        )}
        {dialable && (
          <button type="button" class="button button-small" onClick={() => void props.callBack(number)}>
            {t('desk.callBack')}
          </button>
        )}
      </div>
    </li>
  );
}
