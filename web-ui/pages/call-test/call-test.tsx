/** What happens to a call from here to there at a moment, by the rules of real calls, before anybody calls. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { EndpointBody, EndpointResponse } from '../../../src/api/contract.ts';
import { ApiError, api, errorText } from '../../api/client.ts';
import { fieldMessage } from '../../api/field-message.ts';
import { SelectField, TextField } from '../../components/form.tsx';
import { Card, Page } from '../../components/page.tsx';
import { t } from '../../i18n/translate.ts';
import { useList } from '../../state/load.ts';
import { Outcome } from './outcome.tsx';

type Door = EndpointBody<'testDialPlan'>['door'];
type Result = EndpointResponse<'testDialPlan'>;

function doorOf(text: string): Door {
  const [kind, id = ''] = text.split(' ');
  if (kind === 'trunk') return { kind, trunkId: id };
  if (kind === 'extension') return { kind, extensionId: id };
  return { kind: 'browser' };
}

export function CallTestPage(): VNode {
  const trunks = useList('listTrunks').list?.items ?? [];
  const extensions = useList('listExtensions').list?.items ?? [];
  const numbers = useList('listNumbers').list?.items ?? [];
  const [door, setDoor] = useState('');
  const [to, setTo] = useState('');
  const [when, setWhen] = useState('');
  const [result, setResult] = useState<Result>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const doors = [
    ...trunks.map(({ id, name }) => ({ value: `trunk ${id}`, label: t('callTest.overTrunk', { name }) })),
    ...extensions.map(({ id, number, name }) => ({
      value: `extension ${id}`,
      label: t('callTest.fromExtension', { name: `${number} ${name}` }),
    })),
    { value: 'browser', label: t('callTest.fromBrowser') },
  ];
  const chosen = doors.some(({ value }) => value === door) ? door : (doors[0]?.value ?? 'browser');

  const ask = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      const at = when === '' ? undefined : new Date(when).getTime();
      const body = { door: doorOf(chosen), to, ...(at === undefined ? {} : { at }) };
      setResult(await api('testDialPlan', { body }));
    } catch (failure) {
      setResult(undefined);
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const errorAt = (path: string): string | undefined => {
    const found =
      error instanceof ApiError
        ? error.problem.errors?.find((each) => each.path.startsWith(path))
        : undefined;
    return found && fieldMessage(found.message);
  };
  const isWhole = error !== undefined && !['door', 'to', 'at'].some((path) => errorAt(path));
  return (
    <Page title={t('place.callTest')} intro={t('callTest.intro')}>
      <Card title={t('callTest.question')}>
        <form
          class="form call-test"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            if (!busy) void ask();
          }}
        >
          <SelectField
            label={t('callTest.door')}
            value={chosen}
            choices={doors}
            onInput={setDoor}
            error={errorAt('door')}
          />
          <TextField
            label={t('callTest.to')}
            help={
              chosen.startsWith('trunk') && numbers.length > 0
                ? t('callTest.toHelp', {
                    numbers: numbers
                      .slice(0, 3)
                      .map(({ number }) => number)
                      .join(', '),
                  })
                : undefined
            }
            value={to}
            onInput={setTo}
            type="tel"
            error={errorAt('to')}
          />
          <label class="field">
            <span class="field-legend">{t('callTest.when')}</span>
            <input
              class="input"
              type="datetime-local"
              value={when}
              onInput={(event) => setWhen(event.currentTarget.value)}
            />
            <span class="field-help">{errorAt('at') ?? t('callTest.whenHelp')}</span>
          </label>
          <div class="actions">
            <button type="submit" class="button button-primary" disabled={busy || to.trim() === ''}>
              {t('callTest.ask')}
            </button>
          </div>
        </form>
        {isWhole && (
          <p class="field-error" role="alert">
            {errorText(error)}
          </p>
        )}
      </Card>
      <div aria-live="polite">{result && <Outcome result={result} />}</div>
    </Page>
  );
}
