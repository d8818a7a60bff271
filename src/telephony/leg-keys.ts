/**
 * Keys (SRTP) that a leg gives its peer: one in each suite, the same at every offer and answer, so that a re-INVITE
 * changes nothing. Phones that ring together are offered the same keys; media goes only to the one that answers.
 */
import { randomBytes } from 'node:crypto';
import type { SrtpMedia } from '../codec/media-control.ts';
import { type SrtpSuite, srtpKeySizes, srtpSuites } from '../codec/sdes.ts';
import type { EncryptionWishes } from '../codec/sdp-encryption.ts';
import type { MediaEncryption } from '../domain/settings.ts';

/** How an offer speaks of encryption: as the settings have it, RTP/SAVP all the same, or not at all. */
export type OfferKind = 'as-set' | 'insisting' | 'plain';

export class LegKeys {
  readonly #mode: MediaEncryption;
  #keys: Partial<Record<SrtpSuite, string>> = {};

  constructor(mode: MediaEncryption) {
    this.#mode = mode;
  }

  /** What to ask for and to take; undefined: plain audio only. */
  wishes(kind: OfferKind = 'as-set'): EncryptionWishes | undefined {
    if (this.#mode === 'off' || (kind === 'plain' && this.#mode !== 'required')) return undefined;
    const keys = Object.fromEntries(srtpSuites.map((suite) => [suite, this.#key(suite)]));
    return {
      mode: this.#mode,
      keys: keys as Record<SrtpSuite, string>,
      ...(kind === 'insisting' ? { insist: true } : {}),
    };
  }

  /** A key that is given up never comes back: its key stream would be used twice. */
  settled(before: SrtpMedia | undefined, now: SrtpMedia | undefined): void {
    if (before && before.sendKey !== now?.sendKey) delete this.#keys[before.suite];
  }

  #key(suite: SrtpSuite): string {
    const { key, salt } = srtpKeySizes[suite];
    this.#keys[suite] ??= randomBytes(key + salt).toString('base64');
    return this.#keys[suite];
  }
}

/** What to offer next to a peer that refuses the media of an offer (488); undefined: nothing else is left. */
export function nextOffer(mode: MediaEncryption, refused: OfferKind): OfferKind | undefined {
  // Some phones that insist on encryption look at the profile only; some that have none mind the attribute.
  if (mode !== 'optional') return undefined;
  return refused === 'as-set' ? 'insisting' : refused === 'insisting' ? 'plain' : undefined;
}
