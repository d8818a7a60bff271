import { describe, expect, it } from 'vitest';
import {
  escapeUser,
  formatNameAddr,
  formatSipUri,
  nameAddrParameter,
  parseContacts,
  parseNameAddr,
  parsePartyUri,
} from '../../../src/codec/name-addr.ts';

describe('a party', () => {
  it.each([
    ['sip:%2343@pbx:5070;transport=TCP', { user: '#43', host: 'pbx', port: 5070, transport: 'tcp' }],
    ['sip:+4420;phone-context=x@[2001:db8::1]', { user: '+4420', host: '2001:db8::1', port: undefined }],
    ['sips:anna:secret@pbx', { user: 'anna', host: 'pbx' }],
    ['sip:pbx', { user: '', host: 'pbx' }],
    ['tel:+36-(1) 234.5;ext=9', { user: '+3612345', host: '' }],
    ['sip:100%@pbx', { user: '100%', host: 'pbx' }],
  ])('%s is read', (uri, expected) => {
    expect(parsePartyUri(uri)).toMatchObject(expected);
  });

  it.each(['', 'sip:', 'http://x', 'sip:a@', 'sip:a@b:99999', 'mailto:a@b'])('%j is none', (uri) => {
    expect(parsePartyUri(uri)).toBeUndefined();
  });

  it('is written with what needs it escaped', () => {
    expect(escapeUser('*21#é')).toBe('*21%23%C3%A9');
    expect(formatSipUri({ user: '#1', host: '2001:db8::1', port: 5061, transport: 'tcp' })).toBe(
      'sip:%231@[2001:db8::1]:5061;transport=tcp',
    );
    expect(formatSipUri({ host: 'pbx', transport: 'udp' })).toBe('sip:pbx');
  });
});

describe('a name-addr', () => {
  it('is read with its name, URI and parameters', () => {
    const address = parseNameAddr('"A \\"B\\" C" <sip:a@b;lr>;tag=x;+sip.instance="<urn:1>"')!;
    expect(address).toMatchObject({ displayName: 'A "B" C', uri: 'sip:a@b;lr' });
    expect(nameAddrParameter(address, 'tag')).toBe('x');
    expect(nameAddrParameter(address, '+sip.instance')).toBe('<urn:1>');
    expect(nameAddrParameter(address, 'gone')).toBeUndefined();
  });

  it('without brackets gives its parameters to the header', () => {
    const address = parseNameAddr('sip:a@b;tag=x')!;
    expect(address.uri).toBe('sip:a@b');
    expect(nameAddrParameter(address, 'tag')).toBe('x');
  });

  it('is written so that a name cannot break out of it', () => {
    expect(formatNameAddr({ displayName: 'a"\r\n<sip:x>', uri: 'sip:a@b', tag: 't' })).toBe(
      '"a\\"<sip:x>" <sip:a@b>;tag=t',
    );
    expect(formatNameAddr({ displayName: undefined, uri: 'sip:a@b' })).toBe('<sip:a@b>');
  });

  it('lists, stars and garbage of a Contact are told apart', () => {
    expect(parseContacts(' * ')).toBe('*');
    expect(parseContacts('"x, y" <sip:a@b>, <sip:c@d>;expires=5')).toHaveLength(2);
    expect(parseContacts('<sip:a@b>, rubbish')).toBeUndefined();
  });
});
