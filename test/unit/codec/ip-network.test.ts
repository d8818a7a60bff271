import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseLocalAddress, isIpInNetworks, plainAddress } from '../../../src/codec/ip-network.ts';

describe('a network', () => {
  it.each([
    ['192.168.1.7', '192.168.0.0/16', true],
    ['192.169.1.7', '192.168.0.0/16', false],
    ['10.0.0.1', '10.0.0.1', true],
    ['10.0.0.2', '10.0.0.1', false],
    ['255.255.255.255', '0.0.0.0/0', true],
    ['192.168.1.127', '192.168.1.0/25', true],
    ['192.168.1.128', '192.168.1.0/25', false],
    ['fd12::1', 'fc00::/7', true],
    ['2001:db8::1', 'fc00::/7', false],
    ['::1', '::1/128', true],
    ['::ffff:10.1.2.3', '10.0.0.0/8', true],
    ['fe80::1%eth0', 'fe80::/10', true],
    ['10.0.0.1', '::/0', false],
    ['nonsense', '0.0.0.0/0', false],
    ['10.0.0.1', 'nonsense/8', false],
    ['10.0.0.1', '10.0.0.0/33', false],
  ])('holds %s in %s: %s', (ip, cidr, inside) => {
    expect(isIpInNetworks(ip, [cidr])).toBe(inside);
  });

  it('of any prefix holds every address that shares it, and no other', () => {
    const address = fc.nat(0xffffffff);
    const written = (n: number): string => [24, 16, 8, 0].map((shift) => (n >>> shift) & 255).join('.');
    fc.assert(
      fc.property(address, address, fc.integer({ min: 0, max: 32 }), (a, b, prefix) => {
        const shared = prefix === 0 || a >>> (32 - prefix) === b >>> (32 - prefix);
        expect(isIpInNetworks(written(a), [`${written(b)}/${prefix}`])).toBe(shared);
      }),
    );
  });

  it('sees IPv4 in IPv6 clothes as IPv4', () => {
    expect(plainAddress('::FFFF:192.0.2.1')).toBe('192.0.2.1');
    expect(plainAddress('2001:db8::1')).toBe('2001:db8::1');
  });
});

describe('the local address for a destination', () => {
  const interfaces = [
    { address: '127.0.0.1', cidr: '127.0.0.1/8', internal: true },
    { address: '10.1.0.5', cidr: '10.1.0.5/16', internal: false },
    { address: '192.168.7.2', cidr: '192.168.7.2/24', internal: false },
    { address: 'fd00::5', cidr: 'fd00::5/64', internal: false },
  ];
  const addressing = {
    publicAddress: '203.0.113.9',
    localNetworks: ['10.0.0.0/8', '192.168.0.0/16', '127.0.0.0/8', 'fc00::/7'],
  };
  it.each([
    ['192.168.7.40', '192.168.7.2', 'the interface on its subnet'],
    ['127.0.0.1', '127.0.0.1', 'loopback for loopback'],
    ['10.1.0.5', '10.1.0.5', 'itself'],
    ['10.77.0.1', '10.1.0.5', 'the first real one for a local network behind a router'],
    ['198.51.100.1', '203.0.113.9', 'the public one for what is outside'],
    ['fd00::9', 'fd00::5', 'one of the same family'],
    ['2001:db8::1', 'fd00::5', 'one of the same family even where the public one is of the other'],
  ])('%s is %s: %s', (destination, expected) => {
    expect(chooseLocalAddress(destination, interfaces, addressing)).toBe(expected);
  });

  it('follows the routing table where that is known and nothing is nearer', () => {
    expect(chooseLocalAddress('10.77.0.1', interfaces, addressing, '192.168.7.2')).toBe('192.168.7.2');
    expect(chooseLocalAddress('10.1.0.9', interfaces, addressing, '192.168.7.2')).toBe('10.1.0.5');
  });

  it('needs no public address', () => {
    expect(chooseLocalAddress('198.51.100.1', interfaces, { ...addressing, publicAddress: null })).toBe(
      '10.1.0.5',
    );
  });

  it('is null when this machine has none of that family', () => {
    expect(chooseLocalAddress('fd00::9', interfaces.slice(0, 3), addressing)).toBeNull();
  });
});
