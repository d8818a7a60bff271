/** Lists that agents choose from: a row for each entry; its code is made of the name once and stays. */
import type { ComponentChildren, VNode } from 'preact';
import { t } from '../../i18n/translate.ts';

export interface Entry {
  code: string;
  name: string;
}

const most = 40;

/** A code for a new entry, unlike the others: it stands in the log for good. */
export function codeOf(name: string, taken: readonly string[]): string {
  const slug =
    name
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 30)
      .replace(/-+$/, '') || 'entry';
  let code = slug;
  for (let n = 2; taken.includes(code); n++) code = `${slug}-${n}`;
  return code;
}

export function ChoicesField<Item extends Entry>(props: {
  label: string;
  help: string;
  items: Item[];
  /** What the list held when it was opened: their codes are in the log already. */
  known: readonly Entry[];
  blank: Item;
  error: string | undefined;
  onInput: (items: Item[]) => void;
  more: (item: Item, change: (patch: Partial<Item>) => void) => ComponentChildren;
}): VNode {
  const { items, onInput, known } = props;
  const change = (index: number, patch: Partial<Item>): void =>
    onInput(
      items.map((item, i) => {
        if (i !== index) return item;
        const next = { ...item, ...patch };
        const isNew = !known.some((each) => each.code === item.code);
        const taken = items.flatMap((other, j) => (j === index ? [] : [other.code]));
        return isNew ? { ...next, code: codeOf(next.name, taken) } : next;
      }),
    );
  const codes = items.map((item) => item.code);
  return (
    <fieldset class="fieldset">
      <legend class="field-legend">{props.label}</legend>
      {props.error && <span class="field-error">{props.error}</span>}
      {items.map((item, i) => (
        <div class="desk-choice-row" key={`${i} ${items.length}`}>
          <input
            class="input"
            aria-label={t('deskSettings.entryName', { number: i + 1 })}
            value={item.name}
            maxLength={80}
            onInput={(event) => change(i, { name: event.currentTarget.value } as Partial<Item>)}
          />
          {props.more(item, (patch) => change(i, patch))}
          <button
            type="button"
            class="button button-small"
            aria-label={t('deskSettings.removeEntry', { name: item.name })}
            onClick={() => onInput(items.filter((_, j) => j !== i))}
          >
            {t('action.remove')}
          </button>
        </div>
      ))}
      <span class="field-help">{props.help}</span>
      <div class="actions">
        <button
          type="button"
          class="button"
          disabled={items.length >= most}
          onClick={() => onInput([...items, { ...props.blank, code: codeOf('', codes) }])}
        >
          {t('deskSettings.addEntry')}
        </button>
      </div>
    </fieldset>
  );
}
