/** The call on the desk, big: who calls, for which queue, how long; its note and how it ended. */
import type { VNode } from 'preact';
import type { Call } from '../../../src/domain/call.ts';
import type { LiveAgent } from '../../../src/domain/live.ts';
import { api } from '../../api/client.ts';
import { partyText } from '../../components/call-bits.tsx';
import { confirmAct } from '../../components/feedback.tsx';
import { Lamp, type LampState } from '../../components/lamp.tsx';
import { Empty } from '../../components/page.tsx';
import { Elapsed, formatDuration } from '../../components/time.tsx';
import { t } from '../../i18n/translate.ts';
import { useNames } from '../../state/names.ts';
import { act } from './act.ts';
import { CallerHistory } from './caller-history.tsx';
import { putOnDesk } from './desk-state.ts';
import { DispositionButtons } from './disposition-buttons.tsx';
import { NoteField } from './note-field.tsx';
import { WrapUpBar } from './wrap-up-bar.tsx';

/** The other side of the call, as the agent sees it. */
export function partnerOf(call: Call, phoneNumber: string | undefined): { number: string; name?: string } {
  if (call.direction !== 'inbound' && call.from === phoneNumber) return { number: call.to };
  return { number: call.from, ...(call.fromName === undefined ? {} : { name: call.fromName }) };
}

type Stage = 'ringing' | 'talking' | 'hold' | 'wrap-up' | 'over';

function stageOf(call: Call, agent: LiveAgent): Stage {
  if (agent.callId === call.callId) {
    if (agent.state === 'offered') return 'ringing';
    if (agent.state === 'wrap-up') return 'wrap-up';
    if (call.phase === 'held') return 'hold';
    if (call.phase !== 'ended') return call.connectedAt === undefined ? 'ringing' : 'talking';
  }
  return 'over';
}

const lamps: Record<Stage, LampState> = {
  ringing: 'ringing',
  talking: 'talking',
  hold: 'hold',
  'wrap-up': 'wrap-up',
  over: 'dark',
};

function stageText(stage: Stage): string {
  switch (stage) {
    case 'ringing':
      return t('desk.ringing');
    case 'talking':
      return t('phase.talking');
    case 'hold':
      return t('phase.held');
    case 'wrap-up':
      return t('desk.wrapUp');
    case 'over':
      return t('desk.lastCall');
  }
}

export function CallCard(props: {
  call: Call | undefined;
  agent: LiveAgent;
  phone: string | undefined;
}): VNode {
  const { call, agent, phone } = props;
  const names = useNames();
  if (!call)
    return (
      <section class="card desk-call">
        <Empty
          title={t('desk.noCall')}
          text={agent.reachable ? t('desk.noCallText') : t('desk.noPhoneText', { number: phone ?? '' })}
        />
      </section>
    );
  const stage = stageOf(call, agent);
  const partner = partnerOf(call, phone);
  const hangUp = async (): Promise<void> => {
    const yes = await confirmAct({
      title: t('call.hangUpTitle', { from: partyText(call.from, call.fromName), to: call.to }),
      text: t('call.hangUpText'),
      action: t('call.hangUp'),
    });
    if (yes) await act(() => api('hangUpCall', { params: { id: call.callId } }));
  };
  return (
    <section class={`card desk-call desk-call-${stage}`} aria-label={t('desk.call')} data-call={call.callId}>
      <header class="desk-call-head">
        <Lamp state={lamps[stage]} text={stageText(stage)} />
        <strong class="desk-caller">{partner.name ?? partner.number}</strong>
        {partner.name && <span class="desk-number">{partner.number}</span>}
        <span class="desk-time figure">
          <StageTime call={call} stage={stage} agent={agent} />
        </span>
      </header>
      <dl class="desk-facts">
        {call.queueId !== undefined && (
          <div>
            <dt>{t('desk.queue')}</dt>
            <dd>{names.queue(call.queueId)}</dd>
          </div>
        )}
        {call.enteredQueueAt !== undefined && (
          <div>
            <dt>{t('desk.waited')}</dt>
            <dd>
              {stage === 'ringing' ? (
                <Elapsed since={call.enteredQueueAt} />
              ) : (
                <span class="elapsed">{formatDuration(call.waitMs)}</span>
              )}
            </dd>
          </div>
        )}
        <div>
          <dt>{t('desk.dialled')}</dt>
          <dd>{call.to}</dd>
        </div>
      </dl>
      <WrapUpBar agent={agent} call={call} />
      <div class="desk-work">
        <div class="stack-wide">
          <NoteField key={call.callId} call={call} agentId={agent.agentId} />
          <DispositionButtons call={call} agentId={agent.agentId} />
          <div class="actions">
            {(stage === 'talking' || stage === 'hold') && (
              <button type="button" class="button" onClick={() => void hangUp()}>
                {t('call.hangUp')}
              </button>
            )}
            {stage === 'over' && (
              <button type="button" class="button" onClick={() => putOnDesk(undefined)}>
                {t('desk.putAway')}
              </button>
            )}
          </div>
        </div>
        <CallerHistory number={partner.number} exceptCallId={call.callId} />
      </div>
    </section>
  );
}

function StageTime({ call, stage, agent }: { call: Call; stage: Stage; agent: LiveAgent }): VNode {
  if (stage === 'ringing') return <Elapsed since={agent.since} />;
  if (stage === 'over' || stage === 'wrap-up')
    return <span class="elapsed">{formatDuration(call.talkMs)}</span>;
  return <Elapsed since={call.talkSince ?? call.phaseSince} />;
}
