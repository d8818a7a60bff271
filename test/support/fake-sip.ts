/**
 * A SIP stack without a network: the test is the peer. It sees each request that telephony sends, answers it, and
 * sends requests of its own. Nothing is retransmitted and nothing lost, unless the test leaves it out.
 */
import { Emitter } from '../../src/base/emitter.ts';
import { CordboardError } from '../../src/base/errors.ts';
import { randomId } from '../../src/base/ids.ts';
import { answerChallenge, bestChallenge } from '../../src/codec/digest.ts';
import type {
  SentMessage,
  SipClientTransaction,
  SipOutgoing,
  SipOutgoingHandlers,
  SipPort,
  SipPortEvents,
  SipReply,
  SipRequest,
  SipResponse,
  SipSource,
} from '../../src/telephony/sip-port.ts';

type Headers = Record<string, string>;

function headerOf(headers: Readonly<Headers>): (name: string) => string | undefined {
  return (name) => Object.entries(headers).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

export const phoneSource: SipSource = { transport: 'udp', address: '192.168.1.20', port: 5060 };

/** A request of telephony's. */
export class SentRequest {
  readonly request: SipOutgoing;
  readonly #handlers: SipOutgoingHandlers;
  /** Headers of the CANCEL; undefined: not cancelled. */
  cancelHeaders: Readonly<Headers> | undefined;
  /** ACK and PRACK bodies. */
  readonly acknowledged: string[] = [];
  final = false;

  constructor(request: SipOutgoing, handlers: SipOutgoingHandlers) {
    this.request = request;
    this.#handlers = handlers;
  }

  header(name: string): string | undefined {
    return headerOf(this.request.headers ?? {})(name);
  }

  /** Answers it, by default from where it was sent to. */
  respond(
    status: number,
    options: { headers?: Headers; body?: string; source?: SipSource | null; reason?: string } = {},
  ): void {
    const headers: Headers = {
      To: `${this.header('To') ?? '<sip:peer@host>'};tag=peer-tag`,
      From: this.header('From') ?? '',
      Contact: '<sip:peer@192.168.1.20:5060>',
      ...options.headers,
    };
    this.final ||= status >= 200;
    const callId = this.header('Call-ID');
    const localTag = /tag=([^;]+)/.exec(this.header('From') ?? '')?.[1];
    const response: SipResponse = {
      status,
      reason: options.reason ?? '',
      header: headerOf(headers),
      body: options.body ?? '',
      source: options.source === null ? undefined : (options.source ?? phoneSource),
      dialogId: this.request.dialogId ?? (callId && localTag ? `${callId};from-tag=${localTag}` : undefined),
      acknowledge: (body = '') => this.acknowledged.push(body),
    };
    this.#handlers.onResponse(response);
  }

  fail(error: Error): void {
    this.final = true;
    this.#handlers.onFailure(error);
  }
}

/** A request of the peer's, with what it was answered. */
export class PeerRequest {
  readonly replies: (SipReply & { status: number })[] = [];
  readonly request: SipRequest;
  #cancel: ((reason: string | undefined) => void) | undefined;

  constructor(options: {
    method: string;
    uri: string;
    headers: Headers;
    body: string;
    source: SipSource;
    dialogId: string | undefined;
    unsolicited: boolean;
  }) {
    this.request = {
      method: options.method,
      uri: options.uri,
      callId: headerOf(options.headers)('Call-ID') ?? '',
      dialogId: options.dialogId,
      source: options.source,
      unsolicited: options.unsolicited,
      header: headerOf(options.headers),
      body: options.body,
      onCancel: (listener) => {
        this.#cancel = listener;
      },
      respond: async (status, reply = {}): Promise<SentMessage> => {
        if ((this.last?.status ?? 0) >= 200) throw new CordboardError('sip.cancelled', 'answered already');
        this.replies.push({ status, ...reply });
        const to = headerOf(options.headers)('To') ?? '';
        return {
          header: headerOf({ ...options.headers, ...reply.headers, To: `${to};tag=our-tag` }),
          body: reply.body ?? '',
          dialogId: options.dialogId,
        };
      },
    };
  }

  get last(): (SipReply & { status: number }) | undefined {
    return this.replies.at(-1);
  }

  /** CANCEL: the stack answers with 487. */
  cancel(reason?: string): void {
    this.replies.push({ status: 487 });
    this.#cancel?.(reason);
  }
}

export class FakeSip implements SipPort {
  readonly events = new Emitter<SipPortEvents>();
  readonly sent: SentRequest[] = [];
  isUp = false;

  start(): void {
    this.up();
  }

  stop(): void {
    this.isUp = false;
  }

  up(): void {
    this.isUp = true;
    this.events.emit('up');
  }

  /** The engine dies: what was under way fails. */
  down(): void {
    this.isUp = false;
    for (const sent of this.sent)
      if (!sent.final) sent.fail(new CordboardError('sip.engine-down', 'the SIP engine is not there'));
    this.events.emit('down');
  }

  send(request: SipOutgoing, handlers: SipOutgoingHandlers): SipClientTransaction {
    const sent = new SentRequest(request, handlers);
    if (!this.isUp) {
      queueMicrotask(() => sent.fail(new CordboardError('sip.engine-down', 'the SIP engine is not there')));
      return { cancel() {} };
    }
    this.sent.push(sent);
    handlers.onSent?.({
      header: (name) => sent.header(name),
      body: request.body ?? '',
      dialogId: request.dialogId,
    });
    return {
      cancel: (headers = {}) => {
        if (!sent.final) sent.cancelHeaders = headers;
      },
    };
  }

  /** Requests of this method sent so far. */
  all(method: string): SentRequest[] {
    return this.sent.filter((sent) => sent.request.method === method);
  }

  last(method: string): SentRequest {
    const found = this.all(method).at(-1);
    if (!found) throw new Error(`no ${method} was sent`);
    return found;
  }

  /** The peer sends a request outside any dialog. */
  receive(
    method: string,
    options: { uri?: string; headers?: Headers; body?: string; source?: SipSource; callId?: string } = {},
  ): PeerRequest {
    const peer = new PeerRequest({
      method,
      uri: options.uri ?? 'sip:100@pbx',
      headers: {
        'Call-ID': options.callId ?? randomId(),
        From: '<sip:201@pbx>;tag=peer-tag',
        To: '<sip:100@pbx>',
        CSeq: `1 ${method}`,
        Contact: '<sip:201@192.168.1.20:5060>',
        ...options.headers,
      },
      body: options.body ?? '',
      source: options.source ?? phoneSource,
      dialogId: undefined,
      unsolicited: false,
    });
    this.events.emit('request', peer.request);
    return peer;
  }

  /** The peer sends a request within a dialog. */
  receiveIn(
    dialogId: string,
    method: string,
    options: { headers?: Headers; body?: string; unsolicited?: boolean } = {},
  ): PeerRequest {
    const peer = new PeerRequest({
      method,
      uri: 'sip:us@pbx',
      headers: {
        'Call-ID': dialogId.split(';')[0] ?? '',
        To: '<sip:us@pbx>;tag=our-tag',
        ...options.headers,
      },
      body: options.body ?? '',
      source: phoneSource,
      dialogId,
      unsolicited: options.unsolicited ?? false,
    });
    this.events.emit('request', peer.request);
    return peer;
  }
}

/** The Authorization header that answers the challenge in a reply. */
export function answerReply(
  reply: SipReply | undefined,
  options: { username: string; password: string; method: string; uri: string; nonceCount?: number },
): Headers {
  const byProxy = reply?.headers?.['Proxy-Authenticate'];
  const challenge = bestChallenge(byProxy ?? reply?.headers?.['WWW-Authenticate'] ?? '');
  if (!challenge) throw new Error('there is no challenge to answer');
  const value = answerChallenge({ challenge, cnonce: 'c0ffee', nonceCount: 1, ...options });
  return { [byProxy === undefined ? 'Authorization' : 'Proxy-Authorization']: value };
}
