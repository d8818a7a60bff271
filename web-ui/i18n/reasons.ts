/** Words for codes that come from more than one part of the box. */
import { hasText, translateCode } from './translate.ts';

/** Why something ended: the end of a call or of a recording, or the error that caused it. */
export function reasonText(reason: string): string {
  return translateCode(hasText(`termination.${reason}`) ? `termination.${reason}` : `error.${reason}`);
}

/** A fault in words; one that is not in the catalogue says what the box says of it. */
export function faultText(code: string, message: string): string {
  const key = [`fault.${code}`, `error.${code}`].find(hasText);
  return key ? translateCode(key) : message || code;
}

/** A note of a call's trace; a `reason` among its params is a code itself. */
export function traceText(code: string, params: Record<string, string | number>): string {
  const { reason, prompt } = params;
  const inWords = {
    ...params,
    ...(typeof reason === 'string' ? { reason: reasonText(reason) } : {}),
    ...(typeof prompt === 'string' && hasText(`prompt.${prompt}`)
      ? { prompt: translateCode(`prompt.${prompt}`) }
      : {}),
  };
  return translateCode(`trace.${code}`, inWords);
}
