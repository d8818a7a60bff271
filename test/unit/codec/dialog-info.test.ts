import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DialogInfo, formatDialogInfo, parseDialogInfo } from '../../../src/codec/dialog-info.ts';
import { escapeXml, parseXml } from '../../../src/codec/xml.ts';

const folder = join(import.meta.dirname, '../../vectors/dialog-info');
const vectors = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')) as Record<
  string,
  DialogInfo | null
>;

describe('a dialog-info document', () => {
  it.each(Object.entries(vectors))(
    'of the vectors (%s) is read as it is meant, or refused',
    (name, meant) => {
      expect(parseDialogInfo(readFileSync(join(folder, `${name}.xml`), 'utf8')) ?? null).toEqual(meant);
    },
  );

  it.each(Object.entries(vectors).filter(([, meant]) => meant !== null))(
    'is written so that it is read the same (%s)',
    (_, info) => {
      expect(parseDialogInfo(formatDialogInfo(info as DialogInfo))).toEqual(info);
    },
  );

  it('is written in the form of RFC 4235, attributes in a fixed order', () => {
    const text = formatDialogInfo({
      version: 3,
      state: 'full',
      entity: 'sip:101@box',
      dialogs: [
        {
          id: '1',
          state: 'early',
          direction: 'recipient',
          remote: { identity: 'sip:102@box', displayName: 'Béla <2>', target: 'sip:102@box' },
        },
      ],
    });
    expect(text).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\r\n' +
        '<dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" version="3" state="full" entity="sip:101@box">\r\n' +
        '<dialog id="1" direction="recipient"><state>early</state>' +
        '<remote><identity display="Béla &lt;2&gt;">sip:102@box</identity><target uri="sip:102@box"></target></remote>' +
        '</dialog>\r\n</dialog-info>\r\n',
    );
  });

  it('cut anywhere is refused', () => {
    const text = readFileSync(join(folder, 'talking.xml'), 'utf8').trimEnd();
    for (let end = 0; end < text.length; end++) expect(parseDialogInfo(text.slice(0, end))).toBeUndefined();
  });
});

describe('XML', () => {
  it('carries any text that XML may hold, blanks as they are', () => {
    const allowed = fc.string({ unit: 'binary' }).filter((text) => !/[\p{Cc}\ufffd-\uffff]/u.test(text));
    fc.assert(
      fc.property(allowed, (text) => {
        const element = parseXml(`<a b="${escapeXml(text)}">${escapeXml(text)}</a>`);
        expect([element?.attributes.get('b'), element?.text]).toEqual([text, text]);
      }),
    );
  });

  it('is written without what it may not hold', () => {
    expect(escapeXml('a\u0000b\u0007\ud800c\td')).toBe('abc d');
  });

  it.each([
    ['an ampersand that begins nothing', '<a>b & c</a>'],
    ['an unknown entity', '<a>&nbsp;</a>'],
    ['half a surrogate', '<a>&#xd800;</a>'],
    ['a second root', '<a/><b/>'],
    ['text around the root', '<a/>b'],
    ['a comment without an end', '<a><!-- </a>'],
    ['an attribute without quotes', '<a b=c/>'],
    ['a document type', '<!DOCTYPE a><a/>'],
    ['elements too deep', `${'<a>'.repeat(30)}${'</a>'.repeat(30)}`],
    ['nothing', ''],
  ])('with %s is refused', (_, text) => {
    expect(parseXml(text)).toBeUndefined();
  });

  it.each([
    ['comments', '<!--'.repeat(20_000)],
    ['blanks in a tag', `<a${' '.repeat(60_000)}`],
    ['blanks in a closing tag', `<a></a${' '.repeat(60_000)}`],
    ['attributes', `<a${' b="c'.repeat(12_000)}`],
    ['ampersands', `<a>${'&'.repeat(60_000)}</a>`],
    ['opening tags', '<a>'.repeat(20_000)],
  ])('of nothing but %s takes no time', (_, text) => {
    const began = process.threadCpuUsage();
    expect(parseXml(text)).toBeUndefined();
    expect(process.threadCpuUsage(began).user).toBeLessThan(50_000);
  });
});
