/** The note of a call; saves itself, and says how far that is. */
import type { VNode } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import type { Call } from '../../../src/domain/call.ts';
import { t } from '../../i18n/translate.ts';
import { deskView } from '../../state/desk-view.ts';
import { useNames } from '../../state/names.ts';
import { notes } from './desk-state.ts';
import { Key, useKeys } from './keys.tsx';
import type { NoteState } from './note-keeper.ts';

function stateText(state: NoteState): string {
  switch (state) {
    case 'saved':
      return t('desk.noteSaved');
    case 'typing':
    case 'saving':
      return t('state.saving');
    case 'waiting':
      return t('desk.noteWaiting');
    case 'refused':
      return t('desk.noteRefused');
  }
}

export function NoteField({ call, agentId }: { call: Call; agentId: string }): VNode {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const names = useNames();
  const own = call.notes?.find((note) => note.agentId === agentId)?.text ?? '';
  const others = call.notes?.filter((note) => note.agentId !== agentId) ?? [];
  const [typed, setTyped] = useState(() => notes().draft(call.callId));
  const state = notes().state(call.callId).value;
  useKeys({ n: () => field.current?.focus() });
  const text = typed ?? own;
  return (
    <div class="field">
      <label for={id}>
        {t('desk.note')} <Key name="N" />
      </label>
      <textarea
        id={id}
        ref={field}
        class="textarea desk-note"
        value={text}
        {...(deskView.value ? { maxLength: deskView.value.noteMaxLength } : {})}
        aria-describedby={`${id}-state`}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          notes().typed(call.callId, event.currentTarget.value);
        }}
        onBlur={() =>
          void notes()
            .flush(call.callId)
            .catch(() => undefined)
        }
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      <span class={`field-help ${state === 'refused' ? 'field-error' : ''}`} id={`${id}-state`} role="status">
        {text === '' && state === 'saved' ? t('desk.noteHelp') : stateText(state)}
      </span>
      {others.map((note) => (
        <p key={note.at} class="quiet">
          {note.by ?? names.agent(note.agentId)}: {note.text}
        </p>
      ))}
    </div>
  );
}
