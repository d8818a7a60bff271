/** How a trunk is, in the reader's words: since when, when it last answered, how quickly, and what runs over it. */
import type { VNode } from 'preact';
import type { LiveTrunk } from '../../src/domain/live.ts';
import { Lamp, trunkLamp } from '../components/lamp.tsx';
import { Moment } from '../components/time.tsx';
import { hasText, t, translateCode } from '../i18n/translate.ts';
import { live } from '../state/live.ts';

/** What the box says of a trunk, translated; what it has no word for as it is. */
export function trunkReason(trunk: LiveTrunk): string {
  const { reason } = trunk;
  const key = `trunkReason.${reason?.code ?? ''}`;
  if (!reason || !hasText(key)) return trunk.detail;
  const text = translateCode(key, reason.params);
  const { retryS, unproven } = reason.params;
  const more = [
    retryS === undefined ? '' : t('trunkReason.retry', { count: Number(retryS) }),
    unproven === undefined ? '' : t('trunkReason.unproven'),
  ].filter(Boolean);
  return [text, ...more].join('; ');
}

export function TrunkState({ trunkId, full = false }: { trunkId: string; full?: boolean }): VNode | null {
  const now = live.value;
  const trunk = now?.trunks.find((candidate) => candidate.trunkId === trunkId);
  if (!now || !trunk) return null;
  const calls = now.calls.filter((call) => call.trunkId === trunkId).length;
  const reason = trunkReason(trunk);
  return (
    <div class="stack">
      <Lamp state={trunkLamp(trunk)} text={translateCode(`trunkState.${trunk.state}`)} />
      {reason && <div class="quiet">{reason}</div>}
      {full && (
        <dl class="trunk-facts">
          {trunk.since !== undefined && (
            <>
              <dt>{t('trunk.since')}</dt>
              <dd>
                <Moment at={trunk.since} />
              </dd>
            </>
          )}
          {trunk.lastReplyAt !== undefined && (
            <>
              <dt>{t('trunk.lastReply')}</dt>
              <dd>
                <Moment at={trunk.lastReplyAt} seconds />
              </dd>
            </>
          )}
          {trunk.latencyMs !== undefined && (
            <>
              <dt>{t('trunk.latency')}</dt>
              <dd>{trunk.latencyMs} ms</dd>
            </>
          )}
          <dt>{t('trunk.callsIn')}</dt>
          <dd>{calls}</dd>
        </dl>
      )}
    </div>
  );
}
