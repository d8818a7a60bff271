/** A prompt of the office: it gets a name, then words or a recording in each language that callers hear. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { api, errorText } from '../../api/client.ts';
import { Dialog, toast } from '../../components/feedback.tsx';
import { TextField } from '../../components/form.tsx';
import { t } from '../../i18n/translate.ts';

export function NewPrompt({ onCreated }: { onCreated: () => void }): VNode {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string>();
  const create = async (): Promise<void> => {
    if (name.trim() === '') {
      setProblem(t('value.empty'));
      return;
    }
    try {
      await api('createPrompt', { body: { name: name.trim() } });
      toast(t('prompts.created', { name: name.trim() }));
      setOpen(false);
      setName('');
      setProblem(undefined);
      onCreated();
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  return (
    <>
      <button type="button" class="button button-primary" data-add onClick={() => setOpen(true)}>
        {t('prompts.new')}
      </button>
      {open && (
        <Dialog label={t('prompts.new')} onClose={() => setOpen(false)}>
          <form
            class="stack"
            onSubmit={(event) => {
              event.preventDefault();
              void create();
            }}
          >
            <h2>{t('prompts.new')}</h2>
            <TextField
              label={t('field.name')}
              help={t('prompts.newHelp')}
              value={name}
              onInput={setName}
              error={problem}
              maxLength={80}
              autofocus
            />
            <div class="actions">
              <button type="button" class="button" onClick={() => setOpen(false)}>
                {t('action.cancel')}
              </button>
              <button type="submit" class="button button-primary">
                {t('prompts.create')}
              </button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  );
}
