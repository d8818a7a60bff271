/** The audit's actions in words. Pure. */
import { hasText, translateCode } from '../../i18n/translate.ts';

/** What was done, in words where there are some, else as the box wrote it. */
export function actionText(action: string): string {
  const [thing = '', verb = ''] = action.split('.');
  if (!hasText(`auditAction.${action}`) && hasText(`auditThing.${thing}`) && hasText(`auditVerb.${verb}`))
    return `${translateCode(`auditThing.${thing}`)}: ${translateCode(`auditVerb.${verb}`)}`;
  return translateCode(`auditAction.${action}`, {}, action);
}
