/** What agents choose from: dispositions, reasons for a break. Asked for once, and again when the settings changed. */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { EndpointResponse } from '../../src/api/contract.ts';
import { api } from '../api/client.ts';
import { settingsRevision } from './live.ts';
import { user } from './session.ts';

export type DeskView = EndpointResponse<'desk'>;

export const deskView = signal<DeskView | undefined>(undefined);
let asked = '';

/** Keeps `deskView` known while the component is on the page. */
export function useDeskView(): DeskView | undefined {
  const key = `${user.value?.id} ${settingsRevision.value}`;
  useEffect(() => {
    if (asked === key) return;
    if (asked.split(' ')[0] !== key.split(' ')[0]) deskView.value = undefined;
    asked = key;
    api('desk').then(
      (view) => {
        deskView.value = view;
      },
      () => {
        asked = ''; // the next component, or the next change, asks again
      },
    );
  }, [key]);
  return deskView.value;
}

/** The words of a reason: its name in the settings, else as it stands in the log. */
export function reasonName(code: string): string {
  return deskView.value?.pauseReasons.find((reason) => reason.code === code)?.name ?? code;
}
