import { CordboardError } from '../base/errors.ts';
import { type DialPlanContext, planOutgoing } from '../domain/dial-plan.ts';
import type { Extension } from '../domain/settings.ts';
import { tone } from '../domain/tones.ts';
import type { ActiveCall, CallDeps } from './active-call.ts';

const phoneRingsMs = 30_000;

/**
 * Calls that this box begins: the extension's phone rings first; when it is picked up, the number is dialled.
 * @throws CordboardError dial.no-contact, dial.no-trunk, dial.bad-number before anything rings
 */
export function clickToCall(
  deps: CallDeps,
  context: DialPlanContext,
  request: { extension: Extension; number: string; who: string },
  begin: (options: { from: string; fromName: string; to: string; outside: boolean }) => ActiveCall,
  route: (call: ActiveCall) => void,
): ActiveCall {
  const { extension, number, who } = request;
  const plan = planOutgoing(context, number);
  if (plan.kind === 'reject') {
    const code = plan.reason === 'no-trunk' ? 'dial.no-trunk' : 'dial.bad-number';
    throw new CordboardError(code, `${number} cannot be dialled: ${plan.reason}`);
  }
  if (!deps.telephony.phones().some((p) => p.extensionId === extension.id && p.contacts.length > 0))
    throw new CordboardError('dial.no-contact', `no phone is registered as extension ${extension.number}`);

  const call = begin({
    from: extension.number,
    fromName: extension.name,
    to: number,
    outside: plan.kind === 'outside',
  });
  call.trace('click-to-call', { who, extension: extension.number, number });
  const phone = deps.telephony.dial({
    target: { kind: 'extension', extensionId: extension.id },
    callerNumber: number,
    callerName: number,
    timeoutMs: phoneRingsMs,
  });
  call.addLeg(phone, 'caller', extension.id);
  phone.events.on('answered', () => {
    call.markAnswered();
    phone.play(tone('ringback', deps.settings().office.country), { loop: true });
    route(call);
  });
  return call;
}
