/** Lists of leads: how far each is, and beside them the leads of one. */
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { api, errorText } from '../../api/client.ts';
import { confirmAct, Dialog, toast } from '../../components/feedback.tsx';
import { TextField } from '../../components/form.tsx';
import { Empty, LoadFailed, Page, SidePanel, Skeleton, Split } from '../../components/page.tsx';
import { Table } from '../../components/table.tsx';
import { Moment } from '../../components/time.tsx';
import { t } from '../../i18n/translate.ts';
import type { PageProps } from '../../shell/lazy-page.tsx';
import { campaignsChange } from '../../state/live.ts';
import { useLoad } from '../../state/load.ts';
import { LeadImportPage } from './lead-import.tsx';
import { Leads } from './leads.tsx';

export type LeadList = EndpointResponse<'listLeadLists'>['items'][number];

/** Leads still to be called some time, those on the do-not-call list left out. */
export function remainingOf({ counts }: Pick<LeadList, 'counts'>): number {
  const { byState, doNotCall } = counts;
  return Math.max(0, byState.new + byState.retry + byState.callback - doNotCall);
}

export function calledOf({ counts }: Pick<LeadList, 'counts'>): number {
  return counts.total - counts.byState.new;
}

export function ListsPage(props: PageProps): VNode {
  if (props.params?.id === 'import') return <LeadImportPage />;
  return <Lists id={props.params?.id} />;
}

function Lists({ id }: { id: string | undefined }): VNode {
  const { route } = useLocation();
  const lists = useLoad('lists', (signal) => api('listLeadLists', { signal }));
  const [adding, setAdding] = useState(false);
  const [renaming, setRenaming] = useState<LeadList>();
  useEffect(lists.reload, [campaignsChange.value]);
  const items = lists.value?.items;
  const open = items?.find((list) => list.listId === id);

  const remove = async (list: LeadList): Promise<void> => {
    const yes = await confirmAct({
      title: t('form.deleteTitle', { thing: list.name }),
      text: t('lists.deleteText', { count: list.counts.total }),
      action: t('action.delete'),
    });
    if (!yes) return;
    try {
      await api('deleteLeadList', { params: { id: list.listId } });
      toast(t('form.deleted', { thing: list.name }));
      route('/lists', true);
      lists.reload();
    } catch (error) {
      toast(errorText(error));
    }
  };

  let content: ComponentChildren;
  if (!items)
    content = lists.error ? <LoadFailed text={errorText(lists.error)} retry={lists.reload} /> : <Skeleton />;
  else if (items.length === 0)
    content = (
      <section class="card">
        <Empty title={t('lists.none')} text={t('lists.noneText')}>
          <a class="button button-primary" href="/lists/import">
            {t('lists.import')}
          </a>
        </Empty>
      </section>
    );
  else
    content = (
      <Table
        label={t('place.lists')}
        rows={items}
        rowKey={(list) => list.listId}
        href={(list) => `/lists/${list.listId}`}
        currentKey={id}
        search={(list) => list.name}
        columns={[
          { key: 'name', label: t('field.name'), cell: (list) => list.name, sort: (list) => list.name },
          {
            key: 'total',
            label: t('lists.total'),
            numeric: true,
            cell: (list) => list.counts.total.toLocaleString(),
            sort: (list) => list.counts.total,
          },
          {
            key: 'called',
            label: t('lists.called'),
            numeric: true,
            cell: (list) => calledOf(list).toLocaleString(),
            sort: calledOf,
          },
          {
            key: 'remaining',
            label: t('lists.remaining'),
            numeric: true,
            cell: (list) => remainingOf(list).toLocaleString(),
            sort: remainingOf,
          },
          {
            key: 'created',
            label: t('lists.created'),
            extra: true,
            cell: (list) => (
              <>
                <Moment at={list.createdAt} /> {list.createdBy}
              </>
            ),
            sort: (list) => list.createdAt,
          },
        ]}
      />
    );

  let panel: ComponentChildren;
  if (open)
    panel = (
      <SidePanel title={open.name} onClose={() => route('/lists')}>
        <div class="actions">
          <a class="button" href={`/lists/import?list=${open.listId}`}>
            {t('lists.addLeads')}
          </a>
          <button type="button" class="button" onClick={() => setRenaming(open)}>
            {t('lists.rename')}
          </button>
          <button type="button" class="button" onClick={() => void remove(open)}>
            {t('form.deleteThing', { thing: open.name })}
          </button>
        </div>
        <Leads key={open.listId} list={open} onChange={lists.reload} />
      </SidePanel>
    );
  else if (id && items)
    panel = (
      <SidePanel title={t('notFound.title')} onClose={() => route('/lists')}>
        <Empty title={t('notFound.thing')} text={t('notFound.thingText')} />
      </SidePanel>
    );

  return (
    <Page
      title={t('place.lists')}
      intro={t('lists.intro')}
      actions={
        <>
          <button type="button" class="button" onClick={() => setAdding(true)}>
            {t('lists.add')}
          </button>
          {items && items.length > 0 && (
            <a class="button button-primary" href="/lists/import">
              {t('lists.import')}
            </a>
          )}
        </>
      }
    >
      <Split list={content} panel={panel} />
      {adding && (
        <NameDialog
          title={t('lists.add')}
          name=""
          save={async (name) => {
            const list = await api('createLeadList', { body: { name } });
            lists.reload();
            route(`/lists/${list.listId}`);
          }}
          onClose={() => setAdding(false)}
        />
      )}
      {renaming && (
        <NameDialog
          title={t('lists.rename')}
          name={renaming.name}
          save={async (name) => {
            await api('renameLeadList', { params: { id: renaming.listId }, body: { name } });
            lists.reload();
          }}
          onClose={() => setRenaming(undefined)}
        />
      )}
    </Page>
  );
}

function NameDialog(props: {
  title: string;
  name: string;
  save: (name: string) => Promise<void>;
  onClose: () => void;
}): VNode {
  const [name, setName] = useState(props.name);
  const [problem, setProblem] = useState<string>();
  const save = async (): Promise<void> => {
    try {
      await props.save(name);
      props.onClose();
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  return (
    <Dialog label={props.title} onClose={props.onClose}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <h2>{props.title}</h2>
        <TextField
          label={t('field.name')}
          value={name}
          onInput={setName}
          maxLength={80}
          error={problem}
          autofocus
        />
        <div class="actions">
          <button type="button" class="button" onClick={props.onClose}>
            {t('action.cancel')}
          </button>
          <button type="submit" class="button button-primary" disabled={name.trim() === ''}>
            {t('action.save')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
