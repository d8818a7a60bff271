import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Names } from '../../../src/base/names.ts';
import { settingsSchema, type Trunk, trunkSchema } from '../../../src/domain/settings.ts';
import { trunkAddresses, trunkNextHop } from '../../../src/telephony/trunk-hosts.ts';
import { DnsServer } from '../../support/dns-server.ts';

const trunk = (changes: object): Trunk =>
  trunkSchema.parse({ id: 't', name: 'T', kind: 'peer', host: 'provider.test', ...changes });

describe('the next hop of a trunk', () => {
  it.each<[object, string]>([
    [{}, 'sip:provider.test;transport=udp'],
    [{ port: 5080, transport: 'tcp' }, 'sip:provider.test:5080;transport=tcp'],
    [{ transport: 'auto' }, 'sip:provider.test'],
    [{ transport: 'tls' }, 'sip:provider.test;transport=tls'],
    [{ transport: 'tls', port: 5061 }, 'sip:provider.test;transport=tls'],
    [{ transport: 'tls', port: 5060 }, 'sip:provider.test:5060;transport=tls'],
    [{ host: '2001:db8::1' }, 'sip:[2001:db8::1];transport=udp'],
    [{ outboundProxy: 'edge.provider.test' }, 'sip:edge.provider.test;transport=udp'],
    [{ outboundProxy: '192.0.2.7:5062', port: 5080 }, 'sip:192.0.2.7:5062;transport=udp'],
    [{ outboundProxy: '[2001:db8::7]:5062' }, 'sip:[2001:db8::7]:5062;transport=udp'],
  ])('of %j is %s', (changes, nextHop) => {
    expect(trunkNextHop(trunk(changes))).toEqual({ nextHop });
  });

  it('is the first Service-Route of its registrar, unless it has an outbound proxy', () => {
    const routes = ['<sip:edge.test:5062;lr>', '<sip:core.test;lr>'];
    expect(trunkNextHop(trunk({}), routes)).toEqual({ nextHop: 'sip:edge.test:5062;lr;transport=udp' });
    const overTcp = ['<sip:edge.test;transport=tcp;lr>'];
    expect(trunkNextHop(trunk({}), overTcp)).toEqual({ nextHop: 'sip:edge.test;transport=tcp;lr' });
    // What the settings want encrypted stays so.
    expect(trunkNextHop(trunk({ transport: 'tls' }), overTcp)).toEqual({
      nextHop: 'sip:edge.test;lr;transport=tls',
    });
    expect(trunkNextHop(trunk({ outboundProxy: 'proxy.test' }), routes)).toEqual({
      nextHop: 'sip:proxy.test;transport=udp',
    });
  });

  it.each(['proxy:port', 'a b', 'sip:edge.test', 'edge.test:0', 'edge.test:65536', '-edge', ''])(
    'is not made of the outbound proxy %j, which is refused',
    (outboundProxy) => {
      const settings = {
        version: 1,
        trunks: [{ id: 't', name: 'T', kind: 'peer', host: 'h', outboundProxy }],
      };
      expect(settingsSchema.safeParse(settings).error?.issues[0]).toMatchObject({
        path: ['trunks', 0, 'outboundProxy'],
      });
    },
  );
});

describe('the addresses of a trunk', () => {
  let dns: DnsServer;
  let names: Names;

  beforeEach(async () => {
    const srv = (target: string) => ({ type: 'SRV', priority: 1, weight: 1, port: 5060, target }) as const;
    dns = await DnsServer.start({
      'provider.test': [
        { type: 'A', address: '192.0.2.1' },
        {
          type: 'NAPTR',
          order: 1,
          preference: 1,
          flags: 's',
          service: 'SIP+D2U',
          replacement: '_sip._udp.farm.test',
        },
      ],
      '_sip._udp.farm.test': [srv('one.test')],
      '_sip._tcp.provider.test': [srv('two.test')],
      'one.test': [{ type: 'A', address: '192.0.2.11' }],
      'two.test': [
        { type: 'A', address: '192.0.2.12' },
        { type: 'AAAA', address: '2001:db8::12' },
      ],
      'edge.test': [{ type: 'A', address: '192.0.2.7' }],
    });
    names = new Names({ servers: [dns.address] });
  });
  afterEach(async () => {
    names.stop();
    await dns.stop();
  });

  it('are those of all servers that its name stands for, as any of them may call', async () => {
    const { addresses, failure } = await trunkAddresses(names, trunk({}));
    expect(failure).toBeUndefined();
    expect(addresses.sort()).toEqual(['192.0.2.1', '192.0.2.11', '192.0.2.12', '2001:db8::12']);
  });

  it('begin with those of its outbound proxy, where requests go', async () => {
    const { addresses } = await trunkAddresses(
      names,
      trunk({ host: '192.0.2.99', outboundProxy: 'edge.test:5062' }),
    );
    expect(addresses).toEqual(['192.0.2.7', '192.0.2.99']);
  });

  it('are told in part, and that it is a part, when some questions are not answered', async () => {
    const halves = {
      addresses: (host: string, family: 4 | 6) => names.addresses(host, family),
      services: () => Promise.reject(new Error('dropped')),
      pointers: () => Promise.reject(new Error('dropped')),
    };
    const { addresses, failure } = await trunkAddresses(halves, trunk({}));
    expect(addresses).toEqual(['192.0.2.1']);
    expect(failure).toBeInstanceOf(Error);
    dns.mood = 'fails';
    expect(await trunkAddresses(names, trunk({}))).toEqual({
      addresses: [],
      failure: expect.objectContaining({ code: 'ESERVFAIL' }),
    });
  });
});
