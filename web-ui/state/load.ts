/** Loads what a page shows, keeps the lists of the settings, and reloads them when the settings change. */
import { type Signal, signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { EndpointResponse } from '../../src/api/contract.ts';
import { api } from '../api/client.ts';
import { settingsRevision } from './live.ts';
import { isAdmin } from './session.ts';

export interface Loaded<Value> {
  value: Value | undefined;
  error: unknown;
  reload: () => void;
}

/** Loads when `key` changes; a later answer of an older question is dropped. */
export function useLoad<Value>(key: string, load: (signal: AbortSignal) => Promise<Value>): Loaded<Value> {
  const [state, setState] = useState<{ key: string; value?: Value; error?: unknown }>({ key });
  const [round, setRound] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    load(abort.signal).then(
      (value) => {
        if (!abort.signal.aborted) setState({ key, value });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setState({ key, error });
      },
    );
    return () => abort.abort();
  }, [key, round]);
  const current = state.key === key ? state : undefined;
  return { value: current?.value, error: current?.error, reload: () => setRound((n) => n + 1) };
}

export type ListName =
  | 'listExtensions'
  | 'listAgents'
  | 'listQueues'
  | 'listSchedules'
  | 'listIvrMenus'
  | 'listTrunks'
  | 'listNumbers'
  | 'listUsers'
  | 'listWallboards';

type ListState<Name extends ListName> = { list?: EndpointResponse<Name>; error?: unknown };
const lists = new Map<ListName, Signal<ListState<ListName>>>();

function listSignal<Name extends ListName>(name: Name): Signal<ListState<Name>> {
  let known = lists.get(name);
  if (!known) {
    known = signal({});
    lists.set(name, known);
  }
  return known as unknown as Signal<ListState<Name>>;
}

/** Asks for a list again; what was shown stays until the answer comes. */
export async function reloadList<Name extends ListName>(name: Name): Promise<void> {
  const state = listSignal(name);
  try {
    state.value = { list: await api(name) };
  } catch (error) {
    state.value = state.value.list ? { list: state.value.list, error } : { error };
  }
}

/** A list of the settings; admins only, others get an empty one. */
export function useList<Name extends ListName>(name: Name): ListState<Name> {
  const revision = settingsRevision.value;
  const allowed = isAdmin.value;
  useEffect(() => {
    if (allowed) void reloadList(name);
  }, [name, revision, allowed]);
  return listSignal(name).value;
}

/** Drops every list: somebody else may sign in next. */
export function forgetLists(): void {
  for (const state of lists.values()) state.value = {};
}
