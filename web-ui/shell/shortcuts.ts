/**
 * Keys of the house. Keys with Ctrl work everywhere; single keys only while no field has the focus, and not at all
 * once they are switched off (WCAG 2.1.4). A page adds its own by `useShortcut`; `?` lists them all.
 */
import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

export interface Shortcut {
  /** As `KeyboardEvent.key` has it, letters small. */
  key: string;
  /** What it does, in the reader's words. */
  text: string;
}

interface Registered extends Shortcut {
  run: () => void;
}

const storeKey = 'cordboard.single-keys';
export const singleKeys = signal(localStorage.getItem(storeKey) !== 'off');

export function chooseSingleKeys(on: boolean): void {
  localStorage.setItem(storeKey, on ? 'on' : 'off');
  singleKeys.value = on;
}

/** What the page that is open has added. */
export const pageShortcuts = signal<readonly Registered[]>([]);

/** Adds a single key while the component is on the page. */
export function useShortcut(key: string, text: string, run: () => void): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const mine: Registered = { key, text, run: () => latest.current() };
    pageShortcuts.value = [...pageShortcuts.value, mine];
    return () => {
      pageShortcuts.value = pageShortcuts.value.filter((each) => each !== mine);
    };
  }, [key, text]);
}

const typed = [
  'text',
  'search',
  'tel',
  'password',
  'email',
  'url',
  'number',
  'date',
  'time',
  'datetime-local',
];

/** Whether a key pressed there is meant for what has the focus. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return typed.includes(target.type);
  return target.isContentEditable || target.closest('textarea, select, [role=combobox]') !== null;
}
