/** Hears a prompt as a caller does: by a call to this browser, through the same sound path. No microphone is opened. */
import { signal } from '@preact/signals';
import type { EndpointBody } from '../../../src/api/contract.ts';
import { api } from '../../api/client.ts';
import type { BrowserLeg } from '../../softphone/browser-leg.ts';

/** What is heard now: prompt and language; undefined: nothing. */
export const hearing = signal<string | undefined>(undefined);

let leg: BrowserLeg | undefined;
let legAtBox: string | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
/** The way to the browser and back. */
const graceMs = 1000;

/** Ends what is heard. */
export function stopHearing(): void {
  clearTimeout(timer);
  leg?.close();
  leg = undefined;
  hearing.value = undefined;
  const id = legAtBox;
  legAtBox = undefined;
  // Gone already, or the box is away: then its media side ends it by itself.
  if (id !== undefined) api('hangUpWebCall', { params: { id } }).catch(() => undefined);
}

/** Call it from a click, so that the browser lets sound play. @throws ApiError, BrowserLegError */
export async function hearAsCaller(
  prompt: NonNullable<EndpointBody<'playToWebCall'>>,
  durationMs: number,
): Promise<void> {
  stopHearing();
  const key = `${prompt.promptId} ${prompt.language}`;
  hearing.value = key;
  try {
    const { BrowserLeg: Leg } = await import('../../softphone/browser-leg.ts');
    const { webCallRequests } = await import('../../softphone/web-call-requests.ts');
    const opened = new Leg({ audio: new Audio(), listenOnly: true, onEnded: stopHearing });
    leg = opened;
    const id = await opened.start(
      webCallRequests((legId) => {
        legAtBox = legId;
      }),
    );
    await api('playToWebCall', { params: { id }, body: prompt });
    timer = setTimeout(stopHearing, durationMs + graceMs);
  } catch (error) {
    stopHearing();
    throw error;
  }
}
