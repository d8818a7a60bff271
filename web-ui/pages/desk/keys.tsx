/** Keys of the desk: single letters, heard while no field has the focus. */
import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

export type Keys = Record<string, () => void>;

/** Hears these keys while the component is on the page. */
export function useKeys(keys: Keys): void {
  const now = useRef(keys);
  now.current = keys;
  useEffect(() => {
    const heard = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if ((event.target as HTMLElement).closest('input, select, textarea, dialog, [contenteditable]')) return;
      const action = now.current[event.key.toLowerCase()];
      if (!action) return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', heard);
    return () => removeEventListener('keydown', heard);
  }, []);
}

/** The key of a button, written on it. */
export function Key({ name }: { name: string }): VNode {
  return (
    <span class="key" aria-hidden="true">
      {name}
    </span>
  );
}
