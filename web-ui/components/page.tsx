/** The frame of a page and what stands where nothing is yet. */
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../i18n/translate.ts';
import { Icon } from './icon.tsx';

export function Page(props: {
  title: string;
  intro?: string;
  actions?: ComponentChildren;
  children: ComponentChildren;
}): VNode {
  useEffect(() => {
    document.title = `${props.title} · ${t('app.name')}`;
  }, [props.title]);
  return (
    <div class="page">
      <header class="page-head">
        <h1>{props.title}</h1>
        {props.actions && <div class="actions">{props.actions}</div>}
        {props.intro && <p>{props.intro}</p>}
      </header>
      {props.children}
    </div>
  );
}

/** Says that there is nothing, and what to do next. */
export function Empty(props: { title: string; text: string; children?: ComponentChildren }): VNode {
  return (
    <div class="empty">
      <strong>{props.title}</strong>
      <span>{props.text}</span>
      {props.children}
    </div>
  );
}

/** Keeps the space of what is loading; shows itself after 150 ms. */
export function Skeleton({ lines = 4 }: { lines?: number }): VNode {
  return (
    <div class="skeleton" aria-busy="true">
      <span class="sr-only">{t('state.loading')}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} />
      ))}
    </div>
  );
}

/** Something could not be loaded: what happened, and the way to try again. */
export function LoadFailed({ text, retry }: { text: string; retry: () => void }): VNode {
  return (
    <div class="empty" role="alert">
      <strong>{t('state.loadFailed')}</strong>
      <span>{text}</span>
      <button type="button" class="button" onClick={retry}>
        {t('action.tryAgain')}
      </button>
    </div>
  );
}

export function Card(props: {
  title: string;
  aside?: ComponentChildren;
  children: ComponentChildren;
}): VNode {
  const id = useId();
  return (
    <section class="card" aria-labelledby={id}>
      <h2>
        <span id={id}>{props.title}</span>
        {props.aside}
      </h2>
      {props.children}
    </section>
  );
}

/** The item of a list, beside the list (or over it on a phone); Escape closes it. */
export function SidePanel(props: { title: string; onClose: () => void; children: ComponentChildren }): VNode {
  const id = useId();
  const panel = useRef<HTMLElement>(null);
  const { onClose } = props;
  useCovering(panel);
  useEffect(() => {
    const close = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && !document.querySelector('dialog[open]')) onClose();
    };
    addEventListener('keydown', close);
    return () => removeEventListener('keydown', close);
  }, [onClose]);
  return (
    <section class="panel" aria-labelledby={id} ref={panel}>
      <header class="panel-head">
        <h2 id={id} tabIndex={-1}>
          {props.title}
        </h2>
        <button type="button" class="button button-small" onClick={onClose}>
          <Icon name="close" />
          {t('action.close')}
        </button>
      </header>
      <div class="panel-body stack-wide">{props.children}</div>
    </section>
  );
}

/** Where the panel covers the page, as in components.css. */
const covers = '(max-width: 1099px)';
const covered = '.rail, .strip, .place-tabs, .page-head, .split-list';

/** While the panel covers the page, what lies under it is out of reach, and the focus is in the panel. */
function useCovering(panel: { current: HTMLElement | null }): void {
  useEffect(() => {
    const narrow = matchMedia(covers);
    const before = document.activeElement;
    const settle = (): void => {
      for (const each of document.querySelectorAll(covered)) each.toggleAttribute('inert', narrow.matches);
      if (narrow.matches && !panel.current?.contains(document.activeElement))
        panel.current?.querySelector('h2')?.focus({ preventScroll: true });
    };
    settle();
    narrow.addEventListener('change', settle);
    return () => {
      narrow.removeEventListener('change', settle);
      for (const each of document.querySelectorAll(covered)) each.removeAttribute('inert');
      if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
    };
  }, []);
}

/** List on the left, the opened item beside it. */
export function Split(props: { list: ComponentChildren; panel?: ComponentChildren }): VNode {
  return (
    <div class={`split ${props.panel ? 'split-open' : ''}`}>
      <div class="split-list stack-wide">{props.list}</div>
      {props.panel}
    </div>
  );
}
