/** Bodies that come with SIP, and the lines between our own processes. */
import { LineCutter, parseControlAnswer, parseControlRequest } from '../../src/base/control-frame.ts';
import { formatDialogInfo, parseDialogInfo } from '../../src/codec/dialog-info.ts';
import { isDtmfInfo, parseDtmfInfo } from '../../src/codec/dtmf-info.ts';
import { escapeXml, parseXml } from '../../src/codec/xml.ts';
import { type FuzzTarget, must, within, words } from './target.ts';
import { dialogInfoVectors } from './vectors.ts';

const dialogInfo: FuzzTarget = {
  name: 'dialog-info',
  isText: true,
  seeds: dialogInfoVectors(),
  words: words(
    '<',
    '>',
    '/>',
    '</dialog>',
    '<dialog id="9"><state>early</state></dialog>',
    '<state code="180">proceeding</state>',
    '<identity display="">sip:a@b</identity>',
    '<param pname="a" pval="b"/>',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<?x',
    '?>',
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    '&amp;',
    '&#x10ffff;',
    '&#0;',
    '&b;',
    ' version="2147483648"',
    " a='b'",
    ':',
    'confirmed',
    '<duration>9007199254740993</duration>',
  ),
  run(input) {
    const text = input.toString('utf8');
    const element = parseXml(`<a>${escapeXml(text)}</a>`);
    must(element !== undefined && element.children.length === 0, 'escaped text is text and nothing else');
    const info = parseDialogInfo(text);
    if (!info) {
      const root = parseXml(text);
      return `none ${root?.name.length} ${root?.children.length} ${root?.attributes.size} ${root?.text.length === 0}`;
    }
    must(within(info.version, 0x7fff_ffff) && info.entity !== '', 'what is required is there');
    for (const { code } of info.dialogs)
      must(code === undefined || (within(code, 699) && code >= 100), 'a code is one of SIP');
    // Control characters that a number stood for are not written, so the second time is compared with the first.
    const written = formatDialogInfo(info);
    const again = parseDialogInfo(written);
    must(again === undefined || formatDialogInfo(again) === written, 'what is written is read the same');
    must(
      again !== undefined || /[\p{Cc}\ufffd-\uffff]/u.test(JSON.stringify(Object.values(info))),
      'and can be',
    );
    const [first] = info.dialogs;
    const ends = `${first?.local?.displayName?.length} ${first?.remote?.target !== undefined}`;
    return `${info.state} ${info.dialogs.length} ${first?.state} ${first?.event} ${first?.direction} ${ends}`;
  },
};

const dtmfInfo: FuzzTarget = {
  name: 'dtmf-info',
  isText: true,
  seeds: words(
    'Rapplication/dtmf-relay\r\nSignal=5\r\nDuration=160\r\n',
    'Rapplication/dtmf\r\n#',
    'Rapplication/dtmf-relay; charset=x\r\n Signal = 11\nDuration=-1',
    'Rapplication/hook-flash\r\nflash',
  ),
  words: words(
    'Signal=',
    'signal =',
    '\r\n',
    '=',
    '*',
    '#',
    'D',
    '16',
    'application/dtmf',
    'application/dtmf-relay',
    ';',
  ),
  run(input) {
    const text = input.toString('utf8', 1);
    const end = text.indexOf('\r\n');
    const type = end < 0 ? text : text.slice(0, end);
    const body = end < 0 ? '' : text.slice(end + 2);
    const digit = parseDtmfInfo(type, body);
    must(digit === undefined || (isDtmfInfo(type) && /^[0-9*#A-D]$/.test(digit)), 'a digit is one');
    return `${isDtmfInfo(type)} ${digit}`;
  },
};

/** The first byte says how the stream is cut. */
const control: FuzzTarget = {
  name: 'control',
  isText: true,
  seeds: words(
    ' {"id":7,"op":"leg.create","args":{"legId":"a","bindAddress":"0.0.0.0"}}\n{"id":8,"op":"stats","args":{}}\n',
    '!{"id":7,"ok":true,"result":{"port":16384}}\n{"event":"dtmf","args":{"legId":"a","digit":"5","durationMs":100}}\n',
    '"{"id":7,"ok":false,"code":"media.unknown-leg","message":"no leg a"}\n',
  ),
  words: words(
    '\n',
    'null',
    '{}',
    '[]',
    '"id":',
    '"op":"__proto__"',
    '"ok":true',
    '"event":"x"',
    '1e999',
    '{"a":',
    '\\u0000',
  ),
  run(input) {
    const cutter = new LineCutter();
    const outcome: string[] = [];
    const step = 1 + (input[0] ?? 0) * 3;
    for (let at = 1; at < input.length; at += step) {
      for (const line of cutter.push(input.subarray(at, at + step))) {
        must(!line.includes('\n'), 'a line holds no end of line');
        const request = parseControlRequest(line);
        const answer = parseControlAnswer(line);
        if (outcome.length < 4) outcome.push(`${request !== undefined}/${answer?.kind}`);
        if (!request && !answer) return outcome.join(); // either end lets go of such a connection
      }
    }
    return outcome.join();
  },
};

export const textTargets: FuzzTarget[] = [dialogInfo, dtmfInfo, control];
