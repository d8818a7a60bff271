/** The call as one horizontal line: what it went through, each part as long as it took. */
import type { VNode } from 'preact';
import type { Call } from '../../../src/domain/call.ts';
import { formatDuration, useTicking } from '../../components/time.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import { stretchesOf } from './stretches.ts';

export function CallBar({ call }: { call: Call }): VNode | null {
  const now = useTicking();
  const stretches = stretchesOf(call, now);
  if (stretches.length === 0) return null;
  return (
    <ul class="call-bar" aria-label={t('call.timeline')}>
      {stretches.map((stretch, index) => (
        <li
          key={`${stretch.kind} ${index}`}
          class={`stretch stretch-${stretch.kind}`}
          style={{ flexGrow: Math.max(stretch.durationMs, 1) }}
        >
          <span>{translateCode(`stretch.${stretch.kind}`)}</span> {formatDuration(stretch.durationMs)}
        </li>
      ))}
    </ul>
  );
}
