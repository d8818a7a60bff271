/** Who changed the settings, and the way back. */
import type { VNode } from 'preact';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { api, errorText } from '../../api/client.ts';
import { confirmAct, toast } from '../../components/feedback.tsx';
import { Empty, LoadFailed, Skeleton } from '../../components/page.tsx';
import { Table } from '../../components/table.tsx';
import { Moment } from '../../components/time.tsx';
import { t } from '../../i18n/translate.ts';
import { settingsRevision } from '../../state/live.ts';
import { useLoad } from '../../state/load.ts';

type Revision = EndpointResponse<'listRevisions'>['items'][number];

export function History(): VNode {
  const history = useLoad(`revisions ${settingsRevision.value}`, (signal) =>
    api('listRevisions', { signal }),
  );
  if (!history.value)
    return history.error ? (
      <LoadFailed text={errorText(history.error)} retry={history.reload} />
    ) : (
      <Skeleton lines={8} />
    );
  const { items, revision: current } = history.value;
  const rollBack = async (revision: Revision): Promise<void> => {
    const yes = await confirmAct({
      title: t('history.backTitle', { revision: String(revision.revision) }),
      text: t('history.backText'),
      action: t('history.back'),
    });
    if (!yes) return;
    try {
      await api('rollback', { body: { revision: revision.revision } });
      toast(t('history.done', { revision: String(revision.revision) }));
      history.reload();
    } catch (error) {
      toast(errorText(error));
    }
  };
  if (items.length === 0)
    return (
      <section class="card">
        <Empty title={t('history.none')} text={t('history.noneText')} />
      </section>
    );
  return (
    <Table
      label={t('system.history')}
      rows={items}
      rowKey={(revision) => String(revision.revision)}
      columns={[
        { key: 'revision', label: t('history.revision'), numeric: true, cell: (item) => item.revision },
        { key: 'at', label: t('history.at'), cell: (item) => <Moment at={item.at} seconds /> },
        { key: 'who', label: t('history.who'), cell: (item) => item.who },
        {
          key: 'changed',
          label: t('history.changed'),
          cell: (item) => <Changes revision={item} />,
        },
        {
          key: 'back',
          label: '',
          cell: (item) =>
            item.revision === current ? (
              <span class="quiet">{t('history.current')}</span>
            ) : (
              <button
                type="button"
                class="button button-small"
                aria-label={t('history.backThing', { revision: String(item.revision) })}
                onClick={() => void rollBack(item)}
              >
                {t('history.back')}
              </button>
            ),
        },
      ]}
    />
  );
}

/** How many changed values are listed before "and n more". */
const listedAtMost = 6;

function Changes({ revision }: { revision: Revision }): VNode {
  const { changes } = revision;
  return (
    <ul class="changes mono">
      {changes.slice(0, listedAtMost).map((change) => (
        <li key={change.path} class="change">
          {change.path}: {shown(change.before)} → {shown(change.after)}
        </li>
      ))}
      {changes.length > listedAtMost && (
        <li class="change">{t('history.moreChanges', { count: changes.length - listedAtMost })}</li>
      )}
    </ul>
  );
}

/** A value of the settings, short enough for a line. */
function shown(value: unknown): string {
  if (value === undefined) return '–';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
