import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { announcedAddresses, candidatesFor } from '../../../src/media-engine/web/ice-candidates.ts';

const on = (address: string, internal = false): NetworkInterfaceInfo => ({
  address,
  internal,
  netmask: '',
  mac: '',
  cidr: null,
  ...(address.includes(':') ? { family: 'IPv6', scopeid: 0 } : { family: 'IPv4' }),
});
const interfaces = {
  lo: [on('127.0.0.1', true), on('::1', true)],
  eth0: [on('192.168.1.10'), on('2001:db8::10'), on('fe80::1')],
  wg0: [on('10.8.0.1')],
};

describe('addresses announced to browsers', () => {
  it.each([
    ['all of IPv4', [], '0.0.0.0', ['192.168.1.10', '10.8.0.1']],
    ['both families', [], '0.0.0.0,::', ['192.168.1.10', '2001:db8::10', '10.8.0.1']],
    ['one address', [], '10.8.0.1', ['10.8.0.1']],
    [
      'those asked for first, each once',
      ['203.0.113.5', '10.8.0.1'],
      '0.0.0.0',
      ['203.0.113.5', '10.8.0.1', '192.168.1.10'],
    ],
    ['a public address before the one bound', ['203.0.113.5'], '10.8.0.1', ['203.0.113.5', '10.8.0.1']],
    ['localhost as an address', ['localhost'], '10.8.0.1', ['127.0.0.1', '10.8.0.1']],
    [
      'no names, wildcards or unbound families',
      ['box.local', '0.0.0.0', '2001:db8::9'],
      '10.8.0.1',
      ['10.8.0.1'],
    ],
  ])('%s', (_what, requested, bind, addresses) => {
    expect(announcedAddresses(requested, bind.split(','), interfaces)).toEqual(addresses);
  });

  it('a machine without a network still serves itself', () => {
    expect(announcedAddresses([], ['0.0.0.0'], { lo: interfaces.lo })).toEqual(['127.0.0.1']);
  });
});

describe('ICE candidates', () => {
  const template = (protocol: 'udp' | 'tcp', address: string, priority: number) => ({
    foundation: `${protocol}candidate`,
    priority,
    ip: address,
    address,
    protocol,
    port: 8444,
    type: 'host' as const,
  });
  const templates = [
    template('udp', '127.0.0.1', 1_076_302_079),
    template('tcp', '127.0.0.1', 1_076_276_479),
  ];

  it('each address is told for each protocol on the one port', () => {
    const candidates = candidatesFor(templates, ['203.0.113.5', '192.168.1.10']);
    expect(candidates.map(({ protocol, ip, address, port }) => [protocol, ip, address, port])).toEqual([
      ['udp', '203.0.113.5', '203.0.113.5', 8444],
      ['udp', '192.168.1.10', '192.168.1.10', 8444],
      ['tcp', '203.0.113.5', '203.0.113.5', 8444],
      ['tcp', '192.168.1.10', '192.168.1.10', 8444],
    ]);
  });

  it('earlier addresses are preferred, and any UDP before any TCP, with all priorities different', () => {
    const addresses = Array.from({ length: 16 }, (_, i) => `10.0.0.${i + 1}`);
    const priorities = candidatesFor(templates, addresses).map(({ priority }) => priority);
    expect(priorities).toEqual([...priorities].sort((a, b) => b - a));
    expect(new Set(priorities).size).toBe(32);
  });

  it('an address is told only by a socket of its family', () => {
    const both = [...templates, template('udp', '::1', 1_000_000_000)];
    const candidates = candidatesFor(both, ['192.168.1.10', '2001:db8::10']);
    expect(candidates.map(({ address }) => address)).toEqual([
      '192.168.1.10',
      '192.168.1.10',
      '2001:db8::10',
    ]);
  });
});
