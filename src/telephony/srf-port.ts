/**
 * SipPort over drachtio-srf, which stays unchanged. Its `Dialog` class is left out: it answers in-dialog requests
 * that nobody listens to with 200, and cannot take a re-INVITE without SDP. All requests go to one listener
 * instead, and requests of ours name their dialog.
 */
import Srf from 'drachtio-srf';
import { Emitter } from '../base/emitter.ts';
import { CordboardError, errorMessage } from '../base/errors.ts';
import type { Logger } from '../base/log.ts';
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
} from './sip-port.ts';

/** The part of drachtio-srf used here, as its own typings leave most of it out. */
interface SrfMessage {
  get(name: string): string | undefined;
  body?: string;
  payload?: { type?: string | null; content?: string }[];
}
interface SrfMeta {
  protocol?: string;
  source_address?: string;
  source_port?: number;
  stackDialogId?: string;
  stackTxnId?: string;
}
interface SrfRequest extends SrfMessage, SrfMeta {
  method: string;
  uri: string;
  source: string;
  on(event: string, listener: (...args: never[]) => void): void;
  cancel(options: { headers?: object }, callback: (error: unknown) => void): void;
}
interface SrfResponse extends SrfMessage, SrfMeta {
  status: number;
  reason?: string;
  send(
    status: number,
    reason: string | object,
    options: object | ((error: unknown, sent?: SrfMessage) => void),
    callback?: (error: unknown, sent?: SrfMessage) => void,
  ): void;
}
type SrfAck = (options?: { body?: string }) => void;
type SrfHandler = (request: SrfRequest, response: SrfResponse) => void;
interface SrfApplication {
  use(handler: SrfHandler): void;
  use(method: string, handler: SrfHandler): void;
  connect(options: object): void;
  disconnect(): void;
  request(options: object, callback: (error: unknown, request?: SrfRequest) => void): void;
  on(event: string, listener: (...args: never[]) => void): void;
  /** The connection's own switch against reconnecting; drachtio-srf has no other while it is disconnected. */
  client?: { wp?: { closing?: boolean } };
}

export interface SrfPortOptions {
  host: string;
  port: number;
  secret: string;
  log: Logger;
}

/** Verbs for which the engine sends us requests outside dialogs. */
const routedVerbs = ['invite', 'register', 'options', 'message', 'info', 'notify', 'subscribe', 'publish'];
/** drachtio-srf backs off without limit; new calls are to be taken within 3 s of the engine's return. */
const reconnectMaxDelayMs = 400;
/** A remote drachtio-server behind a firewall needs traffic to keep the connection. */
const pingIntervalMs = 15_000;

export class SrfPort implements SipPort {
  readonly events = new Emitter<SipPortEvents>();
  readonly #options: SrfPortOptions;
  readonly #underWay = new Set<(error: Error) => void>();
  #app: SrfApplication | undefined;
  #up = false;

  constructor(options: SrfPortOptions) {
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#up;
  }

  start(): void {
    if (this.#app) return;
    const { host, port, secret, log } = this.#options;
    const srf = new Srf() as unknown as {
      app: SrfApplication;
      on(event: string, listener: () => void): void;
    };
    srf.on('error', () => {}); // the same as the application's, told twice
    const app = srf.app;
    this.#app = app;
    const handle: SrfHandler = (request, response) => this.#receive(request, response);
    app.use(handle);
    for (const verb of routedVerbs) app.use(verb, handle);
    app.on('connect', (error: unknown) => {
      if (this.#app !== app) return app.disconnect();
      if (error) return log.error('the SIP engine refused the connection', { error });
      log.info('connected to the SIP engine', { host, port });
      this.#up = true;
      this.events.emit('up');
    });
    app.on('error', (error: unknown) => log.debug('SIP engine connection', { error: errorMessage(error) }));
    app.on('close', () => this.#down());
    app.connect({
      host,
      port,
      secret,
      enablePing: true,
      pingInterval: pingIntervalMs,
      reconnect: { retryMaxDelay: reconnectMaxDelayMs },
    });
  }

  stop(): void {
    const app = this.#app;
    if (!app) return;
    this.#app = undefined;
    if (this.#up) app.disconnect();
    else if (app.client?.wp) app.client.wp.closing = true;
    this.#down();
  }

  send(request: SipOutgoing, handlers: SipOutgoingHandlers): SipClientTransaction {
    let sent: SrfRequest | undefined;
    let cancelHeaders: Readonly<Record<string, string>> | undefined;
    let over = false;
    const fail = (error: Error): void => {
      if (over) return;
      over = true;
      this.#underWay.delete(fail);
      handlers.onFailure(error);
    };
    const cancel = (): void => {
      if (over || !sent || !this.#up) return;
      // The verdict on a CANCEL says nothing: its INVITE ends with a final response in any case.
      sent.cancel({ headers: { ...cancelHeaders } }, () => {});
    };
    const app = this.#app;
    if (!app || !this.#up) {
      queueMicrotask(() => fail(engineDown()));
      return { cancel() {} };
    }
    this.#underWay.add(fail);
    app.request(
      {
        method: request.method,
        uri: request.uri ?? 'sip:placeholder',
        headers: { ...request.headers },
        ...(request.body === undefined ? {} : { body: request.body }),
        ...(request.nextHop === undefined ? {} : { proxy: request.nextHop }),
        ...(request.dialogId === undefined ? {} : { stackDialogId: request.dialogId }),
      },
      (error, outgoing) => {
        if (over) return;
        if (error || !outgoing) {
          return fail(
            new CordboardError('sip.rejected', `${request.method} was not sent: ${errorMessage(error)}`, {
              cause: error,
            }),
          );
        }
        sent = outgoing;
        outgoing.on('response', (response: SrfResponse, ack: SrfAck) => {
          const final = response.status >= 200;
          if (final) {
            over = true;
            this.#underWay.delete(fail);
          }
          handlers.onResponse(wrapResponse(response, ack));
        });
        // drachtio-srf hands an UPDATE that comes while a request of the same Call-ID is pending to that request.
        outgoing.on('update', (update: SrfRequest, response: SrfResponse) => this.#receive(update, response));
        handlers.onSent?.(wrapSent(outgoing, outgoing.stackDialogId));
        if (cancelHeaders) cancel();
      },
    );
    return {
      cancel: (headers = {}) => {
        cancelHeaders = headers;
        cancel();
      },
    };
  }

  #receive(request: SrfRequest, response: SrfResponse): void {
    if (request.method === 'INVITE')
      request.on('update', (update: SrfRequest, answer: SrfResponse) => this.#receive(update, answer));
    this.events.emit(
      'request',
      wrapRequest(request, (status, reply) => this.#respond(response, status, reply)),
    );
  }

  #respond(response: SrfResponse, status: number, reply: SipReply): Promise<SentMessage> {
    return new Promise((resolve, reject) => {
      if (!this.#up) return reject(engineDown());
      this.#underWay.add(reject);
      const options = {
        headers: { ...reply.headers },
        ...(reply.body === undefined ? {} : { body: reply.body }),
      };
      const done = (error: unknown, sent?: SrfMessage): void => {
        this.#underWay.delete(reject);
        if (sent && !error) {
          resolve(wrapSent(sent, response.stackDialogId));
          return;
        }
        reject(new CordboardError('sip.cancelled', `the ${status} was not sent: ${errorMessage(error)}`));
      };
      if (reply.reason === undefined) response.send(status, options, done);
      else response.send(status, reply.reason, options, done);
    });
  }

  #down(): void {
    for (const fail of [...this.#underWay]) fail(engineDown());
    this.#underWay.clear();
    if (!this.#up) return;
    this.#up = false;
    this.events.emit('down');
  }
}

function engineDown(): CordboardError {
  return new CordboardError('sip.engine-down', 'the SIP engine is not there');
}

function sourceOf(message: SrfMeta): SipSource | undefined {
  if (!message.source_address) return undefined;
  const transport = message.protocol === 'tcp' || message.protocol === 'tls' ? message.protocol : 'udp';
  return { transport, address: message.source_address, port: message.source_port ?? 5060 };
}

function wrapSent(message: SrfMessage, dialogId: string | undefined): SentMessage {
  return { header: (name) => message.get(name), body: message.body ?? '', dialogId: dialogId || undefined };
}

/** The body, or within a multipart body its session description. */
function bodyOf(message: SrfMessage): string {
  const sdp = (message.payload ?? []).find((part) => part.type?.trim().toLowerCase() === 'application/sdp');
  return sdp?.content ?? message.body ?? '';
}

function wrapResponse(response: SrfResponse, ack: SrfAck): SipResponse {
  return {
    status: response.status,
    reason: response.reason ?? '',
    header: (name) => response.get(name),
    body: bodyOf(response),
    source: sourceOf(response),
    dialogId: response.stackDialogId || undefined,
    acknowledge: (body) => {
      try {
        ack(body === undefined ? {} : { body });
      } catch {
        // The connection went away between response and ACK; `down` tells whom it concerns.
      }
    },
  };
}

function wrapRequest(
  request: SrfRequest,
  respond: (status: number, reply: SipReply) => Promise<SentMessage>,
): SipRequest {
  return {
    method: request.method,
    uri: request.uri,
    callId: request.get('call-id') ?? '',
    dialogId: request.stackDialogId || undefined,
    source: sourceOf(request) ?? { transport: 'udp', address: '', port: 0 },
    unsolicited: request.stackTxnId === 'unsolicited',
    header: (name) => request.get(name),
    body: bodyOf(request),
    onCancel: (listener) => request.on('cancel', (cancel: SrfMessage) => listener(cancel.get('reason'))),
    respond: (status, reply = {}) => respond(status, reply),
  };
}
