/** The audit's words: what was done, in kinds by which it is looked through. */

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
