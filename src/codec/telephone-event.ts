/**
 * Telephone events, RFC 4733 section 2.3, four bytes:
 *
 *      0                   1                   2                   3
 *     |     event     |E|R| volume    |          duration             |
 *
 * Volume is six bits of -dBm0; the R bit between E and volume is reserved and must be ignored.
 */

/** Bytes of one event payload. */
export const telephoneEventBytes = 4;
/** The longest duration a packet can say, in timestamp units; longer events continue in a new segment. */
export const maxEventDuration = 0xffff;

const digits = '0123456789*#ABCD';

export interface TelephoneEvent {
  /** Event code; 0 to 15 are digits. */
  event: number;
  end: boolean;
  /** Attenuation, 0..63: the level is -volume dBm0. */
  volume: number;
  /** Since the packet's timestamp, in timestamp units (1/8 ms at 8 kHz). */
  duration: number;
}

/** Reads the event at `offset` into `into`; false when there are fewer than four bytes. */
export function parseTelephoneEvent(
  packet: Uint8Array,
  offset: number,
  bytes: number,
  into: TelephoneEvent,
): boolean {
  if (bytes < telephoneEventBytes || packet.length < offset + telephoneEventBytes) return false;
  const flags = packet[offset + 1] as number;
  into.event = packet[offset] as number;
  into.end = flags >= 0x80;
  into.volume = flags & 0x3f;
  into.duration = ((packet[offset + 2] as number) << 8) | (packet[offset + 3] as number);
  return true;
}

/** Writes four bytes at `offset`. `duration` must not exceed 0xffff. */
export function writeTelephoneEvent(packet: Uint8Array, offset: number, event: TelephoneEvent): void {
  packet[offset] = event.event & 0xff;
  packet[offset + 1] = (event.end ? 0x80 : 0) | (event.volume & 0x3f);
  packet[offset + 2] = (event.duration >> 8) & 0xff;
  packet[offset + 3] = event.duration & 0xff;
}

/** `0`-`9` `*` `#` `A`-`D` of an event code; undefined for the codes that are no digits (16 is a hook flash). */
export function digitOfEvent(event: number): string | undefined {
  return digits[event];
}

/** Event code of a digit, letters in either case; undefined when it is none. */
export function eventOfDigit(digit: string): number | undefined {
  const event = digit.length === 1 ? digits.indexOf(digit.toUpperCase()) : -1;
  return event < 0 ? undefined : event;
}
