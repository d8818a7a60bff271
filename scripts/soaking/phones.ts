/** Phones of the office: they register, subscribe, ring and answer as people do. */
import { randomId } from '../../src/base/ids.ts';
import type { SipMessage } from '../../src/codec/sip-message.ts';
import type { Random } from '../fuzzers/random.ts';
import { Endpoint } from '../peers/endpoint.ts';
import { pause } from '../peers/pause.ts';
import { IncomingCall, OutgoingCall } from '../peers/talk.ts';
import type { Metronome } from '../peers/voice.ts';
import { secretOf } from './office.ts';
import type { Outcomes } from './outcomes.ts';

/** How the person at this phone behaves. */
export type Manner = 'agent' | 'colleague' | 'desk';

export interface PhoneDeps {
  server: { address: string; port: number };
  outcomes: Outcomes;
  metronome: Metronome;
  random: Random;
}

export class Phone {
  readonly number: string;
  readonly endpoint: Endpoint;
  readonly #deps: PhoneDeps;
  readonly #manner: Manner;
  readonly #incoming = new Map<string, IncomingCall>();
  readonly #outgoing = new Map<string, OutgoingCall>();
  readonly #registration = { callId: randomId(), tag: randomId(8) };

  private constructor(endpoint: Endpoint, manner: Manner, deps: PhoneDeps) {
    this.endpoint = endpoint;
    this.number = endpoint.user;
    this.#manner = manner;
    this.#deps = deps;
    endpoint.onRequest = (request) => this.#onRequest(request);
  }

  static async open(number: string, manner: Manner, deps: PhoneDeps): Promise<Phone> {
    const endpoint = await Endpoint.open({
      address: '127.0.0.1',
      user: number,
      secret: secretOf(number),
      server: deps.server,
    });
    return new Phone(endpoint, manner, deps);
  }

  get isIdle(): boolean {
    return this.#incoming.size === 0 && this.#outgoing.size === 0;
  }

  /** Registers, or with 0 takes the registration back. */
  async register(expiresS: number): Promise<void> {
    const { endpoint, number } = this;
    const { outcomes, server } = this.#deps;
    const address = `<sip:${number}@${server.address}>`;
    const response = await endpoint.request({
      method: 'REGISTER',
      uri: `sip:${server.address}:${server.port}`,
      from: `${address};tag=${this.#registration.tag}`,
      to: address,
      callId: this.#registration.callId,
      headers: [`Expires: ${expiresS}`],
    });
    if (response?.status === 200) outcomes.count('registrations');
    else outcomes.fail('registration', `${number}: ${response?.status ?? 'no answer'}`);
  }

  /** Asks to be told of an event, refreshes once and ends it; a server that does not do the event says 489. */
  async subscribe(event: string, target: string): Promise<void> {
    const { outcomes, server } = this.#deps;
    const uri = `sip:${target}@${server.address}:${server.port}`;
    const from = `<sip:${this.number}@${server.address}>;tag=${randomId(8)}`;
    const callId = randomId();
    let to = `<${uri}>`;
    for (const expiresS of [300, 300, 0]) {
      const response = await this.endpoint.request({
        method: 'SUBSCRIBE',
        uri,
        from,
        to,
        callId,
        headers: [`Event: ${event}`, `Expires: ${expiresS}`],
      });
      const status = response?.status ?? 0;
      if (status === 0 || status >= 500) outcomes.fail('subscription', `${event}: ${status}`);
      outcomes.count(status < 300 ? 'subscriptions' : 'subscriptions refused');
      if (!response || status >= 300) return;
      to = response.get('to') ?? to;
      await pause(2000);
    }
  }

  /** Calls a colleague, talks and hangs up. */
  async call(number: string, talkMs: number): Promise<void> {
    const { outcomes, metronome } = this.#deps;
    const call = await OutgoingCall.make(this.endpoint, number, metronome);
    this.#outgoing.set(call.callId, call);
    try {
      outcomes.count('calls between phones');
      const status = await call.ring();
      if (status === 486 || status === 480) outcomes.count('calls between phones: busy');
      else if (status !== 200) outcomes.fail('call between phones', `${this.number} to ${number}: ${status}`);
      if (!call.isUp) return;
      await pause(talkMs);
      if (!(await call.hangUp())) outcomes.fail('BYE', `${this.number} to ${number}: not answered`);
      judgeTalk(call, talkMs, outcomes, `${this.number} to ${number}`);
    } finally {
      this.#outgoing.delete(call.callId);
      call.close();
    }
  }

  #onRequest(request: SipMessage): void {
    const { endpoint } = this;
    switch (request.method) {
      case 'INVITE':
        if (request.toTag === '') void this.#ring(request);
        else endpoint.respond(request, 488);
        return;
      case 'ACK':
        return;
      case 'CANCEL':
      case 'BYE': {
        endpoint.respond(request, 200);
        this.#incoming.get(request.callId)?.ended();
        this.#incoming.delete(request.callId);
        this.#outgoing.get(request.callId)?.ended();
        return;
      }
      default:
        endpoint.respond(request, 200);
    }
  }

  async #ring(invite: SipMessage): Promise<void> {
    const { random, metronome, outcomes } = this.#deps;
    const call = new IncomingCall(this.endpoint, invite, metronome);
    this.#incoming.set(invite.callId, call);
    if (this.#manner === 'desk') return; // nobody is there
    if (random.oneIn(this.#manner === 'agent' ? 20 : 8)) {
      await pause(200);
      call.refuse(486);
      outcomes.count('offers refused');
      this.#incoming.delete(invite.callId);
      return;
    }
    if (this.#manner === 'agent' && random.oneIn(30)) {
      outcomes.count('offers missed');
      return;
    }
    await pause(300 + random.below(2000));
    await call.answer();
    // Agents hang up now and then; most callers do it themselves.
    if (!random.oneIn(3) || this.#manner !== 'agent') return;
    await pause(8000 + random.below(16_000));
    await call.hangUp();
    this.#incoming.delete(invite.callId);
  }
}

/** Whether the peer was heard for (nearly) all of a talk that lasted at least `talkMs`, of its time. */
export function judgeTalk(call: OutgoingCall, talkMs: number, outcomes: Outcomes, who: string): void {
  const { heardPeer, lost } = call.voice;
  const expected = talkMs / 20;
  outcomes.count('packets heard', call.voice.heard);
  outcomes.count('packets lost', lost);
  // The first moments of a talk are being joined; a busy machine may stop the talker for a moment, too.
  if (!call.peerEnded && heardPeer < 0.9 * expected - 25)
    outcomes.fail('audio', `${who}: heard ${heardPeer} of ${expected} packets, ${lost} lost`);
}
