/** A form's value while it is edited: what changed, what is wrong with it, and saving it. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ApiError, errorText } from '../api/client.ts';
import { fieldMessage } from '../api/field-message.ts';
import { t } from '../i18n/translate.ts';
import { confirmAct } from './feedback.tsx';

export interface FieldError {
  /** Dotted: `options.0.digit`. */
  path: string;
  message: string;
}

export interface Draft<Value> {
  value: Value;
  set: (patch: Partial<Value>) => void;
  dirty: boolean;
  saving: boolean;
  errors: FieldError[];
  /** What went wrong as a whole. */
  problem: string | undefined;
  /** The first fault at this path or beneath it. */
  errorAt: (path: string) => string | undefined;
  /** Back to what was loaded or saved. */
  reset: () => void;
  submit: () => Promise<boolean>;
}

/** Durations are stored in milliseconds and shown in seconds. */
function inWords(error: FieldError): FieldError {
  return { path: error.path, message: fieldMessage(error.message, error.path.endsWith('Ms') ? 1000 : 1) };
}

const unsaved = new Set<object>();

addEventListener('beforeunload', (event) => {
  if (unsaved.size > 0) event.preventDefault();
});

/** Asks before unsaved changes are left behind; true when it is fine to go. */
export async function mayLeave(): Promise<boolean> {
  if (unsaved.size === 0) return true;
  const leave = await confirmAct({
    title: t('form.leaveTitle'),
    text: t('form.leaveText'),
    action: t('form.leaveAction'),
  });
  if (leave) unsaved.clear();
  return leave;
}

/** Whether any form holds changes not yet saved. */
export function hasUnsaved(): boolean {
  return unsaved.size > 0;
}

/**
 * Edits a copy of `initial`; a new `initial` of the same form replaces it unless something was changed.
 * `save` throws ApiError when the box refuses; its field errors land beside their fields.
 */
export function useDraft<Value extends object>(
  initial: Value,
  save: (value: Value) => Promise<void>,
): Draft<Value> {
  const [base, setBase] = useState(initial);
  const [value, setValue] = useState(initial);
  const [saving, setSaving] = useState(false);
  const [errors, setErrors] = useState<FieldError[]>([]);
  const [problem, setProblem] = useState<string>();
  const mark = useRef({});
  const dirty = JSON.stringify(value) !== JSON.stringify(base);

  // Before the browser paints: whoever leaves at once is asked too.
  useLayoutEffect(() => {
    if (dirty) unsaved.add(mark.current);
    else unsaved.delete(mark.current);
    return () => void unsaved.delete(mark.current);
  }, [dirty]);

  const fresh = JSON.stringify(initial);
  useEffect(() => {
    setBase(initial);
    if (!dirty) setValue(initial);
  }, [fresh]);

  const submit = async (): Promise<boolean> => {
    setSaving(true);
    setProblem(undefined);
    setErrors([]);
    try {
      unsaved.delete(mark.current);
      await save(value);
      setBase(value);
      return true;
    } catch (error) {
      unsaved.add(mark.current);
      setProblem(errorText(error));
      if (error instanceof ApiError) setErrors((error.problem.errors ?? []).map(inWords));
      return false;
    } finally {
      setSaving(false);
    }
  };

  return {
    value,
    set: (patch) => setValue((old) => ({ ...old, ...patch })),
    dirty,
    saving,
    errors,
    problem,
    errorAt: (path) =>
      errors.find((error) => error.path === path || error.path.startsWith(`${path}.`))?.message,
    reset: () => {
      setValue(base);
      setErrors([]);
      setProblem(undefined);
    },
    submit,
  };
}
