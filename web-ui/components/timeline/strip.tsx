/** The line of a call small enough for a row of a list; it grows while the call lasts. */
import type { VNode } from 'preact';
import type { Call } from '../../../src/domain/call.ts';
import { t, translateCode } from '../../i18n/translate.ts';
import { formatDuration, useTicking } from '../time.tsx';
import { axisOf, placeOn, stretchesOfCall } from './stretches.ts';

export function CourseStrip({ call }: { call: Call }): VNode {
  const now = Math.max(useTicking(), call.startedAt);
  const stretches = stretchesOfCall(call);
  const axis = axisOf(stretches, now);
  const told = stretches
    .map(({ kind, from, to }) => `${translateCode(`stretch.${kind}`)} ${formatDuration((to ?? now) - from)}`)
    .join(', ');
  return (
    <span class="course-strip" role="img" aria-label={`${t('call.timeline')}: ${told}`} title={told}>
      {stretches.map(({ kind, from, to }) => (
        <span
          key={`${kind} ${from}`}
          class={`course-part course-${kind}`}
          style={{
            left: `${placeOn(axis, from)}%`,
            width: `${placeOn(axis, to ?? now) - placeOn(axis, from)}%`,
          }}
        />
      ))}
    </span>
  );
}
