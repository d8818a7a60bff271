import { CordboardError } from '../base/errors.ts';
import { type RouteContext, route } from '../domain/route.ts';
import type { Hours } from '../domain/settings/schedules.ts';
import type { Destination, Queue } from '../domain/settings.ts';
import type { Termination } from '../domain/termination.ts';
import type { ActiveCall, CallDeps } from './active-call.ts';
import { dialFor } from './dial-stage.ts';
import { enterIvr } from './ivr-stage.ts';

const extensionRingMs = 30_000;

export interface CallRouterDeps extends CallDeps {
  night: () => RouteContext['night'];
  enterQueue: (call: ActiveCall, queue: Queue) => void;
}

/** Takes a call to a destination of the settings, as `domain/route.ts` decides. */
export class CallRouter {
  readonly #deps: CallRouterDeps;

  constructor(deps: CallRouterDeps) {
    this.#deps = deps;
  }

  /** @param hours of the number or trunk that the call came by */
  go(call: ActiveCall, destination: Destination, hours?: Hours): void {
    if (call.isEnding) return;
    const { clock, settings, night } = this.#deps;
    const context = { settings: settings(), at: clock.now(), night: night() };
    const { stop, notes, ivrHops, language } = route(context, destination, call.ivrHops, hours);
    call.ivrHops = ivrHops;
    call.language = language ?? call.language;
    for (const { code, params } of notes) call.trace(code, params);
    switch (stop.kind) {
      case 'hang-up':
        this.#sayAndEnd(call, 'goodbye', { class: 'success', reason: 'dial-plan-hung-up' });
        break;
      case 'announcement':
        call.trace('announcement', { prompt: stop.promptId });
        this.#answered(call, () =>
          this.#sayAndEnd(call, stop.promptId, { class: 'success', reason: 'announced' }),
        );
        break;
      case 'loop':
        this.#sayAndEnd(call, 'goodbye', { class: 'server', reason: 'ivr-loop' });
        break;
      case 'gone':
        this.#sayAndEnd(call, stop.what === 'extension' ? 'number-not-in-service' : 'goodbye', {
          class: 'server',
          reason: 'route-gone',
        });
        break;
      case 'ivr':
        this.#answered(call, () => enterIvr(this.#deps, call, stop.menu, (next) => this.go(call, next)));
        break;
      case 'queue':
        this.#answered(call, () => this.#deps.enterQueue(call, stop.queue));
        break;
      case 'extension':
        dialFor(this.#deps, call, {
          target: { kind: 'extension', extensionId: stop.extension.id },
          callerNumber: call.from,
          ...(call.fromName === undefined ? {} : { callerName: call.fromName }),
          timeoutMs: extensionRingMs,
          extensionId: stop.extension.id,
        });
        break;
    }
  }

  /** Goes on once the caller is answered; a caller who is gone meanwhile needs nothing more. */
  #answered(call: ActiveCall, next: () => void): void {
    if (call.isAnswered) {
      next();
      return;
    }
    call.answerCaller().then(
      () => {
        if (!call.isEnding) next();
      },
      (error) => {
        if (call.isEnding) return;
        this.#deps.log.warn('a caller cannot be answered', { callId: call.callId, error });
        call.end({
          class: 'client',
          reason: error instanceof CordboardError ? error.code : 'internal',
        });
      },
    );
  }

  #sayAndEnd(call: ActiveCall, promptId: string, termination: Termination): void {
    const file = this.#deps.prompts.pathFor(promptId, call.language);
    if (!call.isAnswered || !file) {
      call.end(termination);
      return;
    }
    call.enter({ leave() {} });
    const playId = call.caller.play([{ kind: 'file', file }]);
    call.caller.events.on('played', (id) => {
      if (id === playId) call.end(termination);
    });
  }
}
