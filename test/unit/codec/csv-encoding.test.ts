import { describe, expect, it } from 'vitest';
import { type CsvEncoding, decode, detectEncoding, noCsv } from '../../../src/codec/csv-encoding.ts';

/** Bytes of a text in a code page, found by decoding all 256 of them. */
function encode(text: string, encoding: CsvEncoding): Uint8Array {
  if (encoding === 'utf-8') return Buffer.from(text, 'utf8');
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16();
  const table = new Map<string, number>();
  for (let byte = 0; byte < 256; byte++) table.set(decode(Uint8Array.of(byte), encoding), byte);
  return Uint8Array.from([...text].map((letter) => table.get(letter) ?? 0x3f));
}

const texts: [language: string, encoding: CsvEncoding, text: string][] = [
  ['hu', 'windows-1250', 'Név;Cégnév\nKőszegi Győző;Fűszer és Méz Kft.\nÁrvíztűrő Éva;Tükörfúrógép\n'],
  ['sk', 'windows-1250', 'Meno;Firma\nĽubomír Šťastný;Žltý kôň\nMária Čierna;Dôvera\n'],
  ['ru', 'windows-1251', 'Имя;Компания\nИван Петров;ООО Ромашка\nОльга;Щит и меч\n'],
  ['tr', 'windows-1254', 'Ad;Şirket\nGülşah Yıldız;İş Ağı\nÇağrı;Öğüt Şti.\n'],
  ['lt', 'windows-1257', 'Vardas;Įmonė\nŽydrūnas Šešelgis;Ąžuolas\nRūta Čėsnaitė;Švyturys\n'],
  ['en', 'windows-1252', 'Name;Company\nJosé Peña;Café Noël\nZoë;Crème\n'],
];

describe('the encoding is told', () => {
  it.each(texts)(
    'of text in %s, written in %s, when the office speaks that language',
    (language, encoding, text) => {
      const bytes = encode(text, encoding);
      expect(detectEncoding(bytes, language)).toBe(encoding);
      expect(decode(bytes, encoding)).toBe(text);
    },
  );

  it.each(texts.filter(([language]) => ['hu', 'ru', 'lt'].includes(language)))(
    'of text in %s, written in %s, in an office that speaks English',
    (_, encoding, text) => {
      expect(detectEncoding(encode(text, encoding), 'en')).toBe(encoding);
    },
  );

  it.each(texts)('of text in %s as UTF-8 and both UTF-16, with and without a mark', (_, __, text) => {
    for (const encoding of ['utf-8', 'utf-16le', 'utf-16be'] as const)
      for (const mark of ['', '\ufeff']) {
        const bytes = encode(mark + text, encoding);
        expect(detectEncoding(bytes), encoding + mark).toBe(encoding);
        expect(decode(bytes, encoding)).toBe(text);
      }
  });

  it('as UTF-8 for plain ASCII, and by the office when a single letter leaves it open', () => {
    expect(detectEncoding(Buffer.from('name,number\nAnna,1\n'))).toBe('utf-8');
    expect(detectEncoding(encode('Éva', 'windows-1250'), 'hu')).toBe('windows-1250');
  });
});

describe('what is no CSV is named', () => {
  it.each<[string, Uint8Array, string | undefined]>([
    ['an xlsx, which is a zip', Buffer.from('PK\x03\x04rest', 'latin1'), 'spreadsheet'],
    ['an old xls', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), 'spreadsheet'],
    ['a web page called xls', Buffer.from('\n <html><table>'), 'web-page'],
    ['a web page with a mark', Buffer.from('\ufeff<!DOCTYPE html>'), 'web-page'],
    ['a PDF', Buffer.from('%PDF-1.7\n'), 'binary'],
    ['NUL bytes', Buffer.from('a,b\n\0\0,c\nxyz\n'), 'binary'],
    ['nothing', Buffer.alloc(0), 'empty'],
    ['CSV', Buffer.from('a,b\n'), undefined],
    ['CSV with tags in cells', Buffer.from('name,note\n<script>x</script>,y\n'), undefined],
    ['CSV in UTF-16', Buffer.from('\ufeffa,b\n', 'utf16le'), undefined],
  ])('%s', (_, bytes, kind) => {
    expect(noCsv(bytes)).toBe(kind);
  });
});
