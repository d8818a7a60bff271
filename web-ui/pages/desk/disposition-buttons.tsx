/** How the call ended for the office: one press. D goes to the buttons, a digit presses one. */
import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Call } from '../../../src/domain/call.ts';
import { ApiError, api, errorText } from '../../api/client.ts';
import { toast } from '../../components/feedback.tsx';
import { t } from '../../i18n/translate.ts';
import { deskView } from '../../state/desk-view.ts';
import { dispositionsFor, heardOf, notes } from './desk-state.ts';
import { Key, useKeys } from './keys.tsx';

export function DispositionButtons({ call, agentId }: { call: Call; agentId: string }): VNode | null {
  const [needsNote, setNeedsNote] = useState<string>();
  const group = useRef<HTMLFieldSetElement>(null);
  const choices = dispositionsFor(deskView.value, call.queueId);
  const chosen = call.disposition;
  useKeys({ d: () => group.current?.querySelector('button')?.focus() });
  if (choices.length === 0) return null;

  const choose = async (code: string): Promise<void> => {
    setNeedsNote(undefined);
    const own = call.notes?.find((note) => note.agentId === agentId)?.text ?? '';
    try {
      const note = notes().draft(call.callId) ?? own;
      heardOf(await api('setDisposition', { params: { id: call.callId }, body: { code, note } }));
      await notes().flush(call.callId);
    } catch (error) {
      const wantsNote =
        error instanceof ApiError && error.problem.errors?.some((each) => each.path === 'note');
      if (!wantsNote) toast(errorText(error));
      else {
        setNeedsNote(code);
        document.querySelector<HTMLTextAreaElement>('.desk-note')?.focus();
      }
    }
  };

  return (
    <fieldset
      class="desk-dispositions"
      ref={group}
      onKeyDown={(event) => {
        const choice = choices[Number(event.key) - 1];
        if (!choice || event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        event.stopPropagation();
        void choose(choice.code);
      }}
    >
      <legend>
        {t('desk.disposition')} <Key name="D" />
      </legend>
      <div class="desk-choices">
        {choices.map((choice, i) => (
          <button
            key={choice.code}
            type="button"
            class={`button desk-choice desk-choice-${choice.kind}`}
            aria-pressed={chosen?.code === choice.code}
            onClick={() => void choose(choice.code)}
          >
            {choice.name} {i < 9 && <Key name={String(i + 1)} />}
          </button>
        ))}
      </div>
      {needsNote && (
        <span class="field-error" role="alert">
          {t('desk.needsNote', { name: choices.find((each) => each.code === needsNote)?.name ?? '' })}
        </span>
      )}
    </fieldset>
  );
}
