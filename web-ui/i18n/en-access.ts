/** Words of who may do what: roles, signing in, the second factor, sessions, wallboard links and the audit. */
export const enAccess = {
  'error.auth.wall': 'This wallboard link is not valid, or no longer. Ask for a new one.',
  'error.auth.code':
    'The code is wrong. Take the one that the app shows now, and see that the clocks of phone and box are right.',
  'error.auth.code-used': 'This code was used already. Wait for the next one; it comes within 30 seconds.',
  'error.auth.ticket': 'This took too long. Begin again.',
  'error.auth.enrol': 'Your role needs a second factor. Set it up first, under My account.',
  'error.auth.factor-required': 'Your role needs a second factor. You can set up another phone in its place.',
} as const;
