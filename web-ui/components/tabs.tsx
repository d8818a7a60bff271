/** Parts of one thing, one shown at a time. The arrows go from tab to tab. */
import type { ComponentChildren, VNode } from 'preact';
import { useId } from 'preact/hooks';

export interface TabPart<Name extends string> {
  name: Name;
  label: string;
}

/** The parent keeps which part is shown, so that it can also stand in the address. */
export function Tabs<Name extends string>(props: {
  label: string;
  parts: readonly TabPart<Name>[];
  shown: Name;
  onShow: (name: Name) => void;
  children: ComponentChildren;
}): VNode {
  const id = useId();
  const { parts, shown } = props;
  const move = (event: KeyboardEvent): void => {
    const here = parts.findIndex((part) => part.name === shown);
    const last = parts.length - 1;
    const next = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const part = parts[(next + parts.length) % parts.length];
    if (!part) return;
    props.onShow(part.name);
    document.getElementById(`${id}-${part.name}`)?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label={props.label} onKeyDown={move}>
        {parts.map(({ name, label }) => (
          <button
            key={name}
            id={`${id}-${name}`}
            type="button"
            role="tab"
            class="tab"
            aria-selected={name === shown}
            aria-controls={`${id}-panel`}
            tabIndex={name === shown ? 0 : -1}
            onClick={() => props.onShow(name)}
          >
            {label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${shown}`} class="stack-wide">
        {props.children}
      </div>
    </>
  );
}
