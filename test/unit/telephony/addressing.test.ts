import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/base/clock.ts';
import { emptySettings } from '../../../src/domain/settings.ts';
import { Addressing, isPrivateAddress, nextHopOf } from '../../../src/telephony/addressing.ts';

function addressing(bind: string | string[], publicAddress: string | null = null): Addressing {
  const made = new Addressing({ bind: [bind].flat(), clock: new VirtualClock() });
  made.configure({ ...emptySettings().network, publicAddress });
  return made;
}

describe('the address that a destination can reach', () => {
  it('is the bind address on local networks and the public one outside', async () => {
    const made = addressing('192.168.1.2', '198.51.100.7');
    expect(await made.addressFor('192.168.1.20')).toBe('192.168.1.2');
    expect(await made.addressFor('203.0.113.5')).toBe('198.51.100.7');
    expect(made.bindAddressFor('203.0.113.5')).toBe('192.168.1.2');
  });

  it('outside is the bind address while no public one is known', async () => {
    expect(await addressing('192.168.1.2').addressFor('203.0.113.5')).toBe('192.168.1.2');
  });

  it('is what the routing table would use when bound to all', async () => {
    const made = addressing(['0.0.0.0', '::']);
    expect(await made.addressFor('127.0.0.1')).toBe('127.0.0.1');
    expect(await made.addressFor('::1')).toBe('::1');
    expect(made.bindAddressFor('127.0.0.1')).toBe('0.0.0.0');
    expect(made.bindAddressFor('::1')).toBe('::');
  });

  it('is of its own family where both are bound, and else the one there is', async () => {
    const both = addressing(['192.168.1.2', '2001:db8::2']);
    expect(await both.addressFor('192.168.1.20')).toBe('192.168.1.2');
    expect(await both.addressFor('2001:db8::20')).toBe('2001:db8::2');
    expect(both.bindAddressFor('2001:db8::20')).toBe('2001:db8::2');
    expect([both.reaches('2001:db8::20'), both.reaches('192.0.2.1'), both.reaches('a.name')]).toEqual([
      true,
      true,
      false,
    ]);
    const one = addressing('192.168.1.2');
    expect(await one.addressFor('2001:db8::20')).toBe('192.168.1.2');
    expect(one.reaches('2001:db8::20')).toBe(false);
  });

  it('outside is never a public address of the other family', async () => {
    const made = addressing(['192.168.1.2', '2001:db8::2'], '198.51.100.7');
    expect(await made.addressFor('2001:4860::1')).toBe('2001:db8::2');
    expect(await made.addressFor('203.0.113.5')).toBe('198.51.100.7');
  });

  it('is learnt from a trunk, told once, and never taken from a local network', async () => {
    const made = addressing('192.168.1.2');
    let told = 0;
    made.events.on('changed', () => told++);
    for (const address of ['192.168.7.7', '127.0.0.1', 'no address', '198.51.100.7', '198.51.100.7'])
      made.learn(address);
    expect(told).toBe(1);
    expect(made.current().publicAddress).toBe('198.51.100.7');
  });

  it('set by the admin wins over what was learnt', () => {
    const made = addressing('192.168.1.2', '198.51.100.1');
    made.learn('198.51.100.7');
    expect(made.current().publicAddress).toBe('198.51.100.1');
  });

  it('for browsers is where we listen', () => {
    expect(addressing('192.168.1.2').webAddresses()).toEqual(['192.168.1.2']);
    expect(addressing('0.0.0.0', '198.51.100.1').webAddresses()).toContain('198.51.100.1');
  });
});

describe('the way back to a source', () => {
  it('over UDP is the place itself, over TCP the connection that the URI finds', () => {
    expect(nextHopOf({ transport: 'udp', address: '2001:db8::1', port: 6000 })).toEqual({
      nextHop: 'sip:[2001:db8::1]:6000;transport=udp',
    });
    expect(nextHopOf({ transport: 'tcp', address: '192.0.2.1', port: 6000 })).toEqual({});
  });
});

describe('a private address', () => {
  it.each([
    ['10.1.2.3', true],
    ['172.31.255.255', true],
    ['100.64.0.1', true],
    ['fd00::1', true],
    ['172.32.0.1', false],
    ['198.51.100.1', false],
    ['host.example', false],
  ])('%s: %s', (address, expected) => {
    expect(isPrivateAddress(address)).toBe(expected);
  });
});
