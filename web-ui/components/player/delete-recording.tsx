/** Removes a recording for good, after asking why: the reason stays in the call. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { api, errorText } from '../../api/client.ts';
import { t } from '../../i18n/translate.ts';
import { Dialog, toast } from '../feedback.tsx';
import { TextField } from '../form.tsx';

const shortestReason = 3;

export function DeleteRecording(props: { recordingId: string; onDeleted: () => void }): VNode {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const remove = async (): Promise<void> => {
    if (reason.trim().length < shortestReason) {
      setProblem(t('recording.deleteNeedsReason'));
      return;
    }
    setBusy(true);
    try {
      await api('deleteRecording', { params: { id: props.recordingId }, body: { reason: reason.trim() } });
      setOpen(false);
      toast(t('recording.deleteDone'));
      props.onDeleted();
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button type="button" class="button button-small" onClick={() => setOpen(true)}>
        {t('recording.delete')}
      </button>
      {open && (
        <Dialog label={t('recording.deleteTitle')} onClose={() => setOpen(false)}>
          <h2>{t('recording.deleteTitle')}</h2>
          <p>{t('recording.deleteText')}</p>
          <TextField
            label={t('recording.deleteReason')}
            value={reason}
            onInput={setReason}
            error={problem}
            maxLength={200}
            autofocus
          />
          <div class="actions">
            <button type="button" class="button" onClick={() => setOpen(false)}>
              {t('action.cancel')}
            </button>
            <button type="button" class="button button-danger" disabled={busy} onClick={() => void remove()}>
              {t('recording.delete')}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}
