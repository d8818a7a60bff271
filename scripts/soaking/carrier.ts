/** The carrier and its callers: those who talk, those who give up, those who dial wrong. */
import type { Random } from '../fuzzers/random.ts';
import { Endpoint } from '../peers/endpoint.ts';
import { pause } from '../peers/pause.ts';
import { OutgoingCall } from '../peers/talk.ts';
import type { Metronome } from '../peers/voice.ts';
import { numbers } from './office.ts';
import type { Outcomes } from './outcomes.ts';
import { judgeTalk } from './phones.ts';

/** Longest that anybody waits for an agent. */
const patienceMs = 90_000;
/** This many packets of an agent's voice mean that the talk has begun. */
const voiceHeard = 25;

const kinds = [
  'queue',
  'queue',
  'queue',
  'queue',
  'queue',
  'ring-all',
  'menu',
  'impatient',
  'cancel',
  'wrong',
] as const;

export interface CarrierDeps {
  address: string;
  port: number;
  server: { address: string; port: number };
  outcomes: Outcomes;
  metronome: Metronome;
  random: Random;
}

export class Carrier {
  readonly #deps: CarrierDeps;
  readonly #endpoint: Endpoint;
  readonly #calls = new Map<string, OutgoingCall>();
  #stopping = false;

  private constructor(deps: CarrierDeps, endpoint: Endpoint) {
    this.#deps = deps;
    this.#endpoint = endpoint;
    endpoint.onRequest = (request) => {
      if (request.method === 'ACK') return;
      if (request.method === 'INVITE') {
        endpoint.respond(request, 488); // nobody calls out here, and nothing is changed in a call
        return;
      }
      endpoint.respond(request, 200);
      if (request.method === 'BYE') this.#calls.get(request.callId)?.ended();
    };
  }

  /** Listens; the box's keepalives to the trunk are answered. */
  static async open(deps: CarrierDeps): Promise<Carrier> {
    const { address, port, server } = deps;
    return new Carrier(deps, await Endpoint.open({ address, port, user: '+36301112233', server }));
  }

  get endpoint(): Endpoint {
    return this.#endpoint;
  }

  get callsUp(): number {
    return this.#calls.size;
  }

  /** RTP ports of the box that its calls use now. */
  get mediaPorts(): number[] {
    return [...this.#calls.values()].map(({ voice }) => voice.targetPort).filter((port) => port > 0);
  }

  /** One caller, from dialling to hanging up. */
  async caller(kind: (typeof kinds)[number] = this.#deps.random.pick(kinds)): Promise<void> {
    const { outcomes, metronome } = this.#deps;
    const call = await OutgoingCall.make(this.#endpoint, dialled(kind), metronome);
    this.#calls.set(call.callId, call);
    outcomes.count('calls from outside');
    try {
      await this.#run(kind, call);
      if (!(await call.hangUp())) outcomes.fail('BYE', `${kind}: not answered`);
    } finally {
      this.#calls.delete(call.callId);
      call.close();
    }
  }

  /** Whoever waits or talks hangs up soon. */
  stop(): void {
    this.#stopping = true;
  }

  close(): void {
    this.#endpoint.close();
  }

  async #run(kind: (typeof kinds)[number], call: OutgoingCall): Promise<void> {
    const { outcomes, random } = this.#deps;
    let cancelled = false;
    const status = await call.ring((provisional) => {
      if (kind !== 'cancel' || provisional < 180 || cancelled) return;
      cancelled = true;
      setTimeout(() => call.cancel(), 500 + random.below(2500));
    });
    if (kind === 'cancel' && status === 487) {
      outcomes.count('callers who gave up before the answer');
      return;
    }
    if (kind === 'wrong' && status >= 400 && status < 500) {
      outcomes.count('wrong numbers');
      return;
    }
    if (status !== 200) {
      outcomes.fail('call from outside', `${kind}: ${status}, ${call.callId}`);
      return;
    }
    if (kind === 'impatient' || kind === 'cancel' || kind === 'wrong') {
      await pause(500 + random.below(5000));
      outcomes.count('callers who gave up in the queue');
      return;
    }
    if (kind === 'menu') {
      await pause(1000 + random.below(2000));
      await call.voice.press('1');
    }
    await this.#wait(kind, call);
  }

  async #wait(kind: string, call: OutgoingCall): Promise<void> {
    const { outcomes, random } = this.#deps;
    const since = performance.now();
    const isPatient = (): boolean => !this.#stopping && performance.now() - since < patienceMs;
    while (call.voice.heardPeer < voiceHeard && call.isUp && isPatient()) await pause(100);
    if (!call.isUp) {
      // An agent who hangs up within half a second has not been heard; anybody else lost the caller.
      if (call.voice.heardPeer === 0)
        outcomes.fail('call from outside', `${kind}: hung up on, ${call.callId}`);
      return;
    }
    if (call.voice.heardPeer < voiceHeard) {
      outcomes.count('callers whose patience ended');
      return;
    }
    outcomes.count('talks with agents');
    outcomes.count('seconds waited', Math.round((performance.now() - since) / 1000));
    const talkMs = 6000 + random.below(20_000);
    const begunAt = performance.now();
    while (call.isUp && !this.#stopping && performance.now() < begunAt + talkMs) await pause(100);
    judgeTalk(call, performance.now() - begunAt, outcomes, `${kind} ${call.callId}`);
  }
}

function dialled(kind: (typeof kinds)[number]): string {
  switch (kind) {
    case 'ring-all':
      return numbers.help;
    case 'menu':
      return numbers.menu;
    case 'cancel':
      return numbers.desk;
    case 'wrong':
      return '3619999999';
    default:
      return numbers.sales;
  }
}
