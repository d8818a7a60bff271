/** Calls a number: the agent's phone rings first, then the number is dialled. */
import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { ApiError, api, errorText } from '../../api/client.ts';
import { fieldMessage } from '../../api/field-message.ts';
import { toast } from '../../components/feedback.tsx';
import { TextField } from '../../components/form.tsx';
import { Card } from '../../components/page.tsx';
import { t } from '../../i18n/translate.ts';
import { Key, useKeys } from './keys.tsx';

export async function dial(agentId: string, number: string): Promise<string | undefined> {
  try {
    await api('clickToCall', { body: { agentId, number } });
    toast(t('clickToCall.rings'));
    return undefined;
  } catch (error) {
    const field = error instanceof ApiError ? error.problem.errors?.[0]?.message : undefined;
    return field === undefined ? errorText(error) : fieldMessage(field);
  }
}

export function DialCard({ agentId }: { agentId: string }): VNode {
  const [number, setNumber] = useState('');
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const form = useRef<HTMLFormElement>(null);
  useKeys({ c: () => form.current?.querySelector('input')?.focus() });
  const call = async (): Promise<void> => {
    setBusy(true);
    const problem = await dial(agentId, number);
    setBusy(false);
    setFault(problem);
    if (problem === undefined) setNumber('');
  };
  return (
    <Card title={t('clickToCall.title')} aside={<Key name="C" />}>
      <form
        class="form"
        noValidate
        ref={form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && number.trim() !== '') void call();
        }}
      >
        <TextField
          label={t('clickToCall.number')}
          value={number}
          onInput={setNumber}
          error={fault}
          type="tel"
        />
        <div class="actions">
          <button type="submit" class="button button-primary" disabled={busy || number.trim() === ''}>
            {t('clickToCall.action')}
          </button>
        </div>
      </form>
    </Card>
  );
}
