import { timeOrderedId } from '../base/ids.ts';
import type { CallLeg } from '../domain/call.ts';
import type { CallDirection, CallFact, LogEvent, TraceNote } from '../domain/call-event.ts';
import type { Language, Settings } from '../domain/settings.ts';
import type { Termination } from '../domain/termination.ts';
import type { Bridge, Leg } from '../telephony/contract.ts';
import type { CallControlDeps } from './ports.ts';
import { TalkRecorder } from './talk-recorder.ts';

/** Where a call is at the moment (menu, queue, dialling). Left exactly once. */
export interface Stage {
  /** The caller is gone, or goes elsewhere: stop what this stage does with the caller. */
  leave(): void;
  /** The caller pressed a key. */
  digit?(digit: string): void;
}

export type CallDeps = Pick<
  CallControlDeps,
  'telephony' | 'prompts' | 'recordings' | 'sipTrace' | 'clock' | 'log'
> & {
  settings: () => Settings;
  /** The one way into call log and live page. */
  record: (event: LogEvent) => void;
  /** A leg of this extension is on a call (or no longer). */
  extensionBusy: (extensionId: string, callId: string, busy: boolean) => void;
};

export type LegRole = 'caller' | 'agent' | 'callee';

/**
 * One call: its legs, where it is, what is recorded, and its end. Whatever happens, the end is told once, after
 * every leg has ended and every recording is finalised.
 *
 *     running -> ending (legs are being hung up) -> ended
 */
export class ActiveCall {
  readonly callId: string;
  readonly from: string;
  readonly fromName: string | undefined;
  readonly to: string;
  /** IVR menus passed so far, against loops. */
  ivrHops = 0;
  language: Language;
  readonly recorder: TalkRecorder;
  readonly #deps: CallDeps;
  readonly #legs = new Map<string, Leg>();
  readonly #sipCallIds = new Set<string>();
  #caller: Leg | undefined;
  #stage: Stage | undefined;
  #bridge: { bridge: Bridge; a: Leg; b: Leg } | undefined;
  #ending: Termination | undefined;
  #answered = false;
  #finished = false;
  readonly #onEnded: (call: ActiveCall) => void;

  constructor(
    deps: CallDeps,
    options: {
      direction: CallDirection;
      from: string;
      fromName?: string | undefined;
      to: string;
      trunkId?: string;
      /** A call of a campaign, whose id was written down before. */
      campaign?: { callId: string; campaignId: string; leadId: number; agentId: string };
      onEnded: (call: ActiveCall) => void;
    },
  ) {
    this.#deps = deps;
    const { callId, ...campaign } = options.campaign ?? { callId: timeOrderedId(deps.clock.now()) };
    this.callId = callId;
    this.from = options.from;
    this.fromName = options.fromName;
    this.to = options.to;
    this.language = deps.settings().office.language;
    this.#onEnded = options.onEnded;
    this.recorder = new TalkRecorder(deps, this);
    this.fact({
      name: 'CALLSTART',
      direction: options.direction,
      from: options.from,
      ...(options.fromName === undefined ? {} : { fromName: options.fromName }),
      to: options.to,
      ...(options.trunkId === undefined ? {} : { trunkId: options.trunkId }),
      ...campaign,
    });
  }

  /** The leg that the stages talk to. @throws Error before the first leg was added as caller */
  get caller(): Leg {
    if (!this.#caller) throw new Error(`call ${this.callId} has no caller leg`);
    return this.#caller;
  }

  get isEnding(): boolean {
    return this.#ending !== undefined;
  }

  get isAnswered(): boolean {
    return this.#answered;
  }

  fact(fact: CallFact): void {
    this.#deps.record({ at: this.#deps.clock.now(), callId: this.callId, ...fact });
  }

  trace(code: string, params: TraceNote['params'] = {}): void {
    this.fact({ name: 'TRACE', code, params });
  }

  /** Takes a leg into the call. `extensionId`: the phone that is now busy outside the queues. */
  addLeg(leg: Leg, role: LegRole, extensionId?: string): void {
    this.#legs.set(leg.legId, leg);
    if (role === 'caller') this.#caller = leg;
    const known = (): Pick<CallLeg, 'sipCallId' | 'signalling'> => {
      const { sipCallId, signalling } = leg;
      if (sipCallId !== undefined) this.#sipCallIds.add(sipCallId);
      return {
        ...(sipCallId === undefined ? {} : { sipCallId }),
        ...(signalling === undefined ? {} : { signalling }),
      };
    };
    this.fact({ name: 'LEGSTART', legId: leg.legId, role, party: leg.party, ...known() });
    if (extensionId !== undefined) this.#deps.extensionBusy(extensionId, this.callId, true);

    leg.events.on('answered', () => this.fact({ name: 'LEGANSWER', legId: leg.legId, ...known() }));
    leg.events.on('hold', () => this.#held(leg, true));
    leg.events.on('resume', () => this.#held(leg, false));
    leg.events.on('silent', (silentMs) =>
      this.trace('leg.silent', { party: leg.party, silentS: Math.round(silentMs / 1000) }),
    );
    leg.events.on('alive', () => this.trace('leg.alive', { party: leg.party }));
    if (role === 'caller') leg.events.on('digit', (digit) => this.#stage?.digit?.(digit));
    leg.events.on('over', (termination) => {
      const hint = hints[termination.reason];
      if (hint !== undefined) this.trace(hint, { party: leg.party });
      if (extensionId !== undefined) this.#deps.extensionBusy(extensionId, this.callId, false);
      if (leg === this.#caller) this.end(asCallerLeft(termination));
    });
    leg.events.on('ended', (termination, quality) => {
      this.#legs.delete(leg.legId);
      if (this.#bridge && (this.#bridge.a === leg || this.#bridge.b === leg)) this.#bridge = undefined;
      this.fact({
        name: 'LEGEND',
        legId: leg.legId,
        termination,
        ...(quality ? { quality } : {}),
        ...known(),
      });
      void this.#finishIfOver();
    });
  }

  /** Answers the caller, once; later calls return at once. */
  async answerCaller(): Promise<void> {
    if (this.#answered) return;
    this.#answered = true;
    await this.caller.answer();
    this.fact({ name: 'ANSWER' });
  }

  /** For a call that this box began, whose first leg answered by itself. */
  markAnswered(): void {
    this.#answered = true;
    this.fact({ name: 'ANSWER' });
  }

  /** Moves the call to another stage; the one before is left first. */
  enter(stage: Stage | undefined): void {
    const before = this.#stage;
    this.#stage = undefined;
    before?.leave();
    this.#stage = stage;
  }

  /** Two-way audio between two legs of the call. */
  async join(a: Leg, b: Leg): Promise<void> {
    const bridge = await this.#deps.telephony.bridge(a, b);
    this.#bridge = { bridge, a, b };
    a.stopPlaying();
    b.stopPlaying();
  }

  /** Ends the whole call: everybody is hung up, what is recorded is kept. Only the first reason counts. */
  end(termination: Termination): void {
    if (this.#ending) return;
    this.#ending = termination;
    this.enter(undefined);
    for (const leg of [...this.#legs.values()]) void leg.hangUp(termination);
    void this.#finishIfOver();
  }

  #held(leg: Leg, held: boolean): void {
    this.fact({ name: held ? 'HOLD' : 'RESUME', legId: leg.legId });
    const other =
      this.#bridge?.a === leg ? this.#bridge.b : this.#bridge?.b === leg ? this.#bridge.a : undefined;
    if (held) other?.music();
    else other?.stopPlaying();
  }

  async #finishIfOver(): Promise<void> {
    if (this.#finished || this.#legs.size > 0 || !this.#ending) return;
    this.#finished = true;
    await this.recorder.stop();
    this.fact({ name: 'CALLEND', termination: this.#ending });
    this.#deps.sipTrace.save(this.callId, [...this.#sipCallIds]);
    this.#onEnded(this);
  }
}

/** Ends that somebody can do something about: the trace says what. */
const hints: Record<string, string> = {
  'no-common-codec': 'leg.no-common-codec',
  'encryption-required': 'leg.encryption-required',
  'encryption-refused': 'leg.encryption-refused',
  'encryption-unknown': 'leg.encryption-unknown',
  'bad-sdp': 'leg.bad-sdp',
  'media-timeout': 'leg.gone',
};

/** The leg's own word for a peer that hung up, from the call's point of view. */
function asCallerLeft(termination: Termination): Termination {
  return termination.class === 'success' ? { ...termination, reason: 'caller-hung-up' } : termination;
}
