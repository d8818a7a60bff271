/** Chooses an agent's status; ends wrap-up when the work after the call is done. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { AgentStatus, LiveAgent } from '../../src/domain/live.ts';
import { api, errorText } from '../api/client.ts';
import { t, translateCode } from '../i18n/translate.ts';
import { toast } from './feedback.tsx';

export function AgentStatusControl({ agent }: { agent: LiveAgent }): VNode {
  const [busy, setBusy] = useState(false);
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
        value={agent.nextStatus ?? agent.status}
        disabled={busy}
        onChange={(event) => {
          const status = event.currentTarget.value as AgentStatus;
          void act(() => api('setAgentStatus', { params, body: { status } }));
        }}
      >
        <option value="available">{t('status.available')}</option>
        <option value="on-break">{t('status.on-break')}</option>
        <option value="logged-out">{t('status.logged-out')}</option>
      </select>
      {agent.nextStatus && agent.nextStatus !== agent.status && (
        <span class="quiet">
          {t('agent.afterCall', { status: translateCode(`status.${agent.nextStatus}`) })}
        </span>
      )}
      {agent.state === 'wrap-up' && (
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
