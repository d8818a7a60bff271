/** The leads of one list: searched, looked at with their attempts, decided on. */
import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { leadStates } from '../../../src/domain/campaign/lead.ts';
import { api, errorText } from '../../api/client.ts';
import { confirmAct, toast } from '../../components/feedback.tsx';
import { SelectField, TextField } from '../../components/form.tsx';
import { Icon } from '../../components/icon.tsx';
import { LeadCard } from '../../components/lead-card.tsx';
import { Empty, LoadFailed, Skeleton } from '../../components/page.tsx';
import { Table } from '../../components/table.tsx';
import { formatDuration, Moment } from '../../components/time.tsx';
import { t, translateCode } from '../../i18n/translate.ts';
import { campaignsChange } from '../../state/live.ts';
import { useLoad } from '../../state/load.ts';
import { useNames } from '../../state/names.ts';
import type { LeadList } from './lists.tsx';

type Lead = EndpointResponse<'listLeads'>['items'][number];
type LeadState = Lead['state'];

export function Leads({ list, onChange }: { list: LeadList; onChange: () => void }): VNode {
  const [text, setText] = useState('');
  const [state, setState] = useState<LeadState | ''>('');
  const [pages, setPages] = useState<(string | undefined)[]>([undefined]);
  const [openId, setOpenId] = useState<number>();
  const query = { ...(text ? { text } : {}), ...(state ? { state } : {}) };
  const key = JSON.stringify([list.listId, query, pages.length]);
  const found = useLoad(key, async (signal) => {
    const cursor = pages.at(-1);
    return api('listLeads', {
      params: { id: list.listId },
      query: { ...query, limit: 50, ...(cursor ? { cursor } : {}) },
      signal,
    });
  });
  useEffect(found.reload, [campaignsChange.value, list.counts.total]);
  const filter = (change: () => void): void => {
    change();
    setPages([undefined]);
    setOpenId(undefined);
  };

  if (list.counts.total === 0)
    return (
      <Empty title={t('leads.none')} text={t('leads.noneText')}>
        <a class="button button-primary" href={`/lists/import?list=${list.listId}`}>
          {t('lists.addLeads')}
        </a>
      </Empty>
    );
  if (openId !== undefined)
    return (
      <>
        <div class="actions">
          <button type="button" class="button button-small" onClick={() => setOpenId(undefined)}>
            <Icon name="back" />
            {t('leads.back')}
          </button>
        </div>
        <OneLead
          key={openId}
          leadId={openId}
          onChange={() => {
            found.reload();
            onChange();
          }}
          onGone={() => setOpenId(undefined)}
        />
      </>
    );
  return (
    <div class="stack-wide">
      <div class="reading">
        <TextField
          label={t('leads.find')}
          type="search"
          value={text}
          onInput={(next) => filter(() => setText(next))}
        />
        <SelectField
          label={t('field.state')}
          value={state}
          choices={[
            { value: '', label: t('leads.anyState') },
            ...leadStates.map((value) => ({
              value,
              label: `${translateCode(`leadState.${value}`)} (${list.counts.byState[value].toLocaleString()})`,
            })),
          ]}
          onInput={(next) => filter(() => setState(next))}
        />
      </div>
      {found.error ? (
        <LoadFailed text={errorText(found.error)} retry={found.reload} />
      ) : !found.value ? (
        <Skeleton lines={8} />
      ) : found.value.items.length === 0 ? (
        <Empty title={t('leads.noneFound')} text={t('calls.noneFoundText')} />
      ) : (
        <Table
          label={t('leads.title')}
          rows={found.value.items}
          rowKey={(lead) => String(lead.leadId)}
          columns={[
            {
              key: 'who',
              label: t('leads.who'),
              cell: (lead) => (
                <button type="button" class="link-button" onClick={() => setOpenId(lead.leadId)}>
                  {lead.name || lead.number}
                </button>
              ),
            },
            {
              key: 'number',
              label: t('field.number'),
              cell: (lead) => <span class="mono">{lead.number}</span>,
            },
            {
              key: 'state',
              label: t('field.state'),
              cell: (lead) => (
                <>
                  {translateCode(`leadState.${lead.state}`)}
                  {lead.doNotCall && <span class="quiet"> · {t('leads.blocked')}</span>}
                </>
              ),
            },
            { key: 'attempts', label: t('leads.attempts'), numeric: true, cell: (lead) => lead.attempts },
          ]}
        />
      )}
      {(pages.length > 1 || found.value?.next) && (
        <div class="actions">
          <button
            type="button"
            class="button button-small"
            disabled={pages.length < 2}
            onClick={() => setPages(pages.slice(0, -1))}
          >
            {t('leads.previous')}
          </button>
          <button
            type="button"
            class="button button-small"
            disabled={!found.value?.next}
            onClick={() => setPages([...pages, found.value?.next ?? undefined])}
          >
            {t('leads.next')}
          </button>
        </div>
      )}
    </div>
  );
}

function OneLead(props: { leadId: number; onChange: () => void; onGone: () => void }): VNode {
  const names = useNames();
  const params = { id: String(props.leadId) };
  const loaded = useLoad(`lead ${props.leadId}`, (signal) => api('getLead', { params, signal }));
  useEffect(loaded.reload, [campaignsChange.value]);
  const act = async (action: () => Promise<unknown>, done: string): Promise<void> => {
    try {
      await action();
      toast(done);
      loaded.reload();
      props.onChange();
    } catch (error) {
      toast(errorText(error));
    }
  };
  if (!loaded.value)
    return loaded.error ? (
      <LoadFailed text={errorText(loaded.error)} retry={loaded.reload} />
    ) : (
      <Skeleton lines={5} />
    );
  const { lead, attempts } = loaded.value;
  const remove = async (): Promise<void> => {
    const yes = await confirmAct({
      title: t('form.deleteTitle', { thing: lead.name || lead.number }),
      text: t('leads.deleteText'),
      action: t('action.delete'),
    });
    if (!yes) return;
    try {
      await api('deleteLead', { params });
      props.onGone();
      props.onChange();
    } catch (error) {
      toast(errorText(error));
    }
  };
  const open = lead.state === 'new' || lead.state === 'retry' || lead.state === 'callback';
  const over = lead.state === 'done' || lead.state === 'given-up' || lead.state === 'invalid';
  return (
    <section class="card stack" aria-label={lead.name || lead.number}>
      <LeadCard lead={lead} />
      <dl class="facts">
        <div>
          <dt>{t('field.state')}</dt>
          <dd>
            {translateCode(`leadState.${lead.state}`)}
            {lead.dueAt !== null && (
              <>
                {' · '}
                <Moment at={lead.dueAt} />
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>{t('leads.zone')}</dt>
          <dd>{lead.zones.length === 0 ? t('leads.noZone') : lead.zones.slice(0, 4).join(', ')}</dd>
        </div>
      </dl>
      {lead.state === 'unknown' && <UnknownOutcome leadId={lead.leadId} attempts={attempts} act={act} />}
      {attempts.length > 0 && (
        <Table
          label={t('leads.attempts')}
          rows={attempts}
          rowKey={(attempt) => attempt.attemptId}
          columns={[
            { key: 'at', label: t('calls.at'), cell: (attempt) => <Moment at={attempt.intentAt} seconds /> },
            {
              key: 'result',
              label: t('leads.result'),
              cell: (attempt) =>
                attempt.result ? translateCode(`attemptResult.${attempt.result}`) : t('leads.going'),
            },
            { key: 'agent', label: t('call.agent'), cell: (attempt) => names.agent(attempt.agentId) },
            {
              key: 'ring',
              label: t('leads.rang'),
              numeric: true,
              cell: (attempt) => (attempt.ringMs === undefined ? '' : formatDuration(attempt.ringMs)),
            },
            {
              key: 'call',
              label: t('call.title'),
              cell: (attempt) => <a href={`/calls/${attempt.attemptId}`}>{t('leads.openCall')}</a>,
            },
          ]}
        />
      )}
      <div class="actions">
        {open && (
          <button
            type="button"
            class="button button-small"
            onClick={() =>
              void act(() => api('changeLead', { params, body: { state: 'given-up' } }), t('leads.closed'))
            }
          >
            {t('leads.close')}
          </button>
        )}
        {over && (
          <button
            type="button"
            class="button button-small"
            onClick={() =>
              void act(() => api('changeLead', { params, body: { state: 'new' } }), t('leads.reopened'))
            }
          >
            {t('leads.callAgain')}
          </button>
        )}
        {!lead.doNotCall && (
          <button
            type="button"
            class="button button-small"
            onClick={() =>
              void act(
                () => api('addDoNotCall', { body: { numbers: [lead.number] } }),
                t('dnc.added', { number: lead.number }),
              )
            }
          >
            {t('leads.block')}
          </button>
        )}
        <button type="button" class="button button-small" onClick={() => void remove()}>
          {t('action.delete')}
        </button>
      </div>
    </section>
  );
}

/** The box stopped in mid-call: only a person can say whether to call again. */
function UnknownOutcome(props: {
  leadId: number;
  attempts: EndpointResponse<'getLead'>['attempts'];
  act: (action: () => Promise<unknown>, done: string) => Promise<void>;
}): VNode {
  const campaignId = props.attempts.find((attempt) => attempt.result === 'unknown')?.campaignId ?? '';
  const decide = (decision: 'call-again' | 'close', done: string): void =>
    void props.act(
      () => api('decideUnknown', { params: { id: campaignId }, body: { decision, leadId: props.leadId } }),
      done,
    );
  return (
    <div class="notice">
      <p>{t('leads.unknownText')}</p>
      <div class="actions">
        <button
          type="button"
          class="button button-small button-primary"
          onClick={() => decide('call-again', t('leads.reopened'))}
        >
          {t('leads.callAgain')}
        </button>
        <button type="button" class="button button-small" onClick={() => decide('close', t('leads.closed'))}>
          {t('leads.done')}
        </button>
      </div>
    </div>
  );
}
