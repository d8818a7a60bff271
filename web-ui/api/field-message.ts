/**
 * What is wrong with one value, in the reader's words. The API says it in English (zod's own sentences, and those of
 * the settings' rules): known ones are translated, others stand as they are.
 */
import { translateCode } from '../i18n/translate.ts';

/** Sentence of the API, key of ours, names of what its groups hold. The first that fits wins. */
const sentences: [pattern: RegExp, key: string, gaps?: string[]][] = [
  [/^Too small: expected string to have >=1 characters$/, 'value.empty'],
  [/^Too small: expected string to have >=(\d+) characters$/, 'value.tooShort', ['min']],
  [/^at least (\d+) characters$/, 'value.tooShort', ['min']],
  [/^Too big: expected string to have <=(\d+) characters$/, 'value.tooLong', ['max']],
  [/^at most (\d+) characters$/, 'value.tooLong', ['max']],
  [/^Too small: expected (?:number|int) to be >=(-?\d+)$/, 'value.atLeast', ['min']],
  [/^Too big: expected (?:number|int) to be <=(-?\d+)$/, 'value.atMost', ['max']],
  [/^Too big: expected array to have <=(\d+) items$/, 'value.tooMany', ['max']],
  [/^Invalid (?:input|option|string|IPv[46])/, 'value.invalid'],
  [/^digits, \* and # only, at most (\d+)$/, 'value.dialled', ['max']],
  [/^digits only$/, 'value.dialled', ['max']],
  [/^a number to dial, at most (\d+) digits$/, 'value.dialled', ['max']],
  [/^an IP address or a block/, 'value.network'],
  [/^a host, or host:port$/, 'value.hostPort'],
  [/^the number (\S+) is already used by (\S+)$/, 'value.numberTaken', ['number', 'by']],
  [/^the key (\S+) is used twice$/, 'value.keyTwice', ['key']],
  [/^this extension is already the phone of (.+)$/, 'value.phoneTaken', ['agent']],
  [/^a registering trunk needs a user name and a secret$/, 'value.trunkNeedsLogin'],
  [/^there is no schedule (\S+)$/, 'value.gone', ['id']],
  [/^a time like 08:30/, 'value.time'],
  [/^the end must be later than the beginning$/, 'value.forward'],
  [/^the last day must not be before the first$/, 'value.dayForward'],
  [/^must not be above the value at which the lamp goes over$/, 'value.backDown'],
  [/^must not be below the value at which the lamp goes over$/, 'value.backUp'],
  [/^this button already does something when it is pressed so$/, 'value.buttonTwice'],
  [/^this hour is there twice$/, 'value.hourTwice'],
  [/^overlaps another opening of this day$/, 'value.overlap'],
  [/^no time zone of this name is known$/, 'value.timeZone'],
  [/^a certificate in PEM/, 'value.certificate'],
  [/^another trunk to (\S+) checks certificates differently$/, 'value.trunksJudgeAlike', ['host']],
  [/^the password must not be the name$/, 'value.passwordIsName'],
  [/^the code (\S+) is used twice$/, 'value.codeTwice', ['code']],
  [/^there is no outcome to choose/, 'value.noOutcomes'],
  [/^there is no (?:agent|extension|queue|IVR menu|trunk|campaign) (\S+)$/, 'value.gone', ['id']],
];

/** Values are in the unit of the settings (milliseconds), `scale` is what the page divides by. */
export function fieldMessage(message: string, scale = 1): string {
  for (const [pattern, key, gaps = []] of sentences) {
    const match = pattern.exec(message);
    if (!match) continue;
    const params: Record<string, string | number> = {};
    gaps.forEach((gap, index) => {
      const value = match[index + 1] ?? '';
      params[gap] = scale !== 1 && /^-?\d+$/.test(value) ? Number(value) / scale : value;
    });
    return translateCode(key, params, message);
  }
  return message;
}
