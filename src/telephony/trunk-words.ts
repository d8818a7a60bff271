/** How a trunk is, in words: a code that pages translate, and its English for logs. */
import type { TraceNote } from '../domain/call-event.ts';
import type { SipResponse } from './sip-port.ts';

/** `{gap}` is filled from the params. */
export const trunkTexts = {
  'not-asked': 'not asked yet',
  'switched-off': 'switched off',
  'engine-down': 'the SIP engine is not there',
  answers: 'answers',
  registered: 'registered for {expiresS} s',
  'no-answer': 'no answer',
  unreachable: 'not reachable ({text})',
  'bad-login': 'the provider does not accept user name and password',
  refused: 'the provider answers {status} {text}',
  failed: '{text}',
} as const;

export type TrunkCode = keyof typeof trunkTexts;
export interface TrunkWord extends TraceNote {
  code: TrunkCode;
}

export function trunkWord(code: TrunkCode, params: TraceNote['params'] = {}): TrunkWord {
  return { code, params };
}

/** The English of it. */
export function trunkText({ code, params }: TrunkWord): string {
  const text = trunkTexts[code].replace(/\{(\w+)\}/g, (_, gap: string) => String(params[gap] ?? '')).trim();
  return params.retryS === undefined ? text : `${text}; next try in ${params.retryS} s`;
}

/** What an answer that is none means; an admin can act on it. */
export function wordOf({ status, reason, source }: SipResponse): TrunkWord {
  if (!source)
    return status === 408 ? trunkWord('no-answer') : trunkWord('unreachable', { text: reason || status });
  if (status === 401 || status === 407) return trunkWord('bad-login');
  return trunkWord('refused', { status, text: reason });
}
