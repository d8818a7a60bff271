/** The box itself: how it is, what the office is called, who changed what. */
import type { VNode } from 'preact';
import { Page } from '../../components/page.tsx';
import { Siblings } from '../../components/siblings.tsx';
import { t } from '../../i18n/translate.ts';
import type { PageProps } from '../../shell/lazy-page.tsx';
import { CaCertificate } from './ca-certificate.tsx';
import { Capacity } from './capacity.tsx';
import { Guard } from './guard.tsx';
import { Health } from './health.tsx';
import { History } from './history.tsx';
import { OfficeSettings } from './office.tsx';

export function SystemPage(props: PageProps): VNode {
  const part = props.params?.id ?? 'health';
  return (
    <Page
      title={t('place.system')}
      actions={
        <Siblings
          links={[
            { href: '/system', text: t('system.health') },
            { href: '/system/settings', text: t('system.settings') },
            { href: '/system/history', text: t('system.history') },
            { href: '/system/guard', text: t('system.guard') },
            { href: '/system/capacity', text: t('system.capacity') },
            { href: '/system/certificate', text: t('system.certificate') },
          ]}
        />
      }
    >
      {part === 'settings' ? (
        <OfficeSettings />
      ) : part === 'history' ? (
        <History />
      ) : part === 'guard' ? (
        <Guard />
      ) : part === 'capacity' ? (
        <Capacity />
      ) : part === 'certificate' ? (
        <CaCertificate />
      ) : (
        <Health />
      )}
    </Page>
  );
}
