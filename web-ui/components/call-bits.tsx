/** How a call is written in a line: who calls whom, and in what phase it is. */
import type { VNode } from 'preact';
import type { Call } from '../../src/domain/call.ts';
import { reasonText } from '../i18n/reasons.ts';
import { t, translateCode } from '../i18n/translate.ts';
import { Lamp, phaseLamp } from './lamp.tsx';

/** A number or name; a withheld number is said in words. */
export function partyText(number: string, name?: string): string {
  if (number === 'anonymous') return name ?? t('call.anonymous');
  return name && name !== number ? `${name} ${number}` : number;
}

export function CallParties({ call }: { call: Call }): VNode {
  return (
    <span>
      {partyText(call.from, call.fromName)} <span aria-hidden="true">→</span>
      <span class="sr-only">{t('call.to')}</span> {call.to}
    </span>
  );
}

export function PhaseLamp({ call }: { call: Call }): VNode {
  return <Lamp state={phaseLamp(call.phase)} text={translateCode(`phase.${call.phase}`)} />;
}

/** How the call ended, in words. */
export function endText(call: Call): string {
  if (call.abandoned) return t('call.abandoned');
  return call.termination ? reasonText(call.termination.reason) : '';
}
