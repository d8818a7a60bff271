/** For who must set up a second factor before anything else. */
import type { VNode } from 'preact';
import { errorText } from '../../api/client.ts';
import { toast } from '../../components/feedback.tsx';
import { t } from '../../i18n/translate.ts';
import { refreshSession, signOut } from '../../state/session.ts';
import { Gate } from '../gate.tsx';
import { SetUpSecondFactor } from './second-factor.tsx';

export function EnrolPage(): VNode {
  const leave = (): void => {
    signOut().catch((error: unknown) => toast(errorText(error)));
  };
  return (
    <Gate title={t('factor.enrolTitle')} intro={t('factor.enrolText')}>
      <SetUpSecondFactor onDone={() => void refreshSession()} />
      <div class="actions">
        <button type="button" class="button" onClick={leave}>
          {t('action.signOut')}
        </button>
      </div>
    </Gate>
  );
}
