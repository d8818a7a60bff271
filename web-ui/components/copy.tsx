/** A value to be typed or pasted elsewhere, with a button that copies it. */
import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../i18n/translate.ts';

export function Copy({ label, value }: { label: string; value: string }): VNode {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
      setTimeout(() => setCopied(false), 2000);
    } catch {
      // No permission: the value stays selectable beside the button.
      setCopied(false);
    }
  };
  return (
    <div class="field">
      <span class="field-legend">{label}</span>
      <div class="copy">
        <code>{value}</code>
        <button
          type="button"
          class="button button-small"
          aria-label={t('action.copyThing', { thing: label })}
          onClick={() => void copy()}
        >
          {copied ? t('action.copied') : t('action.copy')}
        </button>
      </div>
    </div>
  );
}
