/** The box itself: how it is, what the office is called, who changed what. */
import type { VNode } from 'preact';
import { useLocation } from 'preact-iso/router';
import { Page } from '../../components/page.tsx';
import { t } from '../../i18n/translate.ts';
import type { PageProps } from '../../shell/lazy-page.tsx';
import { places } from '../../shell/places.ts';
import { whereIs } from '../../shell/way.ts';
import { CaCertificate } from './ca-certificate.tsx';
import { Capacity } from './capacity.tsx';
import { Guard } from './guard.tsx';
import { Health } from './health.tsx';
import { History } from './history.tsx';
import { Log } from './log.tsx';
import { OfficeSettings } from './office.tsx';

export function SystemPage(props: PageProps): VNode {
  const part = props.params?.id ?? 'health';
  const here = whereIs(places, useLocation().path)?.page;
  return (
    <Page title={t((here?.key ?? 'place.system') as 'place.system')}>
      {part === 'settings' ? (
        <OfficeSettings />
      ) : part === 'history' ? (
        <History />
      ) : part === 'log' ? (
        <Log />
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
