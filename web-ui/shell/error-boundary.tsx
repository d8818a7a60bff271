/** A page that breaks says so and leaves the way out; the rest of the house stays. */
import { Component, type ComponentChildren } from 'preact';
import { errorText } from '../api/client.ts';
import { t } from '../i18n/translate.ts';

export class ErrorBoundary extends Component<{ children: ComponentChildren }, { error: unknown }> {
  override state = { error: undefined as unknown };

  override componentDidCatch(error: unknown): void {
    console.error(error);
    this.setState({ error });
  }

  override render(): ComponentChildren {
    if (this.state.error === undefined) return this.props.children;
    return (
      <div class="empty" role="alert">
        <strong>{t('shell.broken')}</strong>
        <span>{errorText(this.state.error)}</span>
        <button type="button" class="button" onClick={() => location.reload()}>
          {t('action.reload')}
        </button>
      </div>
    );
  }
}
