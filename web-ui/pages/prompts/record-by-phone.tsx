/** Records a prompt with a desk phone: the box rings it; what was said is heard here before it is kept. */
import type { VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { api, errorText, urlOf } from '../../api/client.ts';
import { SelectField } from '../../components/form.tsx';
import { formatDuration } from '../../components/time.tsx';
import { hasText, t, translateCode } from '../../i18n/translate.ts';
import { live } from '../../state/live.ts';
import { useNames } from '../../state/names.ts';
import type { Sound } from './names.ts';

type Take = EndpointResponse<'getTake'>;
const askEveryMs = 700;

export function RecordByPhone(props: {
  language: Sound['language'];
  busy: boolean;
  onKeep: (takeId: string) => void;
}): VNode {
  const names = useNames();
  const phones = (live.value?.phones ?? []).filter((phone) => phone.contacts.length > 0);
  const [chosen, setChosen] = useState('');
  const [take, setTake] = useState<Take>();
  const [problem, setProblem] = useState<string>();
  const held = useRef<string | undefined>(undefined);
  const extensionId = phones.some((phone) => phone.extensionId === chosen) ? chosen : phones[0]?.extensionId;
  const running = take?.state === 'ringing' || take?.state === 'speaking';
  useEffect(() => {
    if (!take || !running) return;
    const timer = setTimeout(() => {
      api('getTake', { params: { id: take.takeId } }).then(setTake, (error) => {
        setProblem(errorText(error));
        setTake(undefined);
      });
    }, askEveryMs);
    return () => clearTimeout(timer);
  }, [take]);
  const drop = (): void => {
    if (held.current) api('dropTake', { params: { id: held.current } }).catch(() => undefined);
    held.current = undefined;
  };
  useEffect(() => drop, []);
  const ring = async (): Promise<void> => {
    if (extensionId === undefined) return;
    drop();
    setProblem(undefined);
    setTake(undefined);
    try {
      const begun = await api('recordTake', { body: { extensionId, language: props.language } });
      held.current = begun.takeId;
      setTake(begun);
    } catch (error) {
      setProblem(errorText(error));
    }
  };
  if (phones.length === 0) return <p>{t('prompts.noPhones')}</p>;
  const failure = take?.failure ?? '';
  return (
    <div class="stack" aria-live="polite">
      <SelectField
        label={t('prompts.phone')}
        value={extensionId ?? ''}
        choices={phones.map((phone) => ({
          value: phone.extensionId,
          label: names.extension(phone.extensionId) || phone.number,
        }))}
        onInput={setChosen}
      />
      {take && <p>{translateCode(`promptTake.${take.state}`)}</p>}
      {take?.state === 'failed' && (
        <p class="field-error" role="alert">
          {hasText(`termination.${failure}`)
            ? translateCode(`termination.${failure}`)
            : t('prompts.nothingSaid')}
        </p>
      )}
      {problem && (
        <p class="field-error" role="alert">
          {problem}
        </p>
      )}
      {take?.state === 'done' && (
        <>
          {/* biome-ignore lint/a11y/useMediaCaption: it was spoken a moment ago by who hears it */}
          <audio
            controls
            src={urlOf('takeSound', { id: take.takeId })}
            aria-label={`${t('prompts.recorded')} ${formatDuration(take.durationMs ?? 0)}`}
          />
        </>
      )}
      <div class="actions">
        {running ? (
          <button
            type="button"
            class="button"
            onClick={() => {
              drop();
              setTake(undefined);
            }}
          >
            {t('action.cancel')}
          </button>
        ) : (
          <button type="button" class="button" disabled={props.busy} onClick={() => void ring()}>
            {take ? t('prompts.again') : t('prompts.ring')}
          </button>
        )}
        {take?.state === 'done' && (
          <button
            type="button"
            class="button button-primary"
            disabled={props.busy}
            onClick={() => {
              held.current = undefined;
              props.onKeep(take.takeId);
            }}
          >
            {t('prompts.keep')}
          </button>
        )}
      </div>
    </div>
  );
}
