/** What an agent may say of a call when it is over: a list the queue keeps, in the order of its buttons. */
import type { VNode } from 'preact';
import type { EndpointBody } from '../../src/api/contract.ts';
import { CheckField, SelectField, TextField } from '../components/form.tsx';
import { Icon } from '../components/icon.tsx';
import { t } from '../i18n/translate.ts';

type Disposition = NonNullable<EndpointBody<'createQueue'>['dispositions']>[number];

/** A code from a name, unlike those there are; it stays when the name changes, for the figures go by it. */
export function codeFrom(name: string, taken: readonly string[]): string {
  const base =
    name
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 36) || 'result';
  let code = base;
  for (let n = 2; taken.includes(code); n++) code = `${base}-${n}`;
  return code;
}

export function DispositionsField(props: {
  value: Disposition[];
  onInput: (value: Disposition[]) => void;
  errorAt: (path: string) => string | undefined;
  help?: string;
}): VNode {
  const { value, onInput } = props;
  const put = (index: number, patch: Partial<Disposition>): void =>
    onInput(value.map((each, at) => (at === index ? { ...each, ...patch } : each)));
  const add = (): void => {
    const name = t('disposition.new');
    const code = codeFrom(
      `${name} ${value.length + 1}`,
      value.map((each) => each.code),
    );
    onInput([...value, { code, name, kind: 'neutral', needsNote: false }]);
  };
  return (
    <fieldset class="fieldset">
      <legend class="field-legend">{t('queue.dispositions')}</legend>
      {value.map((each, index) => (
        <div key={each.code} class="disposition">
          <TextField
            label={t('field.name')}
            value={each.name}
            onInput={(name) => put(index, { name })}
            error={props.errorAt(`dispositions.${index}.name`) ?? props.errorAt(`dispositions.${index}.code`)}
            maxLength={80}
          />
          <SelectField
            label={t('disposition.kind')}
            value={each.kind ?? 'neutral'}
            choices={[
              { value: 'success', label: t('disposition.success') },
              { value: 'neutral', label: t('disposition.neutral') },
              { value: 'failure', label: t('disposition.failure') },
            ]}
            onInput={(kind) => put(index, { kind })}
          />
          <CheckField
            label={t('disposition.needsNote')}
            value={each.needsNote ?? false}
            onInput={(needsNote) => put(index, { needsNote })}
          />
          <button
            type="button"
            class="button button-small"
            aria-label={`${t('action.remove')} ${each.name}`}
            onClick={() => onInput(value.filter((_, at) => at !== index))}
          >
            {t('action.remove')}
          </button>
        </div>
      ))}
      <span class="field-help">{props.help ?? t('queue.dispositionsHelp')}</span>
      <button type="button" class="button" onClick={add}>
        <Icon name="add" />
        {t('disposition.add')}
      </button>
    </fieldset>
  );
}
