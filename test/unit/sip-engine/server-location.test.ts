import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../src/base/clock.ts';
import { Names } from '../../../src/base/names.ts';
import type { TransportProtocol } from '../../../src/sip-engine/flow.ts';
import { type Place, ServerLocation } from '../../../src/sip-engine/server-location.ts';
import { inServiceOrder } from '../../../src/sip-engine/srv-order.ts';
import { DnsServer } from '../../support/dns-server.ts';
import { eventually } from '../../support/eventually.ts';

let dns: DnsServer;
let names: Names;
let clock: VirtualClock;
let location: ServerLocation;
let families: (4 | 6)[];
let protocols: TransportProtocol[];

const srv = (target: string, port: number, priority = 10, weight = 10) =>
  ({ type: 'SRV', priority, weight, port, target }) as const;
const a = (address: string, ttlS = 300) => ({ type: 'A', address, ttlS }) as const;

beforeEach(async () => {
  dns = await DnsServer.start();
  names = new Names({ servers: [dns.address] });
  clock = new VirtualClock();
  families = [4];
  protocols = ['udp', 'tcp', 'tls'];
  location = new ServerLocation({ clock, names, protocols: () => protocols, families: () => families });
});

afterEach(async () => {
  names.stop();
  await dns.stop();
});

/** The targets of a place as text; `sync` when they were told at once. */
async function find(place: Partial<Place>, seed = 'call'): Promise<{ targets: string[]; sync: boolean }> {
  let sync = true;
  const full = { isSecure: false, host: 'example.test', port: undefined, transport: undefined, ...place };
  return new Promise((resolve) => {
    location.find(full, seed, (targets) =>
      resolve({
        targets: targets?.map((each) => `${each.protocol} ${each.address} ${each.port}`) ?? [
          'nobody answers',
        ],
        sync,
      }),
    );
    sync = false;
  });
}

const targetsOf = async (place: Partial<Place>, seed?: string): Promise<string[]> =>
  (await find(place, seed)).targets;

describe('the servers of a URI (RFC 3263 §4)', () => {
  it.each<[string, Partial<Place>, string]>([
    ['sip: UDP on 5060', {}, 'udp 192.0.2.1 5060'],
    ['with a port', { port: 5080 }, 'udp 192.0.2.1 5080'],
    ['with a transport', { transport: 'tcp' }, 'tcp 192.0.2.1 5060'],
    ['sips: TLS on 5061', { isSecure: true }, 'tls 192.0.2.1 5061'],
  ])('an address needs no question: %s', async (_, place, target) => {
    expect(await find({ host: '192.0.2.1', ...place })).toEqual({ targets: [target], sync: true });
    expect(dns.questions).toEqual([]);
  });

  it('a name with a port has addresses only (§4.2)', async () => {
    dns.zone.set('example.test', [a('192.0.2.1'), a('192.0.2.2')]);
    dns.zone.set('_sip._udp.example.test', [srv('other.test', 5)]);
    expect(await targetsOf({ port: 5080 })).toEqual(['udp 192.0.2.1 5080', 'udp 192.0.2.2 5080']);
    expect(dns.questions).toEqual(['A example.test']);
  });

  it('NAPTR says by which transports, in its order, and what we cannot do is left out (§4.1)', async () => {
    const naptr = (order: number, preference: number, service: string, replacement: string, flags = 's') =>
      ({ type: 'NAPTR', order, preference, flags, service, replacement }) as const;
    dns.zone.set('example.test', [
      naptr(20, 10, 'SIP+D2U', '_sip._udp.far.test'),
      naptr(10, 20, 'SIP+D2T', '_sip._tcp.far.test'),
      naptr(10, 10, 'SIPS+D2T', '_sips._tcp.far.test'),
      naptr(5, 5, 'SIP+D2S', '_sip._sctp.far.test'),
      naptr(30, 5, 'SIP+D2U', 'last.test', 'a'),
      a('192.0.2.99'),
    ]);
    dns.zone.set('_sip._udp.far.test', [srv('u.test', 5070)]);
    dns.zone.set('_sip._tcp.far.test', [srv('t.test', 5071)]);
    dns.zone.set('_sips._tcp.far.test', [srv('s.test', 5072)]);
    for (const [i, name] of ['u', 't', 's', 'last'].entries())
      dns.zone.set(`${name}.test`, [a(`192.0.2.${i + 1}`)]);
    const all = ['tls 192.0.2.3 5072', 'tcp 192.0.2.2 5071', 'udp 192.0.2.1 5070', 'udp 192.0.2.4 5060'];
    expect(await targetsOf({})).toEqual(all);
    expect(await targetsOf({ isSecure: true })).toEqual(all.slice(0, 1));
    clock.advance(3_600_000);
    protocols = ['udp'];
    expect(await targetsOf({})).toEqual(all.slice(2));
  });

  it('without NAPTR the SRV records of each transport are taken, without SRV the addresses', async () => {
    dns.zone.set('example.test', [a('192.0.2.9')]);
    expect(await targetsOf({})).toEqual(['udp 192.0.2.9 5060']);
    clock.advance(3_600_000);
    dns.zone.set('_sip._tcp.example.test', [srv('t.test', 5071)]);
    dns.zone.set('t.test', [a('192.0.2.2')]);
    expect(await targetsOf({})).toEqual(['tcp 192.0.2.2 5071']);
    expect(await targetsOf({ transport: 'tcp' })).toEqual(['tcp 192.0.2.2 5071']);
    expect(await targetsOf({ transport: 'udp' })).toEqual(['udp 192.0.2.9 5060']);
  });

  it('tells besides where TCP is taken, for requests too large for UDP', async () => {
    dns.zone.set('_sip._udp.example.test', [srv('u.test', 5070)]);
    dns.zone.set('_sip._tcp.example.test', [srv('t.test', 5071)]);
    dns.zone.set('u.test', [a('192.0.2.1')]);
    dns.zone.set('t.test', [a('192.0.2.2')]);
    for (const transport of ['udp', undefined] as const) {
      const streams = await new Promise((resolve) =>
        location.find(
          { isSecure: false, host: 'example.test', port: undefined, transport },
          'x',
          (_, found) => resolve(found),
        ),
      );
      expect(streams).toEqual([{ protocol: 'tcp', address: '192.0.2.2', port: 5071, name: 'example.test' }]);
    }
    expect(await targetsOf({ transport: 'udp' })).toEqual(['udp 192.0.2.1 5070']);
  });

  it('takes all addresses of a server, of each family we can send to, and follows aliases', async () => {
    families = [6, 4];
    dns.zone.set('_sip._udp.example.test', [srv('u.test', 5070)]);
    dns.zone.set('u.test', [{ type: 'CNAME', target: 'v.test' }]);
    dns.zone.set('v.test', [a('192.0.2.1'), { type: 'AAAA', address: '2001:db8::1' }]);
    expect(await targetsOf({ transport: 'udp' })).toEqual(['udp 2001:db8::1 5070', 'udp 192.0.2.1 5070']);
  });

  it('has no target where the only SRV record names the root (RFC 2782) and no address is there', async () => {
    dns.zone.set('_sip._udp.example.test', [srv('.', 0)]);
    expect(await targetsOf({ transport: 'udp' })).toEqual([]);
  });

  it('asks once for what is wanted twice at the same moment', async () => {
    dns.zone.set('example.test', [a('192.0.2.1')]);
    await Promise.all([find({ port: 1 }), find({ port: 1 }), find({ port: 1 })]);
    expect(dns.questions).toEqual(['A example.test']);
  });
});

describe('what was learnt of names', () => {
  it('is believed for as long as its records live, and asked anew then', async () => {
    dns.zone.set('example.test', [a('192.0.2.1', 30)]);
    await find({ port: 1 });
    clock.advance(29_999);
    expect(await find({ port: 1 })).toEqual({ targets: ['udp 192.0.2.1 1'], sync: true });
    dns.zone.set('example.test', [a('192.0.2.2', 30)]);
    clock.advance(1);
    expect(await find({ port: 1 })).toEqual({ targets: ['udp 192.0.2.2 1'], sync: false });
  });

  it('that a name is not there is believed for 10 s', async () => {
    expect(await targetsOf({ port: 1 })).toEqual([]);
    dns.zone.set('example.test', [a('192.0.2.1')]);
    clock.advance(9_999);
    expect(await targetsOf({ port: 1 })).toEqual([]);
    clock.advance(1);
    expect(await targetsOf({ port: 1 })).toEqual(['udp 192.0.2.1 1']);
  });

  it('serves on while the name servers fail, at once, for an hour (RFC 8767)', async () => {
    dns.zone.set('example.test', [a('192.0.2.1', 30)]);
    await find({ port: 1 });
    dns.mood = 'fails';
    clock.advance(30_000);
    expect(await targetsOf({ port: 1 })).toEqual(['udp 192.0.2.1 1']);
    clock.advance(3_599_000);
    expect(await find({ port: 1 })).toEqual({ targets: ['udp 192.0.2.1 1'], sync: true });
    clock.advance(1_000);
    expect(await targetsOf({ port: 1 })).toEqual(['nobody answers']);
    dns.mood = 'answers';
    clock.advance(4_999);
    expect(await find({ port: 1 })).toEqual({ targets: ['nobody answers'], sync: true });
    clock.advance(1);
    expect(await targetsOf({ port: 1 })).toEqual(['udp 192.0.2.1 1']);
  });

  it('in part follows the part that is answered', async () => {
    const halves = {
      addresses: (host: string, family: 4 | 6) => names.addresses(host, family),
      pointers: (name: string) => names.pointers(name),
      services: () => Promise.reject(new Error('no answer')),
    };
    location = new ServerLocation({ clock, names: halves, protocols: () => ['udp'], families: () => [4] });
    dns.zone.set('example.test', [a('192.0.2.1')]);
    expect(await targetsOf({})).toEqual(['udp 192.0.2.1 5060']);
    dns.zone.set('example.test', [a('192.0.2.2')]);
    clock.advance(5_000);
    expect(await find({})).toEqual({ targets: ['udp 192.0.2.1 5060'], sync: true });
    await eventually(
      'the new address is there',
      async () => (await targetsOf({}))[0] === 'udp 192.0.2.2 5060',
    );
  });

  it('in part, because one question failed, serves at once, and is asked for again after 5 s', async () => {
    const halves = {
      addresses: (host: string, family: 4 | 6) => names.addresses(host, family),
      pointers: (name: string) => names.pointers(name),
      services: () => Promise.reject(new Error('no answer')),
    };
    location = new ServerLocation({ clock, names: halves, protocols: () => ['udp'], families: () => [4] });
    dns.zone.set('example.test', [a('192.0.2.1')]);
    expect(await targetsOf({})).toEqual(['udp 192.0.2.1 5060']);
    halves.services = () => names.services('_sip._udp.example.test') as never;
    dns.zone.set('_sip._udp.example.test', [srv('u.test', 5070)]);
    dns.zone.set('u.test', [a('192.0.2.2')]);
    clock.advance(4_999);
    expect(await targetsOf({})).toEqual(['udp 192.0.2.1 5060']);
    clock.advance(1);
    expect(await find({})).toEqual({ targets: ['udp 192.0.2.1 5060'], sync: true });
    await eventually(
      'the whole answer is there',
      async () => (await targetsOf({}))[0] === 'udp 192.0.2.2 5070',
    );
  });
});

describe('the order of servers (RFC 2782)', () => {
  const records = [
    { name: 'backup', priority: 20, weight: 0 },
    { name: 'small', priority: 10, weight: 10 },
    { name: 'none', priority: 10, weight: 0 },
    { name: 'large', priority: 10, weight: 30 },
  ];
  const order = (seed: string): string[] => inServiceOrder(records, seed).map(({ name }) => name);

  it('is by priority, and among equals drawn by weight', () => {
    const firsts = new Map<string, number>();
    for (let call = 0; call < 4000; call++) {
      const drawn = order(`call-${call}@host`);
      expect(drawn[3]).toBe('backup');
      expect(new Set(drawn).size).toBe(4);
      firsts.set(drawn[0] ?? '', (firsts.get(drawn[0] ?? '') ?? 0) + 1);
    }
    // 1/41, 10/41 and 30/41 of the draws, with three standard deviations to each side.
    expect(firsts.get('none')).toBeGreaterThan(68);
    expect(firsts.get('none')).toBeLessThan(127);
    expect(firsts.get('small')).toBeGreaterThan(890);
    expect(firsts.get('small')).toBeLessThan(1060);
    expect(firsts.get('large')).toBeGreaterThan(2840);
  });

  it('is the same for the same call', () => {
    for (const seed of ['a', 'b', 'c']) expect(order(seed)).toEqual(order(seed));
  });
});
