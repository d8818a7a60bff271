/** What is wrong now, in plain words, and since when. */
import type { VNode } from 'preact';
import type { LiveFault } from '../../../src/domain/live.ts';
import { LampDot } from '../../components/lamp.tsx';
import { Elapsed } from '../../components/time.tsx';
import { faultText } from '../../i18n/reasons.ts';
import { t } from '../../i18n/translate.ts';

export function Faults({ faults }: { faults: LiveFault[] }): VNode | null {
  if (faults.length === 0) return null;
  return (
    <section class="card faults" aria-label={t('live.faults')} role="alert">
      <ul class="stack">
        {faults.map((fault) => (
          <li key={`${fault.code} ${fault.message}`} class="fault">
            <LampDot state="fault" />
            <div>
              <strong>{faultText(fault.code, fault.message)}</strong>
              {fault.message && <div class="quiet">{fault.message}</div>}
            </div>
            <Elapsed since={fault.since} />
          </li>
        ))}
      </ul>
    </section>
  );
}
