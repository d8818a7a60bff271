/** Ctrl-K: one field that finds any page, person, number, queue, trunk, call and setting, and goes there. */
import type { VNode } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso/router';
import type { Call } from '../../src/domain/call.ts';
import { api } from '../api/client.ts';
import { partyText } from '../components/call-bits.tsx';
import { mayLeave } from '../components/draft.ts';
import { Dialog } from '../components/feedback.tsx';
import { Icon } from '../components/icon.tsx';
import { t } from '../i18n/translate.ts';
import { floating } from './keyboard.tsx';
import { type Entry, useEntries } from './palette-entries.ts';
import { best } from './ranking.ts';

const shownAtMost = 12;
/** So long nothing is typed before the box is asked. */
const askAfterMs = 200;

export function Palette(): VNode {
  const id = useId();
  const { route } = useLocation();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const calls = usePastCalls(typed);
  const found = [...best(useEntries(), typed, shownAtMost), ...calls];
  const here = Math.min(at, found.length - 1);
  const close = (): void => {
    floating.value = undefined;
  };
  const choose = (entry: Entry | undefined): void => {
    if (!entry) return;
    const { to } = entry;
    close();
    if (typeof to === 'string')
      void mayLeave().then((leave) => {
        if (leave) route(to);
      });
    else to();
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) {
      event.preventDefault();
      setAt((here + step + found.length) % found.length);
    } else if (event.key === 'Enter' && !event.isComposing) {
      event.preventDefault();
      choose(found[here]);
    }
  };
  return (
    <Dialog label={t('palette.title')} onClose={close} top>
      <div class="palette-field">
        <Icon name="search" />
        <input
          class="input"
          type="text"
          role="combobox"
          aria-label={t('palette.title')}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={found.length > 0 ? `${id}-${here}` : undefined}
          aria-autocomplete="list"
          autocomplete="off"
          spellcheck={false}
          placeholder={t('palette.hint')}
          value={typed}
          onInput={(event) => {
            setTyped(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKey}
        />
      </div>
      <Found id={id} found={found} here={here} onChoose={choose} onPoint={setAt} />
      <p class="sr-only" role="status">
        {t('palette.found', { count: found.length })}
      </p>
    </Dialog>
  );
}

function Found(props: {
  id: string;
  found: Entry[];
  here: number;
  onChoose: (entry: Entry) => void;
  onPoint: (index: number) => void;
}): VNode {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [props.here]);
  if (props.found.length === 0) return <p class="quiet palette-none">{t('palette.none')}</p>;
  return (
    <div
      class="palette-list"
      role="listbox"
      id={`${props.id}-list`}
      aria-label={t('palette.title')}
      ref={list}
    >
      {props.found.map((entry, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the focus and the keys
        <div
          key={entry.id}
          id={`${props.id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === props.here}
          class="palette-entry"
          onClick={() => props.onChoose(entry)}
          onPointerMove={() => props.onPoint(index)}
        >
          <Icon name={entry.icon} />
          <span class="palette-text">{entry.text}</span>
          <span class="quiet">{entry.note}</span>
        </div>
      ))}
    </div>
  );
}

/** Calls of the past whose number holds the digits typed, or the one call with this id. */
function usePastCalls(typed: string): Entry[] {
  const [found, setFound] = useState<Call[]>([]);
  useEffect(() => {
    const digits = typed.replace(/[^0-9+]/g, '');
    const callId = /^[0-9a-hjkmnp-tv-z]{20}$/i.test(typed.trim()) ? typed.trim().toLowerCase() : undefined;
    const isNumber = digits.length >= 3 && /^[\d\s+()/.-]+$/.test(typed);
    if (!callId && !isNumber) {
      setFound([]);
      return;
    }
    const abort = new AbortController();
    const ask = async (): Promise<Call[]> =>
      callId
        ? [await api('getCall', { params: { id: callId }, signal: abort.signal })]
        : (await api('listCalls', { query: { number: digits, limit: 5 }, signal: abort.signal })).items;
    const timer = setTimeout(() => {
      ask().then(
        (calls) => setFound(calls),
        () => setFound([]),
      );
    }, askAfterMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [typed]);
  return found.map((call) => ({
    id: `past ${call.callId}`,
    text: `${partyText(call.from, call.fromName)} → ${call.to}`,
    note: new Date(call.startedAt).toLocaleString(document.documentElement.lang, {
      dateStyle: 'medium',
      timeStyle: 'short',
    }),
    icon: 'calls',
    to: `/calls/${encodeURIComponent(call.callId)}`,
  }));
}
