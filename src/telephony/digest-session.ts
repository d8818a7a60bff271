/**
 * Our side of digest towards trunks. drachtio-srf's own client knows MD5 only, so challenges are answered here:
 * once, and once more when the nonce was stale.
 */
import { randomBytes } from 'node:crypto';
import { answerChallenge, bestChallenge } from '../codec/digest.ts';
import type {
  SipClientTransaction,
  SipOutgoing,
  SipOutgoingHandlers,
  SipPort,
  SipResponse,
} from './sip-port.ts';

export class DigestSession {
  readonly #username: string;
  readonly #password: string;
  readonly #nonceCounts = new Map<string, number>();

  constructor(credentials: { username: string; password: string }) {
    this.#username = credentials.username;
    this.#password = credentials.password;
  }

  /** The header that answers a 401 or 407; undefined when there is no challenge that we can answer. */
  answer(
    response: SipResponse,
    method: string,
    uri: string,
  ): { name: string; value: string; stale: boolean } | undefined {
    const byProxy = response.status === 407;
    const header = response.header(byProxy ? 'Proxy-Authenticate' : 'WWW-Authenticate');
    const challenge = header === undefined ? undefined : bestChallenge(header);
    if (!challenge) return undefined;
    const nonceCount = (this.#nonceCounts.get(challenge.nonce) ?? 0) + 1;
    if (this.#nonceCounts.size > 100) this.#nonceCounts.clear();
    this.#nonceCounts.set(challenge.nonce, nonceCount);
    const value = answerChallenge({
      challenge,
      username: this.#username,
      password: this.#password,
      method,
      uri,
      cnonce: randomBytes(8).toString('hex'),
      nonceCount,
    });
    return { name: byProxy ? 'Proxy-Authorization' : 'Authorization', value, stale: challenge.stale };
  }
}

/** `7 INVITE` -> `8 INVITE`: a request sent again with credentials is a new one (RFC 3261 §22.2). */
function withNextCseq(headers: Readonly<Record<string, string>>): Record<string, string> {
  const next = { ...headers };
  const cseq = /^(\d+) (\S+)$/.exec(headers.CSeq ?? '');
  if (cseq) next.CSeq = `${Number(cseq[1]) + 1} ${cseq[2]}`;
  return next;
}

/**
 * Sends, and answers challenges when there is a session. The handlers see the final outcome only, `onSent` each
 * time. Requests outside a dialog must carry Call-ID, From with tag, and CSeq, so that the second try repeats them.
 * @param digestUri what is signed; within a dialog the remote target
 */
export function sendWithDigest(
  sip: SipPort,
  request: SipOutgoing,
  handlers: SipOutgoingHandlers,
  session: DigestSession | undefined,
  digestUri: string,
): SipClientTransaction {
  if (!session) return sip.send(request, handlers);
  let tries = 0;
  let cancelled = false;
  let current: SipClientTransaction;
  const attempt = (outgoing: SipOutgoing): void => {
    tries++;
    current = sip.send(outgoing, {
      ...handlers,
      onResponse: (response) => {
        const challenged = !cancelled && (response.status === 401 || response.status === 407);
        const answer = challenged ? session.answer(response, request.method, digestUri) : undefined;
        if (!answer || tries > 2 || (tries === 2 && !answer.stale)) return handlers.onResponse(response);
        const headers = withNextCseq(outgoing.headers ?? {});
        attempt({ ...outgoing, headers: { ...headers, [answer.name]: answer.value } });
      },
    });
  };
  attempt(request);
  return {
    cancel: (headers = {}) => {
      cancelled = true;
      current.cancel(headers);
    },
  };
}
