/** Click to call: a phone of ours rings first, then the number is dialled. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { ApiError, api, errorText } from '../../api/client.ts';
import { fieldMessage } from '../../api/field-message.ts';
import { toast } from '../../components/feedback.tsx';
import { SelectField, TextField } from '../../components/form.tsx';
import { Card } from '../../components/page.tsx';
import { t } from '../../i18n/translate.ts';
import { useList } from '../../state/load.ts';
import { isAdmin, user } from '../../state/session.ts';

export function ClickToCall(): VNode | null {
  const extensions = useList('listExtensions').list?.items ?? [];
  const [phone, setPhone] = useState('');
  const [number, setNumber] = useState('');
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  if (!isAdmin.value && !user.value?.agentId) return null;
  const extensionId = phone || extensions[0]?.id || '';

  const call = async (): Promise<void> => {
    setBusy(true);
    setFault(undefined);
    try {
      await api('clickToCall', { body: isAdmin.value ? { extensionId, number } : { number } });
      toast(t('clickToCall.rings'));
      setNumber('');
    } catch (error) {
      const field = error instanceof ApiError ? error.problem.errors?.[0]?.message : undefined;
      setFault(field === undefined ? errorText(error) : fieldMessage(field));
    } finally {
      setBusy(false);
    }
  };

  return (
    <Card title={t('clickToCall.title')}>
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void call();
        }}
      >
        {isAdmin.value && (
          <SelectField
            label={t('clickToCall.phone')}
            help={t('clickToCall.phoneHelp')}
            value={extensionId}
            choices={extensions.map((extension) => ({
              value: extension.id,
              label: `${extension.number} ${extension.name}`,
            }))}
            onInput={setPhone}
          />
        )}
        <TextField
          label={t('clickToCall.number')}
          value={number}
          onInput={setNumber}
          error={fault}
          type="tel"
        />
        <div class="actions">
          <button
            type="submit"
            class="button button-primary"
            disabled={busy || number.trim() === '' || (isAdmin.value && !extensionId)}
          >
            {t('clickToCall.action')}
          </button>
        </div>
      </form>
    </Card>
  );
}
