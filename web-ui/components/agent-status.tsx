/** Chooses an agent's status; ends wrap-up when the work after the call is done. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { AgentStatus, LiveAgent } from '../../src/domain/live.ts';
import { api, errorText } from '../api/client.ts';
import { t, translateCode } from '../i18n/translate.ts';
import { useDeskView } from '../state/desk-view.ts';
import { toast } from './feedback.tsx';

export function AgentStatusControl({ agent }: { agent: LiveAgent }): VNode {
  const [busy, setBusy] = useState(false);
  const reasons = useDeskView()?.pauseReasons ?? [];
  const act = async (action: () => Promise<unknown>): Promise<void> => {
    setBusy(true);
    try {
      await action();
    } catch (error) {
      toast(errorText(error));
    } finally {
      setBusy(false);
    }
  };
  const params = { id: agent.agentId };
  return (
    <span class="row agent-status">
      <select
        class="select"
        aria-label={t('agent.statusOf', { name: agent.name })}
        value={chosenValue(agent, reasons)}
        disabled={busy}
        onChange={(event) => {
          const [status, reason] = event.currentTarget.value.split(' ') as [AgentStatus, string?];
          void act(() => api('setAgentStatus', { params, body: { status, ...(reason ? { reason } : {}) } }));
        }}
      >
        <option value="available">{t('status.available')}</option>
        {reasons.length === 0 ? (
          <option value="on-break">{t('status.on-break')}</option>
        ) : (
          <optgroup label={t('status.on-break')}>
            {chosenValue(agent, reasons) === 'on-break' && (
              <option value="on-break">{t('status.on-break')}</option>
            )}
            {reasons.map(({ code, name }) => (
              <option key={code} value={`on-break ${code}`}>
                {name}
              </option>
            ))}
          </optgroup>
        )}
        <option value="logged-out">{t('status.logged-out')}</option>
      </select>
      {agent.nextStatus && agent.nextStatus !== agent.status && (
        <span class="quiet">
          {t('agent.afterCall', { status: translateCode(`status.${agent.nextStatus}`) })}
        </span>
      )}
      {agent.wrapUp?.needsDisposition && <span class="quiet">{t('desk.outcomeFirst')}</span>}
      {agent.state === 'wrap-up' && !agent.wrapUp?.needsDisposition && (
        <button
          type="button"
          class="button button-small"
          disabled={busy}
          onClick={() => void act(() => api('agentReady', { params }))}
        >
          {t('agent.ready')}
        </button>
      )}
    </span>
  );
}

/** The status chosen last; a break with its reason, where that is one of the list. */
function chosenValue(agent: LiveAgent, reasons: readonly { code: string }[]): string {
  const status = agent.nextStatus ?? agent.status;
  const known = status === 'on-break' && reasons.some(({ code }) => code === agent.reason);
  return known ? `on-break ${agent.reason}` : status;
}
