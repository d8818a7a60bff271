/**
 * What telephony needs of a SIP stack: requests in, requests out, nothing of the wire. `srf-port` implements it
 * over drachtio-srf; tests put two scripted ends on a fake wire.
 */
import type { Emitter } from '../base/emitter.ts';

/** A SIP transport address as packets came from it. */
export interface SipSource {
  transport: 'udp' | 'tcp' | 'tls';
  address: string;
  port: number;
}

interface SipMessage {
  /** Header value, case-insensitive; repeated headers are joined by commas. */
  header(name: string): string | undefined;
  /** '' when there is none. */
  readonly body: string;
}

/** What our side sent, with the headers that the stack filled in. */
export interface SentMessage extends SipMessage {
  readonly dialogId: string | undefined;
}

export interface SipReply {
  /** Reason phrase; default: the standard one. */
  reason?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

/** A request from the network. */
export interface SipRequest extends SipMessage {
  readonly method: string;
  readonly uri: string;
  readonly callId: string;
  /** `<Call-ID>;from-tag=<From tag of the request that made the dialog>`; undefined outside a dialog. */
  readonly dialogId: string | undefined;
  readonly source: SipSource;
  /** Made by the stack itself (BYE after a lost ACK or an expired session); it takes no answer. */
  readonly unsolicited: boolean;
  /** Runs when the peer cancels this INVITE; the stack has answered both requests. */
  onCancel(listener: (reasonHeader: string | undefined) => void): void;
  /** @throws CordboardError sip.cancelled when the transaction is over, sip.engine-down */
  respond(status: number, reply?: SipReply): Promise<SentMessage>;
}

/** A response to a request of ours; a synthetic one (timeout, refused connection) has no source. */
export interface SipResponse extends SipMessage {
  readonly status: number;
  readonly reason: string;
  readonly source: SipSource | undefined;
  readonly dialogId: string | undefined;
  /** ACK to a 2xx of INVITE. */
  acknowledge(body?: string): void;
}

export interface SipOutgoing {
  method: string;
  /** Request URI; ignored within a dialog, where the remote target is used. */
  uri?: string;
  /** Next hop, when it is not the request URI: `sip:192.0.2.1:5060;transport=udp`. */
  nextHop?: string;
  dialogId?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
}

export interface SipOutgoingHandlers {
  /** Told once, before any response. */
  onSent?: (sent: SentMessage) => void;
  /** Each response but 100. The last one has status >= 200. */
  onResponse: (response: SipResponse) => void;
  /** Instead of a final response: the stack is gone or refused to send. */
  onFailure: (error: Error) => void;
}

export interface SipClientTransaction {
  /** CANCEL; harmless when a final response has come. */
  cancel(headers?: Readonly<Record<string, string>>): void;
}

export type SipPortEvents = {
  up: [];
  down: [];
  request: [request: SipRequest];
};

export interface SipPort {
  readonly events: Emitter<SipPortEvents>;
  readonly isUp: boolean;
  start(): void;
  stop(): void;
  send(request: SipOutgoing, handlers: SipOutgoingHandlers): SipClientTransaction;
}

/** Sends a non-INVITE request and waits for its final response. @throws CordboardError sip.engine-down, sip.rejected */
export function sendAndWait(sip: SipPort, request: SipOutgoing): Promise<SipResponse> {
  return new Promise((resolve, reject) => {
    sip.send(request, {
      onResponse: (response) => {
        if (response.status >= 200) resolve(response);
      },
      onFailure: reject,
    });
  });
}

/** Methods of ours, for Allow (RFC 3261 §20.5). */
export const allowedMethods = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK';

/** Extensions to SIP that we speak, for Supported (RFC 3261 §20.37). */
export const supportedOptions: readonly string[] = ['timer', '100rel'];
