/** Calls of an endpoint: one it makes, and those that ring it. */
import { randomId } from '../../src/base/ids.ts';
import type { SipMessage } from '../../src/codec/sip-message.ts';
import type { Endpoint } from './endpoint.ts';
import { type Metronome, Voice } from './voice.ts';

/** What callers say and what those called say, as G.711 µ-law codes. */
const callerSound = 0x35;
const calledSound = 0xb5;
/** µ-law of nothing. */
const silence = 0xff;

/** What a party says when it has no words: a code that tells who it is, or nothing. */
export type Undertone = 'telling' | 'silent';

const soundsOf = (who: 'caller' | 'called', undertone: Undertone): { own: number; peer: number } => {
  const [own, peer] = who === 'caller' ? [callerSound, calledSound] : [calledSound, callerSound];
  return { own: undertone === 'silent' ? silence : own, peer };
};

/** A call that an endpoint made. */
export class OutgoingCall {
  readonly callId = randomId();
  readonly voice: Voice;
  readonly #endpoint: Endpoint;
  readonly #from: string;
  readonly #to: string;
  #dialog: { target: string; to: string; cseq: number } | undefined;
  #peerEnded = false;
  /** Called once when the other side hangs up. */
  onPeerEnded: () => void = () => {};

  private constructor(endpoint: Endpoint, voice: Voice, number: string, from: string) {
    this.#endpoint = endpoint;
    this.voice = voice;
    this.#from = `<sip:${from}@${endpoint.address}>;tag=${randomId(8)}`;
    this.#to = `<sip:${number}@${endpoint.server}>`;
  }

  /** @param options.from the caller's number, when the endpoint speaks for many (a carrier) */
  static async make(
    endpoint: Endpoint,
    number: string,
    metronome: Metronome,
    options: { from?: string; undertone?: Undertone } = {},
  ): Promise<OutgoingCall> {
    const sounds = soundsOf('caller', options.undertone ?? 'telling');
    const voice = await Voice.open(endpoint.address, metronome, sounds);
    return new OutgoingCall(endpoint, voice, number, options.from ?? endpoint.user);
  }

  get isUp(): boolean {
    return this.#dialog !== undefined && !this.#peerEnded;
  }

  get peerEnded(): boolean {
    return this.#peerEnded;
  }

  /** Rings. @returns the final status; 0 when there was none */
  async ring(onProvisional: (status: number) => void = () => {}): Promise<number> {
    const uri = this.#to.slice(1, -1);
    const response = await this.#endpoint.request({
      method: 'INVITE',
      uri,
      from: this.#from,
      to: this.#to,
      callId: this.callId,
      body: this.voice.sdp,
      onProvisional: ({ status }) => onProvisional(status),
    });
    if (!response) return 0;
    if (response.status < 300) this.#establish(response);
    return response.status;
  }

  cancel(): void {
    this.#endpoint.cancel(this.callId);
  }

  /** The other side sent BYE. */
  ended(): void {
    if (this.#peerEnded) return;
    this.#peerEnded = true;
    this.onPeerEnded();
  }

  /** Says BYE unless the other side did. @returns false when nobody answered it */
  async hangUp(): Promise<boolean> {
    const dialog = this.#dialog;
    if (!dialog || this.#peerEnded) return true;
    const response = await this.#endpoint.request({
      method: 'BYE',
      uri: dialog.target,
      from: this.#from,
      to: dialog.to,
      callId: this.callId,
      cseq: ++dialog.cseq,
    });
    // Both may hang up at once: then the other side has forgotten the call already.
    return response !== undefined && (response.status === 200 || this.#peerEnded);
  }

  close(): void {
    this.#endpoint.forget(this.callId);
    this.voice.close();
  }

  #establish(response: SipMessage): void {
    const cseq = response.cseq?.number ?? 1;
    const target = /<([^>]+)>/.exec(response.get('contact') ?? '')?.[1] ?? this.#to.slice(1, -1);
    const to = response.get('to') ?? this.#to;
    this.#dialog = { target, to, cseq };
    const ack = this.#endpoint.compose({
      method: 'ACK',
      uri: target,
      from: this.#from,
      to,
      callId: this.callId,
      cseq,
      branch: `z9hG4bK${randomId(12)}`,
    });
    this.#endpoint.acknowledge(this.callId, ack);
    this.voice.begin(response.body);
  }
}

/** A call that rings an endpoint. */
export class IncomingCall {
  readonly invite: SipMessage;
  readonly #endpoint: Endpoint;
  readonly #metronome: Metronome;
  readonly #undertone: Undertone;
  readonly #tag = randomId(8);
  #voice: Voice | undefined;
  #cseq = 1;
  #version = 1;
  state: 'ringing' | 'up' | 'ended' = 'ringing';

  constructor(
    endpoint: Endpoint,
    invite: SipMessage,
    metronome: Metronome,
    undertone: Undertone = 'telling',
  ) {
    this.#endpoint = endpoint;
    this.invite = invite;
    this.#metronome = metronome;
    this.#undertone = undertone;
    endpoint.respond(invite, 180, { tag: this.#tag });
  }

  async answer(): Promise<void> {
    const sounds = soundsOf('called', this.#undertone);
    const voice = await Voice.open(this.#endpoint.address, this.#metronome, sounds);
    if (this.state !== 'ringing') {
      voice.close();
      return;
    }
    this.#voice = voice;
    this.state = 'up';
    voice.begin(this.invite.body);
    this.#endpoint.respond(this.invite, 200, { tag: this.#tag, body: voice.sdp });
  }

  refuse(status: number): void {
    if (this.state !== 'ringing') return;
    this.state = 'ended';
    this.#endpoint.respond(this.invite, status, { tag: this.#tag });
  }

  /** CANCEL or BYE came from the other side, and has been answered. */
  ended(): void {
    if (this.state === 'ringing') this.#endpoint.respond(this.invite, 487, { tag: this.#tag });
    this.#over();
  }

  /** Says this while the call is up; see `Voice.say`. */
  say(words: Uint8Array): void {
    this.#voice?.say(words);
  }

  /** Puts the caller on hold by a re-INVITE, or takes the call back. */
  async hold(on: boolean): Promise<void> {
    const voice = this.#voice;
    if (this.state !== 'up' || !voice) return;
    const cseq = this.#cseq++;
    const dialog = this.#dialog;
    const body = voice.sdpFor(on ? 'sendonly' : 'sendrecv', ++this.#version);
    const response = await this.#endpoint.request({ method: 'INVITE', ...dialog, cseq, body });
    if (!response || response.status >= 300) return;
    const branch = `z9hG4bK${randomId(12)}`;
    this.#endpoint.acknowledge(
      dialog.callId,
      this.#endpoint.compose({ method: 'ACK', ...dialog, cseq, branch }),
    );
  }

  async hangUp(): Promise<void> {
    if (this.state !== 'up') return;
    this.#over();
    await this.#endpoint.request({ method: 'BYE', ...this.#dialog, cseq: this.#cseq++ });
  }

  get #dialog(): { uri: string; from: string; to: string; callId: string } {
    const { invite } = this;
    return {
      uri: /<([^>]+)>/.exec(invite.get('contact') ?? '')?.[1] ?? `sip:${this.#endpoint.server}`,
      from: `${invite.get('to')};tag=${this.#tag}`,
      to: invite.get('from') ?? '',
      callId: invite.callId,
    };
  }

  #over(): void {
    this.state = 'ended';
    this.#endpoint.forget(this.invite.callId);
    this.#voice?.close();
    this.#voice = undefined;
  }
}
