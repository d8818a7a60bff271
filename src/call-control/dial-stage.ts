import { errorMessage } from '../base/errors.ts';
import type { Termination } from '../domain/termination.ts';
import { tone } from '../domain/tones.ts';
import type { DialTarget, Leg } from '../telephony/contract.ts';
import type { ActiveCall, CallDeps } from './active-call.ts';

export interface DialRequest {
  target: DialTarget;
  /** What the called party sees. */
  callerNumber: string;
  callerName?: string;
  timeoutMs: number;
  /** Phone that becomes busy outside the queues. */
  extensionId?: string;
  /** Asked when the party was not reached and nothing has rung; true: it has found another way. */
  otherwise?: (termination: Termination) => boolean;
}

/**
 * Rings one party for the caller and joins the two. The caller hears what the far end sends before the answer, or
 * ringback of the country; afterwards the busy tone where nobody came and the caller was already answered.
 */
export function dialFor(deps: CallDeps, call: ActiveCall, request: DialRequest): Leg {
  const { caller } = call;
  const country = deps.settings().office.country;
  const { extensionId, otherwise, ...options } = request;
  const callee = deps.telephony.dial({ ...options, forLeg: caller });
  let joined = false;
  let rang = false;
  let left = false;
  const gone = (): boolean => left || call.isEnding;
  const failed = (what: string, error: unknown): void => {
    if (gone()) return;
    deps.log.warn(what, { callId: call.callId, error });
    call.trace('dial.failed', { reason: errorMessage(error) });
    call.end({ class: 'server', reason: 'internal' });
  };
  const join = async (): Promise<void> => {
    if (joined) return caller.stopPlaying(); // ringback, should the far end have fallen silent
    joined = true;
    await call.join(caller, callee);
  };

  call.enter({
    leave() {
      left = true;
      if (!joined || callee.state !== 'up') void callee.hangUp({ class: 'success', reason: 'caller-left' });
    },
  });
  call.addLeg(callee, 'callee', extensionId);

  callee.events.on('ringing', () => {
    if (gone()) return;
    rang = true;
    // A caller who heard the far end before is past the ringing of its own phone.
    if (call.isAnswered || joined) caller.play(tone('ringback', country), { loop: true });
    else caller.ring().catch((error) => failed('ringing cannot be passed on', error));
  });
  callee.events.on('early', () => {
    if (gone()) return;
    const ready = call.isAnswered ? Promise.resolve() : caller.earlyMedia();
    ready.then(join).catch((error) => failed('early media cannot be passed on', error));
  });
  callee.events.on('answered', () => {
    if (gone()) return;
    // The bridge does not wait for the caller's ACK: the first word of the called party is heard.
    Promise.all([join(), call.answerCaller()])
      .then(() => {
        if (!gone()) call.fact({ name: 'BRIDGE', legIds: [caller.legId, callee.legId] });
      })
      .catch((error) => failed('caller and called party cannot be joined', error));
  });
  callee.events.on('ended', (termination) => {
    if (gone()) return;
    const talked = callee.sipCallId !== undefined && joined && termination.class === 'success';
    if (talked && call.isAnswered) {
      call.end({ ...termination, reason: 'callee-hung-up' });
    } else if (rang || joined || !otherwise?.(termination)) {
      call.trace('dial.not-reached', { party: callee.party, reason: termination.reason });
      sayNotReached(deps, call, termination);
    }
  });
  return callee;
}

/**
 * A caller who was answered hears the tone for a while; one who was not gets the cause in signalling, and a
 * browser, which has no tones of its own, is answered for it.
 */
export function sayNotReached(deps: CallDeps, call: ActiveCall, termination: Termination): void {
  if (!call.isAnswered && call.caller.kind === 'browser') {
    call.answerCaller().then(
      () => sayNotReached(deps, call, termination),
      () => call.end(termination),
    );
    return;
  }
  if (!call.isAnswered) {
    call.end(termination);
    return;
  }
  const name = termination.reason === 'busy' ? 'busy' : 'congestion';
  const period = tone(name, deps.settings().office.country);
  const periodMs = period.reduce((sum, part) => sum + part.durationMs, 0);
  const rounds = Math.max(1, Math.round(4000 / periodMs));
  const { caller } = call;
  call.enter({ leave() {} });
  const playId = caller.play(Array.from({ length: rounds }, () => period).flat());
  caller.events.on('played', (id) => {
    if (id === playId) call.end(termination);
  });
}
