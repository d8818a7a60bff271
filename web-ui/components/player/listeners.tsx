/** Who has listened to a recording, as the audit has it. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { api, errorText } from '../../api/client.ts';
import { t, translateCode } from '../../i18n/translate.ts';
import { useLoad } from '../../state/load.ts';
import { LoadFailed, Skeleton } from '../page.tsx';
import { Moment } from '../time.tsx';

/** The last ones; the audit page has all. */
const most = 50;

export function Listeners({ recordingId }: { recordingId: string }): VNode {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('player.listeners')}</summary>
      {open && <ListenerList recordingId={recordingId} />}
    </details>
  );
}

function ListenerList({ recordingId }: { recordingId: string }): VNode {
  const loaded = useLoad(recordingId, (signal) =>
    api('audit', { query: { kind: 'recording', target: recordingId, limit: most }, signal }),
  );
  if (!loaded.value)
    return loaded.error ? (
      <LoadFailed text={errorText(loaded.error)} retry={loaded.reload} />
    ) : (
      <Skeleton lines={2} />
    );
  const { items } = loaded.value;
  if (items.length === 0) return <p class="quiet">{t('player.nobodyListened')}</p>;
  return (
    <ul class="lines">
      {items.map((entry) => (
        <li key={entry.id} class="spread">
          <span>
            {entry.who}: {translateCode(`auditAction.${entry.action}`, {}, entry.action)}
          </span>
          <span class="quiet">
            <Moment at={entry.at} seconds />
          </span>
        </li>
      ))}
    </ul>
  );
}
