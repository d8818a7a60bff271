/**
 * Taking back a change of the settings: the revision before it comes into force again, secrets and all. Only while
 * nothing else has changed since; else the way back is System, History, where it is seen what would go with it.
 */
import { api, errorText } from '../api/client.ts';
import { t } from '../i18n/translate.ts';
import { toast } from './feedback.tsx';

type Undo = () => Promise<void>;

/**
 * Ask right after the change. Undefined where there is no way back.
 * @param after what follows once it is taken back, such as opening the thing again
 */
export async function settingsUndo(after?: () => unknown): Promise<Undo | undefined> {
  let made: number;
  let before: number | undefined;
  try {
    const { revision, items } = await api('listRevisions');
    made = revision;
    before = items.map((each) => each.revision).filter((each) => each < revision)[0];
  } catch {
    // The change itself is stored; only the offer to take it back is missing.
    return undefined;
  }
  if (before === undefined) return undefined;
  const target = before;
  return async () => {
    try {
      const { revision: current } = await api('listRevisions');
      if (current !== made) {
        toast(t('undo.changedSince'));
        return;
      }
      await api('rollback', { body: { revision: target } });
      toast(t('undo.done'));
      after?.();
    } catch (error) {
      toast(errorText(error));
    }
  };
}

/** Says what was saved or deleted, with the way back. */
export async function toastWithUndo(text: string, after?: () => unknown): Promise<void> {
  const undo = await settingsUndo(after);
  toast(text, undo ? { undo } : {});
}
