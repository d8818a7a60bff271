/**
 * Telephony without phones or sound: legs that do what call control asks at once, for tests of call control's own
 * decisions. Whoever is dialled only rings.
 */
import { Emitter } from '../../src/base/emitter.ts';
import type { Termination } from '../../src/domain/termination.ts';
import type {
  DialOptions,
  IncomingCall,
  Leg,
  LegEvents,
  LegState,
  Telephony,
  TelephonyEvents,
} from '../../src/telephony/contract.ts';

export class MemoryLeg implements Leg {
  readonly kind = 'sip';
  readonly events = new Emitter<LegEvents>();
  readonly legId: string;
  readonly party: string;
  readonly sipCallId = undefined;
  readonly signalling = undefined;
  state: LegState = 'incoming';
  #plays = 0;
  /** What plays now. */
  playing: string | undefined;

  constructor(legId: string, party: string) {
    this.legId = legId;
    this.party = party;
  }

  async ring(): Promise<void> {}
  async earlyMedia(): Promise<void> {}
  async answer(): Promise<void> {
    this.state = 'up';
    this.events.emit('answered');
  }

  async hangUp(termination: Termination): Promise<void> {
    if (this.state === 'ended') return;
    this.state = 'ended';
    this.events.emit('over', termination);
    this.events.emit('ended', termination, null);
  }

  play(): string {
    this.#plays += 1;
    this.playing = `${this.legId}-${this.#plays}`;
    return this.playing;
  }

  /** What plays is heard to its end. */
  hear(): void {
    const { playing } = this;
    this.playing = undefined;
    if (playing !== undefined) this.events.emit('played', playing, 'ended');
  }

  music(): string {
    this.playing = undefined;
    return 'music';
  }

  stopPlaying(): void {
    this.playing = undefined;
  }

  sendDigits(): void {}
}

export class MemoryTelephony implements Telephony {
  readonly events = new Emitter<TelephonyEvents>();
  readonly dialled: DialOptions[] = [];
  readonly #legs: MemoryLeg[] = [];

  get browser(): never {
    throw new Error('there are no browsers here');
  }

  async start(): Promise<void> {}
  async stop(): Promise<void> {}
  configure(): void {}

  dial(options: DialOptions): Leg {
    this.dialled.push(options);
    const { target } = options;
    return this.#leg(target.kind === 'trunk' ? target.number : target.extensionId, 'dialling');
  }

  /** A call comes in; the leg is the caller's. */
  call(call: Omit<IncomingCall, 'leg' | 'from' | 'fromName'>): MemoryLeg {
    const leg = this.#leg('caller', 'incoming');
    this.events.emit('incoming', { ...call, leg, from: '+36301112233', fromName: undefined });
    return leg;
  }

  async bridge(): Promise<never> {
    throw new Error('nobody answers here');
  }

  async record(): Promise<never> {
    throw new Error('nothing is recorded here');
  }

  phones(): [] {
    return [];
  }

  trunks(): [] {
    return [];
  }

  callsOn(): number {
    return 0;
  }

  legs(): Leg[] {
    return this.#legs.filter(({ state }) => state !== 'ended');
  }

  #leg(party: string, state: LegState): MemoryLeg {
    const leg = new MemoryLeg(`leg-${this.#legs.length}`, party);
    leg.state = state;
    this.#legs.push(leg);
    return leg;
  }
}
