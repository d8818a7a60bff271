/** The agent's own status in one row: available, a break with its reason, logged out. */
import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { AgentStatus, LiveAgent } from '../../../src/domain/live.ts';
import { api } from '../../api/client.ts';
import { agentLamp, agentText, Lamp } from '../../components/lamp.tsx';
import { Elapsed } from '../../components/time.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import { deskView, reasonName } from '../../state/desk-view.ts';
import { act } from './act.ts';
import { Key, useKeys } from './keys.tsx';

export function OwnStatusRow({ agent }: { agent: LiveAgent }): VNode {
  const [choosing, setChoosing] = useState(false);
  const reasons = deskView.value?.pauseReasons ?? [];
  const list = useRef<HTMLFieldSetElement>(null);
  const choose = (status: AgentStatus, reason?: string): void => {
    setChoosing(false);
    const body = { status, ...(reason === undefined ? {} : { reason }) };
    void act(() => api('setAgentStatus', { params: { id: agent.agentId }, body }));
  };
  const takeBreak = (): void => {
    if (reasons.length === 0) choose('on-break');
    else setChoosing(!choosing);
  };
  useKeys({ a: () => choose('available'), b: takeBreak });
  const wanted = agent.nextStatus ?? agent.status;
  const status = (value: AgentStatus) => ({ 'aria-pressed': wanted === value });
  return (
    <section class="card desk-status" aria-label={t('desk.status')}>
      <div class="desk-status-now">
        <Lamp state={agentLamp(agent)} text={agentText(agent)} />
        {agent.reason && <span class="quiet">{reasonName(agent.reason)}</span>}
        <Elapsed since={agent.since} />
        {agent.nextStatus && agent.nextStatus !== agent.status && (
          <span class="quiet">
            {t('agent.afterCall', { status: translateCode(`status.${agent.nextStatus}`) })}
          </span>
        )}
      </div>
      <div class="actions">
        <button type="button" class="button" {...status('available')} onClick={() => choose('available')}>
          {t('status.available')} <Key name="A" />
        </button>
        <button
          type="button"
          class="button"
          {...status('on-break')}
          {...(reasons.length > 0 ? { 'aria-expanded': choosing } : {})}
          onClick={takeBreak}
        >
          {t('desk.break')} <Key name="B" />
        </button>
        <button type="button" class="button" {...status('logged-out')} onClick={() => choose('logged-out')}>
          {t('desk.logOut')}
        </button>
      </div>
      {choosing && (
        <fieldset
          class="desk-reasons"
          ref={list}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setChoosing(false);
            const reason = reasons[Number(event.key) - 1];
            if (!reason || event.ctrlKey || event.altKey || event.metaKey) return;
            event.preventDefault();
            event.stopPropagation();
            choose('on-break', reason.code);
          }}
        >
          <legend class="sr-only">{t('desk.breakReason')}</legend>
          {reasons.map((reason, i) => (
            <button
              key={reason.code}
              type="button"
              class="button"
              ref={(button) => {
                if (i === 0 && button && !list.current?.contains(document.activeElement)) button.focus();
              }}
              onClick={() => choose('on-break', reason.code)}
            >
              {reason.name} {i < 9 && <Key name={String(i + 1)} />}
              {!reason.paid && <span class="quiet">{t('desk.unpaid')}</span>}
            </button>
          ))}
        </fieldset>
      )}
    </section>
  );
}
