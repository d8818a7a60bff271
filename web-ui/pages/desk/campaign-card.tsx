/** The lead that a campaign is about to call for this agent: seen before the voice, kept during the call. */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { api, errorText } from '../../api/client.ts';
import { toast } from '../../components/feedback.tsx';
import { CheckField } from '../../components/form.tsx';
import { LeadCard } from '../../components/lead-card.tsx';
import { Card } from '../../components/page.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import { cardChange } from '../../state/live.ts';
import { useLoad } from '../../state/load.ts';

export function CampaignCard({ agentId }: { agentId: string }): VNode | null {
  const loaded = useLoad(`card ${agentId}`, (signal) =>
    api('agentCard', { params: { id: agentId }, signal }),
  );
  useEffect(loaded.reload, [cardChange.value]);
  const card = loaded.value?.card;
  if (!card) return null;
  return (
    <Card
      title={card.campaignName}
      aside={<span class="quiet">{translateCode(`linePhase.${card.phase}`)}</span>}
    >
      <LeadCard lead={card} script={card.script} />
      {card.callId !== undefined && card.phase === 'talking' && (
        <Callback key={card.callId} callId={card.callId} />
      )}
    </Card>
  );
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** As `datetime-local` wants it: local time, to the minute. */
function localText(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * minuteMs).toISOString().slice(0, 16);
}

/** Agrees with the person called when to call again. */
function Callback({ callId }: { callId: string }): VNode {
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(() => localText(Math.ceil(Date.now() / hourMs) * hourMs + hourMs));
  const [mine, setMine] = useState(false);
  const [agreed, setAgreed] = useState(false);
  const agree = async (): Promise<void> => {
    const moment = new Date(at).getTime();
    if (Number.isNaN(moment)) return;
    try {
      await api('agreeCallback', { params: { id: callId }, body: { at: moment, mine } });
      setAgreed(true);
      setOpen(false);
      toast(t('callback.agreed'));
    } catch (error) {
      toast(errorText(error));
    }
  };
  if (!open)
    return (
      <div class="actions">
        <button type="button" class="button" onClick={() => setOpen(true)}>
          {agreed ? t('callback.change') : t('callback.open')}
        </button>
      </div>
    );
  return (
    <form
      class="reading"
      onSubmit={(event) => {
        event.preventDefault();
        void agree();
      }}
    >
      <label class="field">
        {t('callback.when')}
        <input
          class="input"
          type="datetime-local"
          required
          min={localText(Date.now())}
          value={at}
          onInput={(event) => setAt(event.currentTarget.value)}
        />
      </label>
      <CheckField label={t('callback.mine')} value={mine} onInput={setMine} />
      <div class="field-button actions">
        <button type="submit" class="button button-primary">
          {t('callback.agree')}
        </button>
        <button type="button" class="button" onClick={() => setOpen(false)}>
          {t('action.cancel')}
        </button>
      </div>
    </form>
  );
}
