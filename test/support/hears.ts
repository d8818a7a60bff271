import { eventually } from './eventually.ts';
import type { RtpPhone } from './rtp-phone.ts';
import { toneShare } from './sound.ts';

/**
 * Waits until the latest `windowMs` that the phone heard are this tone and hardly anything else. Waits, because the
 * box's silence before it may take a while to pass when the machine is busy.
 * @throws Error when it does not come
 */
export function hears(phone: RtpPhone, frequencyHz: number, windowMs = 400): Promise<void> {
  const packets = windowMs / phone.ptimeMs;
  return eventually(
    `${frequencyHz} Hz`,
    () =>
      phone.heard.length >= packets && toneShare(phone.samples(windowMs), frequencyHz, phone.rateHz) > 0.95,
  ).then(() => {});
}
