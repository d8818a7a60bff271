/**
 * Call detail records (drachtio's `cdr:attempt`, `cdr:start`, `cdr:stop`), each to one application that routed that
 * verb; nothing is built while there is none.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { wireTime } from '../codec/drachtio-wire.ts';
import type { SipMessage } from '../codec/sip-message.ts';
import type { WireClient } from './wire-client.ts';

/** Who sent the message that makes the record. */
export type RecordSource = 'network' | 'application';
export type RecordRole = 'uac' | 'uas' | 'proxy-uac' | 'proxy-uas';
export type StopReason =
  | 'call-rejected'
  | 'call-canceled'
  | 'normal-release'
  | 'session-expired'
  | 'ack-timeout'
  | 'system-initiated-termination';

export interface CallRecordsOptions {
  clock: Clock;
  /** An application that takes the verb. */
  pick(verb: string): WireClient | undefined;
}

export class CallRecords {
  readonly #options: CallRecordsOptions;
  /** Dialogs whose beginning has been told and whose end has not; both sides may hang up at once. */
  readonly #running = new WeakSet<object>();

  constructor(options: CallRecordsOptions) {
    this.#options = options;
  }

  /** An INVITE outside any dialog. */
  attempt(source: RecordSource, invite: SipMessage): void {
    this.#tell('cdr:attempt', [source, this.#time()], invite);
  }

  /** The 2xx that answers it. @param dialog whose end is to be told, where the engine sees it */
  start(source: RecordSource, role: RecordRole, accepted: SipMessage, dialog?: object): void {
    if (dialog) this.#running.add(dialog);
    this.#tell('cdr:start', [source, this.#time(), role], accepted);
  }

  /** The BYE that ends a dialog; told once. */
  end(source: RecordSource, reason: StopReason, bye: SipMessage, dialog: object): void {
    if (this.#running.delete(dialog)) this.stop(source, reason, bye);
  }

  /** The refusal or CANCEL that ends an attempt. */
  stop(source: RecordSource, reason: StopReason, message: SipMessage): void {
    this.#tell('cdr:stop', [source, this.#time(), reason], message);
  }

  #time(): string {
    return wireTime(this.#options.clock.now());
  }

  #tell(verb: string, tokens: string[], message: SipMessage): void {
    const client = this.#options.pick(verb);
    client?.send(`${[randomUUID(), verb, ...tokens].join('|')}\r\n${message.serialise()}`);
  }
}

/** What a BYE of the engine's own says about the end. */
export function stopReasonOf(text: string): StopReason {
  if (/ack timeout/i.test(text)) return 'ack-timeout';
  if (/session/i.test(text)) return 'session-expired';
  return 'system-initiated-termination';
}
