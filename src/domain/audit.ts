/** The audit's words: what was done, in kinds by which it is looked through. Pages have a text for each. */

/** What is added, changed and deleted as an item of a list. */
export const auditThings = [
  'extension',
  'agent',
  'queue',
  'ivr-menu',
  'trunk',
  'number',
  'schedule',
  'user',
  'wallboard',
  'campaign',
  'prompt',
  'lead',
  'lead-list',
] as const;
export type AuditThing = (typeof auditThings)[number];
export const auditVerbs = ['create', 'change', 'delete'] as const;

/** Sections of the settings that are no list: they are changed. */
export const auditSections = [
  'office',
  'network',
  'recording',
  'panel',
  'figures',
  'desk',
  'sign-in',
] as const;
export type AuditSection = (typeof auditSections)[number];

/** All that is done otherwise. */
export const auditActs = [
  'login',
  'login.failed',
  'login.code-failed',
  'login.code-replayed',
  'login.recovery-code',
  'logout',
  'claim',
  'claim.failed',
  'password.change',
  'second-factor.set-up',
  'second-factor.remove',
  'second-factor.reset',
  'second-factor.new-codes',
  'session.end',
  'session.end-others',
  'session.end-all',
  'wallboard.open',
  'wallboard.open-failed',
  'wallboard.renew',
  'recording.listened',
  'recording.downloaded',
  'recording.deleted',
  'settings.rollback',
  'office.sample',
  'extension.new-secret',
  'extension.show-secret',
  'extension.import',
  'prompt.text',
  'prompt.upload',
  'prompt.restore',
  'prompt.render-all',
  'prompt.record-by-phone',
  'panel.test',
  'panel.simulate-alarm',
  'panel.acknowledge',
  'lead-list.import',
  'lead.call-again',
  'lead.close',
  'do-not-call.add',
  'do-not-call.remove',
  'do-not-call.import',
  'do-not-call.export',
  'capacity.test',
  'capacity.abort',
  'guard.release',
  'log.download',
  'backup.make',
  'backup.restore',
  'backup.undo',
  'trunk.test-call',
  'night-mode.press',
  'campaign.draft',
  'campaign.running',
  'campaign.paused',
  'campaign.finished',
  'dialler.stop',
  'dialler.release',
  'call.click-to-call',
  'call.hang-up',
  'agent.available',
  'agent.on-break',
  'agent.logged-out',
] as const;

/** Whatever the API records; `export.` is followed by the endpoint that gave the file. */
export type AuditAction =
  | (typeof auditActs)[number]
  | `${AuditThing}.${(typeof auditVerbs)[number]}`
  | `${AuditSection}.change`
  | `export.${string}`;

export const auditKinds = ['sign-in', 'recording', 'export', 'call', 'agent', 'change'] as const;
export type AuditKind = (typeof auditKinds)[number];

/** Beginnings of the actions of a kind; `change` is every other one. */
const beginnings: Record<Exclude<AuditKind, 'change'>, readonly string[]> = {
  'sign-in': ['login', 'logout', 'claim', 'session.', 'password.', 'second-factor.', 'wallboard.open'],
  recording: ['recording.listened', 'recording.downloaded', 'recording.deleted'],
  export: ['export.'],
  call: ['call.'],
  agent: ['agent.available', 'agent.on-break', 'agent.logged-out'],
};

/** Beginnings of the actions that a kind has, or, for `change`, has not. */
export function actionsOf(kind: AuditKind): { begin: readonly string[]; not: boolean } {
  return kind === 'change'
    ? { begin: Object.values(beginnings).flat(), not: true }
    : { begin: beginnings[kind], not: false };
}
