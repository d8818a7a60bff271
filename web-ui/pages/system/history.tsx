/** Who changed the settings, and the way back. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { api, errorText } from '../../api/client.ts';
import { confirmAct, toast } from '../../components/feedback.tsx';
import { SelectField } from '../../components/form.tsx';
import { Empty, LoadFailed, Skeleton } from '../../components/page.tsx';
import { Table } from '../../components/table.tsx';
import { Moment } from '../../components/time.tsx';
import { t } from '../../i18n/translate.ts';
import { settingsRevision } from '../../state/live.ts';
import { useLoad } from '../../state/load.ts';
import { changeLines, type Names, namesWithin } from './setting-changes.ts';

/** Changes that a row, and the question before going back, tell one by one. */
const listedAtMost = 6;
const namedAtMost = 12;

type Revision = EndpointResponse<'listRevisions'>['items'][number];

export function History(): VNode {
  const [who, setWho] = useState('');
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
  const names = namesWithin(
    items.flatMap(({ changes }) => changes),
    history.value.names,
  );
  const people = [...new Set(items.map((item) => item.who))].sort();
  const rollBack = async (revision: Revision): Promise<void> => {
    try {
      const { changes } = await api('rollbackChanges', { params: { id: String(revision.revision) } });
      if (changes.length === 0) {
        toast(t('history.changesNothing'));
        return;
      }
      const lines = changeLines(changes, namesWithin(changes, names));
      const more = lines.length - namedAtMost;
      const yes = await confirmAct({
        title: t('history.backTitle', { revision: String(revision.revision) }),
        text: `${t('history.backText')} ${t('history.willChange')}`,
        lines: [
          ...lines.slice(0, namedAtMost),
          ...(more > 0 ? [t('history.moreChanges', { count: more })] : []),
        ],
        action: t('history.back'),
      });
      if (!yes) return;
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
    <div class="stack">
      {people.length > 1 && (
        <div class="audit-filters">
          <SelectField
            label={t('history.who')}
            value={who}
            choices={[
              { value: '', label: t('history.everyone') },
              ...people.map((name) => ({ value: name, label: name })),
            ]}
            onInput={setWho}
          />
        </div>
      )}
      <Table
        label={t('system.history')}
        rows={items.filter((item) => who === '' || item.who === who)}
        rowKey={(revision) => String(revision.revision)}
        columns={[
          { key: 'revision', label: t('history.revision'), numeric: true, cell: (item) => item.revision },
          { key: 'at', label: t('history.at'), cell: (item) => <Moment at={item.at} seconds /> },
          { key: 'who', label: t('history.who'), cell: (item) => item.who },
          {
            key: 'changed',
            label: t('history.changed'),
            cell: (item) => <Changes changes={item.changes} names={names} />,
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
    </div>
  );
}

function Changes({ changes, names }: { changes: Revision['changes']; names: Names }): VNode {
  const [all, setAll] = useState(false);
  const lines = changeLines(changes, names);
  const more = lines.length - listedAtMost;
  return (
    <ul class="changes">
      {(all ? lines : lines.slice(0, listedAtMost)).map((line, i) => (
        <li key={i} class="change">
          {line}
        </li>
      ))}
      {more > 0 && !all && (
        <li class="change">
          <button type="button" class="button button-small" onClick={() => setAll(true)}>
            {t('history.moreChanges', { count: more })}
          </button>
        </li>
      )}
    </ul>
  );
}
