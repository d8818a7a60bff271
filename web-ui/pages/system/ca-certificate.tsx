/** The certificate of the box's own authority, and how a computer learns to trust it. */
import type { VNode } from 'preact';
import { urlOf } from '../../api/client.ts';
import { Card } from '../../components/page.tsx';
import { t } from '../../i18n/translate.ts';

export function CaCertificate(): VNode {
  return (
    <Card title={t('ca.title')}>
      <div class="stack prose">
        <p>{t('ca.why')}</p>
        <div class="actions">
          <a class="button button-primary" href={urlOf('caCertificate')} download="cordboard-ca.pem">
            {t('ca.download')}
          </a>
        </div>
        <dl class="stack">
          <div>
            <dt>Windows</dt>
            <dd>{t('ca.windows')}</dd>
          </div>
          <div>
            <dt>macOS</dt>
            <dd>{t('ca.macos')}</dd>
          </div>
          <div>
            <dt>Linux</dt>
            <dd>{t('ca.linux')}</dd>
          </div>
          <div>
            <dt>Firefox</dt>
            <dd>{t('ca.firefox')}</dd>
          </div>
          <div>
            <dt>Android, iOS</dt>
            <dd>{t('ca.mobile')}</dd>
          </div>
        </dl>
      </div>
    </Card>
  );
}
