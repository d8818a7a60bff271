/** Who sits here, and whether the office has been claimed. */
import { computed, signal } from '@preact/signals';
import type { EndpointResponse, SessionUser } from '../../src/api/contract.ts';
import { api, whenEnrolmentIsDue, whenSignedOut } from '../api/client.ts';
import { firstKnownLanguage, isUiLanguage, showLanguage, type UiLanguage } from '../i18n/translate.ts';

export const officeStatus = signal<EndpointResponse<'status'> | undefined>(undefined);
/** undefined: not known yet; null: nobody. */
export const user = signal<SessionUser | null | undefined>(undefined);
/** An admin may all that a supervisor may. */
export const isSupervisor = computed(() => user.value?.role === 'supervisor' || isAdmin.value);
export const isAdmin = computed(() => user.value?.role === 'admin');
/** Why the first questions could not be asked. */
export const startError = signal<unknown>(undefined);
/** Set after claiming: the first-run page comes next. */
export const firstRun = signal(false);

const languageKey = 'cordboard.language';

whenSignedOut(() => {
  user.value = null;
});

whenEnrolmentIsDue(() => {
  if (user.value && !user.value.mustEnrol) user.value = { ...user.value, mustEnrol: true };
});

function preferredLanguage(office: UiLanguage): UiLanguage {
  const chosen = localStorage.getItem(languageKey);
  return isUiLanguage(chosen) ? chosen : (firstKnownLanguage(navigator.languages) ?? office);
}

/** Keeps the language for this browser. */
export async function chooseLanguage(next: UiLanguage): Promise<void> {
  localStorage.setItem(languageKey, next);
  await showLanguage(next);
}

/** Loads the browser's language, and meanwhile asks the box who it is and who we are. */
export async function startSession(): Promise<void> {
  await Promise.all([showLanguage(preferredLanguage('en')), refreshSession()]);
}

export async function refreshSession(): Promise<void> {
  startError.value = undefined;
  try {
    const [status, session] = await Promise.all([api('status'), api('session')]);
    officeStatus.value = status;
    user.value = session.user;
  } catch (error) {
    startError.value = error;
  }
}

/** Forgets who sits here; what was shown goes with it. */
export async function signOut(): Promise<void> {
  await api('logout');
  user.value = null;
}
