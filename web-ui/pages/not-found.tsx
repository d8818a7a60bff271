import type { VNode } from 'preact';
import { Empty, Page } from '../components/page.tsx';
import { t } from '../i18n/translate.ts';

/** An address that leads nowhere, or nowhere this person may go. */
export function NotFoundPage(): VNode {
  return (
    <Page title={t('notFound.title')}>
      <Empty title={t('notFound.head')} text={t('notFound.text')}>
        <a class="button" href="/">
          {t('place.live')}
        </a>
      </Empty>
    </Page>
  );
}
