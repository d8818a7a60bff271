/** Long work under way: what is done, how far it is, and the way to stop it. */
import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import { t } from '../i18n/translate.ts';

/** Without `done` and `of` it only says that it runs. */
export function Progress(props: {
  label: string;
  done?: number;
  of?: number;
  /** "212 of 300 rows". */
  text?: string;
  onStop?: () => void;
}): VNode {
  const id = useId();
  const known = props.done !== undefined && props.of !== undefined && props.of > 0;
  return (
    <div class="progress">
      <div class="spread">
        <span id={id}>{props.label}</span>
        {props.text && <span class="quiet">{props.text}</span>}
      </div>
      <progress aria-labelledby={id} {...(known ? { value: props.done, max: props.of } : {})} />
      {props.onStop && (
        <div class="actions">
          <button type="button" class="button button-small" onClick={props.onStop}>
            {t('action.cancel')}
          </button>
        </div>
      )}
    </div>
  );
}
