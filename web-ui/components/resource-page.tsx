/** One kind of thing in the settings: the list, and beside it the form of the one that is open. */
import type { ComponentChildren, VNode } from 'preact';
import { useLocation } from 'preact-iso/router';
import { ApiError, errorText } from '../api/client.ts';
import { t } from '../i18n/translate.ts';
import type { PageProps } from '../shell/lazy-page.tsx';
import { type ListName, reloadList, useList } from '../state/load.ts';
import { type Draft, mayLeave, useDraft } from './draft.ts';
import { confirmAct, toast } from './feedback.tsx';
import { DraftForm } from './form.tsx';
import { Empty, LoadFailed, Page, SidePanel, Skeleton, Split } from './page.tsx';
import { toastWithUndo } from './settings-undo.ts';
import { type Column, plainCell, Table } from './table.tsx';

export interface Resource<View extends { id: string }, Input extends object> {
  /** Path of the page: `/queues`. */
  base: string;
  list: ListName;
  title: string;
  intro?: string;
  addLabel: string;
  emptyTitle: string;
  emptyText: string;
  /** Names one thing: "101, Anna". */
  nameOf: (view: View) => string;
  deleteText: string;
  columns: Column<View>[];
  blank: () => Input;
  inputOf: (view: View) => Input;
  create: (input: Input, revision: number | undefined) => Promise<View>;
  replace: (id: string, input: Input, revision: number | undefined) => Promise<View>;
  remove: (id: string) => Promise<unknown>;
  fields: (draft: Draft<Input>, view: View | undefined) => ComponentChildren;
  /** What stands above the form of an existing thing. */
  above?: (view: View) => ComponentChildren;
  below?: (view: View) => ComponentChildren;
  /** People and links: going back to earlier settings leaves them, so there is nothing to take back. */
  lasting?: true;
  /** What saving affects. */
  effect?: string;
  /** Other ways to add things, beside the first. */
  more?: ComponentChildren;
  /** Above the list. */
  before?: ComponentChildren;
}

export function ResourcePage<View extends { id: string }, Input extends object>(
  props: PageProps & { resource: Resource<View, Input> },
): VNode {
  const { resource } = props;
  const { route } = useLocation();
  const state = useList(resource.list);
  const items = state.list?.items as View[] | undefined;
  const id = props.params?.id;
  const open = items?.find((item) => item.id === id);
  const close = (): void => {
    void mayLeave().then((leave) => {
      if (leave) route(resource.base);
    });
  };

  let list: ComponentChildren;
  if (!items) {
    list = state.error ? (
      <LoadFailed text={errorText(state.error)} retry={() => void reloadList(resource.list)} />
    ) : (
      <Skeleton />
    );
  } else if (items.length === 0) {
    list = (
      <section class="card">
        <Empty title={resource.emptyTitle} text={resource.emptyText}>
          <a class="button button-primary" href={`${resource.base}/new`}>
            {resource.addLabel}
          </a>
          {resource.more}
        </Empty>
      </section>
    );
  } else {
    list = (
      <Table
        label={resource.title}
        columns={resource.columns}
        rows={items}
        rowKey={(item) => item.id}
        href={(item) => `${resource.base}/${item.id}`}
        currentKey={id}
        search={(item) =>
          [
            resource.nameOf(item),
            ...resource.columns.map((column) => plainCell(column, item) ?? column.sort?.(item)),
          ].join(' ')
        }
        sortable
        live
      />
    );
  }

  let panel: ComponentChildren;
  if (id === 'new' && items) {
    panel = (
      <SidePanel title={resource.addLabel} onClose={close}>
        <Editor key="new" resource={resource} revision={state.list?.revision} />
      </SidePanel>
    );
  } else if (id && open) {
    panel = (
      <SidePanel title={resource.nameOf(open)} onClose={close}>
        {resource.above?.(open)}
        <Editor key={id} resource={resource} view={open} revision={state.list?.revision} />
        {resource.below?.(open)}
      </SidePanel>
    );
  } else if (id && items) {
    panel = (
      <SidePanel title={t('notFound.title')} onClose={close}>
        <Empty title={t('notFound.thing')} text={t('notFound.thingText')} />
      </SidePanel>
    );
  }

  return (
    <Page
      title={resource.title}
      {...(resource.intro ? { intro: resource.intro } : {})}
      actions={
        items && items.length > 0 ? (
          <>
            {resource.more}
            <a class="button button-primary" href={`${resource.base}/new`}>
              {resource.addLabel}
            </a>
          </>
        ) : undefined
      }
    >
      {resource.before}
      <Split list={list} panel={panel} />
    </Page>
  );
}

function Editor<View extends { id: string }, Input extends object>(props: {
  resource: Resource<View, Input>;
  view?: View;
  revision: number | undefined;
}): VNode {
  const { resource, view } = props;
  const { route } = useLocation();
  const told = resource.lasting ? async (text: string): Promise<void> => toast(text) : toastWithUndo;
  const draft = useDraft<Input>(view ? resource.inputOf(view) : resource.blank(), async (input) => {
    const saved = view
      ? await resource.replace(view.id, input, props.revision)
      : await resource.create(input, props.revision);
    await reloadList(resource.list);
    void told(t('form.saved', { thing: resource.nameOf(saved) }), () => {
      if (!view) route(resource.base, true);
    });
    if (!view) route(`${resource.base}/${saved.id}`, true);
  });

  const remove = async (thing: View): Promise<void> => {
    const yes = await confirmAct({
      title: t('form.deleteTitle', { thing: resource.nameOf(thing) }),
      text: resource.deleteText,
      action: t('action.delete'),
    });
    if (!yes) return;
    try {
      await resource.remove(thing.id);
      draft.reset();
      route(resource.base, true);
      void told(t('form.deleted', { thing: resource.nameOf(thing) }), () =>
        route(`${resource.base}/${thing.id}`),
      );
    } catch (error) {
      toast(errorText(error));
      if (!(error instanceof ApiError) || error.status !== 404) return;
    }
    await reloadList(resource.list);
  };

  return (
    <>
      <DraftForm draft={draft} isNew={!view} effect={resource.effect}>
        {resource.fields(draft, view)}
      </DraftForm>
      {view && (
        <div class="actions">
          <button type="button" class="button" onClick={() => void remove(view)}>
            {t('form.deleteThing', { thing: resource.nameOf(view) })}
          </button>
        </div>
      )}
    </>
  );
}
