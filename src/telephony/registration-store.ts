/**
 * Where registered phones outlive a restart of the appliance: without it no phone rings until it refreshes, up to
 * an hour later.
 */
import type { SipSource } from './sip-port.ts';

/** One registered phone. */
export interface RegisteredContact {
  extensionId: string;
  /** Contact URI as the phone gave it. */
  uri: string;
  /** `+sip.instance` when the phone has one: the same phone from another address (RFC 5626 §4.1). */
  instance: string | undefined;
  /** Where its REGISTER came from; behind a NAT the only way to it. */
  source: SipSource;
  callId: string;
  cseq: number;
  registeredAt: number;
  /** Wall clock, milliseconds since the epoch. */
  expiresAt: number;
  userAgent: string;
}

/** Kept by the store; both are quick and never throw. */
export interface RegistrationStore {
  load(): RegisteredContact[];
  /** @param change `places`: a phone came, went or moved, and would be lost with this process; `expiry`: it only stays on */
  save(contacts: readonly RegisteredContact[], change: 'places' | 'expiry'): void;
}

/** Forgets at the end of the process. */
export const memoryRegistrationStore: RegistrationStore = { load: () => [], save() {} };
