/**
 * Fields of a form drawn from the schema that the API checks by, so that a limit stands in one place and a new
 * setting appears by itself. The page gives the words, and draws itself what no schema can say.
 */
import schemas from 'cordboard:schemas';
import type { VNode } from 'preact';
import { isUiLanguage, type Key, languageNames, t, translateCode } from '../i18n/translate.ts';
import type { Draft } from './draft.ts';
import { CheckField, NumberField, SelectField, TextArea, TextField } from './form.tsx';
import { type FieldShape, shapesOf } from './schema-fields.ts';

export interface Words<Value> {
  label: Key;
  help?: Key;
  /** Beginning of the keys that name its choices: `strategy` for `strategy.ring-all`. */
  choices?: string;
  /** What an optional choice that was not made is called. */
  none?: Key;
  /** Of a number that is neither a time nor a size. */
  unit?: Key;
  mono?: boolean;
  /** Kept out of the form while it means nothing. */
  shownIf?: (value: Value) => boolean;
}

export interface SchemaFieldsProps<Value extends object> {
  /** The endpoint whose body the form edits. */
  of: keyof typeof schemas;
  draft: Draft<Value>;
  words: { [Name in keyof Value]?: Words<Value> };
  /** Fields that the page draws (or, by null, leaves out), in their place among the others. */
  own?: { [Name in keyof Value]?: (() => VNode | null) | null };
}

export function SchemaFields<Value extends object>(props: SchemaFieldsProps<Value>): VNode {
  return (
    <>
      {shapesOf(schemas[props.of] ?? {}).map((shape) => {
        const name = shape.name as keyof Value & string;
        const own = props.own?.[name];
        if (own !== undefined) return own === null ? null : own();
        const words = props.words[name];
        // A value without words is not for people to see: an id, or what another page edits.
        if (!words || words.shownIf?.(props.draft.value) === false) return null;
        return <SchemaField key={name} shape={shape} words={words} draft={props.draft} />;
      })}
    </>
  );
}

/** Languages are called by their own names. */
function choiceText(choices: string | undefined, value: string): string {
  if (choices === 'languageName' && isUiLanguage(value)) return languageNames[value];
  return translateCode(`${choices}.${value}`, {}, value);
}

function SchemaField<Value extends object>(props: {
  shape: FieldShape;
  words: Words<Value>;
  draft: Draft<Value>;
}): VNode | null {
  const { shape, words, draft } = props;
  const name = shape.name as keyof Value & string;
  const value: unknown = draft.value[name] ?? shape.fallback;
  const set = (next: unknown): void => draft.set({ [name]: next } as Partial<Value>);
  const frame = {
    label: t(words.label as 'field.name'),
    help: words.help && t(words.help as 'field.name'),
    error: draft.errorAt(name),
  };
  switch (shape.kind) {
    case 'text':
      return (
        <TextField
          {...frame}
          value={typeof value === 'string' ? value : ''}
          onInput={(typed) => {
            // An address or a name of a machine has no blanks; they come by pasting.
            const text = words.mono ? typed.trim() : typed;
            const empty = text.trim() === '';
            if (empty && shape.nullable) set(null);
            else set(empty && shape.optional ? undefined : text);
          }}
          {...(shape.maxLength === undefined ? {} : { maxLength: shape.maxLength })}
          {...(words.mono ? { mono: true } : {})}
        />
      );
    case 'choice':
      return (
        <SelectField
          {...frame}
          value={typeof value === 'string' ? value : ''}
          choices={[
            ...(shape.optional && words.none
              ? [{ value: '', label: t(words.none as 'field.officeLanguage') }]
              : []),
            ...shape.values.map((each) => ({
              value: each,
              label: choiceText(words.choices, each),
            })),
          ]}
          onInput={(chosen) => set(chosen === '' ? undefined : chosen)}
        />
      );
    case 'flag':
      return <CheckField {...frame} value={value === true} onInput={set} />;
    case 'number': {
      const unit = words.unit ?? (shape.unit && (`unit.${shape.unit}` as Key));
      return (
        <NumberField
          {...frame}
          value={typeof value === 'number' ? value : 0}
          scale={shape.scale}
          onInput={set}
          {...(unit ? { unit: t(unit as 'unit.seconds') } : {})}
          {...(shape.min === undefined ? {} : { min: shape.min })}
          {...(shape.max === undefined ? {} : { max: shape.max })}
        />
      );
    }
    case 'lines':
      return (
        <TextArea
          {...frame}
          value={Array.isArray(value) ? value.join('\n') : ''}
          onInput={(text) => set(text.split('\n').map((line) => line.trim()))}
        />
      );
    case 'other':
      return null;
  }
}
