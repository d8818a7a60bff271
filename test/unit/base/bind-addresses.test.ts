import { describe, expect, it } from 'vitest';
import { bindFor, familiesOf, isBound, parseBind } from '../../../src/base/bind-addresses.ts';

describe('what CORDBOARD_BIND says', () => {
  const all = ['0.0.0.0', '::'];
  it.each([
    ['', true, all],
    ['', false, ['0.0.0.0']],
    ['::', true, all],
    ['::', false, ['0.0.0.0']],
    ['0.0.0.0', true, ['0.0.0.0']],
    ['192.168.1.2', true, ['192.168.1.2']],
    ['192.168.1.2, 2001:db8::2', true, ['192.168.1.2', '2001:db8::2']],
    ['192.168.1.2,192.168.1.2,::1', true, ['192.168.1.2', '::1']],
  ])('%j on a machine with IPv6: %s binds %j', (text, hasIPv6, addresses) => {
    expect(parseBind(text, hasIPv6)).toEqual(addresses);
  });

  it.each(['localhost', '192.168.1', '192.168.1.2,', '[::1]', '10.0.0.0/8'])('%j is refused', (text) => {
    expect(() => parseBind(text, true)).toThrow(RangeError);
  });
});

describe('bound addresses', () => {
  it.each([
    [['0.0.0.0'], '192.0.2.1', true, '0.0.0.0'],
    [['0.0.0.0'], '2001:db8::1', false, undefined],
    [['0.0.0.0', '::'], '2001:db8::1', true, '::'],
    [['192.0.2.1', '::'], '192.0.2.1', true, '192.0.2.1'],
    [['192.0.2.1', '::'], '192.0.2.2', false, '192.0.2.1'],
    [['192.0.2.1', '192.0.2.2'], '192.0.2.2', true, '192.0.2.1'],
  ])('%j: %s is bound: %s, and reached from %s', (bind, address, bound, from) => {
    expect(isBound(bind, address)).toBe(bound);
    expect(bindFor(bind, address)).toBe(from);
  });

  it('tell their families, IPv4 first', () => {
    expect(familiesOf(['::', '0.0.0.0'])).toEqual([4, 6]);
    expect(familiesOf(['::1'])).toEqual([6]);
  });
});
