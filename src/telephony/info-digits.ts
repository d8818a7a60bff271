/** Digits told to the peer of a dialog by SIP INFO, for those that take them no other way. */
import type { Logger } from '../base/log.ts';
import { dtmfInfoType, formatDtmfInfo } from '../codec/dtmf-info.ts';
import { type DigestSession, sendWithDigest } from './digest-session.ts';
import type { SipPort } from './sip-port.ts';

/** What an INFO says of the length of a press. */
const pressMs = 160;

export interface InfoDigitsDeps {
  sip: SipPort;
  log: Logger;
  dialogId: string;
  digest: DigestSession | undefined;
  /** Where requests go, undefined when the dialog takes none. */
  target: () => string | undefined;
}

export class InfoDigits {
  readonly #deps: InfoDigitsDeps;
  #waiting = '';
  #isTelling = false;

  constructor(deps: InfoDigitsDeps) {
    this.#deps = deps;
  }

  /** Tells each digit when the one before has been answered, so that none overtakes another. */
  send(digits: string): void {
    this.#waiting += digits;
    if (!this.#isTelling) this.#next();
  }

  #next(): void {
    const { sip, log, dialogId, digest, target } = this.#deps;
    const uri = target();
    const digit = uri === undefined ? undefined : this.#waiting[0];
    this.#isTelling = digit !== undefined;
    this.#waiting = digit === undefined ? '' : this.#waiting.slice(1);
    if (digit === undefined || uri === undefined) return;
    sendWithDigest(
      sip,
      {
        method: 'INFO',
        dialogId,
        headers: { 'Content-Type': dtmfInfoType },
        body: formatDtmfInfo(digit, pressMs),
      },
      {
        onResponse: ({ status }) => {
          if (status < 200) return;
          if (status >= 300) log.warn('the peer takes no digits by INFO', { dialogId, status });
          this.#next();
        },
        onFailure: () => this.#next(),
      },
      digest,
      uri,
    );
  }
}
