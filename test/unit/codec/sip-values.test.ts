import { describe, expect, it } from 'vitest';
import { parseNameAddress, parseVia, tagOf, withReceived, withTag } from '../../../src/codec/sip-address.ts';
import { headerKey, headerLabel, parameterOf, splitHeaderList } from '../../../src/codec/sip-headers.ts';
import { formatHostPort, parseHostPort, parseUri, uriParameter } from '../../../src/codec/sip-uri.ts';

describe('a name and address', () => {
  it.each([
    ['"A; tag=no" <sip:a@b;x=1>;tag=yes', '"A; tag=no"', 'sip:a@b;x=1', 'yes'],
    ['Anna Bell <sip:a@b>', 'Anna Bell', 'sip:a@b', ''],
    ['sip:a@b;tag=t', '', 'sip:a@b', 't'],
    ['<sip:a@b> ; TAG = t ', '', 'sip:a@b', 't'],
    ['"back\\"slash" <sip:a@b>;tag=1', '"back\\"slash"', 'sip:a@b', '1'],
  ])('is taken apart: %s', (value, display, uri, tag) => {
    expect(parseNameAddress(value)).toMatchObject({ display, uri });
    expect(tagOf(value)).toBe(tag);
  });

  it.each(['"open <sip:a@b>', '<sip:a@b', '', '"only a name"', '<>'])('is none when it is %j', (value) => {
    expect(parseNameAddress(value)).toBeNull();
  });

  it('gets a tag, and brackets where it had none', () => {
    expect(withTag('sip:a@b;x=1', 't')).toBe('<sip:a@b>;x=1;tag=t');
    expect(withTag('"A" <sip:a@b>;tag=old;x', 'new')).toBe('"A" <sip:a@b>;x;tag=new');
  });
});

describe('a Via', () => {
  it('is read with blanks around its slashes and colon', () => {
    expect(
      parseVia('SIP / 2.0 / UDP  first.example.com : 4000;ttl=16 ;branch=z9hG4bKa7c6a8dlze.1'),
    ).toMatchObject({
      transport: 'UDP',
      host: 'first.example.com',
      port: 4000,
      branch: 'z9hG4bKa7c6a8dlze.1',
    });
    expect(parseVia('SIP/2.0/TCP [2001:db8::9]:5070;branch=b')).toMatchObject({
      host: '2001:db8::9',
      port: 5070,
    });
  });

  it.each(['SIP/2/UDP h', 'SIP/2.0/UDP', 'SIP/2.0/UDP h:99999', 'nonsense'])(
    'is none when it is %j',
    (value) => {
      expect(parseVia(value)).toBeNull();
    },
  );

  it('tells where the message came from, whatever it said before', () => {
    expect(withReceived('SIP/2.0/UDP h;rport;branch=b', '192.0.2.9', 4321)).toBe(
      'SIP/2.0/UDP h;branch=b;received=192.0.2.9;rport=4321',
    );
    expect(withReceived('SIP/2.0/UDP h;received=1.2.3.4;branch=b;rport=9', '192.0.2.9', 1)).toBe(
      'SIP/2.0/UDP h;branch=b;received=192.0.2.9;rport=1',
    );
  });
});

describe('a SIP URI', () => {
  it.each([
    ['sip:100@192.0.2.1', 'sip', '100', '192.0.2.1', undefined],
    ['sip:192.0.2.1:5070', 'sip', '', '192.0.2.1', 5070],
    ['SIPS:a:secret@Host.Example:5061;transport=tls?x=y', 'sips', 'a', 'host.example', 5061],
    ['sip:a;b=c@[2001:DB8::1]:5060', 'sip', 'a;b=c', '2001:db8::1', 5060],
    ['tel:+36-1-2345', 'tel', '+36-1-2345', '', undefined],
  ])('is taken apart: %s', (text, scheme, user, host, port) => {
    expect(parseUri(text)).toMatchObject({ scheme, user, host, port });
  });

  it.each(['', 'sip', ':x', 'sip:', 'sip:a@', 'sip:@h', 'sip:h:0', 'sip:h:70000', 'sip:[::1', 'sip:a b'])(
    'is none when it is %j',
    (text) => {
      expect(parseUri(text)).toBeNull();
    },
  );

  it('gives its parameters in lower case', () => {
    expect(uriParameter(parseUri('sip:h;Transport=TCP;lr')!, 'transport')).toBe('tcp');
    expect(uriParameter(parseUri('sip:h;Transport=TCP;lr')!, 'lr')).toBe('');
    expect(uriParameter(parseUri('sip:h')!, 'lr')).toBeUndefined();
  });

  it('writes IPv6 hosts in brackets', () => {
    expect(formatHostPort('::1', 5060)).toBe('[::1]:5060');
    expect(formatHostPort('192.0.2.1', undefined)).toBe('192.0.2.1');
    expect(parseHostPort('[::1]:5060')).toEqual({ host: '::1', port: 5060 });
  });
});

describe('header names and lists', () => {
  it('are written as registered, else title-cased, and x- names as given', () => {
    expect(
      ['call-id', 'cseq', 'www-authenticate', 'p-asserted-identity', 'X-myThing', 'alert-info', 'm'].map(
        headerLabel,
      ),
    ).toEqual([
      'Call-ID',
      'CSeq',
      'WWW-Authenticate',
      'P-Asserted-Identity',
      'X-myThing',
      'Alert-Info',
      'Contact',
    ]);
    expect(['CALL-id', 'i', 'I', 'k'].map(headerKey)).toEqual(['call-id', 'call-id', 'call-id', 'supported']);
  });

  it('find parameters past quoted ones', () => {
    expect(parameterOf(';a="x;b=1";b=2', 'b')).toBe('2');
    expect(parameterOf(';a="q\\"uote"', 'a')).toBe('q"uote');
    expect(parameterOf('', 'a')).toBeUndefined();
  });

  it('are split without empty parts', () => {
    expect(splitHeaderList(' a , "b,c" ,, <d,e> ')).toEqual(['a', '"b,c"', '<d,e>']);
  });
});
