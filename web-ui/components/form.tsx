/** Forms: one column, label above, help below, the fault beside the field and summed up on top. */
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t, translateCode } from '../i18n/translate.ts';
import type { Draft } from './draft.ts';

interface FieldProps {
  label: string;
  help?: string | undefined;
  error?: string | undefined;
}

function Frame(props: FieldProps & { id: string; children: ComponentChildren }): VNode {
  return (
    <div class="field">
      <label for={props.id}>{props.label}</label>
      {props.children}
      {props.error && (
        <span class="field-error" id={`${props.id}-error`}>
          {props.error}
        </span>
      )}
      {props.help && (
        <span class="field-help" id={`${props.id}-help`}>
          {props.help}
        </span>
      )}
    </div>
  );
}

function described(id: string, props: FieldProps): { 'aria-invalid'?: 'true'; 'aria-describedby'?: string } {
  const ids = [props.error && `${id}-error`, props.help && `${id}-help`].filter(Boolean);
  return {
    ...(props.error ? { 'aria-invalid': 'true' as const } : {}),
    ...(ids.length > 0 ? { 'aria-describedby': ids.join(' ') } : {}),
  };
}

export function TextField(
  props: FieldProps & {
    value: string;
    onInput: (value: string) => void;
    type?: 'text' | 'password' | 'search' | 'tel';
    autocomplete?: 'username' | 'current-password' | 'new-password' | 'one-time-code';
    inputMode?: 'text' | 'tel' | 'numeric';
    required?: boolean;
    maxLength?: number;
    mono?: boolean;
    autofocus?: boolean;
    placeholder?: string;
  },
): VNode {
  const id = useId();
  const ref = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (props.autofocus) ref.current?.focus();
  }, []);
  return (
    <Frame {...props} id={id}>
      <input
        id={id}
        ref={ref}
        class={`input ${props.mono ? 'mono' : ''}`}
        type={(props.type ?? 'text') as 'text'}
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
        autocomplete={props.autocomplete ?? 'off'}
        spellcheck={false}
        {...(props.inputMode ? { inputMode: props.inputMode } : {})}
        {...(props.required ? { required: true } : {})}
        {...(props.maxLength ? { maxLength: props.maxLength } : {})}
        {...(props.placeholder ? { placeholder: props.placeholder } : {})}
        {...described(id, props)}
      />
    </Frame>
  );
}

export function TextArea(
  props: FieldProps & { value: string; onInput: (value: string) => void; maxLength?: number },
): VNode {
  const id = useId();
  return (
    <Frame {...props} id={id}>
      <textarea
        id={id}
        class="textarea"
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
        {...(props.maxLength ? { maxLength: props.maxLength } : {})}
        {...described(id, props)}
      />
    </Frame>
  );
}

/** A whole number; `scale` shows a stored unit in a friendlier one (1000: milliseconds as seconds). */
export function NumberField(
  props: FieldProps & {
    value: number;
    onInput: (value: number) => void;
    unit?: string;
    scale?: number;
    min?: number;
    max?: number;
  },
): VNode {
  const id = useId();
  const scale = props.scale ?? 1;
  return (
    <Frame {...props} id={id}>
      <span class="input-unit">
        <input
          id={id}
          class="input input-short"
          type="number"
          value={props.value / scale}
          onInput={(event) => {
            const entered = event.currentTarget.valueAsNumber;
            if (!Number.isNaN(entered)) props.onInput(Math.round(entered * scale));
          }}
          {...(props.min === undefined ? {} : { min: props.min })}
          {...(props.max === undefined ? {} : { max: props.max })}
          {...described(id, props)}
        />
        {props.unit && <span class="quiet">{props.unit}</span>}
      </span>
    </Frame>
  );
}

export interface Choice<Value extends string> {
  value: Value;
  label: string;
}

export function SelectField<Value extends string>(
  props: FieldProps & { value: Value; choices: Choice<Value>[]; onInput: (value: Value) => void },
): VNode {
  const id = useId();
  return (
    <Frame {...props} id={id}>
      <select
        id={id}
        class="select"
        value={props.value}
        onChange={(event) => props.onInput(event.currentTarget.value as Value)}
        {...described(id, props)}
      >
        {props.choices.map((choice) => (
          <option key={choice.value} value={choice.value} selected={choice.value === props.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </Frame>
  );
}

export function CheckField(props: FieldProps & { value: boolean; onInput: (value: boolean) => void }): VNode {
  const id = useId();
  return (
    <div class="field">
      <div class="check">
        <input
          id={id}
          type="checkbox"
          checked={props.value}
          onChange={(event) => props.onInput(event.currentTarget.checked)}
          {...described(id, props)}
        />
        <label for={id}>{props.label}</label>
      </div>
      {props.error && (
        <span class="field-error" id={`${id}-error`}>
          {props.error}
        </span>
      )}
      {props.help && (
        <span class="field-help" id={`${id}-help`}>
          {props.help}
        </span>
      )}
    </div>
  );
}

/** Some of many, as a list of boxes to tick. */
export function ChecksField(
  props: FieldProps & { values: string[]; choices: Choice<string>[]; onInput: (values: string[]) => void },
): VNode {
  return (
    <fieldset class="fieldset">
      <legend class="field-legend">{props.label}</legend>
      {props.error && <span class="field-error">{props.error}</span>}
      {props.choices.map((choice) => (
        <CheckField
          key={choice.value}
          label={choice.label}
          value={props.values.includes(choice.value)}
          onInput={(ticked) =>
            props.onInput(
              ticked
                ? [...props.values, choice.value]
                : props.values.filter((value) => value !== choice.value),
            )
          }
        />
      ))}
      {props.help && <span class="field-help">{props.help}</span>}
    </fieldset>
  );
}

/** The field's own word where there is one, else its path. */
function fieldName(path: string): string {
  return translateCode(`field.${path}`, {}, path);
}

/** What went wrong, on top of the form; takes the focus so that it is heard. */
export function ErrorSummary({ draft }: { draft: Draft<object> }): VNode | null {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (draft.problem) ref.current?.focus();
  }, [draft.problem, draft.errors]);
  if (!draft.problem) return null;
  return (
    <div class="error-summary" role="alert" tabIndex={-1} ref={ref}>
      <strong>{draft.problem}</strong>
      {draft.errors.length > 0 && (
        <ul>
          {draft.errors.map((error) => (
            <li key={`${error.path} ${error.message}`}>
              {error.path ? `${fieldName(error.path)}: ` : ''}
              {error.message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** The form around fields. The save bar appears with the first change (`isNew`: at once). */
export function DraftForm<Value extends object>(props: {
  draft: Draft<Value>;
  children: ComponentChildren;
  isNew?: boolean;
  saveLabel?: string;
  /** What saving affects, said before it is saved. */
  effect?: string | undefined;
  onSaved?: () => void;
}): VNode {
  const { draft } = props;
  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!draft.saving)
          void draft.submit().then((saved) => {
            if (saved) props.onSaved?.();
          });
      }}
    >
      <ErrorSummary draft={draft as unknown as Draft<object>} />
      {props.children}
      {(draft.dirty || props.isNew) && (
        <div class="save-bar">
          {props.effect && <p class="quiet">{props.effect}</p>}
          <button type="submit" class="button button-primary" disabled={draft.saving}>
            {draft.saving ? t('state.saving') : (props.saveLabel ?? t('action.save'))}
          </button>
          {draft.dirty && (
            <button type="button" class="button" onClick={draft.reset} disabled={draft.saving}>
              {t('action.discard')}
            </button>
          )}
        </div>
      )}
    </form>
  );
}
