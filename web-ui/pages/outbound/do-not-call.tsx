/** Numbers that no campaign calls: who put them there, when and why. */
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { api, errorText, urlOf } from '../../api/client.ts';
import { confirmAct, toast } from '../../components/feedback.tsx';
import { TextField } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { Card, Empty, LoadFailed, Page, Skeleton } from '../../components/page.tsx';
import { Table } from '../../components/table.tsx';
import { Moment } from '../../components/time.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import type { PageProps } from '../../shell/lazy-page.tsx';
import { campaignsChange } from '../../state/live.ts';
import { useLoad } from '../../state/load.ts';
import { isAdmin } from '../../state/session.ts';
import { LeadImportPage } from './lead-import.tsx';

type Entry = EndpointResponse<'listDoNotCall'>['items'][number];

export function DoNotCallPage(props: PageProps): VNode {
  if (props.params?.id === 'import') return <LeadImportPage doNotCall />;
  return <DoNotCall />;
}

function DoNotCall(): VNode {
  const [text, setText] = useState('');
  const [limit, setLimit] = useState(50);
  const found = useLoad(`dnc ${text} ${limit}`, (signal) =>
    api('listDoNotCall', { query: { limit, ...(text ? { text } : {}) }, signal }),
  );
  useEffect(found.reload, [campaignsChange.value]);

  const remove = async ({ number }: Entry): Promise<void> => {
    const yes = await confirmAct({
      title: t('dnc.removeTitle', { number }),
      text: t('dnc.removeText'),
      action: t('action.remove'),
    });
    if (!yes) return;
    try {
      await api('removeDoNotCall', { params: { id: number.slice(1) } });
      toast(t('dnc.removed', { number }), {
        undo: async () => {
          await api('addDoNotCall', { body: { numbers: [number] } }).catch((error) =>
            toast(errorText(error)),
          );
          found.reload();
        },
      });
      found.reload();
    } catch (error) {
      toast(errorText(error));
    }
  };

  let list: ComponentChildren;
  if (!found.value)
    list = found.error ? <LoadFailed text={errorText(found.error)} retry={found.reload} /> : <Skeleton />;
  else if (found.value.items.length === 0)
    list = (
      <section class="card">
        {text ? (
          <Empty title={t('dnc.noneFound')} text={t('calls.noneFoundText')} />
        ) : (
          <Empty title={t('dnc.none')} text={t('dnc.noneText')}>
            <a class="button" href="/do-not-call/import">
              {t('import.open')}
            </a>
          </Empty>
        )}
      </section>
    );
  else
    list = (
      <>
        <Table
          label={t('place.doNotCall')}
          rows={found.value.items}
          rowKey={(entry) => entry.number}
          columns={[
            {
              key: 'number',
              label: t('field.number'),
              cell: (entry) => <span class="mono">{entry.number}</span>,
            },
            { key: 'at', label: t('dnc.at'), cell: (entry) => <Moment at={entry.addedAt} /> },
            {
              key: 'by',
              label: t('dnc.by'),
              cell: (entry) => (
                <>
                  {entry.addedBy}
                  <span class="quiet"> · {translateCode(`dncSource.${entry.source}`)}</span>
                </>
              ),
            },
            { key: 'reason', label: t('import.reason'), cell: (entry) => entry.reason },
            ...(isAdmin.value
              ? [
                  {
                    key: 'actions',
                    label: '',
                    cell: (entry: Entry) => (
                      <button
                        type="button"
                        class="button button-small"
                        aria-label={t('dnc.removeThing', { number: entry.number })}
                        onClick={() => void remove(entry)}
                      >
                        {t('action.remove')}
                      </button>
                    ),
                  },
                ]
              : []),
          ]}
        />
        {found.value.next && limit < 200 && (
          <div class="actions">
            <button type="button" class="button" onClick={() => setLimit(200)}>
              {t('calls.more')}
            </button>
          </div>
        )}
      </>
    );

  return (
    <Page
      title={t('place.doNotCall')}
      intro={t('dnc.intro')}
      actions={
        <>
          <a class="button" href={urlOf('exportDoNotCall')} download="do-not-call.csv">
            <Icon name="download" />
            {t('dnc.export')}
          </a>
          <a class="button" href="/do-not-call/import">
            {t('import.open')}
          </a>
        </>
      }
    >
      <AddNumber onAdded={found.reload} />
      <div class="reading">
        <TextField
          label={t('dnc.find')}
          type="search"
          value={text}
          onInput={(next) => {
            setText(next);
            setLimit(50);
          }}
        />
        {found.value && <p class="quiet dnc-total">{t('dnc.total', { count: found.value.total })}</p>}
      </div>
      {list}
    </Page>
  );
}

function AddNumber({ onAdded }: { onAdded: () => void }): VNode {
  const [number, setNumber] = useState('');
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string>();
  const add = async (): Promise<void> => {
    setProblem(undefined);
    const plain = number.replace(/[\s()./-]/g, '').replace(/^00/, '+');
    if (!/^\+[1-9]\d{4,14}$/.test(plain)) return setProblem(t('dnc.invalid'));
    try {
      const { known } = await api('addDoNotCall', { body: { numbers: [plain], reason } });
      toast(known > 0 ? t('dnc.known', { number: plain }) : t('dnc.added', { number: plain }));
      setNumber('');
      setReason('');
      onAdded();
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  return (
    <Card title={t('dnc.add')}>
      <form
        class="reading"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <TextField
          label={t('field.number')}
          help={t('dnc.numberHelp')}
          type="tel"
          value={number}
          onInput={setNumber}
          error={problem}
          mono
        />
        <TextField label={t('dnc.reason')} value={reason} onInput={setReason} maxLength={200} />
        <div class="field-button">
          <button type="submit" class="button button-primary" disabled={number.trim() === ''}>
            {t('dnc.addAction')}
          </button>
        </div>
      </form>
    </Card>
  );
}
