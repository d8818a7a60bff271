/** The world outside the demo office: its carrier, and those who call in or are called. */
import type { SipMessage } from '../../src/codec/sip-message.ts';
import { Endpoint } from '../peers/endpoint.ts';
import { pause } from '../peers/pause.ts';
import { IncomingCall, OutgoingCall } from '../peers/talk.ts';
import { carrierAddress, carrierPort, numbers } from './office.ts';
import { about, type Scene } from './people.ts';

/** Callers an hour by the hour of the day, as offices see it: a peak at ten, a smaller one after lunch. */
const perHour = [
  40, 40, 40, 40, 40, 60, 100, 180, 290, 400, 430, 400, 320, 340, 420, 400, 340, 250, 180, 120, 80, 60, 40,
  40,
];
/** A visitor at night wants to see something, too. */
const leastPerHour = 240;

export class DemoCarrier {
  readonly #scene: Scene;
  readonly #endpoint: Endpoint;
  readonly #outgoing = new Map<string, OutgoingCall>();
  readonly #incoming = new Map<string, IncomingCall>();
  #callers = 0;

  private constructor(scene: Scene, endpoint: Endpoint) {
    this.#scene = scene;
    this.#endpoint = endpoint;
    endpoint.onRequest = (request) => this.#onRequest(request);
  }

  static async open(scene: Scene): Promise<DemoCarrier> {
    const endpoint = await Endpoint.open({
      address: carrierAddress,
      port: carrierPort,
      user: 'carrier',
      server: scene.server,
    });
    return new DemoCarrier(scene, endpoint);
  }

  /** Callers come as the hour says, until the demo ends. */
  async run(now: () => Date = () => new Date()): Promise<void> {
    const { random, isOpen } = this.#scene;
    while (isOpen()) {
      void this.#caller();
      const rate = Math.max(leastPerHour, perHour[now().getHours()] ?? 0);
      // Exponential: callers know nothing of each other.
      await pause((-3_600_000 / rate) * Math.log(1 - random.below(1_000_000) / 1_000_001));
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#outgoing.values()].map((call) => call.hangUp()));
    await Promise.all([...this.#incoming.values()].map((call) => call.hangUp()));
    for (const call of this.#outgoing.values()) call.close();
    this.#endpoint.close();
  }

  /** One caller, from dialling to hanging up. Some come back with the same number another time. */
  async #caller(): Promise<void> {
    const { random, metronome, outsiders } = this.#scene;
    this.#callers = (this.#callers + 1) % 400;
    const from = `+4420794600${String(((this.#callers * 7) % 90) + 10)}`;
    if (outsiders.has(from)) return; // still on the line
    const dialled = random.pick([numbers.main, numbers.main, numbers.main, numbers.sales, numbers.support]);
    const call = await OutgoingCall.make(this.#endpoint, dialled, metronome, { from, undertone: 'silent' });
    this.#outgoing.set(call.callId, call);
    const over = Promise.withResolvers<void>();
    call.onPeerEnded = over.resolve;
    let talking = false;
    outsiders.set(from, {
      talk: (part, durationMs) => {
        talking = true;
        call.voice.say(part);
        setTimeout(over.resolve, durationMs + 1000).unref();
      },
    });
    try {
      if ((await call.ring()) !== 200) return;
      if (dialled === numbers.main) await this.#throughMenu(call);
      // Patience differs: some leave within half a minute, some wait for three.
      const patience = setTimeout(
        () => {
          if (!talking) over.resolve();
        },
        about(random, 100_000),
      );
      await over.promise;
      clearTimeout(patience);
      await call.hangUp();
    } finally {
      outsiders.delete(from);
      this.#outgoing.delete(call.callId);
      call.close();
    }
  }

  async #throughMenu(call: OutgoingCall): Promise<void> {
    const { random } = this.#scene;
    await pause(about(random, 7000));
    if (!call.isUp) return;
    if (random.oneIn(12))
      await call.voice.press('9'); // not on offer
    else if (!random.oneIn(15)) await call.voice.press(random.pick(['1', '1', '2']));
  }

  #onRequest(request: SipMessage): void {
    switch (request.method) {
      case 'INVITE':
        if (request.toTag === '') void this.#ringOutside(request);
        else this.#endpoint.respond(request, 488);
        return;
      case 'ACK':
        return;
      case 'CANCEL':
      case 'BYE':
        this.#endpoint.respond(request, 200);
        this.#outgoing.get(request.callId)?.ended();
        this.#incoming.get(request.callId)?.ended();
        this.#incoming.delete(request.callId);
        return;
      default:
        this.#endpoint.respond(request, 200);
    }
  }

  /** Somebody outside is called: most answer, some are busy, away, or have changed their number. */
  async #ringOutside(invite: SipMessage): Promise<void> {
    const { random, metronome, outsiders } = this.#scene;
    const number = /sip:([^@>;]+)@/.exec(invite.uri)?.[1] ?? '';
    if (random.oneIn(12)) return this.#endpoint.respond(invite, 404, { tag: 'gone' });
    if (random.oneIn(6)) return this.#endpoint.respond(invite, 486, { tag: 'busy' });
    const call = new IncomingCall(this.#endpoint, invite, metronome, 'silent');
    this.#incoming.set(invite.callId, call);
    if (random.oneIn(4)) return; // nobody is there
    await pause(about(random, 6000));
    outsiders.set(number, { talk: (part) => call.say(part) });
    await call.answer();
    const conversation = random.pick(this.#scene.conversations.outbound);
    call.say(conversation.customer);
    await pause(conversation.durationMs + 1000);
    await call.hangUp();
    outsiders.delete(number);
    this.#incoming.delete(invite.callId);
  }
}
