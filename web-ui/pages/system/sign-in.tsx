/** The rules of signing in: who needs a second factor, how long sessions last, how far agents may look back. */
import type { VNode } from 'preact';
import type { EndpointResponse } from '../../../src/api/contract.ts';
import { api, errorText } from '../../api/client.ts';
import { useDraft } from '../../components/draft.ts';
import { toast } from '../../components/feedback.tsx';
import { CheckField, ChecksField, DraftForm, NumberField } from '../../components/form.tsx';
import { Card, LoadFailed, Page, Skeleton } from '../../components/page.tsx';
import { t } from '../../i18n/translate.ts';
import { settingsRevision } from '../../state/live.ts';
import { useLoad } from '../../state/load.ts';

type Rules = EndpointResponse<'getSignIn'>;

export function SignInPage(): VNode {
  const loaded = useLoad(`sign-in ${settingsRevision.value}`, (signal) => api('getSignIn', { signal }));
  return (
    <Page title={t('signIn.title')}>
      {loaded.value ? (
        <Card title={t('signIn.rules')}>
          <RulesForm rules={loaded.value} />
        </Card>
      ) : loaded.error ? (
        <LoadFailed text={errorText(loaded.error)} retry={loaded.reload} />
      ) : (
        <Skeleton lines={8} />
      )}
    </Page>
  );
}

function RulesForm({ rules }: { rules: Rules }): VNode {
  const draft = useDraft(rules, async (body) => {
    await api('replaceSignIn', { body });
    toast(t('form.saved', { thing: t('signIn.rules') }));
  });
  const { value, set, errorAt } = draft;
  return (
    <DraftForm draft={draft} effect={t('signIn.effect')}>
      <ChecksField
        label={t('signIn.factorFor')}
        help={t('signIn.factorForHelp')}
        values={value.secondFactorFor}
        choices={[
          { value: 'admin', label: t('role.admin') },
          { value: 'supervisor', label: t('role.supervisor') },
          { value: 'agent', label: t('role.agent') },
        ]}
        onInput={(secondFactorFor) => set({ secondFactorFor: secondFactorFor as Rules['secondFactorFor'] })}
        error={errorAt('secondFactorFor')}
      />
      <NumberField
        label={t('signIn.idle')}
        help={t('signIn.idleHelp')}
        unit={t('unit.minutes')}
        scale={60_000}
        min={5}
        max={43_200}
        value={value.idleMs}
        onInput={(idleMs) => set({ idleMs })}
        error={errorAt('idleMs')}
      />
      <NumberField
        label={t('signIn.maxAge')}
        help={t('signIn.maxAgeHelp')}
        unit={t('unit.hours')}
        scale={3_600_000}
        min={1}
        max={2160}
        value={value.maxAgeMs}
        onInput={(maxAgeMs) => set({ maxAgeMs })}
        error={errorAt('maxAgeMs')}
      />
      <CheckField
        label={t('signIn.agentsSeeCalls')}
        value={value.agentsSeeCalls}
        onInput={(agentsSeeCalls) => set({ agentsSeeCalls })}
      />
      <CheckField
        label={t('signIn.agentsHear')}
        value={value.agentsHearRecordings}
        onInput={(agentsHearRecordings) => set({ agentsHearRecordings })}
      />
    </DraftForm>
  );
}
