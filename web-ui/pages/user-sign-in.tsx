/** How somebody signs in, as an admin sees it: second factor and sessions. */
import type { VNode } from 'preact';
import type { EndpointResponse } from '../../src/api/contract.ts';
import { api, errorText } from '../api/client.ts';
import { confirmAct, toast } from '../components/feedback.tsx';
import { Card } from '../components/page.tsx';
import { Moment } from '../components/time.tsx';
import { t } from '../i18n/translate.ts';
import { reloadList } from '../state/load.ts';
import { SessionList } from './account/session-list.tsx';

export function UserSignIn({ view }: { view: EndpointResponse<'getUser'> }): VNode {
  const { id, name, secondFactorSince } = view;
  const reset = async (): Promise<void> => {
    const yes = await confirmAct({
      title: t('factor.resetTitle', { name }),
      text: t('factor.resetText'),
      action: t('factor.reset'),
    });
    if (!yes) return;
    try {
      await api('resetSecondFactor', { params: { id } });
      toast(t('factor.resetDone', { name }));
    } catch (error) {
      toast(errorText(error));
    }
    await reloadList('listUsers');
  };
  return (
    <>
      <Card title={t('factor.title')}>
        {secondFactorSince === null ? (
          <p class="quiet">{t('factor.off')}</p>
        ) : (
          <div class="stack">
            <p>
              {t('factor.on')} <Moment at={secondFactorSince} />
            </p>
            <div class="actions">
              <button type="button" class="button" onClick={() => void reset()}>
                {t('factor.reset')}
              </button>
            </div>
          </div>
        )}
      </Card>
      <Card title={t('sessions.title')}>
        <SessionList
          of={`${id} ${secondFactorSince}`}
          load={(signal) => api('userSessions', { params: { id }, signal })}
          end={(session) => api('endUserSession', { params: { id, session: session.id } })}
          endAll={() => api('endUserSessions', { params: { id } })}
          endAllLabel={t('sessions.endAll')}
          endAllText={t('sessions.endAllText', { name })}
        />
      </Card>
    </>
  );
}

/** What each role may, so that nobody has to guess. */
export function RolesExplained(): VNode {
  return (
    <details class="card roles-explained">
      <summary>{t('role.explained')}</summary>
      <dl class="facts">
        <dt>{t('role.agent')}</dt>
        <dd>{t('roleMay.agent')}</dd>
        <dt>{t('role.supervisor')}</dt>
        <dd>{t('roleMay.supervisor')}</dd>
        <dt>{t('role.admin')}</dt>
        <dd>{t('roleMay.admin')}</dd>
        <dt>{t('role.wallboard')}</dt>
        <dd>{t('roleMay.wallboard')}</dd>
      </dl>
    </details>
  );
}
