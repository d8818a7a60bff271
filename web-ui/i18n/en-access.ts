/** Words of who may do what: roles, signing in, the second factor, sessions, wallboard links and the audit. */
export const enAccess = {
  'error.auth.wall': 'This wallboard link is not valid, or no longer. Ask for a new one.',
} as const;
