/** Agents of the demo: phones that register, ring, answer, hold and hang up, each after its owner's habits. */
import { randomId } from '../../src/base/ids.ts';
import type { SipMessage } from '../../src/codec/sip-message.ts';
import { Endpoint } from '../peers/endpoint.ts';
import { pause } from '../peers/pause.ts';
import { IncomingCall } from '../peers/talk.ts';
import type { DemoApi } from './api.ts';
import type { Habit } from './office.ts';
import { about, converse, type Scene } from './people.ts';

const registerExpiresS = 300;
const breaks = ['break', 'break', 'break', 'lunch', 'meeting'] as const;

export class DemoAgent {
  readonly #habit: Habit;
  readonly #scene: Scene;
  readonly #endpoint: Endpoint;
  readonly #calls = new Map<string, IncomingCall>();
  readonly #registration = { callId: randomId(), tag: randomId(8) };
  #registering: NodeJS.Timeout | undefined;

  private constructor(habit: Habit, scene: Scene, endpoint: Endpoint) {
    this.#habit = habit;
    this.#scene = scene;
    this.#endpoint = endpoint;
    endpoint.onRequest = (request) => this.#onRequest(request);
  }

  static async open(habit: Habit, secret: string, scene: Scene): Promise<DemoAgent> {
    const endpoint = await Endpoint.open({
      address: '127.0.0.1',
      user: habit.extension,
      secret,
      server: scene.server,
    });
    const agent = new DemoAgent(habit, scene, endpoint);
    await agent.#register(registerExpiresS);
    agent.#registering = setInterval(() => void agent.#register(registerExpiresS), registerExpiresS * 400);
    return agent;
  }

  /** Takes breaks until the demo ends; the office sees them as any other. */
  async work(api: DemoApi): Promise<void> {
    const { random, isOpen } = this.#scene;
    const { id, worksMin, breakMin } = this.#habit;
    await api.setStatus(id, 'available');
    while (isOpen()) {
      await pause(about(random, worksMin * 60_000));
      if (!isOpen()) return;
      await api.setStatus(id, 'on-break', random.pick(breaks));
      await pause(about(random, breakMin * 60_000));
      await api.setStatus(id, 'available');
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#registering);
    await Promise.all([...this.#calls.values()].map((call) => call.hangUp()));
    await this.#register(0);
    this.#endpoint.close();
  }

  async #register(expiresS: number): Promise<void> {
    const { address, port } = this.#scene.server;
    const aor = `<sip:${this.#habit.extension}@${address}>`;
    await this.#endpoint.request({
      method: 'REGISTER',
      uri: `sip:${address}:${port}`,
      from: `${aor};tag=${this.#registration.tag}`,
      to: aor,
      callId: this.#registration.callId,
      headers: [`Expires: ${expiresS}`],
    });
  }

  #onRequest(request: SipMessage): void {
    switch (request.method) {
      case 'INVITE':
        if (request.toTag === '') void this.#ring(request);
        else this.#endpoint.respond(request, 488); // nothing is changed in a talk by the box
        return;
      case 'ACK':
        return;
      case 'CANCEL':
      case 'BYE':
        this.#endpoint.respond(request, 200);
        this.#calls.get(request.callId)?.ended();
        this.#calls.delete(request.callId);
        return;
      default:
        this.#endpoint.respond(request, 200);
    }
  }

  async #ring(invite: SipMessage): Promise<void> {
    const { random, metronome } = this.#scene;
    const { answersAfterMs, missesOneIn, holdsOneIn } = this.#habit;
    const call = new IncomingCall(this.#endpoint, invite, metronome, 'silent');
    this.#calls.set(invite.callId, call);
    if (missesOneIn > 0 && random.oneIn(missesOneIn)) return;
    await pause(about(random, answersAfterMs));
    await call.answer();
    if (call.state !== 'up') return;
    const number = /sip:([^@>;]+)@/.exec(invite.get('from') ?? '')?.[1] ?? '';
    // A call that the box makes for this agent: whoever is called speaks, and hangs up.
    const isOurs = !this.#scene.outsiders.has(number);
    const conversation = converse(this.#scene, number, isOurs ? 'outbound' : 'inbound');
    if (isOurs) return;
    call.say(conversation.agent);
    if (random.oneIn(holdsOneIn)) {
      await pause(about(random, 8000));
      await call.hold(true);
      await pause(about(random, 6000));
      await call.hold(false);
    }
    // The caller hangs up as a rule; one in three times the agent is quicker.
    await pause(conversation.durationMs + (random.oneIn(3) ? 500 : 30_000));
    await call.hangUp();
    this.#calls.delete(invite.callId);
  }
}
