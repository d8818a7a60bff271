/** What the page says back: toasts that come and go, and the one question before a dangerous act. */
import { signal } from '@preact/signals';
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/translate.ts';

interface Toast {
  id: number;
  text: string;
  undo?: (() => unknown) | undefined;
}

const toasts = signal<Toast[]>([]);
let nextToastId = 1;
const toastMs = 8_000;
/** What can be undone stays long enough to be read, reached and thought about. */
const undoMs = 20_000;
const timers = new Map<number, ReturnType<typeof setTimeout>>();

/**
 * Tells what was done or what went wrong, for a few seconds; not while the pointer or the focus is on it.
 * @param options.undo takes back what was done; what it throws is for its maker to say
 */
export function toast(text: string, options: { undo?: () => unknown } = {}): void {
  const shown: Toast = { id: nextToastId++, text, undo: options.undo };
  for (const old of toasts.value.slice(0, -3)) dismiss(old.id);
  toasts.value = [...toasts.value, shown];
  keepFor(shown);
}

function keepFor({ id, undo }: Toast): void {
  clearTimeout(timers.get(id));
  timers.set(
    id,
    setTimeout(() => dismiss(id), undo ? undoMs : toastMs),
  );
}

function dismiss(id: number): void {
  clearTimeout(timers.get(id));
  timers.delete(id);
  toasts.value = toasts.value.filter((shown) => shown.id !== id);
}

/** Takes back what the newest toast tells of, as Ctrl-Z does where no field has the focus. */
export function undoLast(): boolean {
  const last = toasts.value.findLast((shown) => shown.undo);
  if (!last) return false;
  dismiss(last.id);
  last.undo?.();
  return true;
}

export function ToastHost(): VNode {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((shown) => (
        <div
          class="toast"
          key={shown.id}
          onPointerEnter={() => clearTimeout(timers.get(shown.id))}
          onPointerLeave={() => keepFor(shown)}
          onFocusIn={() => clearTimeout(timers.get(shown.id))}
          onFocusOut={() => keepFor(shown)}
        >
          <p>{shown.text}</p>
          {shown.undo && (
            <button
              type="button"
              onClick={() => {
                dismiss(shown.id);
                shown.undo?.();
              }}
            >
              {t('action.undo')}
            </button>
          )}
          <button type="button" onClick={() => dismiss(shown.id)}>
            {t('action.close')}
          </button>
        </div>
      ))}
    </div>
  );
}

export interface Question {
  /** Names the thing: "Delete extension 101, Anna?" */
  title: string;
  /** What it means. */
  text: string;
  /** What it touches, one line each. */
  lines?: readonly string[];
  /** The word on the button that does it. */
  action: string;
}

const question = signal<(Question & { answer: (yes: boolean) => void }) | undefined>(undefined);

/** Asks once; resolves true when the person goes on. */
export function confirmAct(asked: Question): Promise<boolean> {
  return new Promise((resolve) => {
    question.value?.answer(false);
    question.value = { ...asked, answer: resolve };
  });
}

export function ConfirmHost(): VNode | null {
  const asked = question.value;
  if (!asked) return null;
  const answer = (yes: boolean): void => {
    question.value = undefined;
    asked.answer(yes);
  };
  return (
    <Dialog label={asked.title} onClose={() => answer(false)}>
      <h2>{asked.title}</h2>
      <p>{asked.text}</p>
      {asked.lines && (
        <ul class="changes">
          {asked.lines.map((line, i) => (
            <li key={i} class="change">
              {line}
            </li>
          ))}
        </ul>
      )}
      <div class="actions">
        <button type="button" class="button" onClick={() => answer(false)}>
          {t('action.cancel')}
        </button>
        <button type="button" class="button button-danger" onClick={() => answer(true)}>
          {asked.action}
        </button>
      </div>
    </Dialog>
  );
}

/** A modal dialog while it is rendered; Escape closes it, focus stays in it and returns. */
export function Dialog(props: {
  label: string;
  onClose: () => void;
  children: ComponentChildren;
  /** For tables and long texts. */
  wide?: boolean;
  /** Near the upper edge, so that it does not move while its content grows. */
  top?: boolean;
}): VNode {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      class={`dialog ${props.wide ? 'dialog-wide' : ''} ${props.top ? 'dialog-top' : ''}`}
      ref={ref}
      aria-label={props.label}
      onCancel={(event) => {
        event.preventDefault();
        props.onClose();
      }}
      onPointerDown={(event) => {
        // Only the backdrop is the dialog itself: its content fills the rest.
        if (event.target === event.currentTarget) props.onClose();
      }}
    >
      <div class="dialog-body">{props.children}</div>
    </dialog>
  );
}
