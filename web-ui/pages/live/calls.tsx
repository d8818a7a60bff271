/** The calls of this moment, each with its lamp and a ticking time. */
import type { VNode } from 'preact';
import type { Call } from '../../../src/domain/call.ts';
import { api, errorText } from '../../api/client.ts';
import { CallParties, PhaseLamp, partyText } from '../../components/call-bits.tsx';
import { confirmAct, toast } from '../../components/feedback.tsx';
import { Card, Empty } from '../../components/page.tsx';
import { Elapsed } from '../../components/time.tsx';
import { CourseStrip } from '../../components/timeline/strip.tsx';
import { t } from '../../i18n/translate.ts';
import { useNames } from '../../state/names.ts';

/** Hangs up after one question that names the call. */
export async function hangUp(call: Call): Promise<void> {
  const yes = await confirmAct({
    title: t('call.hangUpTitle', { from: partyText(call.from, call.fromName), to: call.to }),
    text: t('call.hangUpText'),
    action: t('call.hangUp'),
  });
  if (!yes) return;
  try {
    await api('hangUpCall', { params: { id: call.callId } });
  } catch (error) {
    toast(errorText(error));
  }
}

export function LiveCalls({ calls }: { calls: Call[] }): VNode {
  const names = useNames();
  return (
    <Card title={t('live.callsNow')}>
      {calls.length === 0 ? (
        <Empty title={t('live.noCalls')} text={t('live.noCallsText')} />
      ) : (
        <ul class="lines">
          {calls.map((call) => (
            <li key={call.callId} class="line live-call">
              <a class="line-main" href={`/calls/${encodeURIComponent(call.callId)}`}>
                <CallParties call={call} />
                <CourseStrip call={call} />
              </a>
              <span class="line-where">
                <PhaseLamp call={call} />
                <span class="quiet">
                  {[names.queue(call.queueId), names.agent(call.agentId)].filter(Boolean).join(' · ')}
                </span>
              </span>
              <span class="line-time">
                <Elapsed since={call.phaseSince} />
              </span>
              <button type="button" class="button button-small" onClick={() => void hangUp(call)}>
                {t('call.hangUp')}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
