/** The time for the work after a call: how much is left, ready now, and more of it once. */
import type { VNode } from 'preact';
import type { Call } from '../../../src/domain/call.ts';
import type { LiveAgent } from '../../../src/domain/live.ts';
import { api } from '../../api/client.ts';
import { formatDuration, useTicking } from '../../components/time.tsx';
import { t } from '../../i18n/translate.ts';
import { act } from './act.ts';
import { notes } from './desk-state.ts';
import { Key, useKeys } from './keys.tsx';

export function WrapUpBar({ agent, call }: { agent: LiveAgent; call: Call }): VNode | null {
  if (!agent.wrapUp || agent.callId !== call.callId) return null;
  return <Running agent={agent} callId={call.callId} wrapUp={agent.wrapUp} />;
}

function Running(props: {
  agent: LiveAgent;
  callId: string;
  wrapUp: NonNullable<LiveAgent['wrapUp']>;
}): VNode {
  const { agent, callId, wrapUp } = props;
  const leftMs = Math.max(0, wrapUp.endsAt - useTicking());
  const params = { id: agent.agentId };
  const ready = (): void => {
    if (wrapUp.needsDisposition) return;
    void act(async () => {
      await notes().flush(callId);
      await api('agentReady', { params });
    });
  };
  const more = (): void => {
    if (wrapUp.moreMs > 0) void act(() => api('moreWrapUp', { params }));
  };
  useKeys({ r: ready, m: more });
  return (
    <div class="desk-wrap-up" role="status">
      <span>{wrapUp.needsDisposition ? t('desk.dispositionFirst') : t('desk.wrapUpLeft')}</span>
      <span class="figure elapsed" role="timer">
        {formatDuration(leftMs + 999)}
      </span>
      <div class="actions">
        {!wrapUp.needsDisposition && (
          <button type="button" class="button button-primary" onClick={ready}>
            {t('desk.readyNow')} <Key name="R" />
          </button>
        )}
        {wrapUp.moreMs > 0 && (
          <button type="button" class="button" onClick={more}>
            {t('desk.moreTime', { seconds: Math.round(wrapUp.moreMs / 1000) })} <Key name="M" />
          </button>
        )}
      </div>
    </div>
  );
}
