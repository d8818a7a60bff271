/** The call from this browser as the page sees it: one at a time, kept while one looks at other pages. */
import { effect, signal } from '@preact/signals';
import { ApiError, api } from '../../api/client.ts';
import type { BrowserLeg, BrowserLegError } from '../../softphone/browser-leg.ts';
import { webCallRequests } from '../../softphone/web-call-requests.ts';
import { live } from '../../state/live.ts';

export type PhoneState =
  | { phase: 'idle'; error?: PhoneFault }
  | { phase: 'opening'; to: string }
  | { phase: 'calling'; to: string; legId: string; since: number };

/** `code` is a browser leg's or a problem's. */
export interface PhoneFault {
  code: string;
  error?: ApiError;
}

export const phone = signal<PhoneState>({ phase: 'idle' });
export const muted = signal(false);

let leg: BrowserLeg | undefined;
let stopWatching: (() => void) | undefined;

/** Loudness of both sides, 0..1. */
export function levels(): { microphone: number; peer: number } {
  return leg?.levels() ?? { microphone: 0, peer: 0 };
}

/** Opens the microphone and dials; call it from a click. */
export async function callFromBrowser(to: string, audio: HTMLAudioElement): Promise<void> {
  if (phone.value.phase !== 'idle') return;
  phone.value = { phase: 'opening', to };
  muted.value = false;
  let openedId: string | undefined;
  try {
    const { BrowserLeg: Leg } = await import('../../softphone/browser-leg.ts');
    const opened = new Leg({ audio, onEnded: ended });
    leg = opened;
    const legId = await opened.start(
      webCallRequests((id) => {
        openedId = id;
      }),
    );
    await api('dialWebCall', { params: { id: legId }, body: { to } });
    phone.value = { phase: 'calling', to, legId, since: Date.now() };
    watch(legId);
  } catch (error) {
    leg?.close();
    leg = undefined;
    phone.value = { phase: 'idle', error: faultOf(error) };
    if (openedId !== undefined) await hangUpAtBox(openedId);
  }
}

function faultOf(error: unknown): PhoneFault {
  const cause = error instanceof Error && error.cause instanceof ApiError ? error.cause : error;
  if (cause instanceof ApiError) return { code: cause.code, error: cause };
  const code = (error as Partial<BrowserLegError>).code;
  return { code: typeof code === 'string' ? code : 'signalling-failed' };
}

/** The other side hanging up is seen in the live picture: the call with our leg goes away. */
function watch(legId: string): void {
  let seen = false;
  stopWatching?.();
  stopWatching = effect(() => {
    const mine = live.value?.calls.find((call) => call.legs.some((each) => each.legId === legId));
    const over = mine?.legs.find((each) => each.legId === legId)?.endedAt !== undefined;
    if (mine && !over && mine.phase !== 'ended') seen = true;
    else if (seen || over) queueMicrotask(() => leg?.close());
  });
}

function ended(error?: BrowserLegError): void {
  const now = phone.value;
  stopWatching?.();
  stopWatching = undefined;
  leg = undefined;
  phone.value = error ? { phase: 'idle', error: { code: error.code } } : { phase: 'idle' };
  if (now.phase === 'calling') void hangUpAtBox(now.legId);
}

async function hangUpAtBox(legId: string): Promise<void> {
  try {
    await api('hangUpWebCall', { params: { id: legId } });
  } catch {
    // Gone already, or the box is away: then its media side ends it by itself.
  }
}

export function hangUpPhone(): void {
  leg?.close();
}

export function muteMicrophone(next: boolean): void {
  muted.value = next;
  leg?.mute(next);
}

/** A key of the keypad while the call runs. */
export async function pressKey(digit: string): Promise<void> {
  const now = phone.value;
  if (now.phase === 'calling') await api('digitWebCall', { params: { id: now.legId }, body: { digit } });
}
