/** Listens to the keyboard for the whole house, and opens the palette and the list of keys. */
import { signal } from '@preact/signals';
import type { ComponentType, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import { mayLeave } from '../components/draft.ts';
import { undoLast } from '../components/feedback.tsx';
import { keyName } from './key-name.ts';
import { myPlaces } from './my-places.ts';
import { isTyping, pageShortcuts, singleKeys } from './shortcuts.ts';

/** What floats over the page now. */
export const floating = signal<'palette' | 'keys' | undefined>(undefined);

/** How long `g` waits for the letter of a place. */
const waitMs = 1500;
/** When `g` was pressed; not a state, nothing is drawn from it. */
let goPressedAt = Number.NEGATIVE_INFINITY;

/** Where `g` and this letter lead. */
function placePath(key: string): string | undefined {
  return myPlaces.value.find((place) => place.shortcut === key)?.pages[0]?.path;
}

/** Does what a single key asks for; false when it asks for nothing. */
function singleKey(key: string, go: (path: string) => void): boolean {
  const path = performance.now() - goPressedAt < waitMs ? placePath(key) : undefined;
  goPressedAt = Number.NEGATIVE_INFINITY;
  if (path !== undefined) {
    go(path);
    return true;
  }
  const own = pageShortcuts.value.findLast((each) => each.key === key);
  if (own) {
    own.run();
    return true;
  }
  switch (key) {
    case 'g':
      goPressedAt = performance.now();
      return true;
    case '?':
      floating.value = 'keys';
      return true;
    case '/': {
      const field = document.querySelector<HTMLElement>('.main .filter input, .main input[type=search]');
      if (field) field.focus();
      else floating.value = 'palette';
      return true;
    }
    case 'n': {
      const add = document.querySelector<HTMLElement>('.page-head a[href$="/new"], .page-head [data-add]');
      add?.click();
      return add !== null;
    }
    default:
      return false;
  }
}

export function Keyboard(): VNode | null {
  const { route } = useLocation();
  useEffect(() => {
    const go = (path: string): void => {
      void mayLeave().then((leave) => {
        if (leave) route(path);
      });
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const key = keyName(event);
      const typing = isTyping(event.target);
      let done = false;
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
        if (key === 'k') {
          floating.value = floating.value === 'palette' ? undefined : 'palette';
          done = true;
        } else if (key === 'z' && !typing) {
          done = undoLast();
        } else if (key === 'enter') {
          const form = (event.target as HTMLElement).closest?.('form');
          form?.requestSubmit();
          done = form !== null && form !== undefined;
        }
      } else if (!event.ctrlKey && !event.metaKey && !event.altKey && singleKeys.value && !typing) {
        done = !document.querySelector('dialog[open]') && singleKey(key, go);
      }
      if (done) {
        event.preventDefault();
        event.stopPropagation();
      }
    };
    // In the capture phase: a key that leads elsewhere is not also one of the page's keypad.
    document.addEventListener('keydown', onKey, true);
    return () => document.removeEventListener('keydown', onKey, true);
  }, [route]);
  return <Floating />;
}

/** The palette and the list of keys are loaded when first asked for. */
const loaders: Record<'palette' | 'keys', () => Promise<ComponentType>> = {
  palette: async () => (await import('./palette.tsx')).Palette,
  keys: async () => (await import('./key-list.tsx')).KeyList,
};

function Floating(): VNode | null {
  const wanted = floating.value;
  const [loaded, setLoaded] = useState<Partial<Record<'palette' | 'keys', ComponentType>>>({});
  useEffect(() => {
    if (!wanted || loaded[wanted]) return;
    loaders[wanted]().then(
      (component) => setLoaded((old) => ({ ...old, [wanted]: component })),
      () => {
        floating.value = undefined;
      },
    );
  }, [wanted, loaded]);
  const Shown = wanted && loaded[wanted];
  return Shown ? <Shown /> : null;
}
