/** What an application asks for when it has a request proxied (drachtio's `proxy` frame). */
import type { ApplicationFrame } from '../codec/drachtio-wire.ts';

export interface ProxyOrder {
  transactionId: string;
  /** We stay in the way of the dialog's later requests (Record-Route). */
  remainInDialog: boolean;
  /** Each final response of a target is told. */
  fullResponse: boolean;
  /** Contacts of a 3xx become targets themselves. */
  followRedirects: boolean;
  /** All targets at once instead of one after the other. */
  simultaneous: boolean;
  /** A target that is silent this long loses its turn, milliseconds; 0: no limit. */
  provisionalTimeoutMs: number;
  /** A target that has not decided by then loses its turn, milliseconds; 0: no limit. */
  finalTimeoutMs: number;
  targets: string[];
}

/** Reads `TXN|remainInDialog|fullResponse|followRedirects|simultaneous|PROV_TMO|FINAL_TMO|target…`. */
export function parseProxyOrder(frame: ApplicationFrame): ProxyOrder {
  const [transactionId = '', remain, full, follow, order, provisional = '', final = '', ...targets] =
    frame.tokens;
  return {
    transactionId,
    remainInDialog: remain === 'remainInDialog',
    fullResponse: full === 'fullResponse',
    followRedirects: follow === 'followRedirects',
    simultaneous: order === 'simultaneous',
    provisionalTimeoutMs: parseDurationMs(provisional),
    finalTimeoutMs: parseDurationMs(final),
    targets: targets.filter((each) => each !== ''),
  };
}

/** `2s`, `1500ms`, or a bare number of seconds; anything else is no limit. */
function parseDurationMs(text: string): number {
  const match = /^(\d{1,7})(ms|s)?$/.exec(text.trim());
  if (!match) return 0;
  return Number(match[1]) * (match[2] === 'ms' ? 1 : 1000);
}
